#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/spreadsheet.h"

namespace qy::document {

/// Fills a Sheet. Cells come in any order; the last one of a position wins.
class SheetBuilder {
 public:
  explicit SheetBuilder(std::string name, bool hidden = false);

  /// Keeps `text` once and returns where it lies.
  std::pair<std::uint32_t, std::uint32_t> keep(std::string_view text);
  void put(int row, int column, SheetCell::Kind kind, std::pair<std::uint32_t, std::uint32_t> text, bool approximate);
  void put(int row, int column, SheetCell::Kind kind, std::string_view text, bool approximate = false) {
    put(row, column, kind, keep(text), approximate);
  }
  void merge(Sheet::Range range) { ranges_.push_back(range); }

  std::size_t cells() const { return cells_.size(); }
  std::size_t text_bytes() const { return sheet_.text_.size(); }
  const std::string& name() const { return sheet_.name_; }
  void hide() { sheet_.hidden_ = true; }

  /// The finished sheet: sorted, with merged ranges that touch used cells.
  Sheet finish() &&;

  /// The compact form in which the child sends a workbook, and its reader. The reader trusts nothing: every index,
  /// length and text is checked; false when anything is wrong.
  static std::string serialise(const std::vector<Sheet>& sheets);
  static bool parse(std::string_view bytes, std::vector<Sheet>& sheets);

 private:
  struct Put {
    std::int32_t row, column;
    std::uint32_t offset, length;
    std::uint8_t kind, flags;
  };
  Sheet sheet_;
  std::vector<Put> cells_;
  std::vector<Sheet::Range> ranges_;
};

/// Reads a .csv already known to be UTF-8. `separator` 0 finds it. Exceeding `limits` gives its name in `exceeded`.
struct CsvOutcome {
  Sheet sheet;
  char separator = ',';
  std::string exceeded;
};
CsvOutcome read_csv(std::string_view utf8, const Limits& limits, char separator = 0);

/// The reading that happens inside the child: emits 'O' and a serialised workbook, or 'E' and the error's code and
/// parameter
/// ("spreadsheet.kind\ndocx").
std::string read_archive(std::string_view bytes, const Limits& limits);

}  // namespace qy::document
