#include <zip.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "document/figures.h"
#include "document/markup.h"
#include "document/paper.h"
#include "document/pdf.h"

// WordprocessingML as ECMA-376 orders it: pPr, rPr, tblPr, tcPr and sectPr keep the schema's sequence, because Word
// refuses others.
namespace qy::document {
namespace {

constexpr int kTwipsPerPoint = 20;
constexpr double kTwipsPerMm = 1440 / 25.4;
constexpr double kEmuPerMm = 36000;
constexpr double kContentsLine = 21;  // points
constexpr std::size_t kWholeRows = 12;

std::string number(double value) { return std::to_string(std::lround(value)); }

/// Measures of one style of paper.
struct Measures {
  double top, bottom, left, right;  ///< margins, mm
  double size;                      ///< of the text, points
  double line;                      ///< exact height in points: pages then break alike whatever fonts a machine has
  const char* body;
  double page_width = 210, page_height = 297;

  double width(bool landscape) const { return (landscape ? page_height : page_width) - left - right; }   // mm
  double height(bool landscape) const { return (landscape ? page_width : page_height) - top - bottom; }  // mm
};

Measures measures_of(Paper::Style style) {
  // GB/T 9704-2012: type area 156 mm x 225 mm, top margin 37 mm, left 28 mm, 22 lines a page.
  if (style == Paper::Style::letter) return {37, 35, 28, 26, 16, 28.9, "仿宋_GB2312"};
  return {25.4, 25.4, 28, 25, 12, 23, "宋体"};
}

/// Line heights that belong to smaller type.
double table_line(double size) { return size * 1.4; }

struct Part {
  std::string name, body;
};

std::string run_properties(const Run& run) {
  std::string out;
  if (run.heading_font)
    out += "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"黑体\"/>";
  if (run.bold) out += "<w:b/><w:bCs/>";
  if (run.italic) out += "<w:i/><w:iCs/>";
  if (!run.colour.empty() || !run.link.empty())
    out += "<w:color w:val=\"" + escaped_markup(run.colour.empty() ? "0F766E" : run.colour) + "\"/>";
  if (run.size > 0)
    out += "<w:sz w:val=\"" + number(run.size * 2) + "\"/><w:szCs w:val=\"" + number(run.size * 2) + "\"/>";
  if (run.underline || !run.link.empty()) out += "<w:u w:val=\"single\"/>";
  if (run.raise == Run::Raise::subscript) out += "<w:vertAlign w:val=\"subscript\"/>";
  if (run.raise == Run::Raise::superscript) out += "<w:vertAlign w:val=\"superscript\"/>";
  return out.empty() ? "" : "<w:rPr>" + out + "</w:rPr>";
}

const char* jc_of(Align align) {
  switch (align) {
    case Align::start:
      return "left";
    case Align::centre:
      return "center";
    case Align::end:
      return "right";
    case Align::justify:
      return "both";
  }
  return "both";
}

/// What a paragraph's properties may say, written in the schema's order.
struct ParagraphLook {
  std::string style = {};
  bool keep_next = false, keep_lines = false, page_break = false;
  int list = 0;  ///< numbering instance
  std::string tabs = {};
  double before = -1, after = -1;  ///< points; negative = the style's
  double exact_line = 0;           ///< points
  double indent_right = 0;         ///< points
  int first_line_chars = -1;       ///< in hundredths of a character; negative = the style's
  std::string jc = {};
  double em = 12;  ///< points of a character
  std::string xml() const {
    std::string out;
    if (!style.empty()) out += "<w:pStyle w:val=\"" + style + "\"/>";
    if (keep_next) out += "<w:keepNext/>";
    if (keep_lines) out += "<w:keepLines/>";
    if (page_break) out += "<w:pageBreakBefore/>";
    if (list > 0) out += "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"" + std::to_string(list) + "\"/></w:numPr>";
    if (!tabs.empty()) out += "<w:tabs>" + tabs + "</w:tabs>";
    if (before >= 0 || after >= 0 || exact_line > 0) {
      out += "<w:spacing";
      if (before >= 0) out += " w:before=\"" + number(before * kTwipsPerPoint) + "\"";
      if (after >= 0) out += " w:after=\"" + number(after * kTwipsPerPoint) + "\"";
      if (exact_line > 0) out += " w:line=\"" + number(exact_line * kTwipsPerPoint) + "\" w:lineRule=\"exact\"";
      out += "/>";
    }
    if (first_line_chars >= 0 || indent_right > 0) {
      out += "<w:ind";
      if (indent_right > 0) out += " w:right=\"" + number(indent_right * kTwipsPerPoint) + "\"";
      if (first_line_chars >= 0)
        out += " w:firstLineChars=\"" + std::to_string(first_line_chars) + "\" w:firstLine=\"" +
               number(first_line_chars * em * kTwipsPerPoint / 100) + "\"";
      out += "/>";
    }
    if (!jc.empty()) out += "<w:jc w:val=\"" + jc + "\"/>";
    return out.empty() ? "" : "<w:pPr>" + out + "</w:pPr>";
  }
};

class Writer {
 public:
  Writer(const Paper& paper, std::vector<int> pages)
      : paper_(paper), m_(measures_of(paper.style)), labels_(labels_of(paper)), pages_(std::move(pages)) {}

  Result<std::string> write();

 private:
  struct Entry {
    int level;
    std::string label, text, bookmark;
  };

  bool letter() const { return paper_.style == Paper::Style::letter; }
  double text_width() const { return m_.width(landscape_) * kTwipsPerMm; }  // twips

  std::string runs(const std::vector<Run>& runs);
  std::string run(const std::string& text, const std::string& properties);
  void paragraph(ParagraphLook look, const std::string& content);
  std::string picture(const std::string& png, double width_mm, double height_mm, const std::string& description);
  std::string section(bool landscape, bool last_of_cover_section);
  std::string field(const std::string& instruction, const std::string& result, const std::string& properties = "");

  Result<void> block(const Heading&, std::size_t);
  Result<void> block(const Paragraph&, std::size_t);
  Result<void> block(const Table&, std::size_t);
  Result<void> block(const Figure&, std::size_t);
  Result<void> block(const PageBreak&, std::size_t);
  Result<void> block(const Contents&, std::size_t);
  Result<void> block(const List&, std::size_t);
  Result<void> block(const QrBlock&, std::size_t);
  Result<void> block(const SignatureArea&, std::size_t);
  Result<void> block(const Orientation&, std::size_t);
  Result<void> block(const Cover&, std::size_t);

  std::string table_cell(const Cell& cell, double width, Align align, bool header, double size, bool starts_merge,
                         bool continues, bool keep_next);
  std::string styles() const;
  std::string numbering() const;
  std::string settings() const;
  std::string header() const;
  std::string footer(bool even) const;

  const Paper& paper_;
  const Measures m_;
  const std::vector<std::string> labels_;
  const std::vector<int> pages_;  // of the headings in the contents; missing ones print as 0
  std::string body_;
  std::vector<Entry> entries_;
  std::vector<Part> media_;
  std::string relations_;
  int relation_ids_ = 0, drawing_ids_ = 0, bookmark_ids_ = 0, lists_ = 0;
  std::vector<bool> ordered_;  // of each list
  bool landscape_ = false, break_ = false, titled_section_ = false, started_ = false;
};

std::string Writer::run(const std::string& text, const std::string& properties) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto next = std::min(text.find_first_of("\n\t", at), text.size());
    if (next > at)
      out += "<w:r>" + properties + "<w:t xml:space=\"preserve\">" +
             escaped_markup(std::string_view(text).substr(at, next - at)) + "</w:t></w:r>";
    if (next < text.size()) out += "<w:r>" + properties + (text[next] == '\n' ? "<w:br/>" : "<w:tab/>") + "</w:r>";
    at = next + 1;
  }
  return out;
}

std::string Writer::runs(const std::vector<Run>& all) {
  std::string out;
  for (const auto& r : all) {
    auto xml = run(r.text, run_properties(r));
    if (r.link.starts_with("http://") || r.link.starts_with("https://") || r.link.starts_with("mailto:")) {
      const auto id = "rIdL" + std::to_string(++relation_ids_);
      relations_ +=
          "<Relationship Id=\"" + id +
          "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink\" Target=\"" +
          escaped_markup(r.link) + "\" TargetMode=\"External\"/>";
      xml = "<w:hyperlink r:id=\"" + id + "\" w:history=\"1\">" + xml + "</w:hyperlink>";
    }
    out += xml;
  }
  return out;
}

void Writer::paragraph(ParagraphLook look, const std::string& content) {
  if (std::exchange(break_, false) && started_) look.page_break = true;
  started_ = true;
  look.em = m_.size;
  body_ += "<w:p>" + look.xml() + content + "</w:p>\n";
}

std::string Writer::field(const std::string& instruction, const std::string& result, const std::string& properties) {
  const auto character = [&](const char* type) {
    return "<w:r>" + properties + "<w:fldChar w:fldCharType=\"" + type + "\"/></w:r>";
  };
  return character("begin") + "<w:r>" + properties + "<w:instrText xml:space=\"preserve\"> " + instruction +
         " </w:instrText></w:r>" + character("separate") + "<w:r>" + properties + "<w:t>" + result + "</w:t></w:r>" +
         character("end");
}

std::string Writer::picture(const std::string& png, double width_mm, double height_mm, const std::string& description) {
  const auto id = std::to_string(++drawing_ids_);
  const auto name = "image" + id + ".png";
  media_.push_back({"word/media/" + name, png});
  relations_ +=
      "<Relationship Id=\"rIdP" + id +
      "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"media/" + name +
      "\"/>";
  const auto extent = "cx=\"" + number(width_mm * kEmuPerMm) + "\" cy=\"" + number(height_mm * kEmuPerMm) + "\"";
  return "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent " + extent +
         "/><wp:docPr id=\"" + id + "\" name=\"图" + id + "\" descr=\"" + escaped_markup(description) +
         "\"/><wp:cNvGraphicFramePr><a:graphicFrameLocks "
         "noChangeAspect=\"1\"/></wp:cNvGraphicFramePr><a:graphic><a:graphicData "
         "uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">"
         "<pic:pic><pic:nvPicPr><pic:cNvPr id=\"" +
         id + "\" name=\"" + name + "\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rIdP" + id +
         "\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext " +
         extent +
         "/></a:xfrm><a:prstGeom "
         "prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></"
         "w:drawing></w:r>";
}

std::string Writer::section(bool landscape, bool titled) {
  std::string out = "<w:sectPr>";
  if (!paper_.header_text.empty()) out += "<w:headerReference w:type=\"default\" r:id=\"rIdHeader\"/>";
  if (!paper_.header_text.empty() && letter()) out += "<w:headerReference w:type=\"even\" r:id=\"rIdHeader\"/>";
  if (paper_.page_numbers != Paper::PageNumbers::none) {
    out += "<w:footerReference w:type=\"default\" r:id=\"rIdFooter\"/>";
    if (paper_.page_numbers == Paper::PageNumbers::dashes)
      out += "<w:footerReference w:type=\"even\" r:id=\"rIdFooterEven\"/>";
  }
  const auto width = number((landscape ? m_.page_height : m_.page_width) * kTwipsPerMm),
             height = number((landscape ? m_.page_width : m_.page_height) * kTwipsPerMm);
  out += "<w:type w:val=\"nextPage\"/><w:pgSz w:w=\"" + width + "\" w:h=\"" + height + "\"" +
         (landscape ? " w:orient=\"landscape\"" : "") + "/>";
  out += "<w:pgMar w:top=\"" + number(m_.top * kTwipsPerMm) + "\" w:right=\"" + number(m_.right * kTwipsPerMm) +
         "\" w:bottom=\"" + number(m_.bottom * kTwipsPerMm) + "\" w:left=\"" + number(m_.left * kTwipsPerMm) +
         "\" w:header=\"" + number(15 * kTwipsPerMm) + "\" w:footer=\"" + number((letter() ? 25 : 15) * kTwipsPerMm) +
         "\" w:gutter=\"0\"/>";
  if (titled) out += "<w:titlePg/>";
  return out + "</w:sectPr>";
}

Result<void> Writer::block(const Heading& heading, std::size_t i) {
  const int level = std::min(std::max(heading.level, 1), 4);
  if (!letter() && level == 1 && heading.numbered && paper_.chapters_on_new_pages) break_ = true;
  const auto& label = labels_[i];
  const auto text = label.empty() ? heading.text : label + (letter() ? "" : "  ") + heading.text;
  std::string content = run(text, "");
  if (heading.in_contents) {
    const auto id = std::to_string(++bookmark_ids_);
    char name[32];
    std::snprintf(name, sizeof name, "_Toc%06d", bookmark_ids_);
    entries_.push_back({level, label, heading.text, name});
    content = "<w:bookmarkStart w:id=\"" + id + "\" w:name=\"" + name + "\"/>" + content + "<w:bookmarkEnd w:id=\"" +
              id + "\"/>";
  }
  ParagraphLook look{.style = "Heading" + std::to_string(level)};
  if (!heading.numbered && level == 1 && !letter()) look.jc = "center";
  paragraph(look, content);
  return {};
}

Result<void> Writer::block(const Paragraph& p, std::size_t) {
  ParagraphLook look{.keep_next = p.keep_with_next};
  if (p.space_before > 0) look.before = p.space_before;
  if (p.space_after > 0) look.after = p.space_after;
  look.first_line_chars = p.indent && p.align != Align::centre && p.align != Align::end ? 200 : 0;
  look.jc = jc_of(p.align);
  paragraph(look, runs(p.runs));
  return {};
}

std::string Writer::table_cell(const Cell& cell, double width, Align align, bool header, double size, bool starts_merge,
                               bool continues, bool keep_next) {
  std::string out = "<w:tc><w:tcPr><w:tcW w:w=\"" + number(width) + "\" w:type=\"dxa\"/>";
  if (cell.columns > 1) out += "<w:gridSpan w:val=\"" + std::to_string(cell.columns) + "\"/>";
  if (starts_merge) out += "<w:vMerge w:val=\"restart\"/>";
  if (continues) out += "<w:vMerge/>";
  if (header || cell.shaded) out += "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EEF1F1\"/>";
  out += "<w:vAlign w:val=\"center\"/></w:tcPr><w:p>";
  ParagraphLook look{.style = "TableText"};
  look.keep_next = keep_next;
  look.exact_line = table_line(size);
  look.jc = jc_of(cell.align.value_or(header ? Align::centre : align));
  if (std::exchange(break_, false) && started_) look.page_break = true;
  out += look.xml();
  if (!continues) {
    auto content = cell.runs;
    for (auto& r : content) {
      if (r.size <= 0) r.size = size;
      if (header || cell.bold) r.bold = true;
    }
    out += runs(content);
  }
  return out + "</w:p></w:tc>";
}

Result<void> Writer::block(const Table& table, std::size_t i) {
  if (!table.caption.empty())
    paragraph({.style = "Caption", .keep_next = true}, run(labels_[i] + "  " + table.caption, ""));
  if (!table.unit.empty()) paragraph({.style = "TableNote", .keep_next = true, .jc = "right"}, run(table.unit, ""));
  std::size_t columns = table.widths.size();
  if (columns == 0)
    for (const auto& row : table.rows) {
      std::size_t wide = 0;
      for (const auto& cell : row) wide += static_cast<std::size_t>(std::max(1, cell.columns));
      columns = std::max(columns, wide);
    }
  if (columns == 0) return {};
  std::vector<double> widths(columns);
  double total = 0;
  for (std::size_t c = 0; c < columns; ++c)
    total += widths[c] = c < table.widths.size() && table.widths[c] > 0 ? table.widths[c] : 1;
  for (auto& width : widths) width *= text_width() / total;
  const auto span = [&](std::size_t from, int count) {
    double sum = 0;
    for (std::size_t c = from; c < std::min(columns, from + static_cast<std::size_t>(std::max(1, count))); ++c)
      sum += widths[c];
    return sum;
  };

  std::string out =
      "<w:tbl><w:tblPr><w:tblW w:w=\"" + number(text_width()) + "\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>";
  const char* kind = table.borders ? "single" : "none";
  out += "<w:tblBorders>";
  for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"}) {
    const bool outer = std::string_view(side) == "top" || std::string_view(side) == "bottom";
    out += std::string("<w:") + side + " w:val=\"" + kind + "\" w:sz=\"" + (outer ? "8" : "4") +
           "\" w:space=\"0\" w:color=\"" + (outer ? "334155" : "8A9696") + "\"/>";
  }
  out +=
      "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:top w:w=\"30\" w:type=\"dxa\"/><w:left "
      "w:w=\"70\" w:type=\"dxa\"/><w:bottom w:w=\"30\" w:type=\"dxa\"/><w:right w:w=\"70\" "
      "w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>";
  for (const auto width : widths) out += "<w:gridCol w:w=\"" + number(width) + "\"/>";
  out += "</w:tblGrid>";

  struct Hanging {
    int rows = 0, columns = 1;
    Cell cell;
  };  // a cell from above that still covers this position
  std::vector<Hanging> hanging(columns);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const bool header = static_cast<int>(r) < table.header_rows;
    // A small table stays on one page; of a large one the header stays with its first row.
    const bool keep = header || (table.rows.size() <= kWholeRows && r + 1 < table.rows.size());
    out += std::string("<w:tr><w:trPr><w:cantSplit/>") + (header ? "<w:tblHeader/>" : "") + "</w:trPr>";
    std::size_t next = 0;
    for (std::size_t c = 0; c < columns;) {
      if (hanging[c].rows > 0) {
        auto& from = hanging[c];
        --from.rows;
        Cell cell = from.cell;
        out += table_cell(cell, span(c, cell.columns), Align::centre, header, table.size, false, true, keep);
        c += static_cast<std::size_t>(cell.columns);
        continue;
      }
      Cell cell = next < table.rows[r].size() ? table.rows[r][next] : Cell{};
      ++next;
      int room = 1;  // up to the next covered position
      while (c + static_cast<std::size_t>(room) < columns && hanging[c + static_cast<std::size_t>(room)].rows == 0)
        ++room;
      cell.columns = std::clamp(cell.columns, 1, room);
      const int down = std::min<int>(std::max(1, cell.rows), static_cast<int>(table.rows.size() - r));
      const auto align = c < table.aligns.size() ? table.aligns[c] : Align::centre;
      out += table_cell(cell, span(c, cell.columns), align, header, table.size, down > 1, false, keep);
      if (down > 1) hanging[c] = {down - 1, cell.columns, cell};
      c += static_cast<std::size_t>(cell.columns);
    }
    out += "</w:tr>";
  }
  body_ += out + "</w:tbl>\n";
  started_ = true;
  if (!table.note.empty())
    paragraph({.style = "TableNote"}, run(table.note, ""));
  else
    body_ += "<w:p><w:pPr><w:pStyle w:val=\"TableNote\"/></w:pPr></w:p>\n";  // two tables must not grow together
  return {};
}

Result<void> Writer::block(const Figure& figure, std::size_t i) {
  const auto fail = [&] { return Error{ErrorKind::invalid, "paper.picture", {{"caption", figure.caption}}}; };
  auto png = figure.png;
  if (png.empty()) {
    auto drawn = svg_to_png(figure.svg, 2.5);
    if (!drawn) return fail();
    png = std::move(*drawn);
  }
  const auto size = picture_size(png);
  if (!size) return fail();
  double width = std::min(figure.width_mm, m_.width(landscape_)), height = width * size->second / size->first;
  const double most = m_.height(landscape_) * 0.82;
  if (height > most) {
    width *= most / height;
    height = most;
  }
  paragraph({.style = "Picture", .keep_next = !figure.caption.empty()},
            picture(png, width, height, figure.description.empty() ? figure.caption : figure.description));
  if (!figure.caption.empty()) paragraph({.style = "Caption", .after = 8}, run(labels_[i] + "  " + figure.caption, ""));
  return {};
}

Result<void> Writer::block(const PageBreak&, std::size_t) {
  break_ = true;
  return {};
}

Result<void> Writer::block(const Contents& contents, std::size_t) {
  break_ = true;
  paragraph({.style = "ContentsTitle"}, run(contents.title, ""));
  // The headings stand further down: gather them first.
  std::vector<std::pair<Entry, int>> shown;
  int id = 0;
  for (std::size_t i = 0; i < paper_.blocks.size(); ++i)
    if (const auto* heading = std::get_if<Heading>(&paper_.blocks[i]); heading && heading->in_contents) {
      char name[32];
      std::snprintf(name, sizeof name, "_Toc%06d", ++id);
      const auto page = static_cast<std::size_t>(id - 1) < pages_.size() ? pages_[static_cast<std::size_t>(id - 1)] : 0;
      if (heading->level <= contents.levels)
        shown.push_back({{std::clamp(heading->level, 1, 4), labels_[i], heading->text, name}, page});
    }
  const auto tab = "<w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"" + number(text_width()) + "\"/>";
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto& [entry, page] = shown[i];
    std::string content;
    if (i == 0)
      content +=
          "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-" +
          std::to_string(contents.levels) +
          "\" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>";
    content += "<w:hyperlink w:anchor=\"" + entry.bookmark + "\" w:history=\"1\">" +
               run((entry.label.empty() ? "" : entry.label + (letter() ? "" : "  ")) + entry.text, "") +
               "<w:r><w:tab/></w:r>" + field("PAGEREF " + entry.bookmark + " \\h", std::to_string(page)) +
               "</w:hyperlink>";
    if (i + 1 == shown.size()) content += "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
    paragraph({.style = "TOC" + std::to_string(std::min(entry.level, 3)), .tabs = tab}, content);
  }
  break_ = true;
  return {};
}

Result<void> Writer::block(const List& list, std::size_t) {
  ordered_.push_back(list.ordered);
  ++lists_;
  for (const auto& item : list.items) paragraph({.style = "ListParagraph", .list = lists_}, runs(item));
  return {};
}

Result<void> Writer::block(const QrBlock& qr, std::size_t) {
  QY_TRY(const auto png, qr_png(qr.content, 8));
  const double left = qr.size_mm * kTwipsPerMm + 200;
  const auto image = picture(png, qr.size_mm, qr.size_mm, qr.content);
  std::string out = "<w:tbl><w:tblPr><w:tblW w:w=\"" + number(text_width()) +
                    "\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"" +
                    number(left) + "\"/><w:gridCol w:w=\"" + number(text_width() - left) +
                    "\"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>";
  out += "<w:tc><w:tcPr><w:tcW w:w=\"" + number(left) +
         "\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Picture\"/><w:jc "
         "w:val=\"left\"/></w:pPr>" +
         image + "</w:p></w:tc>";
  out += "<w:tc><w:tcPr><w:tcW w:w=\"" + number(text_width() - left) +
         "\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>";
  for (const auto& line : qr.beside)
    out += "<w:p><w:pPr><w:pStyle w:val=\"TableText\"/><w:jc w:val=\"left\"/></w:pPr>" + run(line, "") + "</w:p>";
  if (qr.beside.empty()) out += "<w:p><w:pPr><w:pStyle w:val=\"TableText\"/></w:pPr></w:p>";
  body_ += out + "</w:tc></w:tr></w:tbl>\n<w:p><w:pPr><w:pStyle w:val=\"TableNote\"/></w:pPr></w:p>\n";
  started_ = true;
  return {};
}

Result<void> Writer::block(const SignatureArea& area, std::size_t) {
  for (std::size_t i = 0; i < area.lines.size(); ++i) {
    const double before = i == 0 ? (area.seal ? 2.6 : 1) * m_.line : 0;
    paragraph({.keep_next = i + 1 < area.lines.size(),
               .keep_lines = true,
               .before = before,
               .indent_right = 4 * m_.size,
               .first_line_chars = 0,
               .jc = "right"},
              run(area.lines[i], ""));
  }
  return {};
}

Result<void> Writer::block(const Orientation& orientation, std::size_t) {
  if (orientation.landscape == landscape_) return {};
  if (started_) {  // close the section that ends here
    body_ +=
        "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/><w:rPr><w:sz "
        "w:val=\"2\"/></w:rPr>" +
        section(landscape_, std::exchange(titled_section_, false)) + "</w:pPr></w:p>\n";
    break_ = false;
    started_ = false;
  }
  landscape_ = orientation.landscape;
  return {};
}

Result<void> Writer::block(const Cover& cover, std::size_t) {
  titled_section_ = titled_section_ || !started_;
  const auto line = [&](const std::string& text, const std::string& font, double size, bool bold, double before,
                        const char* jc, double indent = 0) {
    const auto properties = "<w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"" +
                            font + "\"/>" + (bold ? "<w:b/><w:bCs/>" : "") + "<w:sz w:val=\"" + number(size * 2) +
                            "\"/><w:szCs w:val=\"" + number(size * 2) + "\"/></w:rPr>";
    paragraph({.before = before,
               .after = 0,
               .exact_line = size * 1.5,
               .indent_right = indent,
               .first_line_chars = 0,
               .jc = jc},
              run(text, properties));
  };
  line(cover.top.empty() ? " " : cover.top, "宋体", 10.5, false, 0, "right");
  double before = 110;
  for (const auto& text : cover.title) {
    line(text, letter() ? "方正小标宋简体" : "黑体", 28, !letter(), before, "center");
    before = 6;
  }
  if (!cover.subtitle.empty()) line(cover.subtitle, "楷体_GB2312", 16, false, 14, "center");
  if (!cover.fields.empty()) {
    const double left = text_width() * 0.10, name = text_width() * 0.27, value = text_width() * 0.50;
    std::string out = "<w:tbl><w:tblPr><w:tblW w:w=\"" + number(name + value) + "\" w:type=\"dxa\"/><w:tblInd w:w=\"" +
                      number(left) +
                      "\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"" +
                      number(name) + "\"/><w:gridCol w:w=\"" + number(value) + "\"/></w:tblGrid>";
    const auto cell = [&](const std::string& text, double width, bool underlined, const char* jc) {
      return "<w:tc><w:tcPr><w:tcW w:w=\"" + number(width) + "\" w:type=\"dxa\"/>" +
             (underlined ? "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" "
                           "w:color=\"334155\"/></w:tcBorders>"
                         : "") +
             "<w:vAlign w:val=\"bottom\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"TableText\"/><w:spacing "
             "w:before=\"120\" w:after=\"20\" w:line=\"420\" w:lineRule=\"exact\"/><w:jc w:val=\"" +
             jc + "\"/></w:pPr>" + run(text, "<w:rPr><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr>") +
             "</w:p></w:tc>";
    };
    paragraph({.before = 90, .after = 0, .first_line_chars = 0}, "");
    for (const auto& [label, text] : cover.fields)
      out += "<w:tr><w:trPr><w:cantSplit/></w:trPr>" + cell(label + "：", name, false, "distribute") +
             cell(text, value, true, "center") + "</w:tr>";
    body_ += out + "</w:tbl>\n";
  }
  before = 90;
  for (const auto& text : cover.bottom) {
    line(text, "黑体", 16, false, before, "center");
    before = 4;
  }
  break_ = true;
  return {};
}

std::string Writer::styles() const {
  const std::string fonts =
      std::string(
          "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\" w:eastAsia=\"") +
      m_.body + "\"/>";
  const auto size = [](double points) {
    return "<w:sz w:val=\"" + number(points * 2) + "\"/><w:szCs w:val=\"" + number(points * 2) + "\"/>";
  };
  const auto face = [](const char* name) {
    return std::string("<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"") + name +
           "\"/>";
  };
  const auto spacing = [&](double before, double after,
                           double exact) {  // exact 0: as high as the line needs (pictures)
    return "<w:spacing w:before=\"" + number(before * 20) + "\" w:after=\"" + number(after * 20) + "\" w:line=\"" +
           number(exact > 0 ? exact * 20 : 240) + "\" w:lineRule=\"" + (exact > 0 ? "exact" : "auto") + "\"/>";
  };
  std::string out =
      "<w:styles "
      "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:docDefaults><w:rPrDefault><w:rPr>" +
      fonts + size(m_.size) +
      "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" "
      "w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl "
      "w:val=\"0\"/></w:pPr></w:pPrDefault></w:docDefaults>";
  const auto style = [&](const std::string& id, const std::string& name, const std::string& p, const std::string& r,
                         const char* based = "Normal", bool shown = true) {
    out += "<w:style w:type=\"paragraph\"" + std::string(id == "Normal" ? " w:default=\"1\"" : "") + " w:styleId=\"" +
           id + "\"><w:name w:val=\"" + name + "\"/>" +
           (id == "Normal" ? "" : std::string("<w:basedOn w:val=\"") + based + "\"/><w:next w:val=\"Normal\"/>") +
           (shown ? "<w:qFormat/>" : "") + "<w:pPr>" + p + "</w:pPr><w:rPr>" + r + "</w:rPr></w:style>";
  };
  style("Normal", "Normal", spacing(0, 0, m_.line) + "<w:jc w:val=\"both\"/>", "");
  const bool official = letter();
  style("Title", "Title", "<w:keepNext/>" + spacing(0, m_.line, 36) + "<w:jc w:val=\"center\"/>",
        face(official ? "方正小标宋简体" : "黑体") + (official ? "" : "<w:b/><w:bCs/>") + size(22));
  struct Level {
    const char* font;
    double size;
    bool bold;
    double before, after;
  };
  const Level report[] = {
      {"黑体", 16, true, 12, 10}, {"黑体", 14, true, 10, 6}, {"黑体", 12, true, 6, 4}, {"宋体", 12, true, 4, 2}};
  const Level official_levels[] = {{"黑体", 16, false, 0, 0},
                                   {"楷体_GB2312", 16, false, 0, 0},
                                   {"仿宋_GB2312", 16, true, 0, 0},
                                   {"仿宋_GB2312", 16, false, 0, 0}};
  for (int level = 1; level <= 4; ++level) {
    const auto& l = official ? official_levels[level - 1] : report[level - 1];
    style("Heading" + std::to_string(level), "heading " + std::to_string(level),
          "<w:keepNext/><w:keepLines/>" + spacing(l.before, l.after, official ? m_.line : l.size * 1.5) +
              (official ? "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>" : "") +
              "<w:jc w:val=\"left\"/><w:outlineLvl w:val=\"" + std::to_string(level - 1) + "\"/>",
          face(l.font) + (l.bold ? "<w:b/><w:bCs/>" : "") + size(l.size));
  }
  for (int level = 1; level <= 3; ++level)
    style("TOC" + std::to_string(level), "toc " + std::to_string(level),
          spacing(level == 1 ? 4 : 0, 0, kContentsLine) + "<w:ind w:left=\"" + std::to_string((level - 1) * 420) +
              "\"/><w:jc w:val=\"left\"/>",
          (level == 1 ? face("黑体") : "") + size(official ? 14 : 12), "Normal", false);
  style("ContentsTitle", "Contents Title", spacing(0, 16, 30) + "<w:jc w:val=\"center\"/>", face("黑体") + size(18),
        "Normal", false);
  style("Caption", "caption",
        "<w:keepLines/>" + spacing(6, 4, official ? 20 : 16) +
            "<w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
        face("黑体") + size(official ? 14 : 10.5));
  style("Picture", "Picture", "<w:keepLines/>" + spacing(6, 2, 0) + "<w:jc w:val=\"center\"/>", "", "Normal", false);
  style("TableText", "Table Text", spacing(0, 0, table_line(official ? 14 : 10.5)) + "<w:jc w:val=\"center\"/>",
        size(official ? 14 : 10.5));
  style("TableNote", "Table Note", spacing(2, 6, 13) + "<w:jc w:val=\"left\"/>", size(9));
  style("ListParagraph", "List Paragraph", "<w:jc w:val=\"both\"/>", "");
  style("Header", "header",
        "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"2\" w:color=\"8A9696\"/></w:pBdr>" +
            spacing(0, 0, official ? 20 : 13) + "<w:jc w:val=\"right\"/>",
        "<w:color w:val=\"5B6770\"/>" + size(9), "Normal", false);
  style("Footer", "footer", spacing(0, 0, official ? 20 : 13) + "<w:jc w:val=\"center\"/>",
        face("宋体") + size(official ? 14 : 9), "Normal", false);
  return out + "</w:styles>";
}

std::string Writer::numbering() const {
  const auto indent = number(m_.size * 2 * 20), hang = number(m_.size * 2.2 * 20);
  const auto abstract = [&](const char* id, const char* format, const char* text) {
    return std::string("<w:abstractNum w:abstractNumId=\"") + id +
           "\"><w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" +
           format + "\"/><w:lvlText w:val=\"" + text + "\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"" +
           std::to_string(std::stol(indent) + std::stol(hang)) + "\" w:hanging=\"" + hang +
           "\"/></w:pPr></w:lvl></w:abstractNum>";
  };
  std::string out = "<w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">" +
                    abstract("0", "bullet", "•") + abstract("1", "decimal", "（%1）");
  for (std::size_t i = 0; i < ordered_.size(); ++i)
    out += "<w:num w:numId=\"" + std::to_string(i + 1) + "\"><w:abstractNumId w:val=\"" + (ordered_[i] ? "1" : "0") +
           "\"/>" + (ordered_[i] ? "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride>" : "") +
           "</w:num>";
  return out + "</w:numbering>";
}

std::string Writer::settings() const {
  return std::string(
             "<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:zoom "
             "w:percent=\"100\"/>") +
         "<w:defaultTabStop w:val=\"420\"/>" +
         (paper_.page_numbers == Paper::PageNumbers::dashes ? "<w:evenAndOddHeaders/>" : "") +
         "<w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat><w:compatSetting "
         "w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" "
         "w:val=\"15\"/></w:compat></w:settings>";
}

std::string Writer::header() const {
  return "<w:hdr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p><w:pPr><w:pStyle "
         "w:val=\"Header\"/></w:pPr><w:r><w:t xml:space=\"preserve\">" +
         escaped_markup(paper_.header_text) + "</w:t></w:r></w:p></w:hdr>";
}

std::string Writer::footer(bool even) const {
  const auto text = [](const char* t) { return std::string("<w:r><w:t xml:space=\"preserve\">") + t + "</w:t></w:r>"; };
  const auto value = [](const char* name) {
    return std::string("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> ") +
           name +
           " </w:instrText></w:r><w:r><w:fldChar "
           "w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
  };
  std::string out =
      "<w:ftr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p><w:pPr><w:pStyle "
      "w:val=\"Footer\"/>";
  if (paper_.page_numbers == Paper::PageNumbers::dashes)  // GB/T 9704: outer side, one character in
    out += even ? "<w:ind w:leftChars=\"100\" w:left=\"280\"/><w:jc w:val=\"left\"/></w:pPr>"
                : "<w:ind w:rightChars=\"100\" w:right=\"280\"/><w:jc w:val=\"right\"/></w:pPr>";
  else
    out += "</w:pPr>";
  if (paper_.page_numbers == Paper::PageNumbers::dashes)
    out += text("— ") + value("PAGE") + text(" —");
  else
    out += text("第 ") + value("PAGE") + text(" 页  共 ") + value("NUMPAGES") + text(" 页");
  return out + "</w:p></w:ftr>";
}

/// Packs parts in the given order, each with the same fixed time.
Result<std::string> packed(const std::vector<Part>& parts) {
  const Error failed{ErrorKind::unavailable, "paper.unwritable"};
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (!buffer) return failed;
  zip_t* zip = zip_open_from_source(buffer, ZIP_TRUNCATE, &error);
  if (!zip) {
    zip_source_free(buffer);
    return failed;
  }
  zip_source_keep(buffer);
  bool good = true;
  for (const auto& part : parts) {
    auto* source = zip_source_buffer(zip, part.body.data(), part.body.size(), 0);
    const auto index = source ? zip_file_add(zip, part.name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    good = good && index >= 0 &&
           zip_file_set_dostime(zip, static_cast<zip_uint64_t>(index), 0, 0x21, 0) == 0;  // 1980-01-01
  }
  if (!good || zip_close(zip) != 0) {
    if (!good) zip_discard(zip);
    zip_source_free(buffer);
    return failed;
  }
  std::string out;
  zip_stat_t stat;
  if (zip_source_stat(buffer, &stat) == 0 && zip_source_open(buffer) == 0) {
    out.resize(stat.size);
    if (zip_source_read(buffer, out.data(), stat.size) != static_cast<zip_int64_t>(stat.size)) out.clear();
    zip_source_close(buffer);
  }
  zip_source_free(buffer);
  if (out.empty()) return failed;
  return out;
}

Result<std::string> Writer::write() {
  for (std::size_t i = 0; i < paper_.blocks.size(); ++i) {
    if (i == 0 && letter() && paper_.print_title && !paper_.title.empty())
      paragraph({.style = "Title"}, run(paper_.title, ""));
    QY_CHECK(std::visit([&](const auto& b) { return block(b, i); }, paper_.blocks[i]));
  }
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
  const std::string rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const std::string document =
      head + "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"" + rel +
      "\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\""
      " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
      "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>\n" +
      body_ + section(landscape_, titled_section_) + "</w:body></w:document>";

  const bool has_header = !paper_.header_text.empty(), has_footer = paper_.page_numbers != Paper::PageNumbers::none,
             has_even = paper_.page_numbers == Paper::PageNumbers::dashes;
  const std::string ml = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
  std::string types = head +
                      "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "
                      "Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                      "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" "
                      "ContentType=\"image/png\"/>";
  std::string relations =
      head + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  std::vector<Part> parts{
      {"[Content_Types].xml", ""},
      {"_rels/.rels",
       head +
           "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
           "Id=\"rId1\" Type=\"" +
           rel +
           "/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" "
           "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" "
           "Target=\"docProps/core.xml\"/></Relationships>"}};
  parts.push_back(
      {"docProps/core.xml",
       head +
           "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
           "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
           "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>" +
           escaped_markup(paper_.title) + "</dc:title><dc:creator>" + escaped_markup(paper_.author) +
           "</dc:creator><dcterms:created xsi:type=\"dcterms:W3CDTF\">" + paper_.date.str() +
           "T00:00:00Z</dcterms:created></cp:coreProperties>"});
  types +=
      "<Override PartName=\"/docProps/core.xml\" "
      "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>";
  const auto part = [&](const std::string& name, const std::string& kind, const std::string& id, std::string body) {
    types += "<Override PartName=\"/word/" + name + "\" ContentType=\"" + ml + kind + "+xml\"/>";
    if (!id.empty())
      relations += "<Relationship Id=\"" + id + "\" Type=\"" + rel + "/" +
                   (kind == "document.main" ? "document" : kind) + "\" Target=\"" + name + "\"/>";
    parts.push_back({"word/" + name, std::move(body)});
  };
  part("document.xml", "document.main", "", document);
  part("styles.xml", "styles", "rIdStyles", head + styles());
  part("settings.xml", "settings", "rIdSettings", head + settings());
  if (!ordered_.empty()) part("numbering.xml", "numbering", "rIdNumbering", head + numbering());
  if (has_header) part("header1.xml", "header", "rIdHeader", head + header());
  if (has_footer) part("footer1.xml", "footer", "rIdFooter", head + footer(false));
  if (has_even) part("footer2.xml", "footer", "rIdFooterEven", head + footer(true));
  parts[0].body = types + "</Types>";
  parts.push_back({"word/_rels/document.xml.rels", relations + relations_ + "</Relationships>"});
  for (auto& media : media_) parts.push_back(std::move(media));
  return packed(parts);
}

/// Lays the paper out by counting lines, for servers without LibreOffice. Chinese characters are as wide as high.
class Estimate {
 public:
  explicit Estimate(const Paper& paper) : paper_(paper), m_(measures_of(paper.style)), labels_(labels_of(paper)) {}

  std::vector<int> pages() {
    if (paper_.style == Paper::Style::letter && paper_.print_title) add(60, 60);
    for (std::size_t i = 0; i < paper_.blocks.size(); ++i)
      std::visit([&](const auto& b) { block(b); }, paper_.blocks[i]);
    return pages_;
  }

 private:
  double height() const { return m_.height(landscape_) / 25.4 * 72; }
  double width() const { return m_.width(landscape_) / 25.4 * 72; }
  static double text_width(std::string_view text, double size) {
    double ems = 0;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      ems += byte < 0x80 ? 0.5 : byte >= 0xc0 ? 1 : 0;
    }
    return ems * size;
  }
  static std::string text_of(const std::vector<Run>& runs) {
    std::string out;
    for (const auto& r : runs) out += r.text;
    return out;
  }
  static double lines(std::string_view text, double size, double width) {
    double out = 0;
    for (const auto& line : split(text, '\n'))
      out += std::max(1.0, std::ceil(text_width(line, size) / std::max(size, width)));
    return out;
  }
  void new_page() {
    if (used_ > 0) {
      ++page_;
      used_ = 0;
    }
  }
  /// Something `h` high that breaks only into pieces of `piece`.
  void add(double h, double piece) {
    if (h <= 0) return;
    if (std::exchange(break_, false)) new_page();
    while (h > 0) {
      const double room = height() - used_;
      const double fits = std::floor(room / piece + 1e-9) * piece;
      if (h <= room) {
        used_ += h;
        return;
      }
      if (fits > 0) h -= fits;
      ++page_;
      used_ = 0;
      if (piece >= height()) {
        used_ = height();
        return;
      }
    }
  }

  void block(const Heading& h) {
    if (paper_.style == Paper::Style::report && h.level == 1 && h.numbered && paper_.chapters_on_new_pages)
      break_ = true;
    const double high = paper_.style == Paper::Style::letter ? m_.line
                        : h.level == 1                       ? 46
                        : h.level == 2                       ? 37
                        : h.level == 3                       ? 28
                                                             : 24;
    if (std::exchange(break_, false)) new_page();
    if (used_ + high + m_.line > height()) new_page();  // kept with the next line
    if (h.in_contents) pages_.push_back(page_);
    add(high, high);
  }
  void block(const Paragraph& p) {
    add(lines(text_of(p.runs), m_.size, width() - (p.indent ? m_.size : 0)) * m_.line + p.space_before + p.space_after,
        m_.line);
  }
  void block(const Table& t) {
    if (!t.caption.empty()) add(26, 26);
    std::size_t columns = std::max<std::size_t>(1, t.widths.size());
    for (const auto& row : t.rows) columns = std::max(columns, row.size());
    double total = 0;
    for (const double w : t.widths) total += w;
    for (const auto& row : t.rows) {
      double high = 1;
      std::size_t c = 0;
      for (const auto& cell : row) {
        double share = 0;
        for (int k = 0; k < cell.columns; ++k, ++c)
          share += t.widths.empty()      ? 1.0 / static_cast<double>(columns)
                   : c < t.widths.size() ? t.widths[c] / total
                                         : 0;
        high = std::max(high, lines(text_of(cell.runs), t.size, width() * share - 7));
      }
      add(high * table_line(t.size) + 3.5, high * table_line(t.size) + 3.5);
    }
    add(21, 21);
  }
  void block(const Figure& f) {
    const auto size = picture_size(f.svg.empty() ? std::string_view(f.png) : std::string_view(f.svg));
    double high = size ? std::min(f.width_mm, m_.width(landscape_)) * size->second / size->first : 60;
    high = std::min(high, m_.height(landscape_) * 0.82) / 25.4 * 72 + 40;
    add(high, high);
  }
  void block(const PageBreak&) { break_ = true; }
  void block(const Contents& c) {
    break_ = true;
    add(50, 50);
    for (const auto& b : paper_.blocks)
      if (const auto* h = std::get_if<Heading>(&b); h && h->in_contents && h->level <= c.levels)
        add(kContentsLine + (h->level == 1 ? 4 : 0), kContentsLine + (h->level == 1 ? 4 : 0));
    break_ = true;
  }
  void block(const List& l) {
    for (const auto& item : l.items) add(lines(text_of(item), m_.size, width() - 4 * m_.size) * m_.line, m_.line);
  }
  void block(const QrBlock& q) { add(q.size_mm / 25.4 * 72 + 14, q.size_mm / 25.4 * 72 + 14); }
  void block(const SignatureArea& s) {
    add((static_cast<double>(s.lines.size()) + 2.6) * m_.line, (static_cast<double>(s.lines.size()) + 2.6) * m_.line);
  }
  void block(const Orientation& o) {
    if (o.landscape == landscape_) return;
    new_page();
    landscape_ = o.landscape;
  }
  void block(const Cover&) {
    used_ = height();
    break_ = true;
  }

  const Paper& paper_;
  const Measures m_;
  const std::vector<std::string> labels_;
  std::vector<int> pages_;
  int page_ = 1;
  double used_ = 0;
  bool landscape_ = false, break_ = false;
};

}  // namespace

Result<Docx> to_docx(const Paper& paper, std::string_view converter) {
  const bool has_contents = std::any_of(paper.blocks.begin(), paper.blocks.end(),
                                        [](const Block& b) { return std::holds_alternative<Contents>(b); });
  Docx out;
  if (!has_contents) {
    QY_TRY(out.bytes, Writer(paper, {}).write());
    return out;
  }
  out.pages = Estimate(paper).pages();
  out.pagination = Pagination::estimated;
  QY_TRY(out.bytes, Writer(paper, out.pages).write());
  if (converter.empty()) return out;
  const auto found = bookmark_pages(out.bytes, converter);
  if (!found) return out;
  std::vector<int> pages;
  for (std::size_t i = 0; i < out.pages.size(); ++i) {
    char name[32];
    std::snprintf(name, sizeof name, "_Toc%06d", static_cast<int>(i) + 1);
    const auto at = found->find(name);
    if (at == found->end()) return out;  // a heading the layout lost: keep the estimate, and say so
    pages.push_back(at->second);
  }
  out.pages = std::move(pages);
  out.pagination = Pagination::laid_out;
  QY_TRY(out.bytes, Writer(paper, out.pages).write());
  return out;
}

}  // namespace qy::document
