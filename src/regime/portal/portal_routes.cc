#include <algorithm>
#include <set>

#include "base/text.h"
#include "codec/law.h"
#include "regime/audits/audits_json.h"
#include "regime/disclosure/disclosure.h"
#include "regime/identity/access.h"
#include "regime/identity/guard.h"
#include "regime/listing/listing.h"
#include "regime/portal/portal.h"
#include "regime/results/results.h"

namespace qy::portal {
namespace {

using http::Request;
using http::Response;

json::Value region_name(const Premises& premises, std::string_view code) {
  const auto* region = premises.rules->find_region(code, premises.today());
  return json::both(region ? region->name : Text{std::string(code), std::string(code)});
}

json::Object list_json(const Premises& premises, const listing::List& list) {
  return {{"id", list.id.str()},
          {"title", json::both(list.title)},
          {"region", list.region},
          {"region_name", region_name(premises, list.region)},
          {"year", list.year},
          {"batch", list.batch},
          {"document_number", list.document_number ? json::Value(*list.document_number) : json::Value(nullptr)},
          {"published_on", list.published_on ? json::Value(list.published_on->str()) : json::Value(nullptr)}};
}

json::Array category_titles(const Premises& premises, const std::vector<std::string>& categories) {
  json::Array titles;
  for (const auto& id : categories) {
    const auto* category = premises.rules->find_category(id);
    titles.push_back(json::Object{{"id", id}, {"title", json::both(category ? category->title : Text{id, id})}});
  }
  return titles;
}

/// One round as the public sees it: why listed, what was disclosed, what came of it.
json::Value round_json(Tx& tx, const Premises& premises, const audits::Audit& audit) {
  const auto entry = audit.entry.empty() ? std::nullopt : listing::find_entry(tx, audit.entry);
  if (!audit.published_on || audit.state == "removed") return nullptr;
  const auto result = results::find_result(tx, audit.id);
  json::Object body{
      {"year", audit.year},
      {"number", audit.number},
      {"listed_on", audit.published_on->str()},
      {"categories", category_titles(premises, audit.categories)},
      {"reason", entry ? entry->reason : ""},
      {"corrections", entry ? listing::corrections_json(*premises.rules, listing::corrections_about(tx, *entry, false))
                            : json::Array()},
      {"disclosure", disclosure::public_page(tx, *premises.rules, audit)},
      {"result", nullptr}};
  if (result)
    body["result"] = json::Object{{"outcome", result->outcome},
                                  {"level", result->level ? json::Value(*result->level) : json::Value(nullptr)},
                                  {"decided_on", result->decided_on.str()},
                                  {"published_on", result->published_on.str()},
                                  {"where", result->where}};
  // Before a result is published the public learns how far the round is, in the steps the law names, and no more.
  std::string stage = "listed";
  if (audit.disclosed_on) stage = "disclosed";
  if (audit.started_on) stage = "started";
  if (audit.submitted_on) stage = "submitted";
  if (audit.state == "report_filed") stage = "report_filed";
  if (result) stage = result->outcome;
  body["stage"] = stage;
  return body;
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add.open("GET", "/api/v1/public/summary", [&premises](const Request&) -> Result<Response> {
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      auto lists = listing::published_lists(tx, "", std::nullopt);
      std::stable_sort(lists.begin(), lists.end(),
                       [](const auto& a, const auto& b) { return a.published_on > b.published_on; });
      std::set<int> years;
      json::Array latest;
      for (const auto& list : lists) {
        years.insert(list.year);
        if (latest.size() < 6) latest.push_back(list_json(premises, list));
      }
      json::Array year_values;
      for (auto it = years.rbegin(); it != years.rend(); ++it) year_values.push_back(*it);
      json::Array regions;
      for (const auto& region : premises.rules->regions())
        if (region.level == "city" && region.valid.covers(premises.today()) &&
            std::any_of(lists.begin(), lists.end(),
                        [&](const auto& list) { return list.region.substr(0, 2) == region.code.substr(0, 2); }))
          regions.push_back(json::Object{{"code", region.code}, {"name", json::both(region.name)}});
      return http::ok(json::Object{{"latest_lists", std::move(latest)},
                                   {"years", std::move(year_values)},
                                   {"regions", std::move(regions)},
                                   {"lists", static_cast<std::int64_t>(lists.size())}});
    });
  });

  add.open("GET", "/api/v1/public/lists", [&premises](const Request& request) -> Result<Response> {
    QY_TRY(const auto page, http::page_of(request, {"year"}, "-year", 100));
    QY_TRY(const auto year, request.query_integer("year", 0, 0, 2199));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      auto lists = listing::published_lists(tx, identity::region_prefix(request.query("region")),
                                            year ? std::optional<int>(static_cast<int>(year)) : std::nullopt);
      if (!page.descending)
        std::stable_sort(lists.begin(), lists.end(), [](const auto& a, const auto& b) { return a.year < b.year; });
      json::Array items;
      for (std::size_t i = page.offset(); i < lists.size() && i < static_cast<std::size_t>(page.offset() + page.size);
           ++i)
        items.push_back(list_json(premises, lists[i]));
      return http::ok(json::Object{{"items", std::move(items)},
                                   {"total", static_cast<std::int64_t>(lists.size())},
                                   {"page", page.page},
                                   {"page_size", page.size}});
    });
  });

  add.open("GET", "/api/v1/public/lists/{list}", [&premises](const Request& request) -> Result<Response> {
    QY_TRY(const auto id, listing::ListId::parse(request.parameter("list")));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      const auto list = listing::find_list(tx, id);
      if (!list || list->state != "published") return Error{ErrorKind::not_found, "portal.not_found"};
      auto body = list_json(premises, *list);
      json::Array entries;
      for (const auto& entry : listing::entries_of(tx, id)) {
        if (entry.status != "listed") continue;
        entries.push_back(
            json::Object{{"enterprise", entry.enterprise.str()},
                         {"name", entry.enterprise_name},
                         {"region", entry.region},
                         {"region_name", region_name(premises, entry.region)},
                         {"categories", category_titles(premises, entry.categories)},
                         {"reason", entry.reason},
                         {"mode", entry.mode},
                         {"as_published", entry.as_published ? json::Value(listing::wording_json(*entry.as_published))
                                                             : json::Value(nullptr)}});
      }
      body["entries"] = std::move(entries);
      body["as_published"] =
          list->as_published ? json::Value(listing::wording_json(*list->as_published)) : json::Value(nullptr);
      body["corrections"] = listing::corrections_json(*premises.rules, listing::corrections_of(tx, id));
      return http::ok(body);
    });
  });

  add.open("GET", "/api/v1/public/enterprises", [&premises](const Request& request) -> Result<Response> {
    QY_TRY(const auto page, http::page_of(request, {"name"}, "name", 50));
    const auto words = normalise_for_match(request.query("text"));
    const auto prefix = identity::region_prefix(request.query("region"));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      // Only enterprises that stand on a published list are public.
      const auto listed = listing::published_entries(tx, prefix);
      std::vector<registry::EnterpriseId> ids;
      for (const auto& one : listed) ids.push_back(one.entry.enterprise);
      const auto views = registry::public_views(tx, ids);
      struct Found {
        const listing::PublishedEntry* listed;
        const registry::PublicView* view;
      };
      std::vector<Found> found;
      for (const auto& one : listed) {
        const auto view = views.find(one.entry.enterprise.str());
        if (view != views.end() && (words.empty() || contains(normalise_for_match(view->second.name), words) ||
                                    contains(view->second.credit_code, upper_ascii(words))))
          found.push_back({&one, &view->second});
      }
      std::sort(found.begin(), found.end(), [&](const Found& a, const Found& b) {
        const auto order = std::tie(a.view->name, a.view->id) <=> std::tie(b.view->name, b.view->id);
        return page.descending ? order > 0 : order < 0;
      });
      json::Array items;
      for (std::size_t i = page.offset(); i < found.size() && i < static_cast<std::size_t>(page.offset() + page.size);
           ++i) {
        const auto& [one, view] = found[i];
        items.push_back(json::Object{{"enterprise", view->id.str()},
                                     {"name", view->name},
                                     {"credit_code", view->credit_code},
                                     {"region", one->entry.region},
                                     {"region_name", region_name(premises, one->entry.region)},
                                     {"categories", category_titles(premises, one->entry.categories)},
                                     {"latest_year", one->year}});
      }
      return http::ok(json::Object{{"items", std::move(items)},
                                   {"total", static_cast<std::int64_t>(found.size())},
                                   {"page", page.page},
                                   {"page_size", page.size}});
    });
  });

  add.open("GET", "/api/v1/public/enterprises/{enterprise}", [&premises](const Request& request) -> Result<Response> {
    QY_TRY(const auto id, registry::EnterpriseId::parse(request.parameter("enterprise")));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      const auto view = registry::public_view(tx, id);
      json::Array rounds;
      for (const auto& audit : audits::audits_of_enterprise(tx, id))
        if (auto round = round_json(tx, premises, audit); !round.is_null()) rounds.push_back(std::move(round));
      if (!view || rounds.empty()) return Error{ErrorKind::not_found, "portal.not_found"};
      const auto* industry = premises.rules->find_industry(view->industry);
      json::Array former;
      for (const auto& name : view->former_names) former.push_back(json::Value(name));
      return http::ok(
          json::Object{{"enterprise", id.str()},
                       {"name", view->name},
                       {"credit_code", view->credit_code},
                       {"region", view->region},
                       {"region_name", region_name(premises, view->region)},
                       {"industry", view->industry},
                       {"industry_name", json::both(industry ? industry->name : Text{view->industry, view->industry})},
                       {"status", view->status},
                       {"former_names", std::move(former)},
                       {"rounds", std::move(rounds)}});
    });
  });

  add.open("GET", "/api/v1/public/law", [&premises](const Request& request) -> Result<Response> {
    const auto given = request.query("on");
    Date day = premises.today();
    if (!given.empty()) {
      QY_TRY(day, Date::parse(given));
    }
    json::Array documents;
    for (const auto& document : premises.rules->documents()) {
      if (!document.in_force.covers(day) || document.kind == "announcement" || document.kind == "draft") continue;
      documents.push_back(json::Object{
          {"id", document.id},
          {"number", document.number},
          {"kind", document.kind},
          {"title", json::both(document.title)},
          {"issuer", json::both(document.issuer)},
          {"from", document.in_force.from ? json::Value(document.in_force.from->str()) : json::Value(nullptr)},
          {"to", document.in_force.to ? json::Value(document.in_force.to->str()) : json::Value(nullptr)},
          {"mark", rules::to_string(document.mark)}});
    }
    json::Array bases;
    for (const auto& basis : premises.rules->bases())
      bases.push_back(json::Object{{"id", basis.id},
                                   {"title", json::both(basis.title)},
                                   {"citations", codec::citations(*premises.rules, basis.id, day)}});
    return http::ok(json::Object{{"on", day.str()}, {"documents", std::move(documents)}, {"bases", std::move(bases)}});
  });
}

}  // namespace qy::portal
