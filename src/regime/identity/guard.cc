#include "regime/identity/guard.h"

#include <algorithm>

#include "base/text.h"
#include "regime/identity/sessions.h"

namespace qy::identity {
namespace {

bool is_write(const http::Request& request) { return request.method != "GET" && request.method != "HEAD"; }

std::string session_token(const http::Request& request) {
  const auto cookie = request.cookies.find(kSessionCookie);
  return cookie == request.cookies.end() ? std::string() : cookie->second;
}

/// "/api/v1/enterprises/…" → "enterprises".
std::string first_segment(const http::Request& request) {
  const auto parts = split(request.path, '/');
  return parts.size() > 3 ? parts[3] : std::string();
}

/// A person who must choose a password may do that and log out, nothing else.
bool is_own_account(const http::Request& request) {
  const auto segment = first_segment(request);
  return segment == "session" || segment == "sessions";
}

Result<Caller> caller_of(const Premises& premises, const http::Request& request) {
  const auto authorization = request.header("authorization");
  if (authorization.rfind("Bearer ", 0) == 0) {
    if (is_write(request)) return forbidden("token.read_only");
    return machine_caller(premises, trim(std::string_view(authorization).substr(7)), first_segment(request));
  }
  const auto token = session_token(request);
  if (token.empty()) return Error{ErrorKind::unauthenticated, "session.none"};
  QY_TRY(auto who, present(premises, token));
  if (is_write(request) && !crypto::equal_secrets(request.header("x-csrf-token"), csrf_token_of(token)))
    return forbidden("csrf.token");
  if (who.must_change_password && !is_own_account(request)) return forbidden("password.must_change");
  const auto wanted = request.header("x-post");
  if (wanted.empty() || is_own_account(request)) return std::move(who.posts.front());
  const auto chosen =
      std::find_if(who.posts.begin(), who.posts.end(), [&](const Caller& post) { return post.post.str() == wanted; });
  if (chosen == who.posts.end()) return forbidden("post.not_yours");
  return std::move(*chosen);
}

}  // namespace

void Guard::operator()(std::string method, std::string pattern, CallerHandler handler, std::size_t body_limit) const {
  const auto& premises = premises_;
  router_.add({std::move(method), std::move(pattern),
               [&premises, handler = std::move(handler)](const http::Request& request) -> Result<http::Response> {
                 QY_TRY(auto caller, caller_of(premises, request));
                 // Answers speak the language of the page; papers and messages the person's own.
                 return handler(request, caller);
               },
               false, body_limit});
}

void Guard::open(std::string method, std::string pattern, http::Handler handler) const {
  router_.add({std::move(method), std::move(pattern), std::move(handler), true});
}

}  // namespace qy::identity
