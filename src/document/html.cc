#include <algorithm>

#include "base/text.h"
#include "document/figures.h"
#include "document/markup.h"
#include "document/paper.h"

namespace qy::document {
namespace {

std::string escaped(std::string_view text) { return escaped_markup(text, "<br>"); }

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

const char* css_of(Align align) {
  switch (align) {
    case Align::start:
      return "left";
    case Align::centre:
      return "center";
    case Align::end:
      return "right";
    case Align::justify:
      return "justify";
  }
  return "justify";
}

std::string runs_html(const std::vector<Run>& runs) {
  std::string out;
  for (const auto& run : runs) {
    auto text = escaped(run.text);
    if (run.raise == Run::Raise::subscript) text = "<sub>" + text + "</sub>";
    if (run.raise == Run::Raise::superscript) text = "<sup>" + text + "</sup>";
    if (run.bold) text = "<strong>" + text + "</strong>";
    if (run.italic) text = "<em>" + text + "</em>";
    if (run.underline) text = "<u>" + text + "</u>";
    if (run.link.starts_with("http://") || run.link.starts_with("https://") || run.link.starts_with("mailto:"))
      text = "<a href=\"" + escaped(run.link) + "\">" + text + "</a>";
    out += text;
  }
  return out;
}

constexpr const char* kStyle = R"(
.paper{max-width:48rem;margin:0 auto;padding:1.5rem;color:#1F2933;font:16px/1.8 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
.paper h1,.paper h2,.paper h3,.paper h4{line-height:1.4;margin:1.6em 0 .6em}.paper h1{font-size:1.5em}.paper h2{font-size:1.25em}.paper h3{font-size:1.1em}.paper h4{font-size:1em}
.paper p{margin:.4em 0}.paper .indent{text-indent:2em}.paper .title{text-align:center}.paper table{border-collapse:collapse;width:100%;margin:.4em 0;font-size:.9em}
.paper .plain td{border:0}.paper th,.paper td{border:1px solid #B8C2C2;padding:.3em .5em;vertical-align:middle}.paper th{background:#EEF1F1}.paper .scroll{overflow-x:auto}
.paper figure{margin:1em 0;text-align:center}.paper figure img{max-width:100%;height:auto}.paper figcaption,.paper .caption{text-align:center;font-weight:600;font-size:.9em;margin:.8em 0 .3em}
.paper .unit{text-align:right;font-size:.85em}.paper .note{font-size:.85em;color:#5B6770}.paper .qr{display:flex;align-items:center;gap:1em;margin:1em 0}.paper .qr img{width:6.5rem;height:6.5rem}
.paper .sign{text-align:right;margin:2.5em 4em 1em 0}.paper .cover{text-align:center;padding:4em 0;border-bottom:1px solid #C9D1D1}.paper .cover h1{font-size:1.9em;margin:.2em 0}
.paper .cover dl{display:grid;grid-template-columns:auto auto;justify-content:center;gap:.4em 1em;margin:3em 0}.paper .cover dt{text-align:right}.paper .cover dd{margin:0;min-width:14em;border-bottom:1px solid #1F2933}
.paper nav ol{list-style:none;padding:0}.paper nav .l2{padding-left:2em}.paper nav .l3{padding-left:4em}.paper .head{text-align:right;font-size:.8em;color:#5B6770}
@media print{.paper{max-width:none;padding:0}.paper .break{break-before:page}.paper tr,.paper figure{break-inside:avoid}}
)";

class Writer {
 public:
  explicit Writer(const Paper& paper) : paper_(paper), labels_(labels_of(paper)) {}

  std::string article() {
    out_ = "<article class=\"paper\" lang=\"zh-CN\">\n";
    if (!paper_.header_text.empty()) out_ += "<p class=\"head\">" + escaped(paper_.header_text) + "</p>\n";
    if (paper_.style == Paper::Style::letter && paper_.print_title && !paper_.title.empty())
      out_ += "<h1 class=\"title\">" + escaped(paper_.title) + "</h1>\n";
    for (std::size_t i = 0; i < paper_.blocks.size(); ++i)
      std::visit([&](const auto& b) { block(b, i); }, paper_.blocks[i]);
    return out_ + "</article>\n";
  }

 private:
  std::string anchor(std::size_t i) const { return "s" + std::to_string(i); }
  std::string labelled(std::size_t i, const std::string& text) const {
    return escaped(labels_[i] +
                   (labels_[i].empty() || labels_[i].ends_with("、") || labels_[i].ends_with("）") ? "" : " ") + text);
  }

  void block(const Heading& h, std::size_t i) {
    const auto tag = "h" + std::to_string(std::min(std::max(h.level, 1), 4));
    out_ += "<" + tag + " id=\"" + anchor(i) + "\">" + labelled(i, h.text) + "</" + tag + ">\n";
  }
  void block(const Paragraph& p, std::size_t) {
    const bool indent = p.indent && p.align != Align::centre && p.align != Align::end;
    out_ += std::string("<p") + (indent ? " class=\"indent\"" : "") +
            (p.align == Align::justify ? "" : std::string(" style=\"text-align:") + css_of(p.align) + "\"") + ">" +
            runs_html(p.runs) + "</p>\n";
  }
  void block(const Table& t, std::size_t i) {
    if (!t.caption.empty())
      out_ += "<p class=\"caption\" id=\"" + anchor(i) + "\">" + labelled(i, t.caption) + "</p>\n";
    if (!t.unit.empty()) out_ += "<p class=\"unit\">" + escaped(t.unit) + "</p>\n";
    if (t.rows.empty()) return;
    out_ += std::string("<div class=\"scroll\"><table") + (t.borders ? "" : " class=\"plain\"") +
            (t.caption.empty() ? "" : " aria-labelledby=\"" + anchor(i) + "\"") + ">\n";
    std::vector<int> covered;  // rows by which cells above still cover each column
    for (std::size_t r = 0; r < t.rows.size(); ++r) {
      const bool header = static_cast<int>(r) < t.header_rows;
      if (r == 0 && header) out_ += "<thead>\n";
      if (static_cast<int>(r) == t.header_rows) out_ += r > 0 ? "</thead><tbody>\n" : "<tbody>\n";
      out_ += "<tr>";
      std::size_t c = 0;
      for (const auto& cell : t.rows[r]) {
        while (c < covered.size() && covered[c] > 0) --covered[c++];
        const char* tag = header ? "th" : "td";
        const auto align = cell.align.value_or(header                ? Align::centre
                                               : c < t.aligns.size() ? t.aligns[c]
                                                                     : Align::centre);
        out_ += std::string("<") + tag + (cell.columns > 1 ? " colspan=\"" + std::to_string(cell.columns) + "\"" : "") +
                (cell.rows > 1 ? " rowspan=\"" + std::to_string(cell.rows) + "\"" : "") +
                (header ? " scope=\"col\"" : "") + " style=\"text-align:" + css_of(align) +
                (cell.shaded ? ";background:#EEF1F1" : "") + "\">" + (cell.bold && !header ? "<strong>" : "") +
                runs_html(cell.runs) + (cell.bold && !header ? "</strong>" : "") + "</" + tag + ">";
        for (int k = 0; k < std::max(1, cell.columns); ++k, ++c) {
          if (c >= covered.size()) covered.resize(c + 1);
          covered[c] = std::max(0, cell.rows - 1);
        }
      }
      for (; c < covered.size(); ++c) covered[c] = std::max(0, covered[c] - 1);
      out_ += "</tr>\n";
    }
    out_ += static_cast<int>(t.rows.size()) > t.header_rows ? "</tbody>" : "</thead>";
    out_ += "</table></div>\n";
    if (!t.note.empty()) out_ += "<p class=\"note\">" + escaped(t.note) + "</p>\n";
  }
  void block(const Figure& f, std::size_t i) {
    const auto data =
        f.png.empty() ? "data:image/svg+xml;base64," + base64(f.svg) : "data:image/png;base64," + base64(f.png);
    out_ += "<figure id=\"" + anchor(i) + "\"><img src=\"" + data + "\" alt=\"" +
            escaped(f.description.empty() ? f.caption : f.description) + "\">" +
            (f.caption.empty() ? "" : "<figcaption>" + labelled(i, f.caption) + "</figcaption>") + "</figure>\n";
  }
  void block(const PageBreak&, std::size_t) { out_ += "<div class=\"break\"></div>\n"; }
  void block(const Contents& c, std::size_t) {
    auto title = c.title;
    title.erase(std::remove(title.begin(), title.end(), ' '), title.end());
    out_ += "<nav aria-label=\"" + escaped(title) + "\"><h2>" + escaped(title) + "</h2><ol>\n";
    for (std::size_t i = 0; i < paper_.blocks.size(); ++i)
      if (const auto* h = std::get_if<Heading>(&paper_.blocks[i]); h && h->in_contents && h->level <= c.levels)
        out_ += "<li class=\"l" + std::to_string(h->level) + "\"><a href=\"#" + anchor(i) + "\">" +
                labelled(i, h->text) + "</a></li>\n";
    out_ += "</ol></nav>\n";
  }
  void block(const List& l, std::size_t) {
    out_ += l.ordered ? "<ol>" : "<ul>";
    for (const auto& item : l.items) out_ += "<li>" + runs_html(item) + "</li>";
    out_ += l.ordered ? "</ol>\n" : "</ul>\n";
  }
  void block(const QrBlock& q, std::size_t) {
    out_ += "<div class=\"qr\">";
    if (const auto svg = qr_svg(q.content))
      out_ += "<img alt=\"" + escaped(q.content) + "\" src=\"data:image/svg+xml;base64," + base64(*svg) + "\">";
    out_ += "<div>";
    for (const auto& line : q.beside) out_ += "<p>" + escaped(line) + "</p>";
    out_ += "</div></div>\n";
  }
  void block(const SignatureArea& s, std::size_t) {
    out_ += "<div class=\"sign\">";
    for (const auto& line : s.lines) out_ += "<p>" + escaped(line) + "</p>";
    out_ += "</div>\n";
  }
  void block(const Orientation&, std::size_t) {}
  void block(const Cover& c, std::size_t) {
    out_ += "<header class=\"cover\">";
    if (!c.top.empty()) out_ += "<p class=\"head\">" + escaped(c.top) + "</p>";
    for (const auto& line : c.title) out_ += "<h1>" + escaped(line) + "</h1>";
    if (!c.subtitle.empty()) out_ += "<p>" + escaped(c.subtitle) + "</p>";
    if (!c.fields.empty()) out_ += "<dl>";
    for (const auto& [name, value] : c.fields) out_ += "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>";
    if (!c.fields.empty()) out_ += "</dl>";
    for (const auto& line : c.bottom) out_ += "<p>" + escaped(line) + "</p>";
    out_ += "</header>\n";
  }

  const Paper& paper_;
  const std::vector<std::string> labels_;
  std::string out_;
};

}  // namespace

std::string to_html(const Paper& paper, bool fragment) {
  auto article = Writer(paper).article();
  if (fragment) return article;
  return "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width, initial-scale=1\"><title>" +
         escaped(paper.title) + "</title><style>" + kStyle + "</style></head><body>\n" + article + "</body></html>\n";
}

}  // namespace qy::document
