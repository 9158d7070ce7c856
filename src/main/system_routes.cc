#include "main/system_routes.h"

#include <fstream>
#include <iterator>

#include "base/text.h"
#include "crypto/crypto.h"
#include "db/idempotency.h"
#include "regime/identity/guard.h"

namespace qy {
namespace {

constexpr std::size_t kLargestKeptAnswer = 256u << 10;

/// Whose key it is; "" for requests of nobody, which are not remembered.
std::string scope_of(const http::Request& request) {
  if (const auto bearer = request.header("authorization"); !bearer.empty()) return crypto::sha256_hex(bearer);
  const auto cookie = request.cookies.find("qy_session");
  return cookie == request.cookies.end() ? std::string() : crypto::sha256_hex(cookie->second);
}

std::string fingerprint_of(const http::Request& request) {
  return crypto::sha256_hex(request.method + "\n" + request.target + "\n" + crypto::sha256_hex(request.body));
}

bool may_be_kept(const http::Response& response) {
  const auto caching = response.headers.find("Cache-Control");
  const bool secret = caching != response.headers.end() && contains(caching->second, "no-store");
  return response.status < 400 && !secret && response.body.size() <= kLargestKeptAnswer && response.set_cookies.empty();
}

}  // namespace

void add_system_routes(const Premises& premises, http::Router& router, const std::string& api_description) {
  const identity::Guard add(premises, router);
  add.open("GET", "/api/v1/openapi.json", [api_description](const http::Request&) -> Result<http::Response> {
    std::ifstream in(api_description, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in || text.empty()) return Error{ErrorKind::not_found, "openapi.absent"};
    http::Response response;
    response.headers = {{"Content-Type", "application/json; charset=utf-8"},
                        {"ETag", '"' + crypto::sha256_hex(text).substr(0, 20) + '"'},
                        {"Cache-Control", "no-cache"}};
    response.body = std::move(text);
    return response;
  });
}

std::optional<http::Response> recall_answer(const Premises& premises, const http::Request& request) {
  const auto scope = scope_of(request);
  if (scope.empty()) return std::nullopt;
  const auto now = premises.now();
  const auto earlier = premises.database->write([&](Tx& tx) -> Result<std::optional<db::Answer>> {
    return db::recall(tx, scope, request.header("idempotency-key"), fingerprint_of(request), now);
  });
  if (!earlier) return http::problem(earlier.error(), request.language, request.id);
  if (!*earlier) return std::nullopt;
  http::Response response;
  response.status = (*earlier)->status;
  response.body = (*earlier)->body;
  for (const auto& [name, value] : (*earlier)->headers)
    response.headers[std::string(name)] = std::string(value.as_string());
  return response;
}

void remember_answer(const Premises& premises, const http::Request& request, const http::Response& response) {
  const auto scope = scope_of(request);
  if (scope.empty()) return;
  const auto kept = premises.database->write([&](Tx& tx) -> Result<void> {
    const auto key = request.header("idempotency-key");
    if (!may_be_kept(response)) {
      db::forget(tx, scope, key);
      return {};
    }
    db::Answer answer{response.status, {}, response.body};
    for (const auto& [name, value] : response.headers) answer.headers[name] = value;
    db::remember(tx, scope, key, answer);
    return {};
  });
  (void)kept;  // the work returns no Error of its own; a broken database throws
}

}  // namespace qy
