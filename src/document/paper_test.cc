#include "document/paper.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>

#include "base/text.h"
#include "document/figures.h"
#include "document/pdf.h"
#include "document/process.h"

namespace qy::document {
namespace {

using TextRun = Run;  // inside a test `Run` is GoogleTest's

std::map<std::string, std::string> unzipped(const std::string& bytes) {
  std::map<std::string, std::string> out;
  zip_error_t error;
  zip_error_init(&error);
  auto* zip = zip_open_from_source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), ZIP_RDONLY, &error);
  if (!zip) return out;
  for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); ++i) {
    zip_stat_t stat;
    zip_stat_index(zip, static_cast<zip_uint64_t>(i), 0, &stat);
    std::string body(stat.size, '\0');
    auto* file = zip_fopen_index(zip, static_cast<zip_uint64_t>(i), 0);
    zip_fread(file, body.data(), body.size());
    zip_fclose(file);
    out[stat.name] = body;
  }
  zip_discard(zip);
  return out;
}

/// The sequences ECMA-376 part 1 fixes, as far as the writer uses them.
const std::map<std::string, std::vector<std::string>>& orders() {
  static const std::map<std::string, std::vector<std::string>> all = {
      {"w:pPr",
       {"w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:widowControl", "w:numPr", "w:pBdr", "w:shd",
        "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr"}},
      {"w:rPr",
       {"w:rStyle", "w:rFonts", "w:b", "w:bCs", "w:i", "w:iCs", "w:color", "w:sz", "w:szCs", "w:u", "w:vertAlign",
        "w:lang"}},
      {"w:tblPr",
       {"w:tblStyle", "w:tblW", "w:jc", "w:tblInd", "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar",
        "w:tblLook"}},
      {"w:tcPr", {"w:tcW", "w:gridSpan", "w:vMerge", "w:tcBorders", "w:shd", "w:noWrap", "w:tcMar", "w:vAlign"}},
      {"w:sectPr",
       {"w:headerReference", "w:footerReference", "w:type", "w:pgSz", "w:pgMar", "w:pgNumType", "w:cols", "w:titlePg",
        "w:docGrid"}},
      {"w:tbl", {"w:tblPr", "w:tblGrid", "w:tr"}},
      {"w:tc", {"w:tcPr", "w:p"}},
      {"w:style", {"w:name", "w:basedOn", "w:next", "w:qFormat", "w:pPr", "w:rPr"}},
      {"w:settings", {"w:zoom", "w:defaultTabStop", "w:evenAndOddHeaders", "w:characterSpacingControl", "w:compat"}},
      {"w:lvl", {"w:start", "w:numFmt", "w:lvlText", "w:lvlJc", "w:pPr", "w:rPr"}},
      {"wp:inline", {"wp:extent", "wp:docPr", "wp:cNvGraphicFramePr", "a:graphic"}},
  };
  return all;
}

void check_order(const pugi::xml_node& node) {
  if (const auto rule = orders().find(node.name()); rule != orders().end()) {
    std::ptrdiff_t last = -1;
    for (const auto child : node.children()) {
      const auto at = std::find(rule->second.begin(), rule->second.end(), child.name()) - rule->second.begin();
      EXPECT_LT(at, static_cast<std::ptrdiff_t>(rule->second.size())) << child.name() << " in " << node.name();
      EXPECT_GE(at, last) << child.name() << " stands too late in " << node.name();
      last = std::max(last, at);
    }
  }
  for (const auto child : node.children()) check_order(child);
}

std::string svg_sample() {
  return bar_chart_svg({.title = "新鲜水用量三年下降 21%",
                        .unit = "万 m³",
                        .labels = {"2023年", "2024年", "2025年"},
                        .series = {{"新鲜水", {Decimal::of("12.60"), Decimal::of("11.20"), Decimal::of("9.95")}},
                                   {"回用水", {Decimal::of("2.10"), std::nullopt, Decimal::of("4.35")}}},
                        .target_name = "目标",
                        .target = Decimal::of("10")});
}

Paper report() {
  Paper paper{.style = Paper::Style::report,
              .title = "青江电镀有限公司清洁生产审核报告",
              .author = "青江电镀有限公司",
              .date = Date(2026, 11, 23),
              .header_text = "青江电镀有限公司清洁生产审核报告  版本 QY-2026-0001-V2"};
  auto& b = paper.blocks;
  b.push_back(Cover{.top = "版本 QY-2026-0001-V2",
                    .title = {"青江电镀有限公司", "清洁生产审核报告"},
                    .subtitle = "（送审稿）",
                    .fields = {{"企业名称", "青江电镀有限公司"},
                               {"审核类别", "强制性（双有）"},
                               {"编制单位", "青江绿源环保咨询有限公司"}},
                    .bottom = {"青江电镀有限公司", "2026年11月"}});
  b.push_back(Contents{});
  const std::string text =
      "企业位于示范省青江市经济开发区，主要从事汽车零部件的镀铬、镀镍和镀锌加工。审核期内新鲜水用量由 126000 t/a 降至 "
      "99500 t/a，化学需氧量排放浓度稳定达标。";
  for (int chapter = 1; chapter <= 4; ++chapter) {
    b.push_back(Heading{.text = chapter == 1 ? "前言" : "预审核（第" + std::to_string(chapter) + "部分）", .level = 1});
    for (int section = 1; section <= 3; ++section) {
      b.push_back(Heading{.text = "企业基本情况", .level = 2});
      for (int i = 0; i < 4 * section; ++i) b.push_back(Paragraph(text + text));
      b.push_back(Heading{.text = "生产工艺", .level = 3});
      b.push_back(Paragraph(runs_of("SO_2_ 排放 12.5 mg/m^3^，**重点关注**铬酸雾。")));
    }
    Table table{.caption = "近三年主要原辅材料消耗",
                .unit = "单位：t/a",
                .header_rows = 2,
                .widths = {2, 1, 1, 1, 2},
                .aligns = {Align::start, Align::end, Align::end, Align::end, Align::start},
                .note = "注：数据来自企业台账，“—”表示未使用。"};
    Cell name("名称"), years("年消耗量"), remark("备注");
    name.rows = 2;
    years.columns = 3;
    remark.rows = 2;
    table.rows.push_back({name, years, remark});
    table.rows.push_back({"2023年", "2024年", "2025年"});
    for (int r = 0; r < 30; ++r) {
      Cell group("铬酸酐（镀铬一、二线）");
      group.rows = 3;
      if (r % 3 == 0)
        table.rows.push_back({group, "12.50", "11.80", "9.95", "危险化学品"});
      else
        table.rows.push_back({"12.50", "11.80", "9.95", "—"});
    }
    b.push_back(table);
    b.push_back(Figure{.caption = "新鲜水与回用水用量", .svg = svg_sample(), .width_mm = 130});
  }
  b.push_back(Orientation{true});
  b.push_back(Heading{.text = "附表", .level = 1, .numbered = false});
  Table wide{.caption = "绩效表", .header_rows = 1, .size = 9};
  wide.rows.push_back({});
  for (int c = 0; c < 12; ++c) wide.rows[0].push_back("指标" + std::to_string(c + 1));
  for (int r = 0; r < 5; ++r) wide.rows.push_back(std::vector<Cell>(12, Cell("1.23")));
  b.push_back(wide);
  b.push_back(Orientation{false});
  b.push_back(Paragraph("以上内容属实。"));
  b.push_back(
      List{.items = {{TextRun{.text = "营业执照复印件"}}, {TextRun{.text = "排污许可证副本"}}}, .ordered = true});
  b.push_back(SignatureArea{.lines = {"青江电镀有限公司", "2026年11月23日"}});
  return paper;
}

Paper letter() {
  Paper paper{.style = Paper::Style::letter,
              .title = "关于开展强制性清洁生产审核的告知书",
              .author = "青江市生态环境局",
              .date = Date(2026, 1, 31),
              .header_text = "",
              .page_numbers = Paper::PageNumbers::dashes};
  auto& b = paper.blocks;
  b.push_back(Paragraph({TextRun{.text = "青环审告〔2026〕12号"}}, Align::centre));
  b.push_back(Paragraph({TextRun{.text = "青江电镀有限公司："}}, Align::start, false));
  b.push_back(
      Paragraph("你单位已列入2026年度强制性清洁生产审核企业名单，名单于2026年1月31日公布。现将有关事项告知如下："));
  b.push_back(Heading{.text = "列入名单的依据", .level = 1});
  b.push_back(Paragraph(
      "依据《中华人民共和国清洁生产促进法》第二十七条，你单位使用有毒有害原料进行生产，应当实施强制性清洁生产审核。"));
  b.push_back(Heading{.text = "办理时限", .level = 1});
  b.push_back(Heading{.text = "信息公开", .level = 2});
  b.push_back(Paragraph("应于2026年2月28日前公布有关信息（该日为休息日，下一工作日为2026年3月2日）。"));
  b.push_back(Heading{.text = "启动审核", .level = 2});
  b.push_back(Paragraph("应于2026年3月31日前开展清洁生产审核。"));
  Table table{.caption = "办理时限一览",
              .widths = {1, 3, 2},
              .aligns = {Align::centre, Align::start, Align::centre},
              .size = 14};
  table.rows = {
      {"序号", "事项", "截止日期"}, {"1", "公布有关信息", "2026年2月28日"}, {"2", "启动审核", "2026年3月31日"}};
  b.push_back(table);
  b.push_back(QrBlock{.content = "https://example.test/check/QY-2026-0012?c=7f3a",
                      .beside = {"文书编号：QY-2026-0012", "账号激活码：7K3M-9QPX-W2TD", "扫描二维码可核验本文书。"}});
  b.push_back(SignatureArea{.lines = {"青江市生态环境局", "2026年1月31日"}});
  return paper;
}

void check_package(const std::string& bytes) {
  const auto parts = unzipped(bytes);
  ASSERT_TRUE(parts.count("word/document.xml"));
  const auto& types = parts.at("[Content_Types].xml");
  for (const auto& [name, body] : parts) {
    SCOPED_TRACE(name);
    if (name.ends_with(".png")) continue;
    pugi::xml_document xml;
    ASSERT_TRUE(xml.load_buffer(body.data(), body.size()));
    check_order(xml);
    if (name.starts_with("word/") && name.ends_with(".xml")) {
      EXPECT_TRUE(contains(types, "/" + name + "\""));
    }
  }
  // Every relation used exists, and every bookmark referred to.
  const auto& document = parts.at("word/document.xml");
  const auto& relations = parts.at("word/_rels/document.xml.rels");
  for (std::size_t at = document.find("r:id=\""); at != document.npos; at = document.find("r:id=\"", at + 1)) {
    const auto id = document.substr(at + 6, document.find('"', at + 6) - at - 6);
    EXPECT_TRUE(contains(relations, "Id=\"" + id + "\"")) << id;
  }
  for (std::size_t at = document.find("w:anchor=\""); at != document.npos; at = document.find("w:anchor=\"", at + 1)) {
    const auto name = document.substr(at + 10, document.find('"', at + 10) - at - 10);
    EXPECT_TRUE(contains(document, "w:name=\"" + name + "\"")) << name;
  }
  pugi::xml_document xml;
  xml.load_buffer(document.data(), document.size());
  for (const auto& found : xml.select_nodes("//w:tbl")) {
    const auto table = found.node();
    const auto columns = std::distance(table.child("w:tblGrid").begin(), table.child("w:tblGrid").end());
    for (const auto row : table.children("w:tr")) {
      int wide = 0;
      for (const auto cell : row.children("w:tc"))
        wide += std::max(1, cell.child("w:tcPr").child("w:gridSpan").attribute("w:val").as_int(1));
      EXPECT_EQ(wide, columns);
    }
  }
  int open = 0;
  for (const auto& found : xml.select_nodes("//w:fldChar")) {
    const std::string_view type = found.node().attribute("w:fldCharType").value();
    open += type == "begin" ? 1 : type == "end" ? -1 : 0;
    EXPECT_GE(open, 0);
  }
  EXPECT_EQ(open, 0);
}

TEST(Paper, NumbersHeadingsAndCaptions) {
  Paper paper{.blocks = {Heading{.text = "a"}, Heading{.text = "b", .level = 2}, Table{.caption = "t"}, Table{},
                         Figure{.caption = "f"}, Heading{.text = "c", .level = 2}, Heading{.text = "d"},
                         Table{.caption = "t"}, Heading{.text = "e", .level = 2},
                         Heading{.text = "附", .numbered = false}, Table{.caption = "t"},
                         Heading{.text = "录", .numbered = false}, Table{.caption = "t"}}};
  EXPECT_EQ(labels_of(paper), (std::vector<std::string>{"1", "1.1", "表1-1", "", "图1-1", "1.2", "2", "表2-1", "2.1",
                                                        "", "附表1", "", "附表2"}));
  paper.style = Paper::Style::letter;
  EXPECT_EQ(labels_of(paper), (std::vector<std::string>{"一、", "（一）", "表1", "", "图1", "（二）", "二、", "表2",
                                                        "（一）", "", "表3", "", "表4"}));
}

TEST(Paper, MarksInTextBecomeRuns) {
  const auto runs = runs_of("SO_2_ 12 mg/m^3^，a_b c_d，**重点**");
  std::string shape;
  for (const auto& run : runs)
    shape += (run.bold                                   ? "B"
              : run.raise == TextRun::Raise::subscript   ? "v"
              : run.raise == TextRun::Raise::superscript ? "^"
                                                         : "") +
             ("[" + run.text + "]");
  EXPECT_EQ(shape, "[SO]v[2][ 12 mg/m]^[3][，a_b c_d，]B[重点]");
}

TEST(Paper, DocxIsSoundAndTheSameEveryTime) {
  for (const auto& paper : {report(), letter(), Paper{}}) {
    SCOPED_TRACE(paper.title);
    const auto docx = to_docx(paper);
    ASSERT_TRUE(docx) << docx.error().code;
    check_package(docx->bytes);
    EXPECT_TRUE(docx->bytes == to_docx(paper)->bytes);
  }
}

TEST(Paper, ASmallTableStaysOnOnePageAndALargeOneMayBreak) {
  const auto kept = [](std::size_t rows) {
    Table table;
    for (std::size_t r = 0; r < rows; ++r) table.rows.push_back({"事项", "2026-12-31"});
    Paper paper{.title = "告知书"};
    paper.blocks.push_back(table);
    const auto docx = to_docx(paper);
    pugi::xml_document xml;
    EXPECT_TRUE(docx && xml.load_string(unzipped(docx->bytes).at("word/document.xml").c_str()));
    std::string found;
    for (const auto& row : xml.select_nodes("//w:tr"))
      found += row.node().select_nodes(".//w:keepNext").empty() ? '.' : '+';
    return found;
  };
  EXPECT_EQ(kept(5), "++++.");
  EXPECT_EQ(kept(20), "+" + std::string(19, '.')) << "the header stays with its first row";
}

TEST(Paper, HostileTextStaysText) {
  Paper paper{.title = "<&\"",
              .date = Date(2026, 1, 1),
              .header_text = "a\x01<b>",
              .blocks = {Heading{.text = "</w:t><w:p>"}, Paragraph("\xff\xfe&amp;\x08"),
                         Paragraph({TextRun{.text = "x", .link = "javascript:alert(1)"}}),
                         Table{.caption = "<t>", .rows = {{"<script>"}}}}};
  const auto docx = to_docx(paper);
  ASSERT_TRUE(docx);
  check_package(docx->bytes);
  const auto html = to_html(paper);
  EXPECT_FALSE(contains(html, "<script"));
  EXPECT_FALSE(contains(html, "javascript:"));
  EXPECT_FALSE(contains(unzipped(docx->bytes).at("word/_rels/document.xml.rels"), "javascript"));
}

TEST(Paper, AFigureThatCannotBeDrawnIsNamed) {
  const auto docx = to_docx(Paper{.blocks = {Figure{.caption = "坏图", .svg = "<svg"}}});
  ASSERT_FALSE(docx);
  EXPECT_EQ(docx.error().code, "paper.picture");
  EXPECT_EQ(docx.error().params.at(0).second, "坏图");
}

TEST(Paper, ContentsAreFinished) {
  const auto converter = find_converter();
  auto paper = report();
  const auto estimated = to_docx(paper);
  ASSERT_TRUE(estimated);
  EXPECT_EQ(estimated->pagination, Pagination::estimated);
  ASSERT_EQ(estimated->pages.size(), 29u);
  EXPECT_TRUE(std::is_sorted(estimated->pages.begin(), estimated->pages.end()));
  const auto xml = unzipped(estimated->bytes).at("word/document.xml");
  EXPECT_TRUE(contains(xml, "PAGEREF _Toc000001 \\h"));
  EXPECT_FALSE(contains(xml, "<w:t>0</w:t>"));
  if (converter.empty() || access("/usr/bin/pdftotext", X_OK) != 0)
    GTEST_SKIP() << "LibreOffice or poppler is not installed";

  const auto exact = to_docx(paper, converter);
  ASSERT_TRUE(exact);
  ASSERT_EQ(exact->pagination, Pagination::laid_out);
  check_package(exact->bytes);
  for (std::size_t i = 0; i < exact->pages.size(); ++i)
    EXPECT_NEAR(exact->pages[i], estimated->pages[i], 2) << "heading " << i;
  // The printed pages say the same as the table of contents.
  const auto pdf = to_pdf(exact->bytes, converter);
  ASSERT_TRUE(pdf) << pdf.error().code;
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.file("a.pdf"), *pdf));
  const auto text = run_program({"/usr/bin/pdftotext", "-layout", directory.file("a.pdf"), "-"}, {"LANG=C.UTF-8"},
                                {.wall_seconds = 30})
                        .output;
  auto pages = split(text, '\f');
  const auto without_blanks = [](std::string t) {
    t.erase(std::remove_if(t.begin(), t.end(), [](char c) { return c == ' ' || c == '\n'; }), t.end());
    return t;
  };
  for (auto& page : pages) page = without_blanks(page);
  std::size_t heading = 0;
  const auto labels = labels_of(paper);
  for (std::size_t i = 0; i < paper.blocks.size(); ++i)
    if (const auto* h = std::get_if<Heading>(&paper.blocks[i])) {
      const auto page = static_cast<std::size_t>(exact->pages[heading++]);
      ASSERT_LE(page, pages.size());
      EXPECT_TRUE(contains(pages[page - 1], labels[i] + without_blanks(h->text))) << labels[i] << " on " << page;
    }
  EXPECT_TRUE(contains(pages[2], "第3页共"));
}

TEST(Paper, HtmlHasTheSameContent) {
  const auto html = to_html(report());
  EXPECT_TRUE(contains(html, "<h2 id=\"s3\">1.1 企业基本情况</h2>"));
  EXPECT_TRUE(contains(html, "rowspan=\"3\""));
  EXPECT_TRUE(contains(html, "SO<sub>2</sub>"));
  EXPECT_TRUE(contains(html, "data:image/svg+xml;base64,"));
  EXPECT_FALSE(contains(html, "http://") && contains(html, "src=\"http"));
  EXPECT_TRUE(contains(to_text(report()), "表1-1 近三年主要原辅材料消耗"));
}

TEST(Pdf, SaysWhenThereIsNoConverter) {
  EXPECT_EQ(to_pdf("x", "").error().code, "pdf.unavailable");
  EXPECT_EQ(to_pdf("x", "/nowhere/soffice").error().code, "pdf.unavailable");
  EXPECT_EQ(to_pdf("x", "/bin/true").error().code, "pdf.failed");
}

TEST(Pdf, AConverterThatHangsIsStopped) {
  const TemporaryDirectory directory;
  const auto script = directory.file("hangs");
  ASSERT_TRUE(write_file(script, "#!/bin/sh\nsleep 60\n"));
  ASSERT_EQ(chmod(script.c_str(), 0755), 0);
  EXPECT_EQ(to_pdf("x", script, "docx", 1).error().code, "pdf.timeout");
}

TEST(Figures, AreDrawn) {
  const auto line =
      line_chart_svg({.title = "单位产品取水量",
                      .unit = "t/m²",
                      .labels = {"2023", "2024", "2025"},
                      .series = {{"实际", {Decimal::of("0.31"), Decimal::of("0.28"), Decimal::of("0.22")}}}});
  const auto levels = level_bars_svg("综合评价指数", {{"YⅠ", Decimal::of("72.50"), Decimal::of("85"), false},
                                                      {"YⅡ", Decimal::of("91.30"), Decimal::of("85"), true},
                                                      {"YⅢ", Decimal::of("100.00"), Decimal::of("100"), true}});
  const auto flow =
      flow_svg("镀铬生产工艺流程",
               {{"除油", "60℃"}, {"水洗", ""}, {"酸洗", ""}, {"镀铬", "铬酸酐"}, {"回收", ""}, {"逆流漂洗", ""}},
               {{0, 1, ""},
                {1, 2, ""},
                {2, 3, ""},
                {3, 4, ""},
                {4, 5, ""},
                {-1, 0, "碱液"},
                {-1, 3, "铬酸酐"},
                {5, -1, "含铬废水"},
                {4, 3, ""}});
  for (const auto& svg : {svg_sample(), line, levels, flow, bar_chart_svg({}), line_chart_svg({}),
                          level_bars_svg("", {}), flow_svg("", {}, {})}) {
    pugi::xml_document xml;
    EXPECT_TRUE(xml.load_buffer(svg.data(), svg.size()));
    const auto png = svg_to_png(svg);
    ASSERT_TRUE(png);
    const auto size = picture_size(*png), drawn = picture_size(svg);
    ASSERT_TRUE(size);
    ASSERT_TRUE(drawn);
    EXPECT_NEAR(size->first, drawn->first * 2, 1);
  }
  EXPECT_FALSE(svg_to_png("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100000\" height=\"100000\"/>"));
  EXPECT_FALSE(svg_to_png("not a picture"));
  EXPECT_FALSE(picture_size(""));
}

TEST(Figures, AMissingValueIsNotDrawnAsZero) {
  const auto with = bar_chart_svg({.labels = {"a", "b"}, .series = {{"s", {Decimal(1), Decimal(0)}}}});
  const auto without = bar_chart_svg({.labels = {"a", "b"}, .series = {{"s", {Decimal(1), std::nullopt}}}});
  const auto bars = [](const std::string& svg) {
    int n = 0;
    for (std::size_t at = svg.find("<rect"); at != svg.npos; at = svg.find("<rect", at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(bars(with), bars(without) + 1);
}

TEST(Figures, QrCodesReadBack) {
  const std::string content = "https://example.test/check/QY-2026-0012?c=7f3a";
  const auto png = qr_png(content);
  ASSERT_TRUE(png);
  EXPECT_EQ(qr_png(std::string(2001, 'x')).error().code, "paper.qr_too_long");
  EXPECT_EQ(qr_png("").error().code, "paper.qr_too_long");
  if (access("/usr/bin/zbarimg", X_OK) != 0) GTEST_SKIP() << "zbarimg is not installed";
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.file("a.png"), *png));
  const auto read =
      run_program({"/usr/bin/zbarimg", "-q", "--raw", directory.file("a.png")}, {"PATH=/usr/bin"}, {.wall_seconds = 30})
          .output;
  EXPECT_TRUE(contains(read, content)) << read;
}

}  // namespace
}  // namespace qy::document
