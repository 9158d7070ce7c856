#include "regime/identity/guard.h"
#include "regime/obligations/obligations.h"
#include "regime/obligations/work.h"

namespace qy::obligations {
namespace {

Result<std::optional<Date>> day_of(const http::Request& request, std::string_view name) {
  const auto text = request.query(name);
  if (text.empty()) return std::optional<Date>{};
  QY_TRY(const auto day, Date::parse(text));
  return std::optional<Date>{day};
}

/// Errors: query.choice {name, choices}.
Result<Filter> filter_of(const http::Request& request, const identity::Caller& caller) {
  Filter filter;
  filter.region_prefix = request.query("region");
  filter.enterprise = request.query("enterprise");
  filter.rule = request.query("rule");
  filter.text = request.query("q");
  filter.state = request.query("state");
  constexpr std::string_view kStates[] = {"", "late", "due_soon", "pending", "stopped", "met", "open", "running"};
  if (std::find(std::begin(kStates), std::end(kStates), filter.state) == std::end(kStates))
    return Error{ErrorKind::invalid, "obligations.state", {{"state", filter.state}}};
  const auto holder = request.query("holder");
  if (holder == "me")
    filter.holder = Holder{caller.party, caller.party_id, caller.party_name};
  else if (holder == "others")
    filter.not_held_by = Holder{caller.party, caller.party_id, caller.party_name};
  else if (!holder.empty())
    return Error{ErrorKind::invalid, "obligations.holder", {{"holder", holder}}};
  QY_TRY(filter.due_from, day_of(request, "due_from"));
  QY_TRY(filter.due_to, day_of(request, "due_to"));
  return filter;
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/obligations",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto page, http::page_of(request, {"due_on", "enterprise", "region"}, "due_on"));
        QY_TRY(const auto filter, filter_of(request, caller));
        QY_TRY(const auto as_of, day_of(request, "as_of"));
        QY_TRY(const auto found, list(premises, caller, filter, page, as_of));
        json::Array items;
        for (const auto& obligation : found.items)
          items.push_back(to_json(obligation, as_of.value_or(premises.today())));
        return http::ok(
            json::Object{{"items", items}, {"total", found.total}, {"page", page.page}, {"page_size", page.size}});
      });

  add("GET", "/api/v1/obligations/counts",
      [&premises](const http::Request&, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto now, counts(premises, caller));
        return http::ok(json::Object{{"late", now.late},
                                     {"due_soon", now.due_soon},
                                     {"with_me", now.with_me},
                                     {"with_others", now.with_others},
                                     {"stopped", now.stopped}});
      });

  add("GET", "/api/v1/work",
      [&premises](const http::Request&, const identity::Caller& caller) -> Result<http::Response> {
        return premises.database->read([&](Tx& tx) -> Result<http::Response> {
          json::Array items;
          for (const auto& work : work_of(tx, premises, caller))
            items.push_back(json::Object{{"id", work.id}, {"count", work.count}, {"link", work.link}});
          return http::ok(json::Object{{"items", std::move(items)}});
        });
      });

  add("GET", "/api/v1/obligations/calendar",
      [&premises](const http::Request&, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(auto text, calendar(premises, caller));
        return http::download(std::move(text), "text/calendar; charset=utf-8", "qingyuan.ics");
      });
}

}  // namespace qy::obligations
