#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/http.h"
#include "http/metrics.h"
#include "http/rate_limit.h"
#include "http/static_files.h"

namespace qy::http {

/// What every answer carries unless it says otherwise. Styles may be written into elements because charts and the
/// component library do so; scripts may not.
inline constexpr std::pair<const char*, const char*> kSecurityHeaders[] = {
    {"Content-Security-Policy",
     "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src "
     "'self' data:; connect-src 'self'; "
     "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
};

/// What is decided once a request's head has been read.
struct Admission {
  const Route* route = nullptr;      ///< nullptr: not the router's, or refused
  std::string label = "none";        ///< the pattern, "static" …: what metrics and logs call it
  std::size_t body_limit = 0;        ///< how much body to read
  std::optional<Response> response;  ///< already answered: no body is read
};

/// Everything between reading a request and writing its answer, without sockets: who may come in, which handler,
/// headers, compression, the log. One per server; used by all its threads.
class Answering {
 public:
  Answering(const ServerSettings& settings, const Router& router);

  /// Looks at the head: target, cookies, language, rate, forged origin, route, announced length. `request.method`,
  /// `target`, `headers`, `remote`, `secure` are given; the rest is filled in. `local` = the peer itself is this
  /// machine. Fast; called on I/O threads.
  Admission admit(Request& request, std::string_view target, std::optional<std::uint64_t> content_length, bool local);

  /// Runs the handler (or finds the static file). May block; called on workers. Never throws.
  Response answer(const Request& request, const Admission& admission);

  /// Adds what depends on the request: caching of the API's answers, HSTS over TLS. Called on all answers.
  void complete(const Request& request, Response& response) const;

  /// Writes the access log line and counts.
  void record(const Request& request, const Admission& admission, const Response& response, std::size_t bytes,
              double seconds);

  std::string next_id();
  Metrics& metrics() { return metrics_; }
  std::atomic<bool> stopping{false};

 private:
  Response handle(const Request& request, const Admission& admission);
  Response run(const Request& request, const Route& route);
  Response refuse(const Request& request, Error error) const;

  const ServerSettings& settings_;
  const Router& router_;
  StaticFiles files_;
  RateLimit rate_;
  Metrics metrics_;
  std::string id_prefix_;
  std::atomic<std::uint64_t> id_{0};
};

}  // namespace qy::http
