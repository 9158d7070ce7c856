#include <algorithm>

#include "base/text.h"
#include "http/http.h"
#include "regime/identity/access.h"
#include "regime/identity/guard.h"
#include "regime/obligations/work.h"
#include "regime/register/enterprise_import.h"
#include "regime/register/import_store.h"
#include "regime/register/register.h"
#include "regime/register/register_commands.h"
#include "regime/register/register_json.h"

namespace qy::registry {
namespace {

using http::Request;
using http::Response;
using identity::Caller;

constexpr std::string_view kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

json::Value date_json(const std::optional<Date>& date) {
  return date ? json::Value(date->str()) : json::Value(nullptr);
}

json::Array texts_json(const std::vector<std::string>& texts) {
  json::Array out;
  for (const auto& text : texts) out.emplace_back(text);
  return out;
}

json::Object page_json(json::Array items, std::int64_t total, int page, int size) {
  return {{"items", std::move(items)}, {"total", total}, {"page", page}, {"page_size", size}};
}

json::Object standing_json(const Standing& standing) {
  return {{"last_round_on", date_json(standing.last_round_on)},
          {"last_entered_later", standing.last_entered_later},
          {"level", standing.level},
          {"level_on", date_json(standing.level_on)},
          {"rounds", standing.rounds}};
}

json::Value industry_json(const rules::Library& rules, const std::string& code) {
  const auto name = industry_name(rules, code);
  return name ? json::Value(json::both(*name)) : json::Value(nullptr);
}

json::Object summary_json(const Premises& premises, const Enterprise& e) {
  const auto& rules = *premises.rules;
  const auto& f = e.facts;
  return {{"id", e.id.str()},
          {"name", f.name},
          {"legal_name", f.legal_name},
          {"credit_code", f.credit_code},
          {"region", f.region},
          {"region_name", json::both(region_name(rules, f.region, premises.today()))},
          {"address", f.address},
          {"industry", f.industry},
          {"industry_name", industry_json(rules, f.industry)},
          {"tags", texts_json(f.tags)},
          {"priority_industries", texts_json(priority_industries_of(rules, f.industry, f.tags))},
          {"scale", f.scale},
          {"status", f.status},
          {"standing", standing_json(e.standing)},
          {"version", e.version}};
}

json::Object round_json(const FormerRound& round) {
  return {{"id", round.id.str()},
          {"enterprise", round.enterprise.str()},
          {"year", round.year},
          {"document_number", round.document_number},
          {"accepted_on", round.accepted_on.str()},
          {"level", round.level},
          {"scan", round.scan},
          {"recorded_by", round.recorded_by},
          {"recorded_at", round.recorded_at.str()},
          {"version", round.version}};
}

json::Value detail_json(const Premises& premises, const EnterpriseDetail& detail) {
  const auto& e = detail.enterprise;
  auto out = facts_json(e.facts);
  out["id"] = e.id.str();
  out["version"] = e.version;
  out["region_name"] = json::both(region_name(*premises.rules, e.facts.region, premises.today()));
  out["registered_region_name"] =
      e.facts.registered_region.empty()
          ? json::Value(nullptr)
          : json::Value(json::both(region_name(*premises.rules, e.facts.registered_region, premises.today())));
  out["industry_name"] = industry_json(*premises.rules, e.facts.industry);
  out["priority_industries"] = texts_json(priority_industries_of(*premises.rules, e.facts.industry, e.facts.tags));
  out["park_name"] = detail.park_name;
  json::Array former_names, siblings, rounds, former_rounds, expired;
  for (const auto& permit : e.facts.permits)
    if (permit.expired(premises.today())) expired.emplace_back(permit.number);
  out["expired_permits"] = std::move(expired);
  for (const auto& former : e.former_names)
    former_names.push_back(json::Object{{"name", former.name}, {"until", former.until.str()}});
  for (const auto& one : detail.siblings)
    siblings.push_back(
        json::Object{{"id", one.id.str()},
                     {"name", one.facts.name},
                     {"region", one.facts.region},
                     {"region_name", json::both(region_name(*premises.rules, one.facts.region, premises.today()))}});
  for (const auto& round : detail.rounds)
    rounds.push_back(
        json::Object{{"reference", round.reference}, {"accepted_on", round.accepted_on.str()}, {"level", round.level}});
  for (const auto& round : detail.former_rounds) former_rounds.push_back(round_json(round));
  out["former_names"] = std::move(former_names);
  out["siblings"] = std::move(siblings);
  out["categories"] = texts_json(detail.categories);
  out["rounds"] = std::move(rounds);
  out["former_rounds"] = std::move(former_rounds);
  out["standing"] = standing_json(e.standing);
  out["next_due_on"] = date_json(detail.next_due_on);
  out["created_at"] = e.created_at.str();
  out["changed_at"] = e.changed_at.str();
  out["allowed_actions"] = texts_json(detail.allowed_actions);
  return out;
}

Result<std::optional<Date>> date_query(const Request& request, std::string_view name) {
  const auto text = request.query(name);
  if (text.empty()) return std::optional<Date>();
  QY_TRY(const auto date, Date::parse(text));
  return std::optional<Date>(date);
}

Result<EnterpriseListQuery> list_query(const Request& request) {
  EnterpriseListQuery query;
  QY_TRY(const auto page,
         http::page_of(request, {"region", "name", "industry", "last_round_on", "changed_at"}, "region"));
  query.page = page.page;
  query.size = page.size;
  query.sorting = {page.sort, page.descending};
  query.filter.region = request.query("region");
  query.filter.industry = request.query("industry");
  query.filter.tag = request.query("tag");
  query.filter.category = request.query("category");
  query.filter.status = request.query("status");
  query.filter.text = request.query("q");
  query.filter.never_audited = request.query("never_audited") == "1";
  query.filter.closed_too = request.query("closed_too") == "1";
  query.priority_industry = request.query("priority_industry");
  QY_TRY(query.due_by, date_query(request, "due_by"));
  return query;
}

/// What a form is missing and what is wrong in it, in one answer: the first complaint about a field stands.
template <class Facts>
Result<Facts> checked(const Premises& premises, json::ObjectReader& in, Facts facts) {
  const auto shape = in.done();
  if (shape) return facts;
  auto all = shape.error().fields;
  auto given = facts;
  for (auto& wrong : normalise_and_check(*premises.rules, premises.today(), given)) {
    const auto pointer = "#/" + wrong.pointer;
    if (std::ranges::none_of(all, [&](const FieldError& one) { return one.pointer == pointer; })) {
      wrong.pointer = pointer;
      all.push_back(std::move(wrong));
    }
  }
  auto error = shape.error();
  error.params = {{"count", std::to_string(all.size())}};
  error.fields = std::move(all);
  return error;
}

Result<EnterpriseFacts> facts_body(const Premises& premises, const Request& request) {
  QY_TRY(const auto body, request.json());
  json::ObjectReader in(body);
  return checked(premises, in, facts_of(in));
}

Result<FormerRound> round_body(const Request& request) {
  QY_TRY(const auto body, request.json());
  json::ObjectReader in(body);
  FormerRound round;
  round.year = static_cast<int>(in.integer("year", 1990, 2199));
  round.document_number = in.optional_text("document_number", 80).value_or("");
  round.accepted_on = in.date("accepted_on");
  round.level = in.optional_choice("level", {"I", "II", "III", "none"}).value_or("");
  round.scan = in.optional_text("scan", 36).value_or("");
  QY_CHECK(in.done());
  return round;
}

json::Value party_detail_json(const Premises& premises, const PartyDetail& detail) {
  auto out = party_json(detail.party.facts);
  out["id"] = detail.party.id.str();
  out["version"] = detail.party.version;
  out["region_name"] = json::both(region_name(*premises.rules, detail.party.facts.region, premises.today()));
  out["allowed_actions"] = texts_json(detail.allowed_actions);
  return out;
}

Result<PartyFacts> party_body(const Premises& premises, const Request& request) {
  QY_TRY(const auto body, request.json());
  json::ObjectReader in(body);
  return checked(premises, in, party_of(in));
}

json::Object unit_json(const Premises& premises, const store::SecretUnit& unit) {
  return {{"id", unit.id.str()},
          {"region", unit.region},
          {"region_name", json::both(region_name(*premises.rules, unit.region, premises.today()))},
          {"year", unit.year},
          {"number", unit.number},
          {"stage", unit.stage},
          {"version", unit.version}};
}

Result<store::SecretUnit> unit_body(const Request& request) {
  QY_TRY(const auto body, request.json());
  json::ObjectReader in(body);
  store::SecretUnit unit;
  unit.region = in.text("region", 6);
  unit.year = static_cast<int>(in.integer("year", 2000, 2199));
  unit.number = upper_ascii(in.text("number", 20));
  unit.stage = in.choice("stage", {"listed", "reported", "accepted"});
  QY_CHECK(in.done());
  return unit;
}

json::Object import_json(const Import& import) {
  json::Array sheets;
  for (std::size_t i = 0; i < import.sheets.size(); ++i) {
    const auto& sheet = import.sheets[i];
    json::Array sample;
    for (const auto& row : sheet.sample) sample.push_back(texts_json(row));
    sheets.push_back(json::Object{{"name", sheet.name},
                                  {"hidden", sheet.hidden},
                                  {"rows", sheet.rows},
                                  {"columns", sheet.columns},
                                  {"year", sheet.year ? json::Value(sheet.year) : json::Value(nullptr)},
                                  {"sample", std::move(sample)}});
  }
  json::Array allowed;
  if (import.state == "uploaded" || import.state == "previewed") allowed = {"preview", "discard"};
  if (import.state == "previewed") allowed.emplace_back("confirm");
  return {{"id", import.id.str()},
          {"file_name", import.file_name},
          {"state", import.state},
          {"sheets", std::move(sheets)},
          {"mapping", import.mapping.json()},
          {"mapping_name", import.mapping_name},
          {"counts", import.counts},
          {"actor_name", import.actor_name},
          {"uploaded_at", import.uploaded_at.str()},
          {"confirmed_at", import.confirmed_at ? json::Value(import.confirmed_at->str()) : json::Value(nullptr)},
          {"version", import.version},
          {"allowed_actions", std::move(allowed)}};
}

/// Errors of a stored preview row, with their sentences.
json::Value row_json(json::Value row) {
  auto& object = row.as_object();
  object["id"] = std::string(object.at("sheet").as_string()) + "!" + std::to_string(object.at("row").to_number<int>());
  for (auto& error : row.as_object()["errors"].as_array()) {
    auto& one = error.as_object();
    Params params;
    for (const auto& [name, value] : one.at("params").as_object())
      params.emplace_back(std::string(name), std::string(value.as_string()));
    const std::string code(one.at("code").as_string());
    one["detail"] = json::both({Catalogue::global().render(code, params, Language::zh),
                                Catalogue::global().render(code, params, Language::en)});
    one.erase("params");
  }
  return row;
}

Result<Mapping> mapping_body(json::ObjectReader& in) {
  Mapping mapping;
  mapping.default_region = in.optional_text("default_region", 6).value_or("");
  for (auto& sheet : in.objects("sheets", 200, true)) {
    SheetMapping one;
    one.sheet = static_cast<int>(sheet.integer("sheet", 0, 199));
    one.use = sheet.flag("use");
    one.header_first = static_cast<int>(sheet.integer("header_first", 0, 1000));
    one.header_last = static_cast<int>(sheet.integer("header_last", -1, 1000));
    for (const auto& column : sheet.any("columns").is_array() ? sheet.any("columns").as_array() : json::Array{})
      one.columns.push_back(column.is_string() ? std::string(column.as_string()) : std::string());
    mapping.sheets.push_back(std::move(one));
  }
  return mapping;
}

json::Value vocabulary_json(const Premises& premises, const Caller& caller) {
  const auto& rules = *premises.rules;
  const Date on = premises.today();
  json::Array regions, industries, priorities, tags, categories, fields;
  for (const auto& region : rules.regions()) {
    if (!region.valid.covers(on)) continue;
    const auto its = region_range(region.code);
    const bool inside = caller.covers(region.code);
    const bool above = its.low <= caller.region && caller.region <= its.high;  // names of the superiors
    if (inside || above)
      regions.push_back(json::Object{{"code", region.code},
                                     {"name", json::both(region.name)},
                                     {"level", region.level},
                                     {"parent", region.parent}});
  }
  for (const auto& industry : rules.industries())
    industries.push_back(json::Object{{"code", industry.code}, {"name", json::both(industry.name)}});
  for (const auto& one : rules.priority_industries())
    priorities.push_back(
        json::Object{{"id", one.id}, {"title", json::both(one.title)}, {"by_process", one.by_process}});
  for (const auto& tag : process_tags(rules))
    tags.push_back(json::Object{{"id", tag.id}, {"title", json::both(tag.title)}});
  for (const auto& category : rules.categories())
    categories.push_back(json::Object{
        {"id", category.id},
        {"title", json::both(category.title)},
        {"interval_years", category.interval_years ? json::Value(*category.interval_years) : json::Value(nullptr)}});
  for (const auto& field : import_fields())
    fields.push_back(json::Object{{"id", field.id}, {"title", json::both(field.title)}});
  return json::Object{{"regions", std::move(regions)},
                      {"industries", std::move(industries)},
                      {"priority_industries", std::move(priorities)},
                      {"tags", std::move(tags)},
                      {"categories", std::move(categories)},
                      {"import_fields", std::move(fields)},
                      {"allowed_actions", texts_json(allowed_in_register(caller))}};
}

void add_enterprise_routes(const Premises& premises, const identity::Guard& add) {
  add("GET", "/api/v1/register/vocabulary", [&premises](const Request&, const Caller& caller) -> Result<Response> {
    return http::ok(vocabulary_json(premises, caller));
  });

  add("GET", "/api/v1/enterprises", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto query, list_query(request));
    QY_TRY(const auto found, list_enterprises(premises, caller, query));
    json::Array items;
    for (const auto& one : found.items) items.push_back(summary_json(premises, one));
    auto body = page_json(std::move(items), found.total, query.page, query.size);
    body["allowed_actions"] = texts_json(allowed_in_register(caller));
    return http::ok(body);
  });

  add("POST", "/api/v1/enterprises", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto facts, facts_body(premises, request));
    QY_TRY(const auto made, create_enterprise(premises, caller, facts));
    return http::with_etag(http::created(detail_json(premises, made)), made.enterprise.version);
  });

  add("GET", "/api/v1/enterprises/{enterprise}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, EnterpriseId::parse(request.parameter("enterprise")));
        QY_TRY(const auto found, enterprise_detail(premises, caller, id));
        return http::with_etag(http::ok(detail_json(premises, found)), found.enterprise.version);
      });

  add("PUT", "/api/v1/enterprises/{enterprise}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, EnterpriseId::parse(request.parameter("enterprise")));
        QY_TRY(const auto expected, request.if_match());
        QY_TRY(const auto facts, facts_body(premises, request));
        QY_TRY(const auto saved, change_enterprise(premises, caller, id, facts, expected));
        return http::with_etag(http::ok(detail_json(premises, saved)), saved.enterprise.version);
      });

  add("GET", "/api/v1/enterprises/{enterprise}/history",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, EnterpriseId::parse(request.parameter("enterprise")));
        QY_TRY(const auto history, enterprise_history(premises, caller, id));
        json::Array items;
        for (const auto& one : history)
          items.push_back(json::Object{{"at", one.at.str()},
                                       {"name", one.name},
                                       {"actor_name", one.actor_name},
                                       {"post", one.post},
                                       {"changes", one.changes},
                                       {"basis", one.basis},
                                       {"payload", one.payload}});
        return http::ok(json::Object{{"items", std::move(items)}});
      });

  add("POST", "/api/v1/enterprises/{enterprise}/former-rounds",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, EnterpriseId::parse(request.parameter("enterprise")));
        QY_TRY(auto round, round_body(request));
        round.enterprise = id;
        QY_TRY(const auto made, record_former_round(premises, caller, round));
        return http::with_etag(http::created(round_json(made)), made.version);
      });

  add("PUT", "/api/v1/former-rounds/{round}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(auto id, FormerRoundId::parse(request.parameter("round")));
        QY_TRY(const auto expected, request.if_match());
        QY_TRY(auto round, round_body(request));
        round.id = std::move(id);
        QY_TRY(const auto saved, correct_former_round(premises, caller, round, expected));
        return http::with_etag(http::ok(round_json(saved)), saved.version);
      });

  add("DELETE", "/api/v1/former-rounds/{round}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, FormerRoundId::parse(request.parameter("round")));
        QY_TRY(const auto expected, request.if_match());
        QY_CHECK(remove_former_round(premises, caller, id, expected));
        return http::no_content();
      });

  add("GET", "/api/v1/enterprise-export",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto query, list_query(request));
        QY_TRY(auto bytes, export_enterprises(premises, caller, query));
        return http::download(
            std::move(bytes), kXlsx,
            (caller.language == Language::zh ? "企业名录-" : "register-") + premises.today().str() + ".xlsx");
      });
}

void add_import_routes(const Premises& premises, const identity::Guard& add) {
  add("GET", "/api/v1/enterprise-template",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        const auto wanted = request.query("language");
        const auto language = wanted == "en" ? Language::en : wanted == "zh" ? Language::zh : request.language;
        QY_TRY(auto bytes, import_template(premises, caller, language));
        return http::download(std::move(bytes), kXlsx,
                              language == Language::zh ? "企业名录导入模板.xlsx" : "enterprise-import-template.xlsx");
      });

  add("GET", "/api/v1/enterprise-imports",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto page, http::page_of(request, {"uploaded_at"}, "uploaded_at"));
        QY_TRY(const auto found, list_imports(premises, caller, page.page, page.size));
        json::Array items;
        for (const auto& one : found.items) {
          auto item = import_json(one);
          item.erase("sheets");
          item.erase("mapping");
          items.push_back(std::move(item));
        }
        return http::ok(page_json(std::move(items), found.total, page.page, page.size));
      });

  add(
      "POST", "/api/v1/enterprise-imports",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto parts, request.multipart());
        const auto file = std::find_if(parts.begin(), parts.end(), [](const http::Part& part) {
          return part.name == "file" && !part.file_name.empty();
        });
        if (file == parts.end()) return form_error({{"file", "import.file_missing", {}}});
        QY_TRY(const auto made, upload_import(premises, caller, file->body, file->file_name));
        return http::with_etag(http::created(import_json(made)), made.version);
      },
      24u << 20);

  add("GET", "/api/v1/enterprise-imports/{import}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ImportId::parse(request.parameter("import")));
        QY_TRY(const auto found, get_import(premises, caller, id));
        return http::with_etag(http::ok(import_json(found)), found.version);
      });

  add("POST", "/api/v1/enterprise-imports/{import}/proposal",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ImportId::parse(request.parameter("import")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto saved = in.optional_text("saved_mapping", 36).value_or("");
        std::map<int, std::pair<int, int>> headers;
        for (auto& sheet : in.objects("headers", 200)) {
          const auto number = static_cast<int>(sheet.integer("sheet", 0, 199));
          const auto first = static_cast<int>(sheet.integer("header_first", 0, 1000));
          headers[number] = {first, static_cast<int>(sheet.integer("header_last", 0, 1000))};
        }
        QY_CHECK(in.done());
        QY_TRY(const auto mapping, propose_import(premises, caller, id, saved, headers));
        return http::ok(mapping.json());
      });

  add("PUT", "/api/v1/enterprise-imports/{import}/mapping",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ImportId::parse(request.parameter("import")));
        QY_TRY(const auto expected, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        QY_TRY(const auto mapping, mapping_body(in));
        const auto save_as = in.optional_text("save_as", 60).value_or("");
        QY_CHECK(in.done());
        QY_TRY(const auto saved, preview_import(premises, caller, id, mapping, save_as, expected));
        return http::with_etag(http::ok(import_json(saved)), saved.version);
      });

  add("GET", "/api/v1/enterprise-imports/{import}/rows",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ImportId::parse(request.parameter("import")));
        QY_TRY(const auto page, http::page_of(request, {"row"}, "row"));
        QY_TRY(const auto found, import_rows(premises, caller, id, request.query("outcome"), page.page, page.size));
        json::Array items;
        for (const auto& one : found.items) items.push_back(row_json(one));
        return http::ok(page_json(std::move(items), found.total, page.page, page.size));
      });

  add("POST", "/api/v1/enterprise-imports/{import}/confirm",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ImportId::parse(request.parameter("import")));
        QY_TRY(const auto expected, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const bool leave_out = in.flag("leave_out_wrong");
        QY_CHECK(in.done());
        QY_TRY(const auto done, confirm_import(premises, caller, id, leave_out, expected));
        return http::with_etag(http::ok(import_json(done)), done.version);
      });

  add("POST", "/api/v1/enterprise-imports/{import}/discard",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, ImportId::parse(request.parameter("import")));
        QY_TRY(const auto expected, request.if_match());
        QY_TRY(const auto done, discard_import(premises, caller, id, expected));
        return http::with_etag(http::ok(import_json(done)), done.version);
      });

  add("GET", "/api/v1/import-mappings", [&premises](const Request&, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto mappings, saved_mappings(premises, caller));
    json::Array items;
    for (const auto& one : mappings)
      items.push_back(json::Object{
          {"id", one.id}, {"name", one.name}, {"headings", one.headings.size()}, {"changed_at", one.changed_at.str()}});
    return http::ok(json::Object{{"items", std::move(items)}});
  });

  add("DELETE", "/api/v1/import-mappings/{mapping}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_CHECK(remove_saved_mapping(premises, caller, request.parameter("mapping")));
        return http::no_content();
      });

  add("GET", "/api/v1/unmatched-enterprises",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto page, http::page_of(request, {"region"}, "region", 100));
        const auto state = request.query("state", "open");
        QY_TRY(const auto found,
               list_unmatched(premises, caller, state, request.query("region"), page.page, page.size));
        json::Array items;
        for (const auto& one : found.items) {
          json::Array candidates;
          for (const auto& candidate : one.candidates)
            candidates.push_back(json::Object{{"id", candidate.id.str()},
                                              {"name", candidate.name},
                                              {"credit_code", candidate.credit_code},
                                              {"likeness", static_cast<int>(candidate.likeness * 100 + 0.5)}});
          items.push_back(json::Object{
              {"id", one.id},
              {"name", one.name},
              {"region", one.region},
              {"region_name", json::both(region_name(*premises.rules, one.region, premises.today()))},
              {"source", one.source},
              {"state", one.state},
              {"facts", facts_json(one.facts)},
              {"enterprise", one.enterprise ? json::Value(one.enterprise->str()) : json::Value(nullptr)},
              {"decided_by", one.decided_by},
              {"version", one.version},
              {"candidates", std::move(candidates)},
              {"allowed_actions", one.state == "open" ? json::Array{"match", "create", "dismiss"} : json::Array{}}});
        }
        return http::ok(page_json(std::move(items), found.total, page.page, page.size));
      });

  add("POST", "/api/v1/unmatched-decisions",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        UnmatchedDecision decision;
        decision.rows = in.texts("rows", 1000, 36);
        decision.action = in.choice("action", {"match", "create", "dismiss"});
        decision.enterprise = in.optional_text("enterprise", 36).value_or("");
        if (decision.rows.empty()) in.complain("rows", "field.required");
        if (decision.action == "match" && decision.enterprise.empty()) in.complain("enterprise", "field.required");
        QY_CHECK(in.done());
        QY_TRY(const auto decided, decide_unmatched(premises, caller, decision));
        return http::ok(json::Object{{"decided", decided}});
      });
}

void add_party_routes(const Premises& premises, const identity::Guard& add) {
  add("GET", "/api/v1/parties", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto page, http::page_of(request, {"region", "name"}, "region"));
    PartyListQuery query;
    query.page = page.page;
    query.size = page.size;
    query.by_name = page.sort == "name";
    query.descending = page.descending;
    query.filter.kind = request.query("kind", "consultancy");
    query.filter.region = request.query("region");
    query.filter.text = request.query("q");
    query.filter.field = request.query("field");
    query.filter.inactive_too = request.query("inactive_too") == "1";
    QY_TRY(const auto found, list_parties(premises, caller, query));
    json::Array items;
    for (const auto& one : found.items) {
      PartyDetail detail{one, found.contacts, {}};
      if (may_edit(caller, one.facts.region)) detail.allowed_actions.push_back("change");
      items.push_back(party_detail_json(premises, detail));
    }
    auto body = page_json(std::move(items), found.total, page.page, page.size);
    body["allowed_actions"] = may_edit(caller, "") ? json::Array{"create"} : json::Array{};
    return http::ok(body);
  });

  add("POST", "/api/v1/parties", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto facts, party_body(premises, request));
    QY_TRY(const auto made, create_party(premises, caller, facts));
    return http::with_etag(http::created(party_detail_json(premises, made)), made.party.version);
  });

  add("GET", "/api/v1/parties/{party}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto id, PartyId::parse(request.parameter("party")));
    QY_TRY(const auto found, party_detail(premises, caller, id));
    return http::with_etag(http::ok(party_detail_json(premises, found)), found.party.version);
  });

  add("PUT", "/api/v1/parties/{party}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto id, PartyId::parse(request.parameter("party")));
    QY_TRY(const auto expected, request.if_match());
    QY_TRY(const auto facts, party_body(premises, request));
    QY_TRY(const auto saved, change_party(premises, caller, id, facts, expected));
    return http::with_etag(http::ok(party_detail_json(premises, saved)), saved.party.version);
  });
}

void add_secret_unit_routes(const Premises& premises, const identity::Guard& add) {
  add("GET", "/api/v1/secret-units", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto page, http::page_of(request, {"year"}, "year"));
    QY_TRY(const auto year, request.query_integer("year", 0, 0, 2199));
    QY_TRY(const auto found,
           list_secret_units(premises, caller, request.query("region"),
                             year ? std::optional<int>(static_cast<int>(year)) : std::nullopt, page.page, page.size));
    json::Array items, counts;
    for (const auto& one : found.items) {
      auto item = unit_json(premises, one);
      item["allowed_actions"] = may_edit(caller, one.region) ? json::Array{"change", "remove"} : json::Array{};
      items.push_back(std::move(item));
    }
    for (const auto& one : found.counts)
      counts.push_back(
          json::Object{{"region", one.region},
                       {"region_name", json::both(region_name(*premises.rules, one.region, premises.today()))},
                       {"year", one.year},
                       {"listed", one.listed},
                       {"reported", one.reported},
                       {"accepted", one.accepted}});
    auto body = page_json(std::move(items), found.total, page.page, page.size);
    body["counts"] = std::move(counts);
    body["allowed_actions"] = may_edit(caller, "") ? json::Array{"record"} : json::Array{};
    return http::ok(body);
  });

  add("POST", "/api/v1/secret-units", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto unit, unit_body(request));
    QY_TRY(const auto made, record_secret_unit(premises, caller, unit));
    return http::with_etag(http::created(unit_json(premises, made)), made.version);
  });

  add("PUT", "/api/v1/secret-units/{unit}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(auto id, SecretUnitId::parse(request.parameter("unit")));
        QY_TRY(const auto expected, request.if_match());
        QY_TRY(auto unit, unit_body(request));
        unit.id = std::move(id);
        QY_TRY(const auto saved, change_secret_unit(premises, caller, unit, expected));
        return http::with_etag(http::ok(unit_json(premises, saved)), saved.version);
      });

  add("DELETE", "/api/v1/secret-units/{unit}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, SecretUnitId::parse(request.parameter("unit")));
        QY_TRY(const auto expected, request.if_match());
        QY_CHECK(remove_secret_unit(premises, caller, id, expected));
        return http::no_content();
      });
}

/// 待我办理: names of imported rows that nobody has matched yet.
void waiting(Tx& tx, const Premises&, const Caller& caller, std::vector<obligations::Work>& found) {
  if (!caller.is_office() || caller.role != identity::Role::officer) return;
  const auto open = store::count_unmatched(tx, identity::row_scope(caller, "region"), "open");
  if (open > 0) found.push_back({"names_unmatched", open, "/app/register/unmatched"});
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  obligations::register_work("register", waiting);
  identity::register_subject(
      "enterprise", [](Tx& tx, const Premises&, const Caller& caller, std::string_view id, identity::Matter matter) {
        return access_to_enterprise(tx, caller, id, matter == identity::Matter::figures);
      });
  const identity::Guard add(premises, router);
  add_enterprise_routes(premises, add);
  add_import_routes(premises, add);
  add_party_routes(premises, add);
  add_secret_unit_routes(premises, add);
}

}  // namespace qy::registry
