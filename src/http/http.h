#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/result.h"
#include "json/json.h"

namespace qy::http {

/// One part of a multipart/form-data body.
struct Part {
  std::string name, file_name, content_type;
  std::string body;
};

/// A request as handlers see it: already read, limited in size, path matched.
class Request {
public:
  std::string method;                            ///< "GET"
  std::string target;                            ///< path and query as sent
  std::string path;                              ///< decoded path
  std::map<std::string, std::string> parameters; ///< from the route's pattern: {audit}
  std::map<std::string, std::string> query_;     ///< decoded
  std::map<std::string, std::string> headers;    ///< names in lower case
  std::map<std::string, std::string> cookies;
  std::string body;
  std::string remote;                            ///< address of the peer (or of X-Forwarded-For behind a trusted proxy)
  std::string id;                                ///< request id, in logs and in X-Request-Id
  bool secure = false;                           ///< came over TLS (here or at a trusted proxy)
  Language language = Language::zh;              ///< from the qy_lang cookie, then Accept-Language, then zh

  /// Path parameter that the pattern guarantees (asserts).
  const std::string& parameter(std::string_view name) const;
  std::string query(std::string_view name, std::string_view absent = "") const;
  /// Errors: query.integer {name}; bounded to [min, max].
  Result<std::int64_t> query_integer(std::string_view name, std::int64_t absent, std::int64_t min, std::int64_t max) const;
  std::string header(std::string_view lower_case_name) const;

  /// The body as strict JSON. Errors: body.content_type, json.*.
  Result<json::Value> json() const;
  /// The parts of multipart/form-data. Errors: body.content_type, body.multipart.
  Result<std::vector<Part>> multipart() const;
  /// The version in If-Match. Errors: if_match.missing (no_precondition), if_match.format.
  Result<std::int64_t> if_match() const;
};

/// page/page_size/sort of a list request. `sort` is "name" or "-name", one of `allowed`.
struct Page { int page = 1; int size = 20; std::string sort; bool descending = false; int offset() const { return (page - 1) * size; } };
/// Errors: query.integer, query.sort.
Result<Page> page_of(const Request& request, const std::vector<std::string>& allowed_sorts, std::string_view default_sort, int max_size = 200);

struct Response {
  int status = 200;
  std::map<std::string, std::string> headers;
  std::string body;
  std::vector<std::string> set_cookies;
};

Response ok(const json::Value& body);
Response created(const json::Value& body);
Response no_content();
/// A sandboxed attachment (Content-Disposition with RFC 5987 name, nosniff, CSP sandbox). `inline_` for pictures and PDF previews.
Response download(std::string body, std::string_view content_type, std::string_view file_name, bool inline_ = false);
/// `"7"`, the strong ETag of a version.
std::string etag(std::int64_t version);
Response with_etag(Response response, std::int64_t version);

/// The one place where an Error becomes RFC 9457 application/problem+json:
/// {type, title, status, code, detail, instance, errors: [{pointer, code, detail}]} in the request's language.
Response problem(const Error& error, Language language, std::string_view request_id);

using Handler = std::function<Result<Response>(const Request&)>;

/// One endpoint. The pattern's variables are in braces: "/api/v1/audits/{audit}/submit".
struct Route {
  std::string method, pattern;
  Handler handler;
  bool is_public = false;        ///< no login; listed so in the API description and checked by tests
  std::size_t body_limit = 1 << 20;
};

/// The table of endpoints. Two that could match the same path are a bug of ours (assert).
class Router {
public:
  void add(Route route);
  /// What to call, with path parameters filled into `request`. Errors: route.none, route.method {allowed}.
  Result<const Route*> find(Request& request) const;
  const std::vector<Route>& routes() const { return routes_; }

private:
  std::vector<Route> routes_;
};

struct ServerSettings {
  std::string address = "127.0.0.1";
  int port = 8080;
  int io_threads = 1;
  int workers = 8;                     ///< threads that run handlers (they may block on the database)
  std::string web_root;                ///< built web app; unknown paths outside /api answer its index.html
  std::string tls_certificate, tls_key;
  bool trust_proxy = false;
  int requests_per_minute = 1200;      ///< per address; logins have their own lower limit in identity
  std::size_t max_body = 64u << 20;
  /// POSTs with Idempotency-Key ask these two; wired to the database by main.
  std::function<std::optional<Response>(const Request&)> recall;
  std::function<void(const Request&, const Response&)> remember;
  std::function<Result<void>()> ready;  ///< /readyz
};

/// HTTP/1.1 (and TLS) server on Beast coroutines. Handlers run on worker threads.
/// Adds request ids, security headers, compression, static files with caching, CSRF defence (Origin/Sec-Fetch-Site must be ours on
/// writes that carry a cookie), rate and size limits, structured logs, /healthz, /readyz, /metrics (loopback only).
class Server {
public:
  /// Binds at once. Errors: http.bind {address, port}, http.tls.
  static Result<std::unique_ptr<Server>> start(const ServerSettings& settings, const Router& router);
  virtual ~Server() = default;
  virtual int port() const = 0;
  /// Stops accepting, answers what is under way (at most `seconds`), returns.
  virtual void stop(int seconds = 10) = 0;
};

}  // namespace qy::http
