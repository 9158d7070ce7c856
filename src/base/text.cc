#include "base/text.h"

#include <algorithm>

namespace qy {
namespace {

/// Bytes of the well-formed UTF-8 sequence at `at` (RFC 3629: no overlong forms, no surrogates), 0 when there is none.
std::size_t sequence_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first >= 0x01 && first <= 0x7F) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF)
    return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  if (first >= 0xF0 && first <= 0xF4)
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

constexpr std::string_view kBlanks[] = {" ", "\t", "\r", "\n", "\v", "\f", "\u3000", "\u00a0", "\ufeff"};

/// Length of the blank that starts (or, from behind, ends) `text`; 0 when there is none.
std::size_t leading_blank(std::string_view text) {
  for (const auto blank : kBlanks)
    if (text.starts_with(blank)) return blank.size();
  return 0;
}

std::size_t trailing_blank(std::string_view text) {
  for (const auto blank : kBlanks)
    if (text.ends_with(blank)) return blank.size();
  return 0;
}

std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto size = std::max<std::size_t>(1, sequence_at(text, i));
    out.push_back(text.substr(i, size));
    i += size;
  }
  return out;
}

/// Insertions, deletions, changes and swaps of neighbours that make `a` into `b` (optimal string alignment).
std::size_t edit_distance(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto size = sequence_at(text, i);
    if (size == 0) return false;
    i += size;
  }
  return true;
}

std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string_view trim(std::string_view text) {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f; };
  if (!text.empty() && is_plain(text.front()) && is_plain(text.back())) return text;
  while (const auto size = leading_blank(text)) text.remove_prefix(size);
  while (const auto size = trailing_blank(text)) text.remove_suffix(size);
  return text;
}

std::string normalise_for_match(std::string_view text) {
  std::string out;
  bool blank = false;
  for (std::size_t i = 0; i < text.size();) {
    if (const auto size = leading_blank(text.substr(i))) {
      blank = !out.empty();
      i += size;
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    const auto size = std::max<std::size_t>(1, sequence_at(text, i));
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
    const unsigned code = size == 3 ? (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu) : 0;
    if (code >= 0xFF01 && code <= 0xFF5E)
      out += static_cast<char>(code - 0xFF01 + 0x21);
    else
      out += text.substr(i, size);
    i += size;
  }
  return out;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string upper_ascii(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (std::size_t start = 0;;) {
    const auto end = text.find(separator, start);
    out.emplace_back(text.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) return out;
    start = end + 1;
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

bool contains(std::string_view haystack, std::string_view needle) {
  return haystack.find(needle) != std::string_view::npos;
}

std::string prefix_of(std::string_view text, std::size_t characters) {
  std::size_t end = 0;
  while (end < text.size() && characters > 0) {
    end += std::max<std::size_t>(1, sequence_at(text, end));
    --characters;
  }
  return std::string(text.substr(0, end));
}

std::string grouped(std::string number) {
  const std::size_t first = number.starts_with('-') ? 1 : 0;
  const bool whole = number.size() - first > 4 && number.find_first_not_of("0123456789", first) == std::string::npos;
  if (whole)
    for (auto at = number.size() - 3; at > first; at = at > 3 ? at - 3 : 0) number.insert(at, " ");
  return number;
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 200;  // nobody mistypes more; keeps the comparison cheap for hostile input
  if (word.size() > kLongest) return {};
  const auto characters = characters_of(word);
  std::size_t best = characters.size() / 3 + 1;
  std::string found;
  for (const auto& candidate : known) {
    if (candidate.size() > kLongest) continue;
    const auto distance = edit_distance(characters, characters_of(candidate));
    if (distance < best) best = distance, found = candidate;
  }
  return found;
}

}  // namespace qy
