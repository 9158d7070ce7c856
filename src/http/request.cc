#include <algorithm>
#include <cassert>
#include <charconv>

#include "base/text.h"
#include "http/http.h"

namespace qy::http {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

const std::string& Request::parameter(std::string_view name) const {
  const auto found = parameters.find(std::string(name));
  assert(found != parameters.end() && "the route's pattern has no such variable");
  return found->second;
}

std::string Request::query(std::string_view name, std::string_view absent) const {
  const auto found = query_.find(std::string(name));
  return found == query_.end() ? std::string(absent) : found->second;
}

Result<std::int64_t> Request::query_integer(std::string_view name, std::int64_t absent, std::int64_t min,
                                            std::int64_t max) const {
  const auto found = query_.find(std::string(name));
  if (found == query_.end() || found->second.empty()) return absent;
  const auto value = whole_number(found->second);
  if (!value || *value < min || *value > max)
    return Error{ErrorKind::invalid,
                 "query.integer",
                 {{"name", std::string(name)}, {"min", std::to_string(min)}, {"max", std::to_string(max)}}};
  return *value;
}

std::string Request::header(std::string_view lower_case_name) const {
  const auto found = headers.find(std::string(lower_case_name));
  return found == headers.end() ? std::string() : found->second;
}

Result<json::Value> Request::json() const {
  const auto type = header("content-type");
  if (lower_ascii(trim(std::string_view(type).substr(0, type.find(';')))) != "application/json")
    return Error{ErrorKind::malformed, "body.content_type", {{"expected", "application/json"}}};
  return json::parse(body);
}

Result<std::int64_t> Request::if_match() const {
  const auto found = headers.find("if-match");
  if (found == headers.end()) return Error{ErrorKind::no_precondition, "if_match.missing"};
  // A proxy that compresses turns "7" into W/"7"; versions make both mean the same.
  auto text = trim(found->second);
  if (text.substr(0, 2) == "W/") text.remove_prefix(2);
  const bool quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
  const auto version = quoted ? whole_number(text.substr(1, text.size() - 2)) : std::nullopt;
  if (!version) return Error{ErrorKind::malformed, "if_match.format", {{"given", found->second}}};
  return *version;
}

Result<Page> page_of(const Request& request, const std::vector<std::string>& allowed_sorts,
                     std::string_view default_sort, int max_size) {
  Page page;
  QY_TRY(const auto number, request.query_integer("page", 1, 1, 1000000));
  QY_TRY(const auto size, request.query_integer("page_size", std::min(20, max_size), 1, max_size));
  page.page = static_cast<int>(number);
  page.size = static_cast<int>(size);
  page.sort = request.query("sort");
  if (page.sort.empty()) page.sort = default_sort;
  if (page.sort.rfind('-', 0) == 0) {
    page.descending = true;
    page.sort.erase(0, 1);
  }
  if (std::find(allowed_sorts.begin(), allowed_sorts.end(), page.sort) == allowed_sorts.end())
    return Error{ErrorKind::invalid, "query.sort", {{"given", page.sort}, {"allowed", join(allowed_sorts, ", ")}}};
  return page;
}

}  // namespace qy::http
