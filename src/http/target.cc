#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "http/http.h"

namespace qy::http {
namespace {

constexpr std::size_t kLongestTarget = 8192;
constexpr std::size_t kMostQueryFields = 100;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Percent-decoding to well-formed UTF-8 without control characters; in a query "+" is a blank.
std::optional<std::string> decoded(std::string_view text, bool plus_is_blank, bool line_breaks) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(plus_is_blank && text[i] == '+' ? ' ' : text[i]);
    }
  }
  for (const char c : out) {
    const bool line_break = c == '\n' || c == '\r' || c == '\t';
    if ((static_cast<unsigned char>(c) < 0x20 || c == 0x7f) && !(line_breaks && line_break)) return std::nullopt;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

Error malformed(std::string code, Params params = {}) {
  return {ErrorKind::malformed, std::move(code), std::move(params)};
}

/// "http://host/path?x" → "/path?x": the absolute form that proxies send.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.substr(0, scheme.size()) != scheme) continue;
    const auto slash = target.find_first_of("/?", scheme.size());
    return slash == std::string_view::npos || target[slash] == '?' ? std::string_view("/") : target.substr(slash);
  }
  return target;
}

Result<void> read_query(std::string_view text, Request& request) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (field.empty()) continue;
    if (request.query_.size() == kMostQueryFields)
      return malformed("query.too_many", {{"limit", std::to_string(kMostQueryFields)}});
    const auto equals = std::min(field.find('='), field.size());
    auto name = decoded(field.substr(0, equals), true, false);
    auto value = decoded(equals < field.size() ? field.substr(equals + 1) : std::string_view(), true, true);
    if (!name || !value) return malformed("target.malformed");
    const auto [place, fresh] = request.query_.emplace(*name, *value);
    if (!fresh) place->second += "," + *value;
  }
  return {};
}

}  // namespace

Result<void> read_target(std::string_view target, Request& request) {
  request.target.assign(target);
  request.path.clear();
  request.query_.clear();
  if (target.size() > kLongestTarget) return malformed("target.too_long", {{"limit", std::to_string(kLongestTarget)}});
  const auto local = without_authority(target);
  if (local == "*") {
    request.path = "*";
    return {};
  }
  if (local.empty() || local.front() != '/' || contains(local, "#")) return malformed("target.malformed");
  const auto question = std::min(local.find('?'), local.size());

  // Segments are decoded one by one and a decoded one may hold neither a slash nor be "." or "..": what a path names
  // cannot be disguised.
  for (const auto& segment : split(local.substr(1, question - 1), '/')) {
    const auto plain = decoded(segment, false, false);
    if (!plain || *plain == "." || *plain == ".." || contains(*plain, "/") || contains(*plain, "\\"))
      return malformed("target.malformed");
    request.path += '/';
    request.path += *plain;
  }
  return question < local.size() ? read_query(local.substr(question + 1), request) : Result<void>();
}

void read_cookies(std::string_view header, Request& request) {
  for (const auto& piece : split(header, ';')) {
    const auto pair = trim(piece);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    auto value = trim(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    request.cookies.emplace(std::string(trim(pair.substr(0, equals))), std::string(value));
  }
}

Language language_of(const Request& request) {
  if (const auto cookie = request.cookies.find("qy_lang"); cookie != request.cookies.end()) {
    if (cookie->second == "en") return Language::en;
    if (cookie->second == "zh") return Language::zh;
  }
  double best = 0;
  auto language = Language::zh;
  for (const auto& range : split(request.header("accept-language"), ',')) {
    const auto text = lower_ascii(trim(range));
    const bool zh = text.rfind("zh", 0) == 0;
    if (!zh && text.rfind("en", 0) != 0) continue;
    double weight = 1;
    if (const auto q = text.find("q="); q != std::string::npos) {
      weight = 0;
      std::from_chars(text.data() + q + 2, text.data() + text.size(), weight);
    }
    if (weight > best) {
      best = weight;
      language = zh ? Language::zh : Language::en;
    }
  }
  return language;
}

}  // namespace qy::http
