#include "regime/identity/guard.h"
#include "regime/messages/messages.h"

namespace qy::messages {
namespace {

json::Object to_json(const Message& message) {
  const auto& catalogue = Catalogue::global();
  return {{"id", message.id.str()},
          {"text",
           {{"zh", catalogue.render(message.code, message.params, Language::zh)},
            {"en", catalogue.render(message.code, message.params, Language::en)}}},
          {"code", message.code},
          {"link", message.link},
          {"subject", {{"kind", message.about.kind}, {"id", message.about.id}}},
          {"sent_at", message.sent_at.str()},
          {"read_at", message.read_at ? json::Value(message.read_at->str()) : json::Value(nullptr)}};
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/messages",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto page, http::page_of(request, {"sent_at"}, "-sent_at"));
        QY_TRY(const auto found, inbox(premises, caller, request.query("unread") == "1", page));
        json::Array items;
        for (const auto& message : found.items) items.push_back(to_json(message));
        return http::ok(
            json::Object{{"items", items}, {"total", found.total}, {"page", page.page}, {"page_size", page.size}});
      });

  add("GET", "/api/v1/messages/unread-count",
      [&premises](const http::Request&, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto unread, unread_count(premises, caller));
        return http::ok(json::Object{{"unread", unread}});
      });

  add("POST", "/api/v1/messages/{message}/read",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, MessageId::parse(request.parameter("message")));
        QY_CHECK(mark_read(premises, caller, id));
        return http::no_content();
      });

  add("POST", "/api/v1/messages/read-all",
      [&premises](const http::Request&, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto marked, mark_all_read(premises, caller));
        return http::ok(json::Object{{"marked", marked}});
      });
}

}  // namespace qy::messages
