#pragma once

#include <functional>

#include "http/http.h"
#include "regime/identity/identity.h"

namespace qy::identity {

/// A handler of a logged-in person.
using CallerHandler = std::function<Result<http::Response>(const http::Request&, const Caller&)>;

/// Registers an endpoint behind the session: 401 without one, the CSRF token checked on writes (header X-CSRF-Token),
/// the post chosen by header X-Post when a person holds several.
///
///   const Guard add(premises, router);
///   add("GET", "/api/v1/enterprises", [&](const http::Request& request, const Caller& caller) { … });
class Guard {
 public:
  Guard(const Premises& premises, http::Router& router) : premises_(premises), router_(router) {}
  void operator()(std::string method, std::string pattern, CallerHandler handler,
                  std::size_t body_limit = 1 << 20) const;
  /// A public endpoint; the caller is nobody.
  void open(std::string method, std::string pattern, http::Handler handler) const;

 private:
  const Premises& premises_;
  http::Router& router_;
};

/// Routes of this room: login, logout, me, sessions, activation, users and posts.
void add_routes(const Premises& premises, http::Router& router);

}  // namespace qy::identity
