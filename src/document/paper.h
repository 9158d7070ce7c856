#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/result.h"

/// Papers (文书): one model, written as DOCX for the file and as HTML for the screen.
namespace qy::document {

/// A stretch of text of one look.
struct Run {
  std::string text = {};  ///< "\n" breaks the line
  bool bold = false;
  bool italic = false;
  bool underline = false;
  double size = 0;          ///< points; 0 = as the style has it
  std::string colour = {};  ///< "0F766E"; "" = black
  std::string link = {};    ///< address; makes the text a hyperlink
  enum class Raise { none, superscript, subscript } raise = Raise::none;
  bool heading_font = false;  ///< 黑体 instead of the body's font
};

enum class Align { start, centre, end, justify };

/// Cuts "SO_2_ 与 m^3^，**重点**" into runs: _x_ after a letter or bracket is a subscript, ^x^ a superscript, **x**
/// bold.
std::vector<Run> runs_of(std::string_view text);

/// 标题. Levels 1–4. Numbered ones get "1", "1.1" … in reports and 一、（一）1.（1） in letters.
struct Heading {
  std::string text = {};
  int level = 1;
  bool numbered = true;
  bool in_contents = true;
};

struct Paragraph {
  std::vector<Run> runs = {};
  Align align = Align::justify;
  bool indent = true;  ///< first line two characters in
  bool keep_with_next = false;
  double space_before = 0;  ///< points
  double space_after = 0;   ///< points

  Paragraph() = default;
  Paragraph(std::string text) : runs{Run{.text = std::move(text)}} {}  // NOLINT: a text is a paragraph
  Paragraph(const char* text) : Paragraph(std::string(text)) {}        // NOLINT
  Paragraph(std::vector<Run> r, Align a = Align::justify, bool i = true) : runs(std::move(r)), align(a), indent(i) {}
};

struct Cell {
  std::vector<Run> runs = {};
  int columns = 1,
      rows = 1;  ///< how many it covers; covered positions are simply left out of the rows below and beside
  std::optional<Align> align = {};  ///< overrides the column's
  bool bold = false;
  bool shaded = false;

  Cell() = default;
  Cell(std::string text) : runs{Run{.text = std::move(text)}} {}  // NOLINT: a text is a cell
  Cell(const char* text) : Cell(std::string(text)) {}             // NOLINT
};

/// 表. Header rows repeat on every page; rows never break inside.
struct Table {
  std::string caption = {};  ///< "" = without number and caption; else numbered 表1-1 by chapter
  std::string unit = {};     ///< "单位：万元", right above the table
  int header_rows = 1;
  std::vector<double> widths = {};           ///< relative; empty = equal
  std::vector<Align> aligns = {};            ///< by column; missing ones are centred
  std::vector<std::vector<Cell>> rows = {};  ///< header rows first
  std::string note = {};                     ///< 注：… below
  bool borders = true;
  double size = 10.5;  ///< points
};

/// 图: exactly one of `svg` and `png`.
struct Figure {
  std::string caption = {};  ///< numbered 图1-1 by chapter; "" = without
  std::string svg = {};
  std::string png = {};          ///< bytes
  double width_mm = 150;         ///< at most the text's width
  std::string description = {};  ///< for people who do not see it
};

struct PageBreak {};

/// 目录: entries with finished page numbers. At most one per paper.
struct Contents {
  std::string title = "目  录";
  int levels = 3;
};

struct List {
  std::vector<std::vector<Run>> items = {};
  bool ordered = false;  ///< （1）（2）… instead of bullets
};

/// A QR code with lines of text beside it.
struct QrBlock {
  std::string content = {};
  std::vector<std::string> beside = {};
  double size_mm = 24;
};

/// 落款: who signs and when, at the right; with room for a seal.
struct SignatureArea {
  std::vector<std::string> lines = {};  ///< name of the office, then the date "2026年11月23日"
  bool seal = true;                     ///< leaves height for it
};

/// From here on pages lie across (true) or stand again (false).
struct Orientation {
  bool landscape = true;
};

/// 封面: a page of its own without header and footer.
struct Cover {
  std::string top = {};                 ///< small line at the top: version code, secrecy
  std::vector<std::string> title = {};  ///< large, one entry per line
  std::string subtitle = {};
  std::vector<std::pair<std::string, std::string>> fields = {};  ///< 企业名称：…, underlined
  std::vector<std::string> bottom = {};                          ///< organisation and date
};

using Block = std::variant<Heading, Paragraph, Table, Figure, PageBreak, Contents, List, QrBlock, SignatureArea,
                           Orientation, Cover>;

struct Paper {
  enum class Style {
    letter,  ///< 公文 as GB/T 9704 sets it: 方正小标宋, 仿宋_GB2312 三号, 28 pt lines
    report   ///< 宋体/黑体 小四, 1.5 lines
  };
  enum class PageNumbers { none, dashes, of_total };  ///< "— 1 —", "第1页 共9页"
  Style style = Style::report;
  std::string title = {};        ///< document property; printed above the text in letters
  std::string author = {};       ///< document property
  Date date = {};                ///< document property; fixed, so that the same paper gives the same bytes
  std::string header_text = {};  ///< every page's header: version code …
  PageNumbers page_numbers = PageNumbers::of_total;
  bool print_title = true;            ///< letters: the title in 小标宋 above the text
  bool chapters_on_new_pages = true;  ///< reports: numbered headings of level 1 begin a page
  std::vector<Block> blocks = {};
};

/// How the page numbers of a table of contents were found.
enum class Pagination {
  none,      ///< the paper has no table of contents
  laid_out,  ///< LibreOffice set the pages and told
  estimated  ///< counted from text lengths, since no converter is installed: may be off by a page
};

struct Docx {
  std::string bytes = {};
  Pagination pagination = Pagination::none;
  std::vector<int> pages = {};  ///< of the headings that are in the contents, in order
};

/// The paper as .docx. The table of contents is finished: nobody has to "update fields". With a `converter`
/// (LibreOffice) the pages are set once to read the headings' page numbers (some seconds); without, or when that fails,
/// they are estimated. Errors: paper.picture {caption} when a figure cannot be drawn; paper.qr_too_long;
/// paper.unwritable.
Result<Docx> to_docx(const Paper& paper, std::string_view converter = {});

/// The paper as one HTML file without outside references, for preview and public pages. Text is escaped; pictures are
/// inline. `fragment` leaves out <html>, <head> and style.
std::string to_html(const Paper& paper, bool fragment = false);

/// What each block is called: "1.2" or "（一）" of numbered headings, "表1-1", "图1-1", behind the numbered chapters
/// "附表1"; "" of the others. One entry per block.
std::vector<std::string> labels_of(const Paper& paper);

/// All text of the paper, a line per block: for searching and comparing.
std::string to_text(const Paper& paper);

}  // namespace qy::document
