#include "document/sheet_wire.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace qy::document {
namespace {

constexpr std::uint8_t kApproximate = 1;
constexpr std::string_view kMagic = "QYS1";

void put_number(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}

/// Reads what the functions above wrote; turns bad once and stays so.
class Wire {
 public:
  explicit Wire(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number(std::uint64_t max) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) break;
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) {
        if (value > max) break;
        return value;
      }
    }
    good_ = false;
    at_ = bytes_.size();
    return 0;
  }

  std::string_view text() {
    const auto size = number(bytes_.size());
    if (!good_ || size > bytes_.size() - at_) {
      good_ = false;
      return {};
    }
    const auto text = bytes_.substr(at_, size);
    at_ += size;
    return text;
  }

  bool good() const { return good_; }
  bool at_end() const { return at_ == bytes_.size(); }
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

}  // namespace

SheetBuilder::SheetBuilder(std::string name, bool hidden) {
  sheet_.name_ = std::move(name);
  sheet_.hidden_ = hidden;
}

std::pair<std::uint32_t, std::uint32_t> SheetBuilder::keep(std::string_view text) {
  const auto offset = static_cast<std::uint32_t>(sheet_.text_.size());
  sheet_.text_.insert(sheet_.text_.end(), text.begin(), text.end());
  return {offset, static_cast<std::uint32_t>(text.size())};
}

void SheetBuilder::put(int row, int column, SheetCell::Kind kind, std::pair<std::uint32_t, std::uint32_t> text,
                       bool approximate) {
  cells_.push_back({row, column, text.first, text.second, static_cast<std::uint8_t>(kind),
                    approximate ? kApproximate : std::uint8_t{0}});
}

Sheet SheetBuilder::finish() && {
  const auto before = [](const Put& a, const Put& b) {
    return std::pair(a.row, a.column) < std::pair(b.row, b.column);
  };
  if (!std::is_sorted(cells_.begin(), cells_.end(), before)) std::stable_sort(cells_.begin(), cells_.end(), before);
  sheet_.slots_.reserve(cells_.size());
  int row = -1;
  for (const auto& cell : cells_) {
    const Sheet::Slot slot{cell.offset, cell.length, cell.column, cell.kind, cell.flags};
    if (cell.row == row && sheet_.slots_.back().column == cell.column) {
      sheet_.slots_.back() = slot;
      continue;
    }
    for (; row < cell.row; ++row) sheet_.row_begin_.push_back(static_cast<std::uint32_t>(sheet_.slots_.size()));
    sheet_.slots_.push_back(slot);
    sheet_.columns_ = std::max(sheet_.columns_, cell.column + 1);
  }
  sheet_.rows_ = row + 1;
  sheet_.row_begin_.push_back(static_cast<std::uint32_t>(sheet_.slots_.size()));
  for (auto& range : ranges_)
    if (range.first_row < sheet_.rows_ && range.first_column < sheet_.columns_) sheet_.merged_.push_back(range);
  std::sort(sheet_.merged_.begin(), sheet_.merged_.end(), [](const Sheet::Range& a, const Sheet::Range& b) {
    return std::pair(a.first_row, a.first_column) < std::pair(b.first_row, b.first_column);
  });
  for (const auto& range : sheet_.merged_)
    sheet_.tallest_merge_ = std::max(sheet_.tallest_merge_, range.last_row - range.first_row);
  return std::move(sheet_);
}

std::string SheetBuilder::serialise(const std::vector<Sheet>& sheets) {
  std::string out(kMagic);
  put_number(out, sheets.size());
  for (const auto& sheet : sheets) {
    put_text(out, sheet.name_);
    put_number(out, sheet.hidden_);
    put_text(out, {sheet.text_.data(), sheet.text_.size()});
    put_number(out, sheet.merged_.size());
    for (const auto& range : sheet.merged_)
      for (const int v : {range.first_row, range.first_column, range.last_row, range.last_column})
        put_number(out, static_cast<std::uint64_t>(v));
    put_number(out, sheet.slots_.size());
    for (int row = 0, last = 0; row < sheet.rows_; ++row)
      for (auto i = sheet.row_begin_[static_cast<std::size_t>(row)];
           i < sheet.row_begin_[static_cast<std::size_t>(row) + 1]; ++i) {
        const auto& slot = sheet.slots_[i];
        put_number(out, static_cast<std::uint64_t>(row - last));
        last = row;
        put_number(out, static_cast<std::uint64_t>(slot.column));
        put_number(out, static_cast<std::uint64_t>(slot.kind) << 1 | slot.flags);
        put_number(out, slot.offset);
        put_number(out, slot.length);
      }
  }
  return out;
}

bool SheetBuilder::parse(std::string_view bytes, std::vector<Sheet>& sheets) {
  constexpr std::uint64_t kMost = 1 << 24;  // rows or columns of any spreadsheet there is
  if (bytes.substr(0, kMagic.size()) != kMagic) return false;
  Wire in(bytes.substr(kMagic.size()));
  const auto count = in.number(10'000);
  for (std::uint64_t s = 0; s < count && in.good(); ++s) {
    const auto name = in.text();
    if (!is_utf8(name)) return false;
    SheetBuilder builder{std::string(name), in.number(1) == 1};
    const auto text = in.text();
    builder.keep(text);
    const auto ranges = in.number(in.left());
    for (std::uint64_t i = 0; i < ranges && in.good(); ++i) {
      int v[4];
      for (auto& n : v) n = static_cast<int>(in.number(kMost));
      if (v[0] > v[2] || v[1] > v[3]) return false;
      builder.merge({v[0], v[1], v[2], v[3]});
    }
    const auto cells = in.number(in.left());
    builder.cells_.reserve(cells / 2);
    std::uint64_t row = 0;
    for (std::uint64_t i = 0; i < cells && in.good(); ++i) {
      row += in.number(kMost);
      const auto column = in.number(kMost);
      const auto kind = in.number(static_cast<std::uint64_t>(SheetCell::Kind::error) << 1 | kApproximate);
      const auto offset = in.number(text.size());
      const auto length = in.number(text.size() - offset);
      if (row > kMost || !is_utf8(text.substr(offset, length))) return false;
      builder.cells_.push_back({static_cast<std::int32_t>(row), static_cast<std::int32_t>(column),
                                static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length),
                                static_cast<std::uint8_t>(kind >> 1), static_cast<std::uint8_t>(kind & 1)});
    }
    if (!in.good()) return false;
    sheets.push_back(std::move(builder).finish());
  }
  return in.good() && in.at_end();
}

}  // namespace qy::document
