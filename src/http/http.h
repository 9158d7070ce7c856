#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/result.h"
#include "json/json.h"

namespace spdlog {
class logger;
}

namespace qy::http {

/// One part of a multipart/form-data body.
struct Part {
  std::string name, file_name, content_type;
  std::string body;
};

/// A request as handlers see it: already read, limited in size, path matched.
class Request {
 public:
  std::string method;                             ///< "GET"
  std::string target;                             ///< path and query as sent
  std::string path;                               ///< decoded path
  std::map<std::string, std::string> parameters;  ///< from the route's pattern: {audit}
  std::map<std::string, std::string> query_;      ///< decoded; a field given more than once is a list with commas
  std::map<std::string, std::string> headers;     ///< names in lower case
  std::map<std::string, std::string> cookies;
  std::string body;
  std::string remote;                ///< address of the peer (or of X-Forwarded-For behind a trusted proxy)
  std::string id;                    ///< request id, in logs and in X-Request-Id
  bool secure = false;               ///< came over TLS (here or at a trusted proxy)
  Language language = Language::zh;  ///< from the qy_lang cookie, then Accept-Language, then zh
  /// True once the peer has closed its side; for handlers that take long. Empty where there is no connection.
  std::function<bool()> gone;

  /// Path parameter that the pattern guarantees (asserts).
  const std::string& parameter(std::string_view name) const;
  std::string query(std::string_view name, std::string_view absent = "") const;
  /// Errors: query.integer {name}; bounded to [min, max].
  Result<std::int64_t> query_integer(std::string_view name, std::int64_t absent, std::int64_t min,
                                     std::int64_t max) const;
  std::string header(std::string_view lower_case_name) const;

  /// The body as strict JSON. Errors: body.content_type, json.*.
  Result<json::Value> json() const;
  /// The parts of multipart/form-data. Errors: body.content_type, body.multipart.
  Result<std::vector<Part>> multipart() const;
  /// The version in If-Match. Errors: if_match.missing (no_precondition), if_match.format.
  Result<std::int64_t> if_match() const;
};

/// page/page_size/sort of a list request. `sort` is "name" or "-name", one of `allowed`.
struct Page {
  int page = 1;
  int size = 20;
  std::string sort;
  bool descending = false;
  int offset() const { return (page - 1) * size; }
};
/// Errors: query.integer, query.sort.
Result<Page> page_of(const Request& request, const std::vector<std::string>& allowed_sorts,
                     std::string_view default_sort, int max_size = 200);

struct Response {
  int status = 200;
  std::map<std::string, std::string> headers;
  std::string body;
  std::vector<std::string> set_cookies;
};

Response ok(const json::Value& body);
Response created(const json::Value& body);
Response no_content();
/// A sandboxed attachment (Content-Disposition with RFC 5987 name, nosniff, CSP sandbox). `inline_` for pictures and
/// PDF previews.
Response download(std::string body, std::string_view content_type, std::string_view file_name, bool inline_ = false);
/// `"7"`, the strong ETag of a version.
std::string etag(std::int64_t version);
Response with_etag(Response response, std::int64_t version);

/// The one place where an Error becomes RFC 9457 application/problem+json:
/// {type, title, status, code, detail, instance, errors: [{pointer, code, detail}]} in the request's language.
/// A parameter "retry_after" (seconds) becomes the Retry-After header, "allowed" of route.method the Allow header.
Response problem(const Error& error, Language language, std::string_view request_id);

using Handler = std::function<Result<Response>(const Request&)>;

/// One endpoint. The pattern's variables are in braces: "/api/v1/audits/{audit}/submit".
struct Route {
  std::string method, pattern;
  Handler handler;
  bool is_public = false;  ///< no login; listed so in the API description and checked by tests
  std::size_t body_limit = 1 << 20;
};

/// The table of endpoints. Two that could match the same path are a bug of ours (assert).
///
/// A fixed segment is preferred to a variable one. HEAD finds the route of GET. A variable never matches an empty
/// segment.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  void add(Route route);
  /// What to call, with path parameters filled into `request`. Errors: route.none, route.method {allowed}.
  Result<const Route*> find(Request& request) const;
  /// Methods the path answers, for Allow: "GET, HEAD, POST, OPTIONS"; empty when there is no such path.
  std::string allowed(const Request& request) const;
  const std::deque<Route>& routes() const { return routes_; }

 private:
  struct Node;
  std::deque<Route> routes_;
  std::unique_ptr<Node> root_;
};

/// What a request target says, decoded. Shared by the server and by tests that call handlers without a server.
/// Errors (malformed): target.malformed, target.too_long, query.too_many.
Result<void> read_target(std::string_view target, Request& request);
/// Splits a Cookie header into `request.cookies` (the first of a name wins; the browser sends the closest path first).
void read_cookies(std::string_view header, Request& request);
/// From the qy_lang cookie, then Accept-Language, then Chinese.
Language language_of(const Request& request);
/// Parts of a multipart/form-data body with the given boundary. Errors: body.multipart, body.too_many_parts.
Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view boundary);

struct ServerSettings {
  std::string address = "127.0.0.1";
  int port = 8080;
  int io_threads = 1;
  int workers = 24;      ///< threads that run handlers; writes that wait together share one fsync
  std::string web_root;  ///< built web app; unknown paths outside /api answer its index.html
  std::string tls_certificate, tls_key;
  bool trust_proxy = false;
  int requests_per_minute =
      1200;                    ///< per address, on /api; 0 = no limit; logins have their own lower limit in identity
  int max_connections = 4096;  ///< further ones are closed at once
  int max_waiting = 2048;      ///< requests waiting for a worker; further ones are answered 503
  int header_seconds = 15;     ///< a request's head must arrive within this time once it has begun
  int idle_seconds = 75;       ///< a kept connection without a request is closed after this time
  int body_seconds = 30;       ///< plus one second per 16 KiB of the permitted body
  std::shared_ptr<spdlog::logger> log;  ///< structured lines; nullptr = none
  std::size_t max_body = 64u << 20;
  /// POSTs with Idempotency-Key ask these two; wired to the database by main.
  std::function<std::optional<Response>(const Request&)> recall;
  std::function<void(const Request&, const Response&)> remember;
  std::function<Result<void>()> ready;  ///< /readyz
};

/// HTTP/1.1 (and TLS) server on Beast coroutines. Handlers run on worker threads.
/// Adds request ids, security headers, compression, static files with caching, CSRF defence (Origin/Sec-Fetch-Site must
/// be ours on writes that carry a cookie), rate and size limits, structured logs, /healthz, /readyz, /metrics (loopback
/// only).
class Server {
 public:
  /// Binds at once. Errors: http.bind {address, port}, http.tls.
  /// `router` must outlive the server and not change any more.
  static Result<std::unique_ptr<Server>> start(const ServerSettings& settings, const Router& router);
  virtual ~Server() = default;
  virtual int port() const = 0;
  /// Stops accepting, answers what is under way (at most `seconds`), returns.
  virtual void stop(int seconds = 10) = 0;
};

std::span<const Sentence> http_messages();

}  // namespace qy::http
