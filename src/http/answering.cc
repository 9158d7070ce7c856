#include "http/answering.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <typeinfo>

#include "base/text.h"
#include "crypto/crypto.h"
#include "http/compress.h"

namespace qy::http {
namespace {

constexpr std::size_t kWorthCompressing = 1024;

bool is_write(const Request& request) {
  return request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
}

bool is_api(const Request& request) { return request.path == "/api" || request.path.rfind("/api/", 0) == 0; }

/// A browser says where a request comes from; a page of another site cannot change it. A write that carries cookies
/// must come from our own page.
bool is_from_our_page(const Request& request, bool trust_proxy) {
  if (const auto site = request.header("sec-fetch-site"); !site.empty()) return site == "same-origin";
  const auto origin = request.header("origin");
  const auto scheme = origin.find("://");
  if (scheme == std::string::npos) return false;
  const auto authority = lower_ascii(std::string_view(origin).substr(scheme + 3));
  if (authority == lower_ascii(request.header("host"))) return true;
  return trust_proxy && authority == lower_ascii(request.header("x-forwarded-host"));
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  for (const auto& piece : split(if_none_match, ',')) {
    auto candidate = trim(piece);
    if (candidate == "*") return true;
    if (candidate.substr(0, 2) == "W/") candidate.remove_prefix(2);
    if (candidate == etag) return true;
  }
  return false;
}

Response plain(int status, std::string text, const char* type = "text/plain; charset=utf-8") {
  return {status, {{"Content-Type", type}, {"Cache-Control", "no-store"}}, std::move(text), {}};
}

std::string now_text() {
  using namespace std::chrono;
  return Instant::from_millis(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()).str();
}

}  // namespace

Answering::Answering(const ServerSettings& settings, const Router& router)
    : settings_(settings),
      router_(router),
      files_(settings.web_root),
      rate_(settings.requests_per_minute),
      id_prefix_(crypto::random_token(crypto::system_random(), 6) + "-") {}

std::string Answering::next_id() { return id_prefix_ + std::to_string(++id_); }

Response Answering::refuse(const Request& request, Error error) const {
  return problem(error, request.language, request.id);
}

Admission Answering::admit(Request& request, std::string_view target, std::optional<std::uint64_t> content_length,
                           bool local) {
  Admission admission;
  read_cookies(request.header("cookie"), request);
  request.language = language_of(request);
  const auto refuse_with = [&](Error error) {
    metrics_.refused(error.code.c_str());
    admission.response = refuse(request, std::move(error));
    return std::move(admission);
  };

  if (const auto read = read_target(target, request); !read) return refuse_with(read.error());
  if (request.path == "/healthz") {
    admission.label = "/healthz";
    admission.response = plain(200, "{\"status\":\"ok\"}", "application/json");
    return admission;
  }
  if (request.path == "/metrics" && local) {
    admission.label = "/metrics";
    admission.response = plain(200, metrics_.text(), "text/plain; version=0.0.4; charset=utf-8");
    return admission;
  }
  if (request.path == "/readyz") {
    admission.label = "/readyz";
    return admission;
  }
  if (is_api(request))
    if (const int wait = rate_.seconds_to_wait(request.remote, RateLimit::Clock::now()))
      return refuse_with({ErrorKind::too_many, "rate.limit", {{"retry_after", std::to_string(wait)}}});
  if (is_write(request) && !request.cookies.empty() && !is_from_our_page(request, settings_.trust_proxy))
    return refuse_with({ErrorKind::forbidden, "csrf.origin"});

  if (request.method == "OPTIONS") {
    const auto allowed = is_api(request) ? router_.allowed(request) : std::string("GET, HEAD, OPTIONS");
    if (allowed.empty())
      return refuse_with({ErrorKind::not_found, "route.none", {{"path", prefix_of(request.path, 200)}}});
    admission.response = no_content();
    admission.response->headers["Allow"] = allowed;
    return admission;
  }

  const auto route = router_.find(request);
  if (route) {
    admission.route = *route;
    admission.label = (*route)->pattern;
    admission.body_limit = std::min((*route)->body_limit, settings_.max_body);
    if (content_length && *content_length > admission.body_limit)
      return refuse_with({ErrorKind::too_many, "body.too_large", {{"limit", std::to_string(admission.body_limit)}}});
    return admission;
  }
  const bool maybe_static = route.error().code == "route.none" && !is_api(request) && !files_.empty();
  if (!maybe_static) return refuse_with(route.error());
  if (is_write(request))
    return refuse_with(
        {ErrorKind::malformed, "route.method", {{"method", request.method}, {"allowed", "GET, HEAD, OPTIONS"}}});
  admission.label = "static";
  return admission;
}

Response Answering::run(const Request& request, const Route& route) {
  const bool keyed = request.method == "POST" && settings_.recall && !request.header("idempotency-key").empty();
  if (keyed)
    if (auto earlier = settings_.recall(request)) return std::move(*earlier);
  Response response;
  try {
    auto result = route.handler(request);
    response = result ? std::move(*result) : refuse(request, result.error());
  } catch (...) {
    // The key must not stay taken by a request that failed inside.
    if (keyed)
      settings_.remember(request,
                         refuse(request, {ErrorKind::unavailable, "server.failure", {{"request", request.id}}}));
    throw;
  }
  if (keyed) settings_.remember(request, response);
  return response;
}

Response Answering::handle(const Request& request, const Admission& admission) {
  if (admission.route) return run(request, *admission.route);
  if (admission.label == "/readyz") {
    const auto ready = settings_.ready ? settings_.ready() : Result<void>();
    if (!stopping && ready) return plain(200, "{\"status\":\"ready\"}", "application/json");
    return refuse(request, stopping ? Error{ErrorKind::unavailable, "server.stopping"} : ready.error());
  }
  if (auto file = files_.answer(request)) return std::move(*file);
  return refuse(request, {ErrorKind::not_found, "route.none", {{"path", prefix_of(request.path, 200)}}});
}

Response Answering::answer(const Request& request, const Admission& admission) {
  Response response;
  std::string failure;
  try {
    response = handle(request, admission);
  } catch (const std::exception& broken) {
    failure = std::string(typeid(broken).name()) + ": " + broken.what();
  } catch (...) {
    failure = "unknown exception";
  }
  if (!failure.empty()) {
    if (settings_.log) {
      const json::Object line{{"at", now_text()}, {"level", "error"},         {"event", "failure"},
                              {"id", request.id}, {"method", request.method}, {"route", admission.label},
                              {"what", failure}};
      settings_.log->error(json::dump(line));
    }
    response = refuse(request, {ErrorKind::unavailable, "server.failure", {{"request", request.id}}});
  }
  const auto etag = response.headers.find("ETag");
  if (response.status == 200 && etag != response.headers.end() && !is_write(request) &&
      etag_matches(request.header("if-none-match"), etag->second)) {
    response.status = 304;
    response.body.clear();
    response.headers.erase("Content-Type");
    response.headers.erase("Content-Encoding");
  }
  const auto type = response.headers.find("Content-Type");
  if (response.body.size() > kWorthCompressing && type != response.headers.end() && is_compressible(type->second) &&
      !response.headers.contains("Content-Encoding")) {
    response.headers["Vary"] = "Accept-Encoding";
    if (accepts_gzip(request.header("accept-encoding"))) {
      response.body = gzip(response.body, 4);
      response.headers["Content-Encoding"] = "gzip";
    }
  }
  return response;
}

void Answering::complete(const Request& request, Response& response) const {
  if (is_api(request)) response.headers.emplace("Cache-Control", "no-store");
  if (request.secure) response.headers.emplace("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

void Answering::record(const Request& request, const Admission& admission, const Response& response, std::size_t bytes,
                       double seconds) {
  metrics_.answered(request.method, admission.label, response.status, seconds);
  if (!settings_.log) return;
  // The query may hold names people searched for and the body never belongs here: path only.
  const json::Object line{
      {"at", now_text()},          {"level", "info"},          {"event", "request"},
      {"id", request.id},          {"method", request.method}, {"path", prefix_of(request.path, 300)},
      {"status", response.status}, {"bytes", bytes},           {"ms", static_cast<std::int64_t>(seconds * 1000)},
      {"remote", request.remote}};
  settings_.log->info(json::dump(line));
}

}  // namespace qy::http
