#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qy {

/// True when `text` is well-formed UTF-8 without NUL.
bool is_utf8(std::string_view text);

/// Number of Unicode characters (code points) of well-formed UTF-8.
std::size_t length_of(std::string_view text);

/// Without ASCII blanks, full-width blanks (U+3000), no-break blanks and BOM at both ends.
std::string_view trim(std::string_view text);

/// 全角转半角: full-width ASCII to ASCII, inner blanks collapsed to one, trimmed. For matching names people pasted.
std::string normalise_for_match(std::string_view text);

std::string lower_ascii(std::string_view text);
std::string upper_ascii(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
bool contains(std::string_view haystack, std::string_view needle);

/// The first `characters` code points.
std::string prefix_of(std::string_view text, std::size_t characters);

/// Whole digits in threes: "1000000" → "1 000 000"; four digits stay together, as in a year. What is no such number
/// stays as it is.
std::string grouped(std::string number);

/// The known word most like `word` (edit distance at most a third of its length), or empty: "did you mean …".
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace qy
