#include "document/spreadsheet.h"

#include <iconv.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "document/process.h"
#include "document/sheet_wire.h"

namespace qy::document {
namespace {

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

Error refuse(std::string code, std::string_view file_name, Params more = {}) {
  Params params{{"file", std::string(file_name)}};
  for (auto& p : more) params.push_back(std::move(p));
  const auto kind = code == "spreadsheet.too_large" ? ErrorKind::too_many : ErrorKind::invalid;
  return Error{kind, std::move(code), std::move(params)};
}

/// What a file that is no spreadsheet looks like, from its first bytes; "" when it may be text.
std::string looks_like(std::string_view bytes) {
  struct Start {
    std::string_view bytes, name;
  };
  static constexpr Start kStarts[] = {
      {"%PDF", "PDF"},
      {"\x89PNG", "PNG"},
      {"\xff\xd8\xff", "JPEG"},
      {"GIF8", "GIF"},
      {"Rar!", "RAR"},
      {"7z\xbc\xaf\x27\x1c", "7z"},
      {"\x1f\x8b", "gzip"},
      {"{\\rtf", "RTF"},
      {"BM", "BMP"},
      {"\x7f"
       "ELF",
       "ELF"},
      {"MZ", "EXE"},
  };
  for (const auto& start : kStarts)
    if (starts_with(bytes, start.bytes) && (start.bytes.size() > 2 || bytes.substr(0, 512).find('\0') != bytes.npos))
      return std::string(start.name);
  const auto head = lower_ascii(trim(bytes.substr(0, 512)));
  if (starts_with(head, "<!doctype html") || starts_with(head, "<html") || starts_with(head, "<table") ||
      starts_with(head, "<meta"))
    return "HTML";
  if (starts_with(head, "<?xml") || starts_with(head, "<workbook")) return contains(head, "html") ? "HTML" : "XML";
  return "";
}

/// `text` in encoding `from` as UTF-8; nothing when it is not well-formed in it.
std::optional<std::string> to_utf8(std::string_view text, const char* from) {
  const iconv_t converter = iconv_open("UTF-8", from);
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out(text.size() * 2 + 16, '\0');
  char* in = const_cast<char*>(text.data());
  std::size_t in_left = text.size();
  char* to = out.data();
  std::size_t to_left = out.size();
  const auto done = iconv(converter, &in, &in_left, &to, &to_left);
  iconv_close(converter);
  if (done == static_cast<std::size_t>(-1) || in_left > 0) return std::nullopt;
  out.resize(out.size() - to_left);
  return out;
}

Result<Workbook> from_text(std::string_view bytes, std::string_view file_name, const Limits& limits) {
  Workbook workbook;
  std::string converted;
  workbook.encoding = "UTF-8";
  if (starts_with(bytes, "\xef\xbb\xbf"))
    bytes.remove_prefix(3);
  else if (starts_with(bytes, "\xff\xfe") || starts_with(bytes, "\xfe\xff")) {
    auto text = to_utf8(bytes.substr(2), bytes[0] == '\xff' ? "UTF-16LE" : "UTF-16BE");
    if (!text) return refuse("spreadsheet.encoding", file_name);
    converted = std::move(*text);
    bytes = converted;
    workbook.encoding = "UTF-16";
  }
  if (bytes.find('\0') != bytes.npos) return refuse("spreadsheet.kind", file_name, {{"found", "?"}});
  if (!is_utf8(bytes)) {
    auto text = to_utf8(bytes, "GB18030");
    if (!text) return refuse("spreadsheet.encoding", file_name);
    converted = std::move(*text);
    bytes = converted;
    workbook.encoding = "GB18030";
  }
  auto read = read_csv(bytes, limits);
  if (!read.exceeded.empty()) return refuse("spreadsheet.too_large", file_name, {{"limit", read.exceeded}});
  workbook.separator = read.separator;
  workbook.sheets.push_back(std::move(read.sheet));
  if (workbook.sheets[0].rows() == 0) return refuse("spreadsheet.empty", file_name);
  return workbook;
}

Result<Workbook> from_archive(std::string_view bytes, std::string_view file_name, const Limits& limits) {
  ChildLimits child{.memory = limits.memory,
                    .cpu_seconds = limits.cpu_seconds,
                    .wall_seconds = limits.wall_seconds,
                    .output = limits.text + limits.cells * 12 + (1u << 20)};
  const auto outcome = run_forked(child, [&](const Emit& emit) { emit(read_archive(bytes, limits)); });
  const auto too_large = [&](std::string what) {
    return refuse("spreadsheet.too_large", file_name, {{"limit", std::move(what)}});
  };
  using End = ChildOutcome::End;
  switch (outcome.end) {
    case End::out_of_memory:
      return too_large("memory");
    case End::out_of_time:
      return too_large("time");
    case End::too_much_output:
      return too_large("text");
    case End::crashed:
      return refuse("spreadsheet.broken", file_name);
    case End::finished:
      break;
  }
  const std::string_view output = outcome.output;
  if (starts_with(output, "E")) {
    const auto parts = split(output.substr(1), '\n');
    Params params;
    if (parts.size() > 1) params.push_back({parts[0] == "spreadsheet.kind" ? "found" : "limit", parts[1]});
    return refuse(parts[0], file_name, std::move(params));
  }
  Workbook workbook;
  if (!starts_with(output, "O") || !SheetBuilder::parse(output.substr(1), workbook.sheets))
    return refuse("spreadsheet.broken", file_name);
  if (std::all_of(workbook.sheets.begin(), workbook.sheets.end(), [](const Sheet& s) { return s.rows() == 0; }))
    return refuse("spreadsheet.empty", file_name);
  return workbook;
}

/// Up to `digits` digits at the start of `text`, taken off it.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  std::size_t n = 0;
  int value = 0;
  while (n < text.size() && n < digits && text[n] >= '0' && text[n] <= '9') value = value * 10 + (text[n++] - '0');
  if (n == 0) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

bool take(std::string_view& text, std::string_view wanted) {
  if (!starts_with(text, wanted)) return false;
  text.remove_prefix(wanted.size());
  return true;
}

}  // namespace

SheetCell Sheet::at(int row, int column) const {
  if (row < 0 || column < 0) return {};
  bool covered = false;
  if (!merged_.empty()) {
    const auto after = [](int r, const Range& range) { return r < range.first_row; };
    for (auto it = std::upper_bound(merged_.begin(), merged_.end(), row, after); it != merged_.begin();) {
      --it;
      if (it->first_row < row - tallest_merge_) break;
      if (row > it->last_row || column < it->first_column || column > it->last_column) continue;
      covered = row != it->first_row || column != it->first_column;
      row = it->first_row;
      column = it->first_column;
      break;
    }
  }
  if (row >= rows_) return {};
  const auto first = slots_.begin() + row_begin_[static_cast<std::size_t>(row)];
  const auto last = slots_.begin() + row_begin_[static_cast<std::size_t>(row) + 1];
  const auto slot = std::lower_bound(first, last, column, [](const Slot& s, int c) { return s.column < c; });
  if (slot == last || slot->column != column) return {};
  return {{text_.data() + slot->offset, slot->length},
          static_cast<SheetCell::Kind>(slot->kind),
          covered,
          (slot->flags & 1) != 0};
}

const Sheet* Workbook::find(std::string_view sheet_name) const {
  for (const auto& sheet : sheets)
    if (sheet.name() == sheet_name) return &sheet;
  return nullptr;
}

std::optional<Date> date_in(const SheetCell& cell) {
  auto text = cell.text;
  if (cell.kind == SheetCell::Kind::date)
    text = text.substr(0, 10);
  else if (cell.kind != SheetCell::Kind::text)
    return std::nullopt;
  text = trim(text);
  const auto year = take_number(text, 4);
  if (!year || *year < 1900 || *year > 2199) return std::nullopt;
  std::string_view between;
  for (const std::string_view s : {"-", "/", ".", "年"})
    if (between.empty() && take(text, s)) between = s;
  if (between.empty()) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, between == "年" ? "月" : between)) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  if (between == "年" && !take(text, "日")) return std::nullopt;
  if (!text.empty() && text[0] != ' ' && text[0] != 'T') return std::nullopt;
  char iso[16];
  std::snprintf(iso, sizeof iso, "%04d-%02d-%02d", *year, *month, *day);
  const auto date = Date::parse(iso);
  if (!date) return std::nullopt;
  return *date;
}

Result<Workbook> read_spreadsheet(std::string_view bytes, std::string_view file_name, const Limits& limits) {
  if (bytes.empty()) return refuse("spreadsheet.empty", file_name);
  if (bytes.size() > limits.bytes) return refuse("spreadsheet.too_large", file_name, {{"limit", "bytes"}});
  if (starts_with(bytes, "PK\x03\x04") || starts_with(bytes, "PK\x05\x06"))
    return from_archive(bytes, file_name, limits);
  if (starts_with(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
    // An OLE2 container: an encrypted .xlsx names its stream so, in UTF-16.
    static constexpr char kEncrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    if (bytes.find(std::string_view(kEncrypted, sizeof kEncrypted - 1)) != bytes.npos)
      return refuse("spreadsheet.password", file_name);
    return refuse("spreadsheet.kind", file_name, {{"found", "xls"}});
  }
  if (auto found = looks_like(bytes); !found.empty())
    return refuse("spreadsheet.kind", file_name, {{"found", std::move(found)}});
  const auto name = lower_ascii(file_name);
  for (const char* archive : {".xlsx", ".ods", ".xlsm", ".xls"})
    if (name.size() > 5 && name.ends_with(archive)) return refuse("spreadsheet.broken", file_name);
  return from_text(bytes, file_name, limits);
}

std::string cell_address(int row, int column) {
  std::string letters;
  for (int c = column; c >= 0; c = c / 26 - 1) letters.insert(letters.begin(), static_cast<char>('A' + c % 26));
  return letters + std::to_string(row + 1);
}

std::string cell_address(const Sheet& sheet, int row, int column) {
  return sheet.name() + "!" + cell_address(row, column);
}

}  // namespace qy::document
