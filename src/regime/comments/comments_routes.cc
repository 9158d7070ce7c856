#include "regime/comments/comments.h"
#include "regime/identity/guard.h"

namespace qy::comments {
namespace {

db::Subject subject_of(const http::Request& request) {
  return {request.parameter("subject_kind"), request.parameter("subject_id")};
}

json::Object to_json(const Thread& thread, bool may_write) {
  json::Array comments;
  for (const auto& comment : thread.comments)
    comments.push_back(json::Object{{"id", comment.id.str()},
                                    {"author", comment.author_name},
                                    {"post", comment.post},
                                    {"text", comment.text},
                                    {"at", comment.at.str()}});
  json::Array actions;
  if (may_write) actions = {"reply", thread.resolved ? "reopen" : "resolve"};
  return {{"id", thread.id.str()},
          {"subject", {{"kind", thread.subject.kind}, {"id", thread.subject.id}}},
          {"anchor", thread.anchor},
          {"resolved", thread.resolved},
          {"resolved_by", thread.resolved_by_name},
          {"resolved_at", thread.resolved_at ? json::Value(thread.resolved_at->str()) : json::Value(nullptr)},
          {"version", thread.version},
          {"comments", comments},
          {"allowed_actions", actions}};
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/comments/{subject_kind}/{subject_id}",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto found, list(premises, caller, subject_of(request), request.query("anchor")));
        json::Array items;
        for (const auto& thread : found.threads) items.push_back(to_json(thread, found.may_write));
        return http::ok(json::Object{{"items", items},
                                     {"total", items.size()},
                                     {"open", found.open},
                                     {"allowed_actions", found.may_write ? json::Array{"comment"} : json::Array{}}});
      });

  add("POST", "/api/v1/comments/{subject_kind}/{subject_id}",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto anchor = in.optional_text("anchor", 300).value_or("");
        const auto text = in.text("text", 4000);
        QY_CHECK(in.done());
        QY_TRY(const auto thread, start(premises, caller, subject_of(request), anchor, text));
        return http::with_etag(http::created(to_json(thread, true)), thread.version);
      });

  add("POST", "/api/v1/comment-threads/{thread}/replies",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, ThreadId::parse(request.parameter("thread")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto text = in.text("text", 4000);
        QY_CHECK(in.done());
        QY_TRY(const auto thread, answer(premises, caller, id, text));
        return http::with_etag(http::created(to_json(thread, true)), thread.version);
      });

  add("PUT", "/api/v1/comment-threads/{thread}/resolved",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, ThreadId::parse(request.parameter("thread")));
        QY_TRY(const auto expected, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto resolved = in.flag("resolved");
        QY_CHECK(in.done());
        QY_TRY(const auto thread, resolve(premises, caller, id, resolved, expected));
        return http::with_etag(http::ok(to_json(thread, true)), thread.version);
      });
}

}  // namespace qy::comments
