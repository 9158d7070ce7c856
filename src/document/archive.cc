#include <zip.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <optional>
#include <orcus/sax_parser.hpp>
#include <set>

#include "base/text.h"
#include "document/sheet_wire.h"

// Reading .xlsx and .ods. XML is cut by liborcus' SAX parser; its spreadsheet filters are not used, since version 0.17
// loses inline strings (which Chinese exporters write), errors, written digits and the merged ranges of .ods, and needs
// 1 GB for 1 MB. Everything here runs in the limited child: a crash of any parser ends there.
namespace qy::document {
namespace {

using Kind = SheetCell::Kind;

/// Ends the reading with an error for the caller: code and parameter.
struct Refusal {
  std::string code, parameter;
};

/// One element's attributes by local name.
class Attributes {
 public:
  std::string_view operator[](std::string_view name) const {
    for (std::size_t i = 0; i < used_; ++i)
      if (all_[i].first == name) return all_[i].second;
    return {};
  }
  /// A whole number ≥ 0, `absent` when missing or unreadable; never above `most`.
  int number(std::string_view name, int absent, int most) const {
    const auto text = (*this)[name];
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) return most;
    return error == std::errc() && value >= 0 ? std::min(value, most) : absent;
  }

  void add(std::string_view name, std::string_view value) {
    if (used_ == all_.size()) all_.emplace_back();
    all_[used_].first = name;
    all_[used_++].second.assign(value);
  }
  void clear() { used_ = 0; }

 private:
  std::vector<std::pair<std::string_view, std::string>> all_;  // kept between elements, so that their memory is
  std::size_t used_ = 0;
};

/// What a part's reader is told. Names are local: prefixes differ between writers.
class Events {
 public:
  virtual ~Events() = default;
  virtual void open(std::string_view name, const Attributes& attributes) = 0;
  virtual void close(std::string_view) {}
  virtual void text(std::string_view) {}
};

class Adapter : public orcus::sax_handler {
 public:
  explicit Adapter(Events& events) : events_(events) {}
  void attribute(const orcus::sax::parser_attribute& a) { attributes_.add(a.name, a.value); }
  void end_declaration(std::string_view) { attributes_.clear(); }
  void start_element(const orcus::sax::parser_element& e) {
    events_.open(e.name, attributes_);
    attributes_.clear();
  }
  void end_element(const orcus::sax::parser_element& e) { events_.close(e.name); }
  void characters(std::string_view text, bool) { events_.text(text); }

 private:
  Events& events_;
  Attributes attributes_;
};

void parse_xml(const std::string& xml, Events& events) {
  Adapter adapter(events);
  orcus::sax_parser<Adapter>(xml.data(), xml.size(), adapter).parse();
}

/// The zip and its entries.
class Archive {
 public:
  explicit Archive(std::string_view bytes) {
    zip_error_t error;
    zip_error_init(&error);
    auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_ = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
    if (!zip_ && source) zip_source_free(source);
    zip_error_fini(&error);
    if (!zip_) throw Refusal{"spreadsheet.broken", ""};
  }
  ~Archive() { zip_discard(zip_); }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  bool has(const std::string& name) const { return zip_name_locate(zip_, name.c_str(), 0) >= 0; }

  bool encrypted() const {
    return any([](const zip_stat_t& s) {
      return (s.valid & ZIP_STAT_ENCRYPTION_METHOD) && s.encryption_method != ZIP_EM_NONE;
    });
  }

  /// Whether the entries claim to unpack to more than `most` bytes.
  bool claims_more_than(std::uint64_t most) const {
    std::uint64_t sum = 0;
    return any(
        [&](const zip_stat_t& s) { return (s.valid & ZIP_STAT_SIZE) && (s.size > most || (sum += s.size) > most); });
  }

  /// The whole entry; "" when there is none. Throws when it is damaged.
  std::string entry(const std::string& name) const {
    std::string out;
    auto* file = zip_fopen(zip_, name.c_str(), 0);
    if (!file) {
      if (has(name)) throw Refusal{"spreadsheet.broken", ""};
      return out;
    }
    constexpr std::size_t kStep = 1 << 20;
    for (;;) {
      const auto have = out.size();
      out.resize(have + kStep);
      const auto got = zip_fread(file, out.data() + have, kStep);
      out.resize(have + static_cast<std::size_t>(std::max<zip_int64_t>(got, 0)));
      if (got == 0) break;
      if (got < 0) {
        zip_fclose(file);
        throw Refusal{"spreadsheet.broken", ""};
      }
    }
    zip_fclose(file);
    return out;
  }

 private:
  template <class Predicate>
  bool any(Predicate predicate) const {
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip_, 0); ++i) {
      zip_stat_t stat;
      if (zip_stat_index(zip_, static_cast<zip_uint64_t>(i), 0, &stat) == 0 && predicate(stat)) return true;
    }
    return false;
  }

  zip_t* zip_ = nullptr;
};

/// Counts what is read against the limits.
class Budget {
 public:
  explicit Budget(const Limits& limits) : limits_(limits) {}
  void cell(int row, int column, std::size_t bytes) {
    if (row >= limits_.rows) throw Refusal{"spreadsheet.too_large", "rows"};
    if (column >= limits_.columns) throw Refusal{"spreadsheet.too_large", "columns"};
    if (++cells_ > limits_.cells) throw Refusal{"spreadsheet.too_large", "cells"};
    if ((text_ += bytes) > limits_.text) throw Refusal{"spreadsheet.too_large", "text"};
  }
  void sheet() {
    if (++sheets_ > 1000) throw Refusal{"spreadsheet.too_large", "sheets"};
  }

 private:
  const Limits& limits_;
  std::size_t cells_ = 0, text_ = 0;
  int sheets_ = 0;
};

bool is_error(std::string_view text) {
  return text[0] == '#' && (text == "#N/A" || text == "#DIV/0!" || text == "#REF!" || text == "#VALUE!" ||
                            text == "#NAME?" || text == "#NUM!" || text == "#NULL!");
}

/// Well-formed text without what spreadsheets write for a carriage return.
std::string cleaned(std::string_view text) {
  std::string out;
  if (!is_utf8(text)) {
    for (const char c : text)
      if (c >= ' ' || c == '\n' || c == '\t') out += c;  // what is left of it: ASCII
    return out;
  }
  for (std::size_t at = 0, next; at < text.size(); at = next + 7) {
    next = std::min(text.find("_x000D_", at), text.size());
    out += text.substr(at, next - at);
  }
  return out;
}

void put_text(SheetBuilder& to, Budget& budget, int row, int column, std::string_view text) {
  if (text.empty()) return;
  std::string kept;
  if (!is_utf8(text) || contains(text, "_x000D_")) text = kept = cleaned(text);
  if (text.empty()) return;
  budget.cell(row, column, text.size());
  to.put(row, column, is_error(text) ? Kind::error : Kind::text, text);
}

/// A written number with its digits when they are few and plain, else with 15 significant digits in plain notation.
std::pair<std::string, bool> plain(std::string_view written, double value) {
  std::size_t digits = 0;
  bool simple = !written.empty();
  for (std::size_t i = 0; i < written.size() && simple; ++i) {
    if (written[i] >= '0' && written[i] <= '9')
      ++digits;
    else
      simple =
          (written[i] == '.' && i > 0 && i + 1 < written.size()) || (written[i] == '-' && i == 0 && written.size() > 1);
  }
  const bool approximate = std::fabs(value) >= 1e15;
  if (simple && digits <= 15) return {std::string(written), approximate};
  char shown[40];
  std::snprintf(shown, sizeof shown, "%.15g", value);
  if (!std::strpbrk(shown, "eE")) return {shown, approximate};
  char buffer[400];  // 1e300 written out, or 1e-20 with its zeros
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, std::strtod(shown, nullptr), std::chars_format::fixed).ptr;
  return {std::string(buffer, end), approximate};
}

void put_number(SheetBuilder& to, Budget& budget, int row, int column, std::string_view written) {
  written = trim(written);
  const std::string text(written);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0' || !std::isfinite(value)) {
    put_text(to, budget, row, column, written);
    return;
  }
  const auto [digits, approximate] = plain(written, value);
  budget.cell(row, column, digits.size());
  to.put(row, column, Kind::number, digits, approximate);
}

// --- .xlsx ---

/// Whether a number format shows a day or a time: y, m, d, h or s outside quotes, brackets and escapes.
bool shows_date(std::string_view code) {
  bool quoted = false, bracket = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"')
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (c == '\\' || c == '_' || c == '*')
      ++i;
    else if (c == '[')
      bracket = true;
    else if (c == ']')
      bracket = false;
    else if (bracket)
      continue;
    else if (c == 'G' || c == 'g')
      return false;  // General
    else if (std::strchr("yYmMdDhHsS", c))
      return true;
  }
  return false;
}

bool shows_date(int built_in) {
  return (built_in >= 14 && built_in <= 22) || (built_in >= 27 && built_in <= 36) ||
         (built_in >= 45 && built_in <= 47) || (built_in >= 50 && built_in <= 58);
}

/// "B7" as (6, 1); nothing when it is no address.
std::optional<std::pair<int, int>> position(std::string_view address) {
  int column = 0, row = 0;
  std::size_t i = 0;
  for (; i < address.size() && i < 3 && (address[i] | 32) >= 'a' && (address[i] | 32) <= 'z'; ++i)
    column = column * 26 + ((address[i] | 32) - 'a' + 1);
  if (i == 0 || address.size() - i > 7 || i == address.size()) return std::nullopt;
  for (; i < address.size(); ++i) {
    if (address[i] < '0' || address[i] > '9') return std::nullopt;
    row = row * 10 + (address[i] - '0');
  }
  if (row == 0) return std::nullopt;
  return std::pair(row - 1, column - 1);
}

/// Relationship id → (type's last word, target resolved against the part's folder).
class Relations : public Events {
 public:
  explicit Relations(std::string folder) : folder_(std::move(folder)) {}
  void open(std::string_view name, const Attributes& a) override {
    if (name != "Relationship") return;
    auto type = a["Type"];
    type = type.substr(type.rfind('/') + 1);
    auto target = std::string(a["Target"]);
    if (!target.empty() && target[0] == '/')
      target.erase(0, 1);
    else
      target = folder_ + target;
    by_id[std::string(a["Id"])] = target;
    by_type.emplace(type, target);
  }
  std::map<std::string, std::string, std::less<>> by_id, by_type;

 private:
  std::string folder_;
};

class WorkbookPart : public Events {
 public:
  struct Entry {
    std::string name, relation;
    bool hidden;
  };
  void open(std::string_view name, const Attributes& a) override {
    if (name == "sheet")
      sheets.push_back({std::string(a["name"]), std::string(a["id"]), !a["state"].empty() && a["state"] != "visible"});
    else if (name == "workbookPr")
      from_1904 = a["date1904"] == "1" || a["date1904"] == "true";
  }
  std::vector<Entry> sheets;
  bool from_1904 = false;
};

class StylesPart : public Events {
 public:
  void open(std::string_view name, const Attributes& a) override {
    if (name == "numFmt")
      codes_[a.number("numFmtId", 0, 1 << 20)] = shows_date(a["formatCode"]);
    else if (name == "cellXfs")
      inside_ = true;
    else if (name == "xf" && inside_) {
      const int id = a.number("numFmtId", 0, 1 << 20);
      const auto own = codes_.find(id);
      dates.push_back(own != codes_.end() ? own->second : shows_date(id));
    }
  }
  void close(std::string_view name) override {
    if (name == "cellXfs") inside_ = false;
  }
  std::vector<bool> dates;  // by cell format

 private:
  std::map<int, bool> codes_;
  bool inside_ = false;
};

class StringsPart : public Events {
 public:
  void open(std::string_view name, const Attributes&) override {
    if (name == "si")
      now_.clear();
    else if (name == "rPh")
      ++phonetic_;
    else if (name == "t")
      inside_ = phonetic_ == 0;
  }
  void close(std::string_view name) override {
    if (name == "si")
      strings.push_back(now_);
    else if (name == "rPh")
      --phonetic_;
    else if (name == "t")
      inside_ = false;
  }
  void text(std::string_view text) override {
    if (inside_) now_ += text;
  }
  std::vector<std::string> strings;

 private:
  std::string now_;
  int phonetic_ = 0;
  bool inside_ = false;
};

class SheetPart : public Events {
 public:
  SheetPart(SheetBuilder& to, Budget& budget, const std::vector<std::string>& strings, const std::vector<bool>& dates,
            bool from_1904)
      : to_(to), budget_(budget), strings_(strings), dates_(dates), from_1904_(from_1904), kept_(strings.size()) {}

  void open(std::string_view name, const Attributes& a) override {
    if (name == "row") {
      row_ = a.number("r", row_ + 2, 1 << 24) - 1;
      if (row_ < 0) throw Refusal{"spreadsheet.broken", ""};
      column_ = -1;
    } else if (name == "c") {
      ++column_;
      if (const auto at = position(a["r"])) {
        row_ = at->first;
        column_ = at->second;
      }
      type_.assign(a["t"]);
      style_ = static_cast<std::size_t>(a.number("s", 0, 1 << 24));
      value_.clear();
    } else if (name == "v") {
      inside_ = true;
    } else if (name == "t") {
      inside_ = phonetic_ == 0 && type_ == "inlineStr";
    } else if (name == "rPh") {
      ++phonetic_;
    } else if (name == "mergeCell") {
      const auto ref = a["ref"];
      const auto colon = ref.find(':');
      if (colon == ref.npos) return;
      const auto first = position(ref.substr(0, colon)), last = position(ref.substr(colon + 1));
      if (first && last && first->first <= last->first && first->second <= last->second)
        to_.merge({first->first, first->second, last->first, last->second});
    }
  }

  void close(std::string_view name) override {
    if (name == "v" || name == "t")
      inside_ = false;
    else if (name == "rPh")
      --phonetic_;
    else if (name == "c" && !value_.empty())
      put();
  }

  void text(std::string_view text) override {
    if (inside_) value_ += text;
  }

 private:
  void put() {
    if (type_ == "s") {
      std::size_t index = 0;
      const auto end = value_.data() + value_.size();
      if (std::from_chars(value_.data(), end, index).ptr != end || index >= strings_.size())
        throw Refusal{"spreadsheet.broken", ""};
      auto text = std::string_view(strings_[index]);
      if (text.empty()) return;
      if (!kept_[index]) {
        if (!is_plain(text)) {
          put_text(to_, budget_, row_, column_, text);
          return;
        }
        kept_[index] = to_.keep(text);
      }
      budget_.cell(row_, column_, 0);
      to_.put(row_, column_, Kind::text, *kept_[index], false);
    } else if (type_ == "b") {
      budget_.cell(row_, column_, 5);
      to_.put(row_, column_, Kind::boolean, value_ == "1" || value_ == "true" ? "TRUE" : "FALSE");
    } else if (type_ == "e") {
      budget_.cell(row_, column_, value_.size());
      to_.put(row_, column_, Kind::error, is_utf8(value_) ? value_ : "#N/A");
    } else if (type_ == "str" || type_ == "inlineStr") {
      put_text(to_, budget_, row_, column_, value_);
    } else if (type_ == "d") {
      if (value_.size() > 10 && value_[10] == 'T') value_[10] = ' ';
      const bool date = date_in({value_, Kind::text, false, false}).has_value() && value_.size() <= 19;
      budget_.cell(row_, column_, value_.size());
      to_.put(row_, column_, date ? Kind::date : Kind::text, is_utf8(value_) ? value_ : "");
    } else if (style_ < dates_.size() && dates_[style_]) {
      put_day();
    } else {
      put_number(to_, budget_, row_, column_, value_);
    }
  }

  static bool is_plain(std::string_view text) { return text[0] != '#' && !contains(text, "_x000D_") && is_utf8(text); }

  /// A serial number of days. The format counts a 29 February 1900 that never was, so days before March 1900 are one
  /// less.
  void put_day() {
    char* end = nullptr;
    const double value = std::strtod(value_.c_str(), &end);
    if (*end != '\0' || !(value >= 0 && value < 109'000)) {
      put_number(to_, budget_, row_, column_, value_);
      return;
    }
    const auto seconds = std::llround(value * 86400);
    const auto time = static_cast<int>(seconds % 86400);
    char clock[40];
    std::snprintf(clock, sizeof clock, "%02d:%02d:%02d", time / 3600, time / 60 % 60, time % 60);
    budget_.cell(row_, column_, 19);
    if (seconds < 86400 && !from_1904_) {
      to_.put(row_, column_, Kind::text, clock);
      return;
    }
    auto serial = static_cast<int>(seconds / 86400);
    if (!from_1904_ && serial < 60) ++serial;
    const auto day = (from_1904_ ? Date(1904, 1, 1).plus_days(serial) : Date(1900, 1, 1).plus_days(serial - 2)).str();
    to_.put(row_, column_, Kind::date, time ? day + " " + clock : day);
  }

  SheetBuilder& to_;
  Budget& budget_;
  const std::vector<std::string>& strings_;
  const std::vector<bool>& dates_;
  bool from_1904_;
  std::vector<std::optional<std::pair<std::uint32_t, std::uint32_t>>>
      kept_;  // where a shared string lies in this sheet
  int row_ = -1, column_ = -1, phonetic_ = 0;
  std::string type_, value_;
  std::size_t style_ = 0;
  bool inside_ = false;
};

std::vector<Sheet> read_xlsx(const Archive& archive, const std::string& workbook_part, Budget& budget) {
  const auto slash = workbook_part.rfind('/');
  const auto folder = slash == std::string::npos ? "" : workbook_part.substr(0, slash + 1);
  Relations relations(folder);
  parse_xml(archive.entry(folder + "_rels/" + workbook_part.substr(folder.size()) + ".rels"), relations);
  WorkbookPart workbook;
  parse_xml(archive.entry(workbook_part), workbook);
  StringsPart strings;
  if (const auto part = relations.by_type.find("sharedStrings"); part != relations.by_type.end())
    parse_xml(archive.entry(part->second), strings);
  StylesPart styles;
  if (const auto part = relations.by_type.find("styles"); part != relations.by_type.end())
    parse_xml(archive.entry(part->second), styles);
  std::vector<Sheet> sheets;
  for (const auto& entry : workbook.sheets) {
    const auto part = relations.by_id.find(entry.relation);
    if (part == relations.by_id.end() || !is_utf8(entry.name)) throw Refusal{"spreadsheet.broken", ""};
    budget.sheet();
    SheetBuilder builder(entry.name, entry.hidden);
    SheetPart reader(builder, budget, strings.strings, styles.dates, workbook.from_1904);
    parse_xml(archive.entry(part->second), reader);
    sheets.push_back(std::move(builder).finish());
  }
  return sheets;
}

// --- .ods ---

class ContentPart : public Events {
 public:
  explicit ContentPart(Budget& budget) : budget_(budget) {}

  void open(std::string_view name, const Attributes& a) override {
    if (name == "annotation" || name == "tracked-changes" || name == "shapes") ++skipping_;
    if (skipping_) return;
    if (name == "style")
      style_.assign(a["name"]);
    else if (name == "table-properties" && a["display"] == "false")
      hidden_.insert(style_);
    else if (name == "table" && !sheet_) {
      budget_.sheet();
      sheet_.emplace(is_utf8(a["name"]) ? std::string(a["name"]) : "?",
                     hidden_.count(std::string(a["style-name"])) > 0);
      row_ = 0;
    } else if (!sheet_) {
      return;
    } else if (name == "table-row") {
      row_repeat_ = std::max(1, a.number("number-rows-repeated", 1, kMost));
      column_ = 0;
      cells_.clear();
    } else if (name == "table-cell" || name == "covered-table-cell") {
      cell_ = {.column = column_,
               .repeat = std::max(1, a.number("number-columns-repeated", 1, kMost)),
               .covered = name[0] == 'c'};
      cell_.type.assign(a["value-type"]);
      for (const char* attribute : {"value", "date-value", "boolean-value", "string-value"})
        if (!a[attribute].empty()) cell_.value.assign(a[attribute]);
      const int wide = std::max(1, a.number("number-columns-spanned", 1, kMost)),
                high = std::max(1, a.number("number-rows-spanned", 1, kMost));
      if (wide > 1 || high > 1) sheet_->merge({row_, column_, row_ + high - 1, column_ + wide - 1});
      in_cell_ = true;
    } else if (in_cell_ && name == "p") {
      if (!cell_.text.empty()) cell_.text += '\n';
      ++in_text_;
    } else if (in_text_ && name == "s") {
      cell_.text.append(static_cast<std::size_t>(std::max(1, a.number("c", 1, 1000))), ' ');
    } else if (in_text_ && name == "tab") {
      cell_.text += '\t';
    } else if (in_text_ && name == "line-break") {
      cell_.text += '\n';
    }
  }

  void close(std::string_view name) override {
    if (name == "annotation" || name == "tracked-changes" || name == "shapes") {
      --skipping_;
      return;
    }
    if (skipping_ || !sheet_) return;
    if (in_cell_ && name == "p") {
      --in_text_;
    } else if (name == "table-cell" || name == "covered-table-cell") {
      in_cell_ = false;
      in_text_ = 0;
      if (!cell_.covered && (!cell_.text.empty() || !cell_.value.empty())) cells_.push_back(cell_);
      column_ = std::min(column_ + cell_.repeat, kMost);
    } else if (name == "table-row") {
      for (int r = 0; r < row_repeat_ && !cells_.empty(); ++r)
        for (const auto& cell : cells_)
          for (int c = 0; c < cell.repeat; ++c) put(cell, row_ + r, cell.column + c);
      row_ = std::min(row_ + row_repeat_, kMost);
    } else if (name == "table") {
      sheets.push_back(std::move(*sheet_).finish());
      sheet_.reset();
    }
  }

  void text(std::string_view text) override {
    if (in_text_ && !skipping_) cell_.text += text;
  }

  std::vector<Sheet> sheets;

 private:
  static constexpr int kMost = 1 << 22;
  struct CellNow {
    int column = 0, repeat = 1;
    bool covered = false;
    std::string type = {}, value = {}, text = {};
  };

  void put(const CellNow& cell, int row, int column) {
    if (cell.type == "float" || cell.type == "percentage" || cell.type == "currency") {
      put_number(*sheet_, budget_, row, column, cell.value);
    } else if (cell.type == "date") {
      auto value = cell.value.substr(0, 19);
      if (value.size() > 10) value[10] = ' ';
      if (value.ends_with(" 00:00:00")) value.resize(10);
      if (!date_in({value, Kind::text, false, false})) return put_text(*sheet_, budget_, row, column, cell.text);
      budget_.cell(row, column, value.size());
      sheet_->put(row, column, Kind::date, value);
    } else if (cell.type == "boolean") {
      budget_.cell(row, column, 5);
      sheet_->put(row, column, Kind::boolean, cell.value == "true" ? "TRUE" : "FALSE");
    } else {
      put_text(*sheet_, budget_, row, column, cell.text.empty() ? cell.value : cell.text);
    }
  }

  Budget& budget_;
  std::optional<SheetBuilder> sheet_;
  std::set<std::string> hidden_;  // styles of hidden tables
  std::string style_;
  int skipping_ = 0, row_ = 0, column_ = 0, row_repeat_ = 1, in_text_ = 0;
  bool in_cell_ = false;
  CellNow cell_;
  std::vector<CellNow> cells_;  // of the row being read
};

std::string read(std::string_view bytes, const Limits& limits) {
  const Archive archive(bytes);
  if (archive.encrypted()) throw Refusal{"spreadsheet.password", ""};
  if (archive.claims_more_than(limits.memory)) throw Refusal{"spreadsheet.too_large", "memory"};
  Budget budget(limits);
  if (archive.has("content.xml")) {
    if (contains(archive.entry("META-INF/manifest.xml"), "encryption-data")) throw Refusal{"spreadsheet.password", ""};
    if (!contains(archive.entry("mimetype"), "spreadsheet")) throw Refusal{"spreadsheet.kind", "odt"};
    ContentPart content(budget);
    parse_xml(archive.entry("content.xml"), content);
    return "O" + SheetBuilder::serialise(content.sheets);
  }
  Relations package("");
  if (archive.has("_rels/.rels")) parse_xml(archive.entry("_rels/.rels"), package);
  const auto main = package.by_type.find("officeDocument");
  const std::string part = main != package.by_type.end() ? main->second : "xl/workbook.xml";
  if (archive.has("word/document.xml")) throw Refusal{"spreadsheet.kind", "docx"};
  if (archive.has("ppt/presentation.xml")) throw Refusal{"spreadsheet.kind", "pptx"};
  if (archive.has("xl/workbook.bin")) throw Refusal{"spreadsheet.kind", "xlsb"};
  if (!archive.has(part)) throw Refusal{"spreadsheet.kind", "zip"};
  return "O" + SheetBuilder::serialise(read_xlsx(archive, part, budget));
}

}  // namespace

std::string read_archive(std::string_view bytes, const Limits& limits) {
  try {
    return read(bytes, limits);
  } catch (const Refusal& refusal) {
    return "E" + refusal.code + (refusal.parameter.empty() ? "" : "\n" + refusal.parameter);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {  // malformed XML
    return "Espreadsheet.broken";
  }
}

}  // namespace qy::document
