#include <algorithm>

#include "regime/analysis/analysis.h"
#include "regime/analysis/analysis_commands.h"
#include "regime/analysis/analysis_store.h"
#include "regime/audits/audits_json.h"
#include "regime/audits/waiting.h"
#include "regime/identity/guard.h"

namespace qy::analysis {
namespace {

using audits::AuditId;
using http::Request;
using http::Response;
using identity::Caller;

json::Object values_json(const std::map<std::string, Decimal>& values) {
  json::Object object;
  for (const auto& [column, value] : values) object[column] = value.str();
  return object;
}

json::Value day(const std::optional<Date>& date) { return date ? json::Value(date->str()) : json::Value(nullptr); }

/// 核定 is the office's: what the enterprise claims counts only once an officer of the lead department has verified it.
bool may_verify(Tx& tx, const Premises& premises, const Caller& caller, const audits::Audit& audit, Date on) {
  return audits::relation_of(tx, caller, audit, on) == audits::Relation::lead_office &&
         (caller.role == identity::Role::officer || caller.role == identity::Role::chief) &&
         audits::stands_in(premises, audit, audits::options_are_verified_in);
}

/// What a caller may do about the options of a case.
struct May {
  bool edit = false, verify = false, office = false;

  /// Once the effects are verified, what they rest on is the department's.
  bool cite(const Option& option) const { return verify || (edit && option.state != "verified"); }
  json::Array actions() const {
    json::Array actions;
    if (edit) actions.push_back("edit");
    if (verify) actions.push_back("verify");
    return actions;
  }
};

May may_of(Tx& tx, const Premises& premises, const Caller& caller, const audits::Audit& audit, Date on) {
  return {.edit = audits::get_editable(tx, caller, audit.id, on).has_value(),
          .verify = may_verify(tx, premises, caller, audit, on),
          .office = caller.is_office()};
}

json::Object option_json(const Option& o, const May& may) {
  json::Array evidence;
  for (const auto& one : o.evidence)
    evidence.push_back(json::Object{
        {"file", one.file.id.str()},
        {"name", one.file.name},
        {"kind", one.file.kind},
        {"size", one.file.blob.size},
        {"place", one.place},
        {"withdrawn", one.file.withdrawn_at.has_value()},
        {"by_office", one.by_office},
        {"at", one.at.str()},
        {"by", one.by_name},
        {"allowed_actions", may.cite(o) && one.by_office == may.office ? json::Array{"remove"} : json::Array{}}});
  return {{"id", o.id.str()},
          {"audit", o.audit.str()},
          {"code", o.code},
          {"title", o.title},
          {"description", o.description},
          {"cost_class", o.cost_class},
          {"origin", o.origin},
          {"state", o.state},
          {"responsible", o.responsible},
          {"planned_on", day(o.planned_on)},
          {"implemented_on", day(o.implemented_on)},
          {"drop_reason", o.drop_reason},
          {"planned", values_json(o.planned)},
          {"verified", values_json(o.verified)},
          {"evidence", std::move(evidence)},
          {"allowed_actions", may.cite(o) ? json::Array{"cite"} : json::Array{}},
          {"version", o.version}};
}

json::Array columns_json(const rules::Library& rules) {
  json::Array columns;
  for (const auto& column : rules.performance_columns())
    columns.push_back(json::Object{{"id", column.id},
                                   {"title", json::both(column.title)},
                                   {"unit", column.unit},
                                   {"key", column.key},
                                   {"mark", rules::to_string(column.mark)}});
  return columns;
}

/// A number as somebody typed it, in a text or as a number of JSON; "" for null.
std::string typed(const json::Value& value) {
  if (value.is_null()) return "";
  if (json::is_text(value)) return std::string(value.get_string());
  const auto number = json::decimal_of(value);
  return number ? number->str() : json::dump(value);
}

std::map<std::string, Decimal> read_values(json::ObjectReader& in, std::string_view name) {
  std::map<std::string, Decimal> values;
  const auto given = in.any(name);
  if (!given.is_object()) {
    if (!given.is_null()) in.complain(name, "field.type");
    return values;
  }
  const auto pointer = json::pointer_to(in.pointer(), name);
  for (const auto& member : given.as_object()) {
    const auto text = typed(member.value());
    if (text.empty()) continue;
    const auto number = Decimal::parse_pasted(text);
    if (!number)
      in.complain_at(json::pointer_to(pointer, member.key()), number.error().code, number.error().params);
    else
      values.emplace(std::string(member.key()), *number);
  }
  return values;
}

NewOption option_of(json::ObjectReader& in) {
  NewOption option;
  option.title = in.text("title", 200);
  option.description = in.optional_text("description", 4000).value_or("");
  option.cost_class = in.choice("cost_class", {"none_or_low", "medium_or_high"});
  option.origin =
      in.choice("origin", {"material", "process", "equipment", "control", "product", "waste", "management", "staff"});
  option.responsible = in.optional_text("responsible", 100).value_or("");
  option.planned_on = in.optional_date("planned_on");
  option.planned = read_values(in, "planned");
  return option;
}

/// The option if the caller may see its case: one that is not his to see looks like one that is not there.
Result<Option> visible_option(Tx& tx, const Premises& premises, const Caller& caller, const OptionId& id, Date today) {
  auto option = find_option(tx, premises, id);
  if (!option || !audits::get_visible(tx, caller, option->audit, today))
    return Error{ErrorKind::not_found, "option.not_found"};
  return std::move(*option);
}

/// What the caller may do, when adding and removing evidence of the option is among it.
Result<May> may_cite(Tx& tx, const Premises& premises, const Caller& caller, const OptionId& id, Date on) {
  QY_TRY(const auto option, visible_option(tx, premises, caller, id, on));
  const auto may = may_of(tx, premises, caller, *audits::find_audit(tx, option.audit), on);
  if (may.cite(option)) return may;
  QY_CHECK(audits::get_editable(tx, caller, option.audit, on));
  return Error{ErrorKind::conflict, "option.evidence_fixed"};
}

/// Identifiers and numbers as typed; numbers of JSON as well.
std::map<std::string, std::string> read_numbers(json::ObjectReader& in, std::string_view name) {
  std::map<std::string, std::string> numbers;
  const auto given = in.any(name);
  if (!given.is_object()) {
    if (!given.is_null()) in.complain(name, "analysis.members");
    return numbers;
  }
  for (const auto& member : given.as_object()) numbers.emplace(std::string(member.key()), typed(member.value()));
  return numbers;
}

Result<figures::Aspect> aspect_of(const Request& request) {
  const auto aspect = figures::aspect_of(request.query("aspect", "measured"));
  if (!aspect || (*aspect != figures::Aspect::measured && *aspect != figures::Aspect::verified))
    return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/aspect", "analysis.aspect"}}};
  return *aspect;
}

Result<Assumptions> assumptions_of(const Request& request) {
  Assumptions assumptions;
  std::vector<FieldError> wrong;
  const auto rate = [&](const char* name, const char* usual) {
    const auto number = Decimal::parse_pasted(request.query(name, usual));
    if (!number)
      wrong.push_back({std::string("#/") + name, number.error().code, number.error().params});
    else if (number->is_negative() || *number >= Decimal(1))
      wrong.push_back({std::string("#/") + name, "option.rate_range"});
    return number ? *number : Decimal();
  };
  assumptions.tax_rate = rate("tax_rate", "0.25");
  assumptions.discount_rate = rate("discount_rate", "0.06");
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
  QY_TRY(const auto depreciation, request.query_integer("depreciation_years", 10, 1, 50));
  QY_TRY(const auto years, request.query_integer("years", 10, 1, 50));
  assumptions.depreciation_years = static_cast<int>(depreciation);
  assumptions.years = static_cast<int>(years);
  return assumptions;
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);
  audits::register_waiting({.name = "options",
                            .in_state = audits::verified_options_are_awaited_in,
                            .cases = "SELECT audit_id FROM cleaner_option WHERE state = 'implemented'"});

  add("GET", "/api/v1/audits/{audit}/benchmark",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto aspect, aspect_of(request));
        const auto today = premises.today();
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_visible(tx, caller, id, today));
          json::Object body{{"audit", id.str()}, {"aspect", figures::to_string(aspect)}};
          json::Array offers;
          for (const auto& offer :
               systems_for(*premises.rules, audit.industry, audit.tags, audit.published_on.value_or(today)))
            offers.push_back(json::Object{{"id", offer.system->id},
                                          {"title", json::both(offer.system->title)},
                                          {"verification", offer.system->verification},
                                          {"has_index", offer.system->has_all_weights()},
                                          {"suggested", offer.by_tag || offer.by_industry}});
          body["systems"] = std::move(offers);
          body["chosen"] = audit.indicator_system;
          body["benchmark"] = nullptr;
          if (!audit.indicator_system.empty()) {
            QY_TRY(auto benchmark, benchmark_of(tx, premises, audit, aspect));
            body["benchmark"] = std::move(benchmark.document);
          }
          body["allowed_actions"] =
              audits::get_editable(tx, caller, id, today) ? json::Array{json::Value("edit")} : json::Array{};
          return http::ok(body);
        });
      });

  add(
      "PATCH", "/api/v1/audits/{audit}/benchmark",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto aspect, aspect_of(request));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        std::map<std::string, RowAnswer> rows;
        for (auto& [row, reader] : in.members("rows", 200)) {
          RowAnswer answer;
          answer.level = reader.optional_text("level", 10);
          if (const auto value = reader.any("value"); !value.is_null()) answer.value = typed(value);
          if (reader.has("not_applicable")) answer.not_applicable = reader.raw_text("not_applicable", 500);
          answer.metrics = reader.texts("metrics", 10, 40);
          rows.emplace(row, std::move(answer));
        }
        const auto parameters = read_numbers(in, "parameters");
        const auto outputs = read_numbers(in, "outputs");
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_editable(tx, caller, id, act.on));
          QY_CHECK(answer_rows(tx, premises, act, id, rows, parameters, aspect, outputs));
          QY_CHECK(recompute(tx, premises, act, audit));
          QY_TRY(auto benchmark, benchmark_of(tx, premises, audit, aspect));
          return http::ok(json::Object{{"audit", id.str()},
                                       {"aspect", figures::to_string(aspect)},
                                       {"benchmark", std::move(benchmark.document)}});
        });
      },
      4u << 20);

  add("GET", "/api/v1/audits/{audit}/options",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        const auto today = premises.today();
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_visible(tx, caller, id, today));
          const auto options = options_of(tx, premises, id);
          const auto may = may_of(tx, premises, caller, audit, today);
          json::Array items;
          for (const auto& option : options) items.push_back(option_json(option, may));
          return http::ok(json::Object{{"items", std::move(items)},
                                       {"total", static_cast<std::int64_t>(options.size())},
                                       {"columns", columns_json(*premises.rules)},
                                       {"totals", json::Object{{"planned", values_json(totals_of(options, false))},
                                                               {"verified", values_json(totals_of(options, true))}}},
                                       {"allowed_actions", may.actions()}});
        });
      });

  add("POST", "/api/v1/audits/{audit}/options",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto wanted = option_of(in);
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_editable(tx, caller, id, act.on));
          QY_TRY(const auto option, add_option(tx, premises, act, audit.id, wanted));
          const auto made = *find_option(tx, premises, option);
          return http::with_etag(http::created(option_json(made, may_of(tx, premises, caller, audit, act.on))),
                                 made.version);
        });
      });

  add("PUT", "/api/v1/options/{option}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto id, OptionId::parse(request.parameter("option")));
    QY_TRY(const auto version, request.if_match());
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const auto wanted = option_of(in);
    QY_CHECK(in.done());
    const auto act = identity::act_of(premises, caller);
    return premises.database->write([&](Tx& tx) -> Result<Response> {
      QY_TRY(const auto option, visible_option(tx, premises, caller, id, act.on));
      QY_TRY(const auto audit, audits::get_editable(tx, caller, option.audit, act.on));
      QY_TRY(const auto changed, change_option(tx, premises, act, id, wanted, version));
      return http::with_etag(http::ok(option_json(changed, may_of(tx, premises, caller, audit, act.on))),
                             changed.version);
    });
  });

  add("DELETE", "/api/v1/options/{option}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, OptionId::parse(request.parameter("option")));
        QY_TRY(const auto version, request.if_match());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto option, visible_option(tx, premises, caller, id, act.on));
          QY_CHECK(audits::get_editable(tx, caller, option.audit, act.on));
          if (option.state != "proposed") return Error{ErrorKind::conflict, "option.delete_state"};
          NewOption empty{.title = option.title,
                          .description = option.description,
                          .cost_class = option.cost_class,
                          .origin = option.origin,
                          .responsible = option.responsible,
                          .planned_on = option.planned_on};
          QY_TRY(const auto cleared, change_option(tx, premises, act, id, empty, version));
          if (!store::delete_option(tx, id, cleared.version)) return Error{ErrorKind::stale, "option.stale"};
          return http::no_content();
        });
      });

  add("POST", "/api/v1/options/{option}/state",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, OptionId::parse(request.parameter("option")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto state =
            in.choice("state", {"proposed", "feasible", "dropped", "planned", "implemented", "verified"});
        const auto on = in.optional_date("on");
        const auto reason = in.optional_text("reason", 500).value_or("");
        const auto verified = read_values(in, "verified");
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto option, visible_option(tx, premises, caller, id, act.on));
          const auto audit = *audits::find_audit(tx, option.audit);
          if (option.version != version) return Error{ErrorKind::stale, "option.stale"};
          if (state == "verified") {
            if (!may_verify(tx, premises, caller, audit, act.on)) return identity::forbidden("option.office_verifies");
          } else {
            QY_CHECK(audits::get_editable(tx, caller, audit.id, act.on));
          }
          QY_CHECK(set_option_state(tx, premises, act, id, state, on, verified, reason));
          const auto changed = *find_option(tx, premises, id);
          return http::with_etag(http::ok(option_json(changed, may_of(tx, premises, caller, audit, act.on))),
                                 changed.version);
        });
      });

  add("POST", "/api/v1/options/{option}/evidence",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, OptionId::parse(request.parameter("option")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto file = in.text("file", 36);
        const auto place = in.optional_text("place", 200).value_or("");
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto may, may_cite(tx, premises, caller, id, act.on));
          QY_CHECK(add_evidence(tx, act, id, file, place));
          return http::ok(option_json(*find_option(tx, premises, id), may));
        });
      });

  add("DELETE", "/api/v1/options/{option}/evidence/{file}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, OptionId::parse(request.parameter("option")));
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto may, may_cite(tx, premises, caller, id, act.on));
          QY_CHECK(remove_evidence(tx, act, *find_option(tx, premises, id), request.parameter("file")));
          return http::ok(option_json(*find_option(tx, premises, id), may));
        });
      });

  add("GET", "/api/v1/options/{option}/economics",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, OptionId::parse(request.parameter("option")));
        QY_TRY(const auto assumptions, assumptions_of(request));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto option, visible_option(tx, premises, caller, id, premises.today()));
          QY_TRY(const auto economics, economics_of(premises, option, assumptions));
          return http::ok(
              json::Object{{"option", id.str()}, {"economics", economics ? *economics : json::Value(nullptr)}});
        });
      });

  add("GET", "/api/v1/audits/{audit}/gaps",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_visible(tx, caller, id, premises.today()));
          json::Array items;
          for (const auto& gap : gaps_of(tx, premises, audit))
            items.push_back(json::Object{{"code", gap.code},
                                         {"detail", Catalogue::global().render(gap.code, gap.params, request.language)},
                                         {"place", gap.place}});
          return http::ok(json::Object{{"items", std::move(items)}});
        });
      });
}

}  // namespace qy::analysis
