#include <cstddef>
#include <cstdint>

#include "document/sheet_wire.h"

// The first byte chooses the reader: .csv, the child's serialised form, or the archive reader that runs in the child.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qy::document;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Limits limits{.memory = 64u << 20, .rows = 2000, .columns = 200, .cells = 20'000, .text = 4u << 20};
  std::vector<Sheet> sheets;
  if (data[0] % 3 == 0) {
    if (auto read = read_spreadsheet(bytes, "a.csv", limits); read && bytes.substr(0, 2) != "PK")
      sheets = std::move(read->sheets);
  } else if (data[0] % 3 == 1) {
    if (!SheetBuilder::parse(bytes, sheets)) sheets.clear();
  } else {
    const auto answer = read_archive(bytes, limits);
    if (answer.substr(0, 1) == "O" && !SheetBuilder::parse(std::string_view(answer).substr(1), sheets))
      __builtin_trap();
  }
  for (const auto& sheet : sheets)
    for (int r = 0; r < sheet.rows() && r < 20; ++r)
      for (int c = 0; c < sheet.columns() && c < 20; ++c) (void)date_in(sheet.at(r, c));
  return 0;
}
