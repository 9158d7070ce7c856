#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "document/sheet_wire.h"

namespace qy::document {
namespace {

/// The separator that cuts the first lines into the most columns, the same number in each; comma when none does.
char find_separator(std::string_view text) {
  constexpr std::array<char, 3> kCandidates{',', ';', '\t'};
  std::array<std::vector<int>, 3> counts;
  std::array<int, 3> now{};
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size() && counts[0].size() < 20; ++i) {
    const char c = i < text.size() ? text[i] : '\n';
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    for (std::size_t k = 0; k < kCandidates.size(); ++k) now[k] += c == kCandidates[k];
    if (c != '\n') continue;
    for (std::size_t k = 0; k < kCandidates.size(); ++k) counts[k].push_back(std::exchange(now[k], 0));
  }
  char best = ',';
  double best_score = 0;
  for (std::size_t k = 0; k < kCandidates.size(); ++k) {
    int lines = 0, total = 0, alike = 0, first = -1;
    for (const int n : counts[k]) {
      total += n;
      lines += n > 0;
      if (n > 0 && first < 0) first = n;
      alike += n > 0 && n == first;
    }
    const double score = lines == 0 ? 0 : double(total) / double(counts[k].size()) * (double(alike) / lines);
    if (score > best_score) {
      best = kCandidates[k];
      best_score = score;
    }
  }
  return best;
}

/// What an unquoted field is. Only what is plainly a number becomes one: "0012" and "1,234" stay text.
std::pair<SheetCell::Kind, bool> classify(std::string_view field) {
  using Kind = SheetCell::Kind;
  if (field == "TRUE" || field == "FALSE") return {Kind::boolean, false};
  if (field[0] == '#' && (field == "#N/A" || field == "#DIV/0!" || field == "#REF!" || field == "#VALUE!" ||
                          field == "#NAME?" || field == "#NUM!"))
    return {Kind::error, false};
  std::size_t i = field[0] == '-' ? 1 : 0;
  const std::size_t start = i;
  std::size_t digits = 0, significant = 0;
  bool point = false;
  for (; i < field.size(); ++i) {
    if (field[i] == '.' && !point && digits > 0) {
      point = true;
      continue;
    }
    if (field[i] < '0' || field[i] > '9') break;
    ++digits;
    if (significant > 0 || field[i] != '0') ++significant;
  }
  if (digits == 0) return {Kind::text, false};
  if (digits > 1 && field[start] == '0' && field[start + 1] != '.') return {Kind::text, false};
  if (i == field.size()) {
    return {field.back() == '.' || significant > 15 ? Kind::text : Kind::number,
            false};  // a long code written out is exact text
  }
  if (field[i] != 'E' && field[i] != 'e') return {Kind::text, false};
  if (++i < field.size() && (field[i] == '+' || field[i] == '-')) ++i;
  const auto exponent = field.substr(i);
  if (exponent.empty() || exponent.size() > 3 ||
      !std::all_of(exponent.begin(), exponent.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return {Kind::text, false};
  return {Kind::number, true};
}

}  // namespace

CsvOutcome read_csv(std::string_view text, const Limits& limits, char separator) {
  CsvOutcome out;
  out.separator = separator ? separator : find_separator(text);
  SheetBuilder builder("CSV");
  std::string field;
  bool quoted_field = false;
  int row = 0, column = 0;

  const auto end_field = [&] {
    if (!trim(field).empty()) {
      const auto bare = trim(field);
      auto [kind, approximate] = quoted_field ? std::pair(SheetCell::Kind::text, false) : classify(bare);
      if (kind == SheetCell::Kind::text) {
        const auto day = date_in({bare, SheetCell::Kind::text, false, false});
        if (day && !quoted_field && bare.size() <= 14)
          builder.put(row, column, SheetCell::Kind::date, day->str());
        else
          builder.put(row, column, kind, field);
      } else {
        builder.put(row, column, kind, bare, approximate);
      }
      if (row >= limits.rows)
        out.exceeded = "rows";
      else if (column >= limits.columns)
        out.exceeded = "columns";
      else if (builder.cells() > limits.cells)
        out.exceeded = "cells";
      else if (builder.text_bytes() > limits.text)
        out.exceeded = "text";
    }
    field.clear();
    quoted_field = false;
    ++column;
  };

  for (std::size_t i = 0; i < text.size() && out.exceeded.empty();) {
    const char c = text[i];
    if (c == '"' && trim(field).empty()) {  // a quoted field: until the next single quote
      field.clear();
      quoted_field = true;
      for (++i; i < text.size(); ++i) {
        if (text[i] != '"')
          field += text[i];
        else if (i + 1 < text.size() && text[i + 1] == '"')
          field += text[++i];
        else
          break;
      }
      ++i;
    } else if (c == out.separator) {
      end_field();
      ++i;
    } else if (c == '\n' || c == '\r') {
      end_field();
      i += c == '\r' && i + 1 < text.size() && text[i + 1] == '\n' ? 2 : 1;
      ++row;
      column = 0;
    } else {
      field += c;
      ++i;
    }
  }
  end_field();
  out.sheet = std::move(builder).finish();
  return out;
}

}  // namespace qy::document
