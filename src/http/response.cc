#include <algorithm>

#include "http/http.h"

namespace qy::http {
namespace {

struct Special {
  std::string_view code;
  int status;
};
/// Codes whose status the kind alone does not tell.
constexpr Special kSpecial[] = {
    {"route.method", 405},      {"body.too_large", 413},  {"body.content_type", 415},
    {"headers.too_large", 431}, {"target.too_long", 414}, {"server.failure", 500},
};

int status_of(const Error& error) {
  for (const auto& special : kSpecial)
    if (special.code == error.code) return special.status;
  switch (error.kind) {
    case ErrorKind::malformed:
      return 400;
    case ErrorKind::invalid:
      return 422;
    case ErrorKind::unauthenticated:
      return 401;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::stale:
      return 412;
    case ErrorKind::no_precondition:
      return 428;
    case ErrorKind::too_many:
      return 429;
    case ErrorKind::unavailable:
      return 503;
  }
  return 500;
}

Text title_of(int status) {
  switch (status) {
    case 400:
      return {"请求无法读取", "The request cannot be read"};
    case 401:
      return {"请先登录", "Please sign in"};
    case 403:
      return {"无权操作", "Not permitted"};
    case 404:
      return {"未找到", "Not found"};
    case 405:
      return {"不支持的请求方法", "Method not allowed"};
    case 409:
      return {"当前状态不允许", "Not possible in the present state"};
    case 412:
      return {"内容已被他人修改", "Changed by somebody else"};
    case 413:
      return {"内容过大", "Too large"};
    case 414:
      return {"地址过长", "Address too long"};
    case 415:
      return {"内容类型不符", "Unsupported content type"};
    case 422:
      return {"填写内容有误", "Some values are wrong"};
    case 428:
      return {"缺少版本信息", "Version missing"};
    case 429:
      return {"请求过于频繁", "Too many requests"};
    case 431:
      return {"请求头过大", "Request head too large"};
    case 503:
      return {"服务暂不可用", "Service unavailable"};
    default:
      return {"服务器内部错误", "Internal error"};
  }
}

Response json_response(int status, const json::Value& body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, json::dump(body), {}};
}

/// RFC 5987: every byte that is not an attr-char is percent-encoded.
std::string encoded_name(std::string_view name) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

/// For clients that do not know filename*: the same name with everything unusual replaced.
std::string ascii_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool lead_or_ascii = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (!lead_or_ascii) continue;
    const bool plain = static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f && c != '"' &&
                       c != '\\' && c != '/' && c != '%';
    out.push_back(plain ? c : '_');
  }
  return out;
}

}  // namespace

Response ok(const json::Value& body) { return json_response(200, body); }

Response created(const json::Value& body) { return json_response(201, body); }

Response no_content() { return {204, {}, "", {}}; }

Response download(std::string body, std::string_view content_type, std::string_view file_name, bool inline_) {
  Response response;
  response.body = std::move(body);
  response.headers["Content-Type"] = content_type;
  response.headers["Content-Disposition"] = std::string(inline_ ? "inline" : "attachment") + "; filename=\"" +
                                            ascii_name(file_name) + "\"; filename*=UTF-8''" + encoded_name(file_name);
  response.headers["X-Content-Type-Options"] = "nosniff";
  // A PDF viewer is a plug-in of the browser, which a sandbox without permissions would block.
  response.headers["Content-Security-Policy"] =
      inline_ && content_type == "application/pdf"
          ? "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
          : "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:";
  response.headers["Cache-Control"] = "private, no-cache";
  return response;
}

std::string etag(std::int64_t version) { return '"' + std::to_string(version) + '"'; }

Response with_etag(Response response, std::int64_t version) {
  response.headers["ETag"] = etag(version);
  return response;
}

namespace {

/// Sentences about several wrong fields say how many; who makes the error need not count.
Params counted(const Error& error) {
  auto params = error.params;
  if (!error.fields.empty() &&
      std::none_of(params.begin(), params.end(), [](const auto& p) { return p.first == "count"; }))
    params.emplace_back("count", std::to_string(error.fields.size()));
  return params;
}

}  // namespace

Response problem(const Error& error, Language language, std::string_view request_id) {
  const auto& catalogue = Catalogue::global();
  const int status = status_of(error);
  json::Object body{
      {"type", "urn:qingyuan:problem:" + error.code},
      {"title", title_of(status).in(language)},
      {"status", status},
      {"code", error.code},
      {"detail", catalogue.render(error.code, counted(error), language)},
      {"instance", "urn:qingyuan:request:" + std::string(request_id)},
  };
  json::Object params;
  for (const auto& [name, value] : error.params) params.emplace(name, value);
  if (!params.empty()) body.emplace("params", std::move(params));
  json::Array errors;
  for (const auto& field : error.fields)
    errors.push_back(json::Object{{"pointer", field.pointer},
                                  {"code", field.code},
                                  {"detail", catalogue.render(field.code, field.params, language)}});
  if (!errors.empty()) body.emplace("errors", std::move(errors));

  Response response;
  response.status = status;
  response.headers["Content-Type"] = "application/problem+json; charset=utf-8";
  response.headers["Content-Language"] = language == Language::zh ? "zh-CN" : "en";
  response.headers["Cache-Control"] = "no-store";
  for (const auto& [name, value] : error.params) {
    if (name == "retry_after") response.headers["Retry-After"] = value;
    if (name == "allowed" && status == 405) response.headers["Allow"] = value;
  }
  response.body = json::dump(body);
  return response;
}

}  // namespace qy::http
