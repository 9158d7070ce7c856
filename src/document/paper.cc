#include "document/paper.h"

#include <array>

#include "base/text.h"

namespace qy::document {
namespace {

/// 一 … 九十九.
std::string zh_number(int n) {
  static constexpr const char* kDigits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  std::string out;
  if (n >= 20) out = kDigits[n / 10 % 10];
  if (n >= 10) out += "十";
  return out + kDigits[n % 10];
}

std::string text_of(const std::vector<Run>& runs) {
  std::string out;
  for (const auto& run : runs) out += run.text;
  return out;
}

}  // namespace

std::vector<Run> runs_of(std::string_view text) {
  std::vector<Run> out;
  std::string now;
  bool bold = false;
  const auto flush = [&](Run::Raise raise) {
    if (!now.empty()) out.push_back(Run{.text = std::move(now), .bold = bold, .raise = raise});
    now.clear();
  };
  const auto letter_before = [&](std::size_t i) {
    if (i == 0) return false;
    const auto c = static_cast<unsigned char>(text[i - 1]);
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ')' || c == ']' ||
           c >= 0x80;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i, 2) == "**") {
      flush(Run::Raise::none);
      bold = !bold;
      i += 2;
      continue;
    }
    const char c = text[i];
    const auto end = (c == '_' || c == '^') && letter_before(i) ? text.find(c, i + 1) : text.npos;
    if (end != text.npos && end > i + 1 && end - i <= 13 &&
        text.substr(i, end - i).find_first_of(" \n*") == text.npos) {
      flush(Run::Raise::none);
      now = std::string(text.substr(i + 1, end - i - 1));
      flush(c == '_' ? Run::Raise::subscript : Run::Raise::superscript);
      i = end + 1;
      continue;
    }
    now += c;
    ++i;
  }
  flush(Run::Raise::none);
  return out;
}

std::vector<std::string> labels_of(const Paper& paper) {
  std::vector<std::string> out;
  std::array<int, 5> count{};
  int tables = 0, figures = 0;
  bool annex = false;  // behind the numbered chapters: 附表1
  const auto numbered = [&](const char* word, int& n) {
    ++n;
    const bool by_chapter = paper.style == Paper::Style::report && count[1] > 0 && !annex;
    return (annex ? "附" : "") + (word + (by_chapter ? std::to_string(count[1]) + "-" : "")) + std::to_string(n);
  };
  for (const auto& block : paper.blocks) {
    std::string label;
    if (const auto* heading = std::get_if<Heading>(&block)) {
      const auto level = static_cast<std::size_t>(std::min(std::max(heading->level, 1), 4));
      if (level == 1 && paper.style == Paper::Style::report) {
        if (!annex || heading->numbered) tables = figures = 0;
        annex = !heading->numbered && count[1] > 0;
      }
      if (heading->numbered) {
        ++count[level];
        for (std::size_t l = level + 1; l < count.size(); ++l) count[l] = 0;
        if (paper.style == Paper::Style::report) {
          for (std::size_t l = 1; l <= level; ++l) label += (l > 1 ? "." : "") + std::to_string(count[l]);
        } else {
          label = level == 1   ? zh_number(count[1]) + "、"
                  : level == 2 ? "（" + zh_number(count[2]) + "）"
                  : level == 3 ? std::to_string(count[3]) + "."
                               : "（" + std::to_string(count[4]) + "）";
        }
      }
    } else if (const auto* table = std::get_if<Table>(&block)) {
      if (!table->caption.empty()) label = numbered("表", tables);
    } else if (const auto* figure = std::get_if<Figure>(&block)) {
      if (!figure->caption.empty()) label = numbered("图", figures);
    }
    out.push_back(std::move(label));
  }
  return out;
}

std::string to_text(const Paper& paper) {
  std::string out;
  const auto line = [&](const std::string& text) {
    if (!text.empty()) out += text + "\n";
  };
  const auto labels = labels_of(paper);
  if (paper.print_title && paper.style == Paper::Style::letter) line(paper.title);
  for (std::size_t i = 0; i < paper.blocks.size(); ++i) {
    const auto label = labels[i].empty() ? "" : labels[i] + " ";
    std::visit(
        [&](const auto& block) {
          using T = std::decay_t<decltype(block)>;
          if constexpr (std::is_same_v<T, Heading>)
            line(label + block.text);
          else if constexpr (std::is_same_v<T, Paragraph>)
            line(text_of(block.runs));
          else if constexpr (std::is_same_v<T, Table>) {
            if (!block.caption.empty()) line(label + block.caption);
            for (const auto& row : block.rows) {
              std::string cells;
              for (const auto& cell : row) cells += (cells.empty() ? "" : "\t") + text_of(cell.runs);
              line(cells);
            }
            line(block.note);
          } else if constexpr (std::is_same_v<T, Figure>) {
            if (!block.caption.empty()) line(label + block.caption);
          } else if constexpr (std::is_same_v<T, List>) {
            for (const auto& item : block.items) line(text_of(item));
          } else if constexpr (std::is_same_v<T, QrBlock>) {
            for (const auto& text : block.beside) line(text);
          } else if constexpr (std::is_same_v<T, SignatureArea>) {
            for (const auto& text : block.lines) line(text);
          } else if constexpr (std::is_same_v<T, Cover>) {
            line(block.top);
            for (const auto& text : block.title) line(text);
            line(block.subtitle);
            for (const auto& [name, value] : block.fields) line(name + "：" + value);
            for (const auto& text : block.bottom) line(text);
          }
        },
        paper.blocks[i]);
  }
  return out;
}

}  // namespace qy::document
