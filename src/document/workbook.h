#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/decimal.h"
#include "base/result.h"

namespace qy::document {

/// One column of a sheet to be written.
struct Column {
  enum class Type { text, number, date };
  std::string heading = {};
  Type type = Type::text;
  /// Number format as spreadsheets write it; "" chooses "General" for numbers and "yyyy-mm-dd" for dates.
  std::string format = {};
  /// In half-width characters; 0 = from the heading and the contents, Chinese characters counted double, 8 to 48.
  double width = 0;
  bool wrap = false;
  /// Values to choose from: a drop-down below the heading. Longer lists than a cell validation takes (255 characters)
  /// go to a hidden sheet.
  std::vector<std::string> choices = {};
  /// Shown as a comment on the heading: what belongs here.
  std::string help = {};
  bool required = false;  ///< heading in the accent colour with "*"
};

/// A value to write. Text is written as text whatever it looks like ("0012" stays, "=1+1" is no formula).
/// A Decimal keeps 15 digits as spreadsheets do; codes belong in text.
using Value = std::variant<std::monostate, std::string, Decimal, Date>;

struct SheetOut {
  std::string name = {};                ///< cut to 31 characters, forbidden ones replaced
  std::string title = {};               ///< large first row over all columns; "" for none
  std::vector<std::string> notes = {};  ///< 口径, source, unit … one row each, above the headings
  std::vector<Column> columns = {};
  /// Headings above the headings: each spans `columns` columns from the left; "" leaves a gap. Sum = columns.size().
  struct Group {
    std::string heading = {};
    int columns = 1;
  };
  std::vector<Group> groups = {};
  std::vector<std::vector<Value>> rows = {};
  std::vector<std::vector<Value>> totals = {};  ///< bold rows below, outside the filter
  struct Comment {
    int row = 0, column = 0;
    std::string text = {};
  };  ///< row counts in `rows`
  std::vector<Comment> comments = {};
  std::vector<Comment> marks = {};  ///< cells to colour as wrong, with the sentence as comment
  int empty_rows = 0;               ///< how many rows below carry the formats and drop-downs (templates)
  enum class PageSize { a4, a3 };
  PageSize paper = PageSize::a4;
  bool landscape = true;
  bool filter = true;      ///< autofilter on the headings
  int frozen_columns = 0;  ///< besides the headings
};

struct WorkbookOut {
  std::string title = {}, author = {};  ///< document properties
  std::optional<Date> created =
      {};  ///< fixed here, so that the same input gives the same bytes; 2000-01-01 when absent
  std::vector<SheetOut> sheets = {};  ///< at least one
};

/// The .xlsx file. Headings are frozen and repeat on printed pages; pages are fitted to one page's width.
/// Errors: workbook.unwritable when the temporary directory cannot be written.
Result<std::string> write_workbook(const WorkbookOut& workbook);

}  // namespace qy::document
