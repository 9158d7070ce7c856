#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/date.h"
#include "base/result.h"

namespace qy::document {

/// One cell as read. `text` points into the Sheet and lives as long as it.
struct SheetCell {
  enum class Kind : std::uint8_t {
    empty,
    text,     ///< as written, untrimmed
    number,   ///< plain notation with at most 15 significant digits, as spreadsheets show it ("0.1", "-12.5",
              ///< "914201000000000000")
    date,     ///< "2026-11-23"; a time of day follows after one blank when there is one ("2026-11-23 08:30:00")
    boolean,  ///< "TRUE" or "FALSE"
    error     ///< "#N/A", "#DIV/0!" …
  };
  std::string_view text;
  Kind kind = Kind::empty;
  /// Covered by a merged range without being its first cell: `text` is the first cell's.
  bool merged = false;
  /// A number that spreadsheets keep only approximately: more than 15 digits, or written with an exponent. A credit
  /// code or a telephone number typed as a number looks like this; its last digits are lost and must be asked for
  /// again.
  bool approximate = false;

  bool empty() const { return kind == Kind::empty; }
};

/// The day a cell means: a date cell, or text such as "2026-11-23", "2026/1/5", "2026.1.5", "2026年1月5日". A number is
/// no date: ambiguous on purpose. Nothing when the cell holds none, or one that does not exist.
std::optional<Date> date_in(const SheetCell& cell);

/// The ranges of rows and columns are 0-based here; people see `cell_address`.
class Sheet {
 public:
  const std::string& name() const { return name_; }
  bool hidden() const { return hidden_; }

  /// Rows and columns used: one past the last non-empty cell.
  int rows() const { return rows_; }
  int columns() const { return columns_; }

  /// Any position may be asked; outside the used size the cell is empty. Cells of a merged range all read its first
  /// cell.
  SheetCell at(int row, int column) const;

  /// A merged range, both ends inside.
  struct Range {
    int first_row, first_column, last_row, last_column;
  };
  const std::vector<Range>& merged() const { return merged_; }

 private:
  friend class SheetBuilder;
  struct Slot {
    std::uint32_t offset = 0, length = 0;
    std::int32_t column = 0;
    std::uint8_t kind = 0, flags = 0;
  };

  std::string name_;
  bool hidden_ = false;
  int rows_ = 0, columns_ = 0;
  std::vector<char> text_;                // every distinct text once
  std::vector<Slot> slots_;               // row by row, columns ascending
  std::vector<std::uint32_t> row_begin_;  // rows_ + 1 entries into slots_
  std::vector<Range> merged_;             // by first cell
  int tallest_merge_ = 0;
};

/// A workbook as read: values only, formulas by their last result.
struct Workbook {
  std::vector<Sheet> sheets;  ///< in the file's order
  std::string encoding;       ///< of a .csv: "UTF-8" or "GB18030"; "" otherwise
  char separator = 0;         ///< of a .csv

  const Sheet* find(std::string_view sheet_name) const;
};

/// What a hostile file may cost at most. A workbook is read in a child process that has these limits; the caller's
/// process holds the bytes and the result only.
struct Limits {
  std::size_t bytes = 20u << 20;     ///< of the file
  std::size_t memory = 1024u << 20;  ///< of the child
  int cpu_seconds = 20;
  int wall_seconds = 30;
  int rows = 200'000;  ///< of one sheet
  int columns = 1'000;
  std::size_t cells = 4'000'000;  ///< non-empty cells of all sheets
  std::size_t text = 128u << 20;  ///< bytes of all texts
};

/// Reads .xlsx, .ods or .csv. The kind is decided by the bytes; `file_name` only tells .csv from other text and names
/// the file in errors. A .csv may be UTF-8 with or without BOM, UTF-16 with BOM, or GB18030; its separator (comma,
/// semicolon, tab) is found from its first lines.
///
/// Errors (params: file, and limit where there is one):
///   spreadsheet.empty      no bytes, or no non-empty cell
///   spreadsheet.kind       not a spreadsheet; `found` says what it looks like (old .xls, web page, PDF, Word …)
///   spreadsheet.password   encrypted
///   spreadsheet.broken     truncated or damaged
///   spreadsheet.too_large  more bytes, rows, columns, cells, memory or time than the limits; `limit` names which
///   spreadsheet.encoding   a .csv in neither encoding
Result<Workbook> read_spreadsheet(std::string_view bytes, std::string_view file_name, const Limits& limits = {});

/// "B7" for (6, 1); "AA1" for (0, 26).
std::string cell_address(int row, int column);
/// "名单!B7".
std::string cell_address(const Sheet& sheet, int row, int column);

/// Sentences of this folder.
std::span<const Sentence> document_messages();

}  // namespace qy::document
