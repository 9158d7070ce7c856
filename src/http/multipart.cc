#include "base/text.h"
#include "http/http.h"

namespace qy::http {
namespace {

constexpr std::size_t kMostParts = 200;
constexpr std::size_t kLongestPartHead = 8192;

Error malformed() { return {ErrorKind::malformed, "body.multipart"}; }

/// The value of `name` in a header such as `form-data; name="file"; filename="a\"b.xlsx"`.
std::optional<std::string> header_parameter(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos && at < header.size()) {
    ++at;
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t')) ++at;
    const auto equals = header.find_first_of("=;", at);
    if (equals == std::string_view::npos) return std::nullopt;
    if (header[equals] == ';') {
      at = equals;
      continue;
    }
    const auto key = lower_ascii(trim(header.substr(at, equals - at)));
    std::string value;
    at = equals + 1;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        // Browsers escape a quote as %22 or \"; a lone backslash is part of the name.
        if (header[at] == '\\' && at + 1 < header.size() && (header[at + 1] == '"' || header[at + 1] == '\\')) ++at;
        value.push_back(header[at]);
      }
      if (at == header.size()) return std::nullopt;
      at = header.find(';', at);
    } else {
      const auto end = std::min(header.find(';', at), header.size());
      value = trim(header.substr(at, end - at));
      at = end;
    }
    if (key == name) return value;
  }
  return std::nullopt;
}

/// The last component of a file name as sent, so that no path travels further.
std::string base_name(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  return std::string(trim(slash == std::string_view::npos ? name : name.substr(slash + 1)));
}

Result<Part> read_part(std::string_view bytes) {
  const auto end = bytes.substr(0, 2) == "\r\n" ? 0 : bytes.find("\r\n\r\n");
  if (end == std::string_view::npos || end > kLongestPartHead) return malformed();
  Part part;
  bool named = false;
  for (auto head = bytes.substr(0, end); !head.empty();) {
    const auto line_end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, line_end);
    head.remove_prefix(std::min(line_end + 2, head.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return malformed();
    const auto name = lower_ascii(trim(line.substr(0, colon)));
    const auto value = trim(line.substr(colon + 1));
    if (name == "content-type") part.content_type = value;
    if (name != "content-disposition") continue;
    if (lower_ascii(trim(value.substr(0, value.find(';')))) != "form-data") return malformed();
    const auto field = header_parameter(value, "name");
    if (!field) return malformed();
    named = true;
    part.name = *field;
    if (const auto file = header_parameter(value, "filename")) part.file_name = base_name(*file);
  }
  if (!named || !is_utf8(part.name) || !is_utf8(part.file_name) || !is_utf8(part.content_type)) return malformed();
  part.body = bytes.substr(end == 0 ? 2 : end + 4);
  return part;
}

}  // namespace

Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view boundary) {
  if (boundary.empty() || boundary.size() > 70) return malformed();
  const std::string delimiter = "--" + std::string(boundary);
  // The first delimiter may stand at the very beginning; the others follow a line break that belongs to them.
  std::size_t at;
  if (body.substr(0, delimiter.size()) == delimiter) {
    at = delimiter.size();
  } else {
    const auto found = body.find("\r\n" + delimiter);
    if (found == std::string_view::npos) return malformed();
    at = found + 2 + delimiter.size();
  }
  std::vector<Part> parts;
  for (;;) {
    if (body.substr(at, 2) == "--") return parts;
    while (at < body.size() && (body[at] == ' ' || body[at] == '\t')) ++at;
    if (body.substr(at, 2) != "\r\n") return malformed();
    at += 2;
    const auto next = body.find("\r\n" + delimiter, at - 2);
    if (next == std::string_view::npos) return malformed();
    if (parts.size() == kMostParts)
      return Error{ErrorKind::malformed, "body.too_many_parts", {{"limit", std::to_string(kMostParts)}}};
    QY_TRY(auto part, read_part(next < at ? std::string_view() : body.substr(at, next - at)));
    parts.push_back(std::move(part));
    at = next + 2 + delimiter.size();
  }
}

Result<std::vector<Part>> Request::multipart() const {
  const auto type = header("content-type");
  if (lower_ascii(trim(std::string_view(type).substr(0, type.find(';')))) != "multipart/form-data")
    return Error{ErrorKind::malformed, "body.content_type", {{"expected", "multipart/form-data"}}};
  const auto boundary = header_parameter(type, "boundary");
  if (!boundary) return malformed();
  return parse_multipart(body, *boundary);
}

}  // namespace qy::http
