#include <algorithm>
#include <set>

#include "base/text.h"
#include "codec/law.h"
#include "regime/analysis/analysis.h"
#include "regime/analysis/analysis_commands.h"
#include "regime/analysis/analysis_store.h"
#include "regime/audits/audits_json.h"

namespace qy::analysis {
namespace {

using figures::Aspect;

std::string scope_of(const OptionId& id) { return "option:" + id.str(); }

db::Subject subject_of(const audits::AuditId& audit) { return {"audit", audit.str()}; }

/// Columns of words (其他效益) are not added up.
bool is_number(const rules::PerformanceColumn& column) { return !column.key.empty() && !column.unit.empty(); }

/// Fills an option's planned and verified values from the ledger, each in its column's unit.
void fill(Option& option, const figures::Ledger& ledger, const std::vector<rules::PerformanceColumn>& columns) {
  const auto timeless = *figures::Period::parse("");
  for (const auto& column : columns) {
    if (!is_number(column)) continue;
    for (const auto aspect : {Aspect::planned, Aspect::verified}) {
      const auto value = ledger.number({column.key, scope_of(option.id), timeless, aspect}, column.unit);
      if (value && *value) (aspect == Aspect::planned ? option.planned : option.verified)[column.id] = **value;
    }
  }
}

/// Complaints about columns the table does not have, and negative investments.
void check_values(const rules::Library& rules, const std::map<std::string, Decimal>& values, const std::string& pointer,
                  std::vector<FieldError>& wrong) {
  for (const auto& [id, value] : values) {
    const auto column = std::find_if(rules.performance_columns().begin(), rules.performance_columns().end(),
                                     [&](const auto& c) { return c.id == id; });
    if (column == rules.performance_columns().end() || !is_number(*column))
      wrong.push_back({pointer + "/" + id, "option.column_unknown", {{"column", id}}});
    else if (id == "investment" && value.is_negative())
      wrong.push_back({pointer + "/" + id, "option.investment_negative"});
  }
}

Result<void> write_values(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit,
                          const OptionId& id, Aspect aspect, const std::map<std::string, Decimal>& before,
                          const std::map<std::string, Decimal>& after) {
  const auto timeless = *figures::Period::parse("");
  std::vector<figures::Entry> entries;
  const auto pointer = aspect == Aspect::planned ? "#/planned/" : "#/verified/";
  for (const auto& column : premises.rules->performance_columns()) {
    if (!is_number(column)) continue;
    const auto now = after.find(column.id);
    if (now == after.end() && !before.contains(column.id)) continue;
    figures::Entry entry;
    entry.place = {column.key, scope_of(id), timeless, aspect};
    entry.value = now == after.end() ? figures::Value::retracted() : figures::Value::of(now->second, column.unit);
    entry.basis = aspect == Aspect::planned ? figures::Basis::calculated : figures::Basis::claimed;
    entry.pointer = pointer + column.id;
    entries.push_back(std::move(entry));
  }
  if (entries.empty()) return {};
  QY_CHECK(figures::set_figures(tx, act, *premises.rules, subject_of(audit.id), audit.province, entries));
  return {};
}

/// Which state may follow which. Dropping needs a reason; what was verified stays.
bool may_follow(std::string_view from, std::string_view to) {
  static const std::map<std::string, std::set<std::string>, std::less<>> next{
      {"proposed", {"feasible", "dropped", "planned"}},
      {"feasible", {"proposed", "planned", "dropped", "implemented"}},
      {"planned", {"feasible", "implemented", "dropped"}},
      {"implemented", {"planned", "verified"}},
      {"dropped", {"proposed"}},
      {"verified", {}},
  };
  const auto found = next.find(from);
  return from == to || (found != next.end() && found->second.contains(std::string(to)));
}

/// Like attaching a file, this rests on no article: what it shows is decided when the effects are verified.
void note_evidence(Tx& tx, const identity::Act& act, const Option& option, const char* name, const files::File& file,
                   std::string_view place) {
  db::append_action(tx,
                    identity::action_by(act, subject_of(option.audit), name, nullptr,
                                        json::Object{{"option", option.code},
                                                     {"file", file.id.str()},
                                                     {"name", file.name},
                                                     {"sha256", file.blob.hash},
                                                     {"place", place}}),
                    act.random);
}

}  // namespace

std::vector<Option> options_of(Tx& tx, const Premises& premises, const audits::AuditId& audit) {
  auto options = store::options_of(tx, audit);
  if (options.empty()) return options;
  const auto ledger = figures::get_ledger(tx, subject_of(audit));
  auto evidence = store::evidence_of(tx, audit);
  for (auto& option : options) {
    fill(option, ledger, premises.rules->performance_columns());
    option.evidence = std::move(evidence[option.id]);
  }
  return options;
}

std::optional<Option> find_option(Tx& tx, const Premises& premises, const OptionId& id) {
  auto option = store::find_option(tx, id);
  if (!option) return std::nullopt;
  fill(*option, figures::get_ledger(tx, subject_of(option->audit)), premises.rules->performance_columns());
  option->evidence = std::move(store::evidence_of(tx, option->audit)[id]);
  return option;
}

std::map<std::string, Decimal> totals_of(const std::vector<Option>& options, bool verified) {
  std::map<std::string, Decimal> totals;
  for (const auto& option : options) {
    if (option.state == "dropped") continue;
    if (verified && option.state != "verified") continue;
    for (const auto& [column, value] : verified ? option.verified : option.planned) {
      auto& sum = totals[column];
      sum = sum + value;
    }
  }
  return totals;
}

Result<OptionId> add_option(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                            const NewOption& wanted) {
  const auto audit = audits::find_audit(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  std::vector<FieldError> wrong;
  if (trim(wanted.title).empty()) wrong.push_back({"#/title", "field.required"});
  check_values(*premises.rules, wanted.planned, "#/planned", wrong);
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  Option option;
  option.id = OptionId::make(act.at, act.random);
  option.audit = id;
  option.code = (wanted.cost_class == "none_or_low" ? "WD" : "ZG") +
                std::to_string(store::next_number(tx, id, wanted.cost_class));
  option.title = std::string(trim(wanted.title));
  option.description = wanted.description;
  option.cost_class = wanted.cost_class;
  option.origin = wanted.origin;
  option.state = "proposed";
  option.responsible = wanted.responsible;
  option.planned_on = wanted.planned_on;
  store::insert_option(tx, option, audit->province, act.at, act.caller.user.str());
  QY_CHECK(write_values(tx, premises, act, *audit, option.id, Aspect::planned, {}, wanted.planned));
  return option.id;
}

Result<Option> change_option(Tx& tx, const Premises& premises, const identity::Act& act, const OptionId& id,
                             const NewOption& wanted, std::int64_t version) {
  auto option = find_option(tx, premises, id);
  if (!option) return Error{ErrorKind::not_found, "option.not_found"};
  const auto audit = audits::find_audit(tx, option->audit);
  if (option->version != version) return Error{ErrorKind::stale, "option.stale"};
  std::vector<FieldError> wrong;
  if (trim(wanted.title).empty()) wrong.push_back({"#/title", "field.required"});
  if (wanted.cost_class != option->cost_class)
    wrong.push_back({"#/cost_class", "option.class_fixed", {{"code", option->code}}});
  check_values(*premises.rules, wanted.planned, "#/planned", wrong);
  if (option->state == "verified" && wanted.planned != option->planned)
    wrong.push_back({"#/planned", "option.verified_fixed"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  const auto before = option->planned;
  option->title = std::string(trim(wanted.title));
  option->description = wanted.description;
  option->origin = wanted.origin;
  option->responsible = wanted.responsible;
  option->planned_on = wanted.planned_on;
  if (!store::update_option(tx, *option)) return Error{ErrorKind::stale, "option.stale"};
  QY_CHECK(write_values(tx, premises, act, *audit, id, Aspect::planned, before, wanted.planned));
  return *find_option(tx, premises, id);
}

Result<void> set_option_state(Tx& tx, const Premises& premises, const identity::Act& act, const OptionId& id,
                              const std::string& state, std::optional<Date> on,
                              const std::map<std::string, Decimal>& verified, const std::string& reason) {
  auto option = find_option(tx, premises, id);
  if (!option) return Error{ErrorKind::not_found, "option.not_found"};
  const auto audit = audits::find_audit(tx, option->audit);
  if (!may_follow(option->state, state))
    return Error{ErrorKind::conflict, "option.state", {{"from", option->state}, {"to", state}}};
  std::vector<FieldError> wrong;
  if (state == "dropped" && trim(reason).empty()) wrong.push_back({"#/reason", "option.drop_reason"});
  if (state == "implemented" && !on) wrong.push_back({"#/on", "option.implemented_on"});
  if (on && *on > act.on) wrong.push_back({"#/on", "option.future"});
  if (state == "verified" && verified.empty()) wrong.push_back({"#/verified", "option.verified_missing"});
  check_values(*premises.rules, verified, "#/verified", wrong);
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  // 中/高费方案 are built only after the evaluation has let them proceed (Guide 2018, definition of 评估), except where
  // both steps are one.
  if (state == "implemented" && option->cost_class == "medium_or_high" &&
      !audits::stands_in(premises, *audit, audits::options_are_carried_out_in))
    return Error{ErrorKind::conflict, "option.before_evaluation", {{"code", option->code}}};

  const auto before = option->verified;
  option->state = state;
  if (state == "implemented") option->implemented_on = on;
  if (state != "implemented" && state != "verified") option->implemented_on.reset();
  option->drop_reason = state == "dropped" ? std::string(trim(reason)) : "";
  if (!store::update_option(tx, *option)) return Error{ErrorKind::stale, "option.stale"};
  if (state == "verified") {
    QY_CHECK(write_values(tx, premises, act, *audit, id, Aspect::verified, before, verified));
    json::Object values;
    for (const auto& [column, value] : verified) values[column] = value.str();
    db::append_action(
        tx,
        identity::action_by(
            act, {"audit", audit->id.str()}, "verify_option", codec::citations(*premises.rules, "acceptance", act.on),
            json::Object{{"option", option->code}, {"title", option->title}, {"verified", std::move(values)}}),
        act.random);
  }
  return {};
}

Result<void> add_evidence(Tx& tx, const identity::Act& act, const OptionId& id, const std::string& file,
                          const std::string& place) {
  const auto option = store::find_option(tx, id);
  const auto audit = option ? audits::find_audit(tx, option->audit) : std::nullopt;
  if (!audit) return Error{ErrorKind::not_found, "option.not_found"};
  const auto refused = [](const char* code) {
    return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/file", code}}};
  };
  if (!files::is_attached(tx, file, subject_of(audit->id))) return refused("option.evidence_file");
  OptionEvidence evidence{.file = *files::find_file(tx, files::FileId::trusted(file)),
                          .place = std::string(trim(place)),
                          .by_office = act.caller.is_office(),
                          .at = act.at,
                          .by_name = act.caller.name};
  const auto earlier = store::evidence_of(tx, audit->id)[id];
  for (const auto& known : earlier)
    if (known.file.id == evidence.file.id) return refused("option.evidence_twice");
  store::insert_evidence(tx, audit->province, id, evidence);
  note_evidence(tx, act, *option, "cite_option_evidence", evidence.file, evidence.place);
  return {};
}

Result<void> remove_evidence(Tx& tx, const identity::Act& act, const Option& option, std::string_view file) {
  const auto found = std::find_if(option.evidence.begin(), option.evidence.end(),
                                  [&](const auto& one) { return one.file.id.str() == file; });
  if (found == option.evidence.end()) return Error{ErrorKind::not_found, "option.evidence_not_found"};
  if (found->by_office != act.caller.is_office()) return identity::forbidden("option.evidence_of_others");
  store::delete_evidence(tx, option.id, found->file.id);
  note_evidence(tx, act, option, "remove_option_evidence", found->file, found->place);
  return {};
}

}  // namespace qy::analysis
