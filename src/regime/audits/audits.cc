#include "regime/audits/audits.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "base/text.h"
#include "codec/law.h"
#include "engine/procedure/procedure.h"
#include "regime/audits/audits_commands.h"
#include "regime/audits/audits_store.h"
#include "regime/audits/consequences.h"
#include "regime/files/files.h"
#include "regime/identity/actor.h"

namespace qy::audits {
namespace {

const rules::Procedure& procedure_of(const Premises& premises, const Audit& audit) {
  const auto* found = premises.rules->find_procedure(audit.procedure);
  if (!found) throw db::Broken("case " + audit.number + ": the packs have no procedure " + audit.procedure);
  return *found;
}

db::Subject subject_of(const AuditId& id) { return {"audit", id.str()}; }

const rules::State& state_of(const rules::Procedure& procedure, std::string_view id) {
  const auto* found = procedure.find_state(id);
  if (!found) throw db::Broken("procedure " + procedure.id + " has no state " + std::string(id));
  return *found;
}

engine::procedure::Actor actor_towards(const identity::Caller& caller, const Audit& audit) {
  return identity::actor_of(caller, audit.lead_line, audit.cosign_line);
}

bool reads_cases(const identity::Caller& caller) {
  return caller.role != identity::Role::administrator && caller.role != identity::Role::security_auditor;
}

/// The date column an event of the clocks is projected to.
std::optional<Date>* date_of_event(Audit& audit, std::string_view event) {
  if (event == "disclosed") return &audit.disclosed_on;
  if (event == "started") return &audit.started_on;
  if (event == "submitted" || event == "finished") return &audit.submitted_on;
  if (event == "evaluated") return &audit.evaluated_on;
  if (event == "implemented") return &audit.implemented_on;
  if (event == "accepted") return &audit.accepted_on;
  return nullptr;
}

/// The enterprise's own data may change while it holds the case.
bool open_for_editing(const Audit& audit) { return audit.holder == "enterprise"; }

struct Removals {
  std::shared_mutex mutex;
  std::map<std::string, AtRemoval, std::less<>> rooms;
};

Removals& removals() {
  static Removals instance;
  return instance;
}

/// 中止 … 恢复: where `resume` leads is the state the case was stopped in, which only the log knows.
std::string state_before_stop(const rules::Procedure& procedure, const std::vector<db::Action>& actions) {
  std::string state = procedure.initial, before = procedure.initial;
  for (const auto& action : actions) {
    if (action.name == "stop") before = state;
    if (action.name == "resume") {
      state = before;
      continue;
    }
    if (const auto* step = procedure.find_action(action.name)) state = engine::procedure::next_state(*step, state);
  }
  return before;
}

}  // namespace

Relation relation_of(Tx& tx, const identity::Caller& caller, const Audit& audit, Date on) {
  if (!reads_cases(caller)) return Relation::none;
  switch (caller.party) {
    case identity::Party::office:
      if (!caller.covers(audit.region)) return Relation::none;
      if (identity::to_string(caller.line) == audit.lead_line) return Relation::lead_office;
      if (!audit.cosign_line.empty() && identity::to_string(caller.line) == audit.cosign_line)
        return Relation::cosign_office;
      return Relation::other_office;
    case identity::Party::enterprise:
      return caller.party_id == audit.enterprise.str() ? Relation::enterprise : Relation::none;
    case identity::Party::consultancy:
      return store::has_mandate(tx, audit.id, caller.party_id, on) ? Relation::consultancy : Relation::none;
    case identity::Party::none:
      return Relation::other_office;
    default:
      return store::is_guest(tx, audit.id, identity::to_string(caller.party), caller.party_id, on) ? Relation::guest
                                                                                                   : Relation::none;
  }
}

void admit_guest(Tx& tx, const AuditId& id, identity::Party party, std::string_view party_id, Date from, Date to) {
  store::put_guest(tx, id, identity::to_string(party), party_id, from, to);
}

std::optional<Audit> find_audit(Tx& tx, const AuditId& id) { return store::find(tx, id); }

std::vector<Audit> audits_of_enterprise(Tx& tx, const registry::EnterpriseId& enterprise) {
  return store::of_enterprise(tx, enterprise.str());
}

std::vector<CaseEvent> events_of(Tx& tx, const AuditId& id) { return store::events(tx, id); }

std::optional<CaseEvent> unpublished_decision(Tx& tx, const AuditId& id) {
  std::optional<CaseEvent> open;
  for (auto& event : store::events(tx, id)) {
    if (event.type == "accepted" || event.type == "failed")
      open = std::move(event);
    else if (event.type == "result_published")
      open.reset();
  }
  return open;
}

Result<Audit> get_visible(Tx& tx, const identity::Caller& caller, const AuditId& id, Date on) {
  auto audit = store::find(tx, id);
  if (!audit || relation_of(tx, caller, *audit, on) == Relation::none)
    return Error{ErrorKind::not_found, "audit.not_found"};
  return std::move(*audit);
}

Result<Audit> get_editable(Tx& tx, const identity::Caller& caller, const AuditId& id, Date on) {
  QY_TRY(auto audit, get_visible(tx, caller, id, on));
  const auto relation = relation_of(tx, caller, audit, on);
  if (relation != Relation::enterprise && relation != Relation::consultancy)
    return identity::forbidden("forbidden.audit_edit");
  if (!open_for_editing(audit)) return Error{ErrorKind::conflict, "audit.read_only"};
  return audit;
}

bool options_are_carried_out_in(const rules::Procedure& procedure, const rules::State& state) {
  return state.phase == "implementation" || std::ranges::any_of(procedure.actions, [&](const auto& action) {
           return action.conditions.contains("options_verified") &&
                  std::ranges::find(action.from, state.id) != action.from.end();
         });
}

bool verified_options_are_awaited_in(const rules::Procedure& procedure, const rules::State& state) {
  return state.phase == "acceptance" || options_are_carried_out_in(procedure, state);
}

bool options_are_verified_in(const rules::Procedure& procedure, const rules::State& state) {
  if (verified_options_are_awaited_in(procedure, state)) return true;
  const auto* start = procedure.find_action("start");
  return state.phase == "audit" && state.holder == "enterprise" &&
         !(start && std::ranges::find(start->from, state.id) != start->from.end());
}

bool stands_in(const Premises& premises, const Audit& audit,
               bool (*where)(const rules::Procedure& procedure, const rules::State& state)) {
  const auto* procedure = premises.rules->find_procedure(audit.procedure);
  const auto* state = procedure ? procedure->find_state(audit.state) : nullptr;
  return state && where(*procedure, *state);
}

std::vector<std::string> allowed_actions(Tx& tx, const Premises& premises, const identity::Caller& caller,
                                         const Audit& audit, Date on) {
  const auto relation = relation_of(tx, caller, audit, on);
  if (relation == Relation::none) return {};
  auto allowed = engine::procedure::allowed(procedure_of(premises, audit), audit.state, actor_towards(caller, audit));
  if (audit.disclosed_on)
    std::erase_if(allowed, [](const auto& action) { return action == "disclose" || action == "disclose_late"; });
  if (!unpublished_decision(tx, audit.id))
    std::erase_if(allowed, [](const auto& action) { return action == "publish_result"; });
  const bool theirs = relation == Relation::enterprise || relation == Relation::consultancy;
  if (theirs && open_for_editing(audit)) allowed.emplace_back("edit");
  if (relation == Relation::enterprise && caller.role == identity::Role::signatory && open_for_editing(audit))
    allowed.emplace_back("give_mandate");
  return allowed;
}

Result<Audit> perform(Tx& tx, const Premises& premises, const identity::Act& act, const AuditId& id,
                      const Perform& what) {
  auto found = store::find(tx, id);
  if (!found ||
      (act.caller.party != identity::Party::none && relation_of(tx, act.caller, *found, act.on) == Relation::none))
    return Error{ErrorKind::not_found, "audit.not_found"};
  Audit audit = *found;
  const auto& procedure = procedure_of(premises, audit);
  QY_TRY(const auto* step,
         engine::procedure::check(procedure, audit.state, what.action, actor_towards(act.caller, audit)));

  std::vector<FieldError> wrong;
  if (step->needs_reason && trim(what.reason).empty())
    wrong.push_back({"#/reason", "audit.reason_missing", {{"action", step->title.zh}, {"action_en", step->title.en}}});
  if (!step->documents.empty() && what.files.empty())
    wrong.push_back({"#/files", "audit.document_missing", {{"documents", join(step->documents, "、")}}});
  for (std::size_t i = 0; i < what.files.size(); ++i)
    if (!files::is_attached(tx, what.files[i], subject_of(id)))
      wrong.push_back({"#/files/" + std::to_string(i), "audit.file_unknown"});
  const Date day = what.event_on.value_or(act.on);
  const auto events = store::events(tx, id);
  if (day > act.on) wrong.push_back({"#/event_on", "audit.event_future", {{"today", act.on.str()}}});
  if (!events.empty() && !step->event.empty() && day < events.back().on)
    wrong.push_back({"#/event_on", "audit.event_order", {{"day", day.str()}, {"earlier", events.back().on.str()}}});
  if (what.action == "postpone") {
    const auto deadlines = deadlines_of(tx, premises, audit, act.on);
    const auto open = std::find_if(deadlines.begin(), deadlines.end(), [&](const auto& d) {
      return d.id == what.rule && d.state != engine::clock::State::met;
    });
    if (open == deadlines.end())
      wrong.push_back({"#/rule", "audit.postpone_rule"});
    else if (!what.until || *what.until <= open->due_on)
      wrong.push_back({"#/until", "audit.postpone_until", {{"due", open->due_on.str()}}});
  }
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  const auto log = db::actions_of(tx, subject_of(id));
  const std::string previous = audit.state;
  audit.state =
      what.action == "resume" ? state_before_stop(procedure, log) : engine::procedure::next_state(*step, audit.state);
  const auto& state = state_of(procedure, audit.state);
  audit.holder = state.holder;
  audit.changed_at = act.at;
  if (!step->event.empty()) {
    if (auto* column = date_of_event(audit, step->event)) *column = day;
    store::add_event(tx, id, {step->event, day, what.rule, what.until});
  }

  json::Object payload = what.payload.is_object() ? what.payload.as_object() : json::Object{};
  if (!what.reason.empty()) payload["reason"] = what.reason;
  if (!what.files.empty()) {
    json::Array files;
    for (const auto& file : what.files) files.push_back(json::Value(file));
    payload["files"] = std::move(files);
  }
  payload["from"] = previous;
  payload["to"] = audit.state;
  if (day != act.on) payload["event_on"] = day.str();
  if (!what.rule.empty()) payload["rule"] = what.rule;
  if (what.until) payload["until"] = what.until->str();
  db::append_action(tx,
                    identity::action_by(act, subject_of(id), what.action,
                                        codec::citations(*premises.rules, step->basis, day), std::move(payload)),
                    act.random);
  store::update_audit(tx, audit, state.phase);
  ++audit.version;
  settle(tx, premises, act, &*found, audit, step->title);
  if (what.action == "remove") {
    auto& told = removals();
    const std::shared_lock lock(told.mutex);
    for (const auto& [room, tell] : told.rooms) QY_CHECK(tell(tx, premises, act, audit, what.reason));
  }
  return audit;
}

void at_removal(std::string_view room, AtRemoval what) {
  auto& told = removals();
  const std::unique_lock lock(told.mutex);
  told.rooms.insert_or_assign(std::string(room), what);
}

Result<std::vector<AuditId>> open_cases(Tx& tx, const Premises& premises, const identity::Act& act,
                                        const listing::Published& published) {
  std::vector<AuditId> ids;
  const auto* jurisdiction = premises.rules->find_jurisdiction(published.list.jurisdiction);
  if (!jurisdiction) throw db::Broken("the packs have no jurisdiction " + published.list.jurisdiction);
  for (const auto& entry : published.entries) {
    if (store::of_entry(tx, entry.id)) continue;
    const auto enterprise = registry::find_summary(tx, *premises.rules, entry.enterprise);
    if (!enterprise) return Error{ErrorKind::not_found, "enterprise.not_found"};

    Audit audit;
    audit.id = AuditId::make(act.at, act.random);
    audit.province = entry.province;
    audit.number = next_number(tx, entry.province, published.list.year);
    audit.enterprise = entry.enterprise;
    audit.enterprise_name = entry.enterprise_name;
    audit.region = entry.region;
    audit.industry = entry.industry;
    audit.tags = enterprise->tags;
    audit.entry = entry.id;
    audit.year = published.list.year;
    audit.jurisdiction = published.list.jurisdiction;
    audit.procedure = jurisdiction->procedure;
    audit.categories = entry.categories;
    audit.lead_line = entry.lead_line;
    audit.cosign_line = listing::lines_of(*premises.rules, *jurisdiction, entry.categories).cosign;
    audit.mode = entry.mode;
    audit.packs_hash = premises.rules->hash();
    audit.published_on = published.list.published_on;
    audit.opened_at = act.at;
    audit.changed_at = act.at;
    const auto& procedure = procedure_of(premises, audit);
    audit.state = procedure.initial;
    const auto& state = state_of(procedure, audit.state);
    audit.holder = state.holder;
    store::insert_audit(tx, audit, state.phase);
    registry::set_categories(tx, audit.enterprise, audit.categories);
    store::add_event(tx, audit.id, {"published", *published.list.published_on});
    std::vector<rules::Citation> duty;
    for (const auto& id : entry.categories)
      if (const auto* category = premises.rules->find_category(id))
        for (auto& citation : premises.rules->cite(category->basis, *published.list.published_on))
          duty.push_back(std::move(citation));
    db::append_action(tx,
                      identity::action_by(act, subject_of(audit.id), "open", codec::citations(duty),
                                          json::Object{{"list", published.list.id.str()},
                                                       {"entry", entry.id.str()},
                                                       {"packs", audit.packs_hash},
                                                       {"published_on", published.list.published_on->str()},
                                                       {"mode", audit.mode}}),
                      act.random);
    settle(tx, premises, act, nullptr, audit, {"列入名单", "Listed"});
    ids.push_back(audit.id);
  }
  return ids;
}

Result<void> choose_system(Tx& tx, const Premises& premises, const identity::Act& act, const AuditId& id,
                           const std::string& system) {
  auto audit = store::find(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  const auto* found = premises.rules->find_system(system);
  if (!found)
    return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/system", "audit.system_unknown", {{"system", system}}}}};
  if (!found->in_force.covers(audit->published_on.value_or(act.on)))
    return Error{ErrorKind::invalid,
                 "input.invalid",
                 {},
                 {{"#/system",
                   "audit.system_not_in_force",
                   {{"system", found->title.zh},
                    {"system_en", found->title.en},
                    {"day", audit->published_on.value_or(act.on).str()}}}}};
  if (audit->indicator_system == system) return {};
  audit->indicator_system = system;
  audit->changed_at = act.at;
  store::update_audit(tx, *audit, state_of(procedure_of(premises, *audit), audit->state).phase);
  db::append_action(tx,
                    identity::action_by(act, subject_of(id), "choose_system",
                                        codec::citations(*premises.rules, "audit.steps", act.on),
                                        json::Object{{"system", system}, {"verification", found->verification}}),
                    act.random);
  return {};
}

void record_level(Tx& tx, const AuditId& id, const std::string& level) {
  auto audit = store::find(tx, id);
  if (!audit) throw db::Broken("no case " + id.str());
  store::set_level(tx, id, level);
}

Result<void> give_mandate(Tx& tx, const Premises& premises, const identity::Act& act, const AuditId& id,
                          const std::string& consultancy, Date from, Date to) {
  const auto audit = store::find(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  const auto party_id = registry::PartyId::parse(consultancy);
  const auto party = party_id ? registry::find_party(tx, *party_id) : std::nullopt;
  std::vector<FieldError> wrong;
  if (!open_for_editing(*audit)) return Error{ErrorKind::conflict, "audit.read_only"};
  if (!party || party->facts.kind != identity::Party::consultancy)
    wrong.push_back({"#/consultancy", "audit.consultancy_unknown"});
  // 受托评估机构 may not consult for those it may evaluate.
  if (party)
    for (const auto& body : registry::parties_of(tx, identity::Party::evaluation_body)) {
      const bool same = body.facts.credit_code.empty()
                            ? normalise_for_match(body.facts.name) == normalise_for_match(party->facts.name)
                            : body.facts.credit_code == party->facts.credit_code;
      if (same) wrong.push_back({"#/consultancy", "audit.consultancy_evaluates", {{"name", party->facts.name}}});
    }
  if (to < from) wrong.push_back({"#/to", "audit.mandate_dates"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
  // 更换咨询机构: the former mandate ends the day before the new one begins.
  store::end_mandates(tx, id, from.plus_days(-1));
  store::add_mandate(tx, id,
                     {new_uuid(act.at, act.random), consultancy, party->facts.name, from, to, act.caller.name, act.at});
  db::append_action(
      tx,
      identity::action_by(act, subject_of(id), "give_mandate", codec::citations(*premises.rules, "audit.who", act.on),
                          json::Object{{"consultancy", party->facts.name}, {"from", from.str()}, {"to", to.str()}}),
      act.random);
  return {};
}

std::vector<std::string> mandated_consultancies(Tx& tx, const AuditId& id) {
  std::vector<std::string> names;
  // The log, not the rows: a mandate ended before its first day is over leaves none, and recusal must still know.
  for (const auto& action : db::actions_of(tx, subject_of(id)))
    if (action.name == "give_mandate") names.emplace_back(action.payload.as_object().at("consultancy").as_string());
  return names;
}

Found find_audits(Tx& tx, const Filter& filter, const http::Page& page, Date today) {
  return store::search(tx, filter, {.everything = true}, page, today);
}

}  // namespace qy::audits
