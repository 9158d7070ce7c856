#include "regime/audits/audits_json.h"
#include "regime/identity/guard.h"
#include "regime/knowledge/knowledge.h"

namespace qy::knowledge {
namespace {

using http::Request;
using http::Response;
using identity::Caller;

json::Value day(const std::optional<Date>& date) { return date ? json::Value(date->str()) : json::Value(nullptr); }

json::Array set_json(const std::set<std::string>& values) { return json::texts({values.begin(), values.end()}); }

json::Object source_json(const rules::Source& source) {
  return {{"document", source.document},
          {"clause", source.clause},
          {"gist", json::both(source.gist)},
          {"mark", rules::to_string(source.mark)}};
}

json::Object system_json(const rules::IndicatorSystem& system) {
  std::int64_t rows = 0;
  for (const auto& group : system.groups) rows += static_cast<std::int64_t>(group.rows.size());
  return {{"id", system.id},
          {"title", json::both(system.title)},
          {"scope", json::both(system.scope)},
          {"document", system.document},
          {"from", day(system.in_force.from)},
          {"to", day(system.in_force.to)},
          {"verification", system.verification},
          {"verification_note", json::both(system.verification_note)},
          {"has_index", system.has_all_weights()},
          {"rows", rows},
          {"industries", set_json(system.industries)},
          {"tags", set_json(system.tags)}};
}

std::string benchmark_text(const rules::IndicatorRow& row, const std::string& level, Language language) {
  const auto found = row.benchmarks.find(level);
  if (found == row.benchmarks.end()) return "";
  using Kind = rules::Benchmark::Kind;
  switch (found->second.kind) {
    case Kind::number: {
      const char* sign = row.higher_is_better ? (row.strict ? ">" : "≥") : (row.strict ? "<" : "≤");
      const auto& amount = found->second.number;
      return std::string(sign) + (amount.expression.empty() ? amount.value.str() : amount.expression);
    }
    case Kind::text:
      return found->second.text.in(language);
    case Kind::same_as:
      return (language == Language::zh ? "同" : "as ") + found->second.same_as + (language == Language::zh ? "级" : "");
    case Kind::none:
      return language == Language::zh ? "无要求" : "no requirement";
    case Kind::unread:
      return language == Language::zh ? "未读到原文" : "not read";
  }
  return "";
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  // Code lists for forms and filters: one answer a day, kept by the browser as long as the packs' hash is the same.
  add("GET", "/api/v1/rules/codes", [&premises](const Request& request, const Caller&) -> Result<Response> {
    const auto& rules = *premises.rules;
    const auto today = premises.today();
    const auto tag = "\"" + rules.hash().substr(0, 16) + "-" + today.str() + "\"";  // regions come and go with the day
    if (request.header("if-none-match") == tag) {
      Response unchanged;
      unchanged.status = 304;
      unchanged.headers["ETag"] = tag;
      return unchanged;
    }
    json::Array categories, modes, steps, regions, industries, priority, keys, columns, states;
    for (const auto& c : rules.categories()) {
      json::Array reasons;
      for (const auto& reason : c.reasons) reasons.push_back(json::both(reason));
      categories.push_back(
          json::Object{{"id", c.id},
                       {"title", json::both(c.title)},
                       {"lead_line", c.lead_line},
                       {"cosign_line", c.cosign_line},
                       {"reasons", std::move(reasons)},
                       {"interval_years", c.interval_years ? json::Value(*c.interval_years) : json::Value(nullptr)}});
    }
    for (const auto& m : rules.modes())
      modes.push_back(json::Object{{"id", m.id},
                                   {"title", json::both(m.title)},
                                   {"conditions", json::both(m.conditions)},
                                   {"dropped_steps", set_json(m.dropped_steps)},
                                   {"mark", rules::to_string(m.mark)}});
    for (const auto& s : rules.steps())
      steps.push_back(json::Object{{"id", s.id},
                                   {"title", json::both(s.title)},
                                   {"handbook_title", json::both(s.handbook_title)},
                                   {"mark", rules::to_string(s.mark)}});
    for (const auto& r : rules.regions())
      if (r.valid.covers(today))
        regions.push_back(
            json::Object{{"code", r.code}, {"name", json::both(r.name)}, {"level", r.level}, {"parent", r.parent}});
    for (const auto& i : rules.industries())
      industries.push_back(
          json::Object{{"code", i.code}, {"name", json::both(i.name)}, {"mark", rules::to_string(i.mark)}});
    for (const auto& p : rules.priority_industries())
      priority.push_back(json::Object{{"id", p.id},
                                      {"title", json::both(p.title)},
                                      {"codes", set_json(p.codes)},
                                      {"by_process", p.by_process},
                                      {"mark", rules::to_string(p.mark)}});
    for (const auto& k : rules.keys())
      keys.push_back(json::Object{{"key", k.key},
                                  {"title", json::both(k.title)},
                                  {"unit", k.unit},
                                  {"kind", k.kind},
                                  {"group", k.group},
                                  {"choices", json::texts(k.choices)},
                                  {"replaced_by", k.replaced_by}});
    for (const auto& c : rules.performance_columns())
      columns.push_back(json::Object{{"id", c.id},
                                     {"title", json::both(c.title)},
                                     {"unit", c.unit},
                                     {"key", c.key},
                                     {"mark", rules::to_string(c.mark)}});
    for (const auto& procedure : rules.procedures()) {
      json::Array list, actions;
      for (const auto& s : procedure.states)
        list.push_back(json::Object{{"id", s.id},
                                    {"title", json::both(s.title)},
                                    {"phase", s.phase},
                                    {"holder", s.holder},
                                    {"terminal", s.terminal}});
      for (const auto& a : procedure.actions)
        actions.push_back(json::Object{{"id", a.id},
                                       {"title", json::both(a.title)},
                                       {"needs_reason", a.needs_reason},
                                       {"needs_password", a.needs_password},
                                       {"documents", json::texts(a.documents)},
                                       {"mark", rules::to_string(a.mark)}});
      states.push_back(json::Object{{"id", procedure.id},
                                    {"title", json::both(procedure.title)},
                                    {"states", std::move(list)},
                                    {"actions", std::move(actions)}});
    }
    auto response = http::ok(json::Object{{"hash", rules.hash()},
                                          {"categories", std::move(categories)},
                                          {"modes", std::move(modes)},
                                          {"steps", std::move(steps)},
                                          {"regions", std::move(regions)},
                                          {"industries", std::move(industries)},
                                          {"priority_industries", std::move(priority)},
                                          {"keys", std::move(keys)},
                                          {"performance_columns", std::move(columns)},
                                          {"procedures", std::move(states)}});
    response.headers["ETag"] = tag;
    response.headers["Cache-Control"] = "private, no-cache";
    return response;
  });

  add("GET", "/api/v1/rules/systems", [&premises](const Request&, const Caller&) -> Result<Response> {
    json::Array items;
    for (const auto& system : premises.rules->systems()) items.push_back(system_json(system));
    const auto total = static_cast<std::int64_t>(items.size());
    return http::ok(json::Object{{"items", std::move(items)}, {"total", total}});
  });

  add("GET", "/api/v1/rules/systems/{system}", [&premises](const Request& request, const Caller&) -> Result<Response> {
    const auto* system = premises.rules->find_system(request.parameter("system"));
    if (!system) return Error{ErrorKind::not_found, "knowledge.not_found"};
    auto body = system_json(*system);
    json::Array groups;
    for (const auto& group : system->groups) {
      json::Array rows;
      for (const auto& row : group.rows) {
        json::Object levels;
        for (const char* level : {"I", "II", "III"})
          levels[level] = json::Object{{"zh", benchmark_text(row, level, Language::zh)},
                                       {"en", benchmark_text(row, level, Language::en)}};
        json::Value weight = nullptr;
        if (row.weight) weight = row.weight->expression.empty() ? row.weight->value.str() : row.weight->expression;
        rows.push_back(json::Object{{"id", row.id},
                                    {"name", json::both(row.name)},
                                    {"unit", row.unit},
                                    {"weight", weight},
                                    {"limiting", row.limiting},
                                    {"levels", std::move(levels)},
                                    {"note", json::both(row.note)},
                                    {"evidence", row.evidence},
                                    {"confidence", row.confidence},
                                    {"source", source_json(row.source)}});
      }
      groups.push_back(json::Object{{"name", json::both(group.name)},
                                    {"weight", group.weight ? json::Value(group.weight->str()) : json::Value(nullptr)},
                                    {"bonus", group.bonus},
                                    {"complete", group.complete},
                                    {"note", json::both(group.note)},
                                    {"rows", std::move(rows)}});
    }
    body["groups"] = std::move(groups);
    body["sources"] = json::texts(system->sources);
    return http::ok(body);
  });

  add("GET", "/api/v1/rules/documents", [&premises](const Request&, const Caller&) -> Result<Response> {
    json::Array items;
    for (const auto& d : premises.rules->documents())
      items.push_back(json::Object{{"id", d.id},
                                   {"number", d.number},
                                   {"kind", d.kind},
                                   {"title", json::both(d.title)},
                                   {"issuer", json::both(d.issuer)},
                                   {"note", json::both(d.note)},
                                   {"issued", day(d.issued)},
                                   {"from", day(d.in_force.from)},
                                   {"to", day(d.in_force.to)},
                                   {"replaced_by", d.replaced_by},
                                   {"mark", rules::to_string(d.mark)}});
    const auto total = static_cast<std::int64_t>(items.size());
    return http::ok(json::Object{{"items", std::move(items)}, {"total", total}});
  });

  add("GET", "/api/v1/rules/packs", [&premises](const Request&, const Caller&) -> Result<Response> {
    json::Array items;
    for (const auto& f : premises.rules->files())
      items.push_back(json::Object{{"id", f.id},
                                   {"kind", f.kind},
                                   {"path", f.path},
                                   {"hash", f.hash},
                                   {"title", json::both(f.title)},
                                   {"verification", f.verification},
                                   {"checked_on", day(f.checked_on)}});
    return http::ok(json::Object{{"hash", premises.rules->hash()}, {"items", std::move(items)}});
  });
}

}  // namespace qy::knowledge
