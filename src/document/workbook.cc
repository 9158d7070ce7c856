#include "document/workbook.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "document/process.h"
#include "document/spreadsheet.h"

namespace qy::document {
namespace {

constexpr lxw_color_t kAccent = 0x0F766E, kGrey = 0xF1F4F4, kLine = 0xB8C2C2, kWrong = 0xFDE8E6;
constexpr std::size_t kLongestCell = 32'767;

/// Width on screen in half-width characters: Chinese counts double.
double width_of(std::string_view text) {
  double widest = 0, width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') {
      widest = std::max(widest, width);
      width = 0;
    } else if (c < 0x80)
      width += 1;
    else if (c >= 0xe0)
      width += 2;  // three and four byte characters
    else if (c >= 0xc0)
      width += 1.2;
  }
  return std::max(widest, width);
}

std::string sheet_name(std::string_view wanted, std::set<std::string>& taken) {
  std::string clean;
  for (const char c : wanted) clean += std::string_view("[]:*?/\\'").find(c) == std::string_view::npos ? c : '_';
  clean = std::string(trim(clean));
  if (clean.empty()) clean = "Sheet";
  std::string name = prefix_of(clean, 31);
  for (int n = 2; !taken.insert(lower_ascii(name)).second; ++n) {
    const auto suffix = "(" + std::to_string(n) + ")";
    name = prefix_of(clean, 31 - suffix.size()) + suffix;
  }
  return name;
}

std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<Decimal>(&value)) return number->grouped();
  if (std::holds_alternative<Date>(value)) return "2026-11-23";
  return "";
}

class Writer {
 public:
  Writer(lxw_workbook* book, const WorkbookOut& out) : book_(book), out_(out) {}

  void write() {
    std::set<std::string> taken;
    std::vector<std::pair<lxw_worksheet*, const SheetOut*>> sheets;
    for (const auto& sheet : out_.sheets)
      sheets.push_back({workbook_add_worksheet(book_, sheet_name(sheet.name, taken).c_str()), &sheet});
    for (auto& [to, from] : sheets) write(to, *from, taken);
  }

 private:
  struct Look {
    bool bold = false, centre = false, end = false, wrap = false, border = true, wrong = false;
    lxw_color_t fill = 0, colour = 0;
    double size = 10;
    std::string format = {};
    auto operator<=>(const Look&) const = default;
  };

  lxw_format* format(const Look& look) {
    auto& made = formats_[look];
    if (made) return made;
    made = workbook_add_format(book_);
    format_set_font_name(made, "微软雅黑");
    format_set_font_size(made, look.size);
    format_set_align(made, LXW_ALIGN_VERTICAL_CENTER);
    if (look.bold) format_set_bold(made);
    if (look.centre) format_set_align(made, LXW_ALIGN_CENTER);
    if (look.end) format_set_align(made, LXW_ALIGN_RIGHT);
    if (look.wrap) format_set_text_wrap(made);
    if (look.border) {
      format_set_border(made, LXW_BORDER_THIN);
      format_set_border_color(made, kLine);
    }
    if (look.wrong || look.fill) {
      format_set_pattern(made, LXW_PATTERN_SOLID);
      format_set_bg_color(made, look.wrong ? kWrong : look.fill);
    }
    if (look.colour) format_set_font_color(made, look.colour);
    if (!look.format.empty()) format_set_num_format(made, look.format.c_str());
    return made;
  }

  Look look_of(const Column& column, bool bold, bool wrong) const {
    Look look{.bold = bold, .wrap = column.wrap, .wrong = wrong, .format = column.format};
    if (column.type == Column::Type::number) look.end = true;
    if (column.type == Column::Type::date) look.centre = true;
    if (look.format.empty())
      look.format = column.type == Column::Type::text ? "@" : column.type == Column::Type::date ? "yyyy-mm-dd" : "";
    return look;
  }

  void write_cell(lxw_worksheet* to, lxw_row_t row, lxw_col_t column, const Value& value, lxw_format* look) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      if (text->empty())
        worksheet_write_blank(to, row, column, look);
      else
        worksheet_write_string(to, row, column, prefix_of(*text, kLongestCell / 2).c_str(), look);
    } else if (const auto* number = std::get_if<Decimal>(&value)) {
      worksheet_write_number(to, row, column, number->to_double(), look);
    } else if (const auto* date = std::get_if<Date>(&value)) {
      lxw_datetime when{date->year(), date->month(), date->day(), 0, 0, 0};
      worksheet_write_datetime(to, row, column, &when, look);
    } else {
      worksheet_write_blank(to, row, column, look);
    }
  }

  void across(lxw_worksheet* to, lxw_row_t row, lxw_col_t first, lxw_col_t last, const std::string& text,
              lxw_format* look) {
    if (first == last)
      worksheet_write_string(to, row, first, text.c_str(), look);
    else
      worksheet_merge_range(to, row, first, row, last, text.c_str(), look);
  }

  void comment(lxw_worksheet* to, lxw_row_t row, lxw_col_t column, const std::string& text) {
    lxw_comment_options options{};
    options.author = const_cast<char*>("");
    options.font_name = const_cast<char*>("微软雅黑");
    options.font_size = 9;
    options.width = 240;
    options.height = static_cast<std::uint16_t>(std::min(320.0, 28 + 18 * (1 + width_of(text) / 34)));
    worksheet_write_comment_opt(to, row, column, prefix_of(text, 8000).c_str(), &options);
  }

  void write(lxw_worksheet* to, const SheetOut& sheet, std::set<std::string>& taken) {
    const auto columns = static_cast<lxw_col_t>(std::max<std::size_t>(1, sheet.columns.size()));
    lxw_row_t row = 0;
    if (!sheet.title.empty()) {
      worksheet_set_row(to, row, 28, nullptr);
      across(to, row++, 0, columns - 1, sheet.title,
             format({.bold = true, .centre = true, .border = false, .size = 14}));
    }
    for (const auto& note : sheet.notes) {
      double total = 0;
      for (const auto& column : sheet.columns) total += width_for(sheet, column);
      worksheet_set_row(to, row, 16.0 * (1 + static_cast<int>(width_of(note) / std::max(20.0, total))), nullptr);
      across(to, row++, 0, columns - 1, note, format({.wrap = true, .border = false, .colour = 0x5B6770, .size = 9}));
    }
    const lxw_row_t first_heading = row;
    if (!sheet.groups.empty()) {
      lxw_col_t at = 0;
      for (const auto& group : sheet.groups) {
        const auto last = static_cast<lxw_col_t>(std::min<int>(at + std::max(1, group.columns), columns) - 1);
        if (at > last) break;
        across(to, row, at, last, group.heading, format({.bold = true, .centre = true, .wrap = true, .fill = kGrey}));
        at = static_cast<lxw_col_t>(last + 1);
      }
      ++row;
    }
    const lxw_row_t heading = row++;
    double tallest = 1;
    for (lxw_col_t c = 0; c < sheet.columns.size(); ++c) {
      const auto& column = sheet.columns[c];
      const double width = width_for(sheet, column);
      worksheet_set_column(to, c, c, width, nullptr);
      tallest = std::max(tallest, 1.0 + static_cast<int>((width_of(column.heading) + 1) / width));
      const Look look{.bold = true,
                      .centre = true,
                      .wrap = true,
                      .fill = kGrey,
                      .colour = column.required ? kAccent : lxw_color_t{0}};
      worksheet_write_string(to, heading, c, (column.heading + (column.required ? " *" : "")).c_str(), format(look));
      if (!column.help.empty()) comment(to, heading, c, column.help);
    }
    worksheet_set_row(to, heading, std::max(24.0, 8 + 15 * std::min(tallest, 4.0)), nullptr);

    std::map<std::pair<int, int>, const std::string*> marks;
    for (const auto& mark : sheet.marks) marks[{mark.row, mark.column}] = &mark.text;
    const lxw_row_t first = row;
    for (std::size_t r = 0; r < sheet.rows.size(); ++r, ++row)
      for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
        const auto mark = marks.find({static_cast<int>(r), static_cast<int>(c)});
        const auto at = static_cast<lxw_col_t>(c);
        write_cell(to, row, at, c < sheet.rows[r].size() ? sheet.rows[r][c] : Value{},
                   format(look_of(sheet.columns[c], false, mark != marks.end())));
        if (mark != marks.end() && !mark->second->empty()) comment(to, row, at, *mark->second);
      }
    for (int r = 0; r < sheet.empty_rows; ++r, ++row)
      for (lxw_col_t c = 0; c < sheet.columns.size(); ++c)
        worksheet_write_blank(to, row, c, format(look_of(sheet.columns[c], false, false)));
    const lxw_row_t last = row > first ? row - 1 : first;
    for (const auto& totals : sheet.totals) {
      for (std::size_t c = 0; c < sheet.columns.size(); ++c)
        write_cell(to, row, static_cast<lxw_col_t>(c), c < totals.size() ? totals[c] : Value{},
                   format(look_of(sheet.columns[c], true, false)));
      ++row;
    }
    for (const auto& c : sheet.comments)
      if (c.row >= 0 && c.column >= 0 && !marks.count({c.row, c.column}))
        comment(to, first + static_cast<lxw_row_t>(c.row), static_cast<lxw_col_t>(c.column), c.text);
    for (lxw_col_t c = 0; c < sheet.columns.size(); ++c)
      if (!sheet.columns[c].choices.empty()) choices(to, sheet.columns[c], first, last, c, taken);

    worksheet_freeze_panes(to, heading + 1, static_cast<lxw_col_t>(sheet.frozen_columns));
    if (sheet.filter && !sheet.columns.empty()) worksheet_autofilter(to, heading, 0, last, columns - 1);
    if (sheet.landscape) worksheet_set_landscape(to);
    worksheet_set_paper(to, sheet.paper == SheetOut::PageSize::a3 ? 8 : 9);
    worksheet_set_margins(to, 0.5, 0.5, 0.6, 0.6);
    worksheet_fit_to_pages(to, 1, 0);
    worksheet_repeat_rows(to, first_heading, heading);
    worksheet_set_footer(to, "&C&9第 &P 页  共 &N 页");
    worksheet_gridlines(to, LXW_HIDE_ALL_GRIDLINES);
  }

  double width_for(const SheetOut& sheet, const Column& column) const {
    if (column.width > 0) return column.width;
    const auto c = static_cast<std::size_t>(&column - sheet.columns.data());
    double widest = std::min(width_of(column.heading) + (column.required ? 2 : 0), 24.0);
    for (std::size_t r = 0; r < std::min<std::size_t>(sheet.rows.size(), 500); ++r)
      if (c < sheet.rows[r].size()) widest = std::max(widest, width_of(shown(sheet.rows[r][c])));
    for (const auto& choice : column.choices) widest = std::max(widest, width_of(choice));
    return std::clamp(widest + 3, 8.0, 48.0);
  }

  void choices(lxw_worksheet* to, const Column& column, lxw_row_t first, lxw_row_t last, lxw_col_t c,
               std::set<std::string>& taken) {
    lxw_data_validation rule{};
    rule.ignore_blank = LXW_VALIDATION_ON;
    rule.show_error = LXW_VALIDATION_ON;
    rule.error_title = const_cast<char*>("可选值");
    rule.error_message = const_cast<char*>("请从下拉列表中选择。");
    std::size_t characters = 0;
    bool simple = true;
    for (const auto& choice : column.choices) {
      characters += length_of(choice) + 1;
      simple = simple && !contains(choice, ",");
    }
    std::vector<const char*> list;
    std::string range;
    if (simple && characters <= 255) {
      rule.validate = LXW_VALIDATION_TYPE_LIST;
      for (const auto& choice : column.choices) list.push_back(choice.c_str());
      list.push_back(nullptr);
      rule.value_list = const_cast<char**>(list.data());
    } else {
      if (!lists_) {
        lists_name_ = sheet_name("_lists", taken);
        lists_ = workbook_add_worksheet(book_, lists_name_.c_str());
        worksheet_hide(lists_);
      }
      for (std::size_t r = 0; r < column.choices.size(); ++r)
        worksheet_write_string(lists_, static_cast<lxw_row_t>(r), lists_used_, column.choices[r].c_str(), nullptr);
      std::string letters = cell_address(0, lists_used_++);
      letters.pop_back();
      range = "='" + lists_name_ + "'!$" + letters + "$1:$" + letters + "$" + std::to_string(column.choices.size());
      rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
      rule.value_formula = range.data();
    }
    worksheet_data_validation_range(to, first, c, last, c, &rule);
  }

  lxw_workbook* book_;
  const WorkbookOut& out_;
  std::map<Look, lxw_format*> formats_;
  lxw_worksheet* lists_ = nullptr;
  std::string lists_name_;
  lxw_col_t lists_used_ = 0;
};

}  // namespace

Result<std::string> write_workbook(const WorkbookOut& out) {
  const TemporaryDirectory directory;
  const Error unwritable{ErrorKind::unavailable, "workbook.unwritable"};
  if (directory.path().empty()) return unwritable;
  const auto file = directory.file("workbook.xlsx");
  std::string temporary = directory.path();
  lxw_workbook_options options{};
  options.tmpdir = temporary.data();
  lxw_workbook* book = workbook_new_opt(file.c_str(), &options);
  if (!book) return unwritable;
  lxw_doc_properties properties{};
  properties.title = const_cast<char*>(out.title.c_str());
  properties.author = const_cast<char*>(out.author.c_str());
  properties.created = static_cast<time_t>(out.created.value_or(Date(2000, 1, 1)).days()) * 86400;
  workbook_set_properties(book, &properties);
  Writer(book, out).write();
  if (workbook_close(book) != LXW_NO_ERROR) return unwritable;
  auto bytes = read_file(file);
  if (bytes.empty()) return unwritable;
  return bytes;
}

}  // namespace qy::document
