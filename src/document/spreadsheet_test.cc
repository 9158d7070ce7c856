#include "document/spreadsheet.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <fstream>

#include "base/id.h"
#include "document/process.h"
#include "document/sheet_wire.h"
#include "document/workbook.h"

namespace qy::document {
namespace {

using Kind = SheetCell::Kind;

/// A zip of the given entries; the shape of .xlsx and .ods without a writer's help.
std::string zipped(const std::vector<std::pair<std::string, std::string>>& entries) {
  const TemporaryDirectory directory;
  const auto path = directory.file("made.zip");
  int error = 0;
  auto* zip = zip_open(path.c_str(), ZIP_CREATE, &error);
  for (const auto& [name, body] : entries) {
    auto* source = zip_source_buffer(zip, body.data(), body.size(), 0);
    zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  }
  zip_close(zip);
  return read_file(path);
}

std::string xlsx_of(const std::string& sheet_data, const std::string& after = "") {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
  const std::string ct = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  const std::string rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const std::string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  return zipped({
      {"[Content_Types].xml",
       head +
           "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" "
           "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
           "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" +
           ct + "sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" + ct +
           "worksheet+xml\"/>"
           "<Override PartName=\"/xl/styles.xml\" ContentType=\"" +
           ct + "styles+xml\"/></Types>"},
      {"_rels/.rels",
       head +
           "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
           "Id=\"rId1\" Type=\"" +
           rel + "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
      {"xl/_rels/workbook.xml.rels",
       head +
           "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
           "Id=\"rId1\" Type=\"" +
           rel +
           "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
           "<Relationship Id=\"rId2\" Type=\"" +
           rel + "/styles\" Target=\"styles.xml\"/></Relationships>"},
      {"xl/workbook.xml", head + "<workbook xmlns=\"" + main + "\" xmlns:r=\"" + rel +
                              "\"><sheets><sheet name=\"名单\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
      {"xl/styles.xml", head + "<styleSheet xmlns=\"" + main +
                            "\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" "
                            "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/><numFmt numFmtId=\"165\" "
                            "formatCode=\"0.00&quot;d&quot;\"/></numFmts>"
                            "<cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf "
                            "numFmtId=\"165\"/></cellXfs></styleSheet>"},
      {"xl/worksheets/sheet1.xml",
       head + "<worksheet xmlns=\"" + main + "\"><sheetData>" + sheet_data + "</sheetData>" + after + "</worksheet>"},
  });
}

std::string code_of(const Result<Workbook>& read) {
  if (read) return "read";
  std::string code = read.error().code;
  for (const auto& [name, value] : read.error().params)
    if (name != "file") code += " " + value;
  return code;
}

TEST(Spreadsheet, ReadsBackWhatTheWriterWrote) {
  WorkbookOut out{
      .title = "企业名单",
      .sheets = {SheetOut{
          .name = "2026年名单",
          .title = "强制性清洁生产审核名单",
          .notes = {"口径：全省"},
          .columns = {{.heading = "企业名称", .required = true},
                      {.heading = "信用代码"},
                      {.heading = "产值", .type = Column::Type::number, .format = "#,##0.00"},
                      {.heading = "公布日期", .type = Column::Type::date},
                      {.heading = "类别", .choices = {"双超", "双有"}}},
          .groups = {{"企业", 2}, {"情况", 3}},
          .rows = {{"青江电镀有限公司", "009100000000000001", Decimal::of("12345.6"), Date(2026, 1, 31), "双有"},
                   {"=1+1", "", Decimal::of("0.1"), Date(2024, 2, 29), ""}},
          .empty_rows = 3}}};
  const auto bytes = write_workbook(out);
  ASSERT_TRUE(bytes) << bytes.error().code;
  const auto again = write_workbook(out);
  EXPECT_TRUE(*bytes == *again) << "the same workbook gives the same bytes";
  const auto read = read_spreadsheet(*bytes, "名单.xlsx");
  ASSERT_TRUE(read) << read.error().code;
  ASSERT_EQ(read->sheets.size(), 1u);
  const auto& sheet = read->sheets[0];
  EXPECT_EQ(sheet.name(), "2026年名单");
  EXPECT_EQ(sheet.rows(), 6);
  EXPECT_EQ(sheet.columns(), 5);
  EXPECT_EQ(sheet.at(0, 0).text, "强制性清洁生产审核名单");
  EXPECT_EQ(sheet.at(0, 4).text, "强制性清洁生产审核名单");
  EXPECT_TRUE(sheet.at(0, 4).merged);
  EXPECT_FALSE(sheet.at(0, 0).merged);
  EXPECT_EQ(sheet.at(2, 1).text, "企业");
  EXPECT_EQ(sheet.at(2, 4).text, "情况");
  EXPECT_EQ(sheet.at(3, 0).text, "企业名称 *");
  EXPECT_EQ(sheet.at(4, 1).text, "009100000000000001");
  EXPECT_EQ(sheet.at(4, 1).kind, Kind::text);
  EXPECT_EQ(sheet.at(4, 2).text, "12345.6");
  EXPECT_EQ(sheet.at(4, 2).kind, Kind::number);
  EXPECT_EQ(sheet.at(4, 3).text, "2026-01-31");
  EXPECT_EQ(sheet.at(4, 3).kind, Kind::date);
  EXPECT_EQ(date_in(sheet.at(5, 3)), Date(2024, 2, 29));
  EXPECT_EQ(sheet.at(5, 0).text, "=1+1");
  EXPECT_EQ(sheet.at(5, 2).text, "0.1");
  EXPECT_TRUE(sheet.at(5, 1).empty());
  EXPECT_TRUE(sheet.at(99, 99).empty());
}

TEST(Spreadsheet, LongChoicesGoToAHiddenSheet) {
  std::vector<std::string> many;
  for (int i = 0; i < 200; ++i) many.push_back("选项" + std::to_string(i));
  const auto bytes =
      write_workbook({.sheets = {{.name = "a/b", .columns = {{.heading = "行业", .choices = many}}, .empty_rows = 5},
                                 {.name = "A_B"}}});
  ASSERT_TRUE(bytes);
  const auto read = read_spreadsheet(*bytes, "x.xlsx");
  ASSERT_TRUE(read) << read.error().code;
  ASSERT_EQ(read->sheets.size(), 3u);
  EXPECT_EQ(read->sheets[0].name(), "a_b");
  EXPECT_EQ(read->sheets[1].name(), "A_B(2)");
  EXPECT_TRUE(read->sheets[2].hidden());
  EXPECT_EQ(read->sheets[2].rows(), 200);
  EXPECT_FALSE(read->sheets[0].hidden());
}

TEST(Spreadsheet, UnderstandsCells) {
  const auto bytes = xlsx_of(
      "<row r=\"1\"><c r=\"A1\"><v>0.1</v></c><c r=\"B1\"><v>9.1420106000000002E+17</v></c><c r=\"C1\" "
      "s=\"1\"><v>46053</v></c><c r=\"D1\" s=\"2\"><v>46053.5</v></c>"
      "<c r=\"E1\" t=\"b\"><v>1</v></c><c r=\"F1\" t=\"inlineStr\"><is><t>行内文字</t></is></c><c r=\"G1\" "
      "t=\"str\"><f>A1&amp;\"x\"</f><v>0.1x</v></c>"
      "<c r=\"H1\"><f>1+2</f><v>3</v></c><c r=\"I1\"><v>0.30000000000000004</v></c><c r=\"J1\" "
      "s=\"3\"><v>12.5</v></c><c r=\"K1\" t=\"e\"><v>#N/A</v></c><c r=\"L1\"><v>1e-7</v></c></row>"
      "<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>合并</t></is></c></row>",
      "<mergeCells count=\"1\"><mergeCell ref=\"A3:C4\"/></mergeCells>");
  const auto read = read_spreadsheet(bytes, "手工.xlsx");
  ASSERT_TRUE(read) << code_of(read);
  const auto& sheet = read->sheets.at(0);
  EXPECT_EQ(sheet.name(), "名单");
  EXPECT_EQ(sheet.at(0, 0).text, "0.1");
  EXPECT_EQ(sheet.at(0, 1).text, "914201060000000000");
  EXPECT_TRUE(sheet.at(0, 1).approximate) << "a code typed as a number has lost its last digits";
  EXPECT_EQ(sheet.at(0, 2).text, "2026-01-31");
  EXPECT_EQ(sheet.at(0, 3).text, "2026-01-31 12:00:00");
  EXPECT_EQ(sheet.at(0, 4).text, "TRUE");
  EXPECT_EQ(sheet.at(0, 5).text, "行内文字");
  EXPECT_EQ(sheet.at(0, 6).text, "0.1x");
  EXPECT_EQ(sheet.at(0, 7).text, "3");
  EXPECT_EQ(sheet.at(0, 8).text, "0.3");
  EXPECT_EQ(sheet.at(0, 9).kind, Kind::number) << "a quoted d in the format is a unit, not a day";
  EXPECT_EQ(sheet.at(0, 11).text, "0.0000001");
  EXPECT_FALSE(sheet.at(0, 0).approximate);
  EXPECT_EQ(sheet.at(3, 2).text, "合并");
  EXPECT_TRUE(sheet.at(3, 2).merged);
}

TEST(Spreadsheet, ReadsOds) {
  const auto ods = read_file(std::string(QY_SOURCE_DIR) + "/src/document/testdata/ledger.ods");
  const auto read = read_spreadsheet(ods, "台账.ods");
  ASSERT_TRUE(read) << code_of(read);
  const auto& sheet = read->sheets.at(0);
  EXPECT_EQ(sheet.at(0, 0).text, "青江市强制性审核台账");
  EXPECT_EQ(sheet.at(0, 3).text, "青江市强制性审核台账");
  EXPECT_EQ(sheet.at(2, 0).text, "青江电镀有限公司");
  EXPECT_EQ(sheet.at(2, 1).text, "0099");
  EXPECT_EQ(sheet.at(2, 2).text, "1234.5");
  EXPECT_EQ(sheet.at(2, 2).kind, Kind::number);
  EXPECT_EQ(sheet.at(2, 3).text, "2026-01-31");
  EXPECT_EQ(sheet.at(2, 3).kind, Kind::date);
}

TEST(Spreadsheet, ReadsCsvInTheWaysOfficesSaveIt) {
  struct Row {
    const char* name;
    std::string bytes;
    const char* encoding;
    char separator;
  };
  const std::string text = "企业名称,产值\n青江电镀,12.5\n";
  std::string semicolons = text, tabs = text;
  for (auto& c : semicolons) c = c == ',' ? ';' : c;
  for (auto& c : tabs) c = c == ',' ? '\t' : c;
  const Row rows[] = {
      {"UTF-8", text, "UTF-8", ','},
      {"UTF-8 with byte order mark", "\xef\xbb\xbf" + text, "UTF-8", ','},
      {"GB18030, as Excel in China saves",
       "\xc6\xf3\xd2\xb5\xc3\xfb\xb3\xc6,\xb2\xfa\xd6\xb5\r\n\xc7\xe0\xbd\xad\xb5\xe7\xb6\xc6,12.5\r\n", "GB18030",
       ','},
      {"semicolons", semicolons, "UTF-8", ';'},
      {"tabs", tabs, "UTF-8", '\t'},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto read = read_spreadsheet(row.bytes, "名单.csv");
    ASSERT_TRUE(read) << code_of(read);
    EXPECT_EQ(read->encoding, row.encoding);
    EXPECT_EQ(read->separator, row.separator);
    EXPECT_EQ(read->sheets[0].at(0, 0).text, "企业名称");
    EXPECT_EQ(read->sheets[0].at(1, 0).text, "青江电镀");
    EXPECT_EQ(read->sheets[0].at(1, 1).text, "12.5");
    EXPECT_EQ(read->sheets[0].rows(), 2);
  }
}

TEST(Spreadsheet, CsvFieldsAreWhatTheyLookLike) {
  struct Row {
    const char* field;
    Kind kind;
    const char* text;
    bool approximate;
  };
  const Row rows[] = {
      {"12.50", Kind::number, "12.50", false},
      {"0012", Kind::text, "0012", false},
      {"0.5", Kind::number, "0.5", false},
      {"-3", Kind::number, "-3", false},
      {"-", Kind::text, "-", false},
      {"1.", Kind::text, "1.", false},
      {"914201000000000001", Kind::text, "914201000000000001", false},
      {"9.14201E+17", Kind::number, "9.14201E+17", true},
      {"1E", Kind::text, "1E", false},
      {"\"12\"", Kind::text, "12", false},
      {"\"a\"\"b\nc\"", Kind::text, "a\"b\nc", false},
      {"2026/1/5", Kind::date, "2026-01-05", false},
      {"2026年1月31日", Kind::text, "2026年1月31日", false},
      {"2026-02-30", Kind::text, "2026-02-30", false},
      {"TRUE", Kind::boolean, "TRUE", false},
      {"#N/A", Kind::error, "#N/A", false},
      {"   ", Kind::empty, "", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.field);
    const auto read = read_spreadsheet(std::string("标题,x\n") + row.field + ",y\n", "a.csv");
    ASSERT_TRUE(read);
    const auto cell = read->sheets[0].at(1, 0);
    EXPECT_EQ(cell.kind, row.kind);
    EXPECT_EQ(cell.text, row.text);
    EXPECT_EQ(cell.approximate, row.approximate);
  }
}

TEST(Spreadsheet, FindsDaysInText) {
  const auto in = [](const char* text) { return date_in({text, Kind::text, false, false}); };
  EXPECT_EQ(in("2026年1月5日"), Date(2026, 1, 5));
  EXPECT_EQ(in(" 2026.01.05 "), Date(2026, 1, 5));
  EXPECT_EQ(in("2026-01-05 08:30:00"), Date(2026, 1, 5));
  EXPECT_FALSE(in("2026年1月"));
  EXPECT_FALSE(in("2026-13-01"));
  EXPECT_FALSE(in("2026-1/5"));
  EXPECT_FALSE(in("20260105"));
  EXPECT_FALSE(in("2026-01-051"));
  EXPECT_FALSE(date_in({"46053", Kind::number, false, false}));
}

TEST(Spreadsheet, NamesCellsAsPeopleDo) {
  EXPECT_EQ(cell_address(6, 1), "B7");
  EXPECT_EQ(cell_address(0, 25), "Z1");
  EXPECT_EQ(cell_address(0, 26), "AA1");
  EXPECT_EQ(cell_address(0, 701), "ZZ1");
  EXPECT_EQ(cell_address(0, 702), "AAA1");
}

TEST(Spreadsheet, RefusesWhatItCannotRead) {
  struct Row {
    const char* file;
    const char* code;
  };
  const Row rows[] = {
      {"truncated.xlsx", "spreadsheet.broken"},
      {"not_a_zip.xlsx", "spreadsheet.broken"},
      {"web_page.xls", "spreadsheet.kind HTML"},
      {"old.xls", "spreadsheet.kind xls"},
      {"password.xlsx", "spreadsheet.password"},
      {"password.ods", "spreadsheet.password"},
      {"letter.docx", "spreadsheet.kind docx"},
      {"no_sheets.xlsx", "spreadsheet.broken"},
      {"empty.csv", "spreadsheet.empty"},
      {"blank.csv", "spreadsheet.empty"},
      {"neither_encoding.csv", "spreadsheet.encoding"},
      {"binary.csv", "spreadsheet.kind ?"},
      {"paper.pdf", "spreadsheet.kind PDF"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.file);
    const auto path = std::string(QY_SOURCE_DIR) + "/src/document/testdata/broken/" + row.file;
    ASSERT_TRUE(std::ifstream(path).good());
    EXPECT_EQ(code_of(read_spreadsheet(read_file(path), row.file)), row.code);
  }
}

TEST(Spreadsheet, EveryRefusalHasItsSentence) {
  Catalogue catalogue;
  catalogue.add(document_messages());
  for (const char* code : {"spreadsheet.empty", "spreadsheet.kind", "spreadsheet.password", "spreadsheet.broken",
                           "spreadsheet.too_large", "spreadsheet.encoding", "workbook.unwritable", "paper.picture",
                           "paper.qr_too_long", "paper.unwritable", "pdf.unavailable", "pdf.failed", "pdf.timeout"})
    EXPECT_TRUE(catalogue.knows(code)) << code;
}

TEST(Spreadsheet, AHostileFileCostsOnlyItsChild) {
  const auto bomb = xlsx_of(std::string(100u << 20, ' '));  // 100 MB that shrink to about 100 KB
  ASSERT_LT(bomb.size(), 1u << 20);
  const Limits limits{.memory = 50u << 20};
  EXPECT_EQ(code_of(read_spreadsheet(bomb, "炸弹.xlsx", limits)), "spreadsheet.too_large memory");

  auto liar = bomb;  // the same, claiming to be small: its table of contents says 4096 bytes
  const std::string_view wanted = "xl/worksheets/sheet1.xml";
  const auto size_of = [](std::size_t n) { return std::string{char(n), char(n >> 8), char(n >> 16), char(n >> 24)}; };
  for (std::size_t at = liar.find("PK\x01\x02"); at != liar.npos; at = liar.find("PK\x01\x02", at + 4))
    if (liar.compare(at + 46, wanted.size(), wanted) == 0) liar.replace(at + 24, 4, size_of(4096));
  const auto refused = code_of(read_spreadsheet(liar, "说谎.xlsx", limits));
#ifdef __SANITIZE_THREAD__  // the child has no limit there, and reads to the end of nothing but blanks
  EXPECT_EQ(refused, "spreadsheet.empty");
#else
  EXPECT_TRUE(refused == "spreadsheet.broken" || refused == "spreadsheet.too_large memory") << refused;
#endif
}

TEST(Spreadsheet, LimitsHoldInsideTheChild) {
  std::string many = "<row r=\"1\">";
  for (int c = 0; c < 200; ++c) many += "<c r=\"" + cell_address(0, c) + "\"><v>1</v></c>";
  const auto wide = xlsx_of(many + "</row>");
  const auto far = xlsx_of("<row r=\"900000\"><c r=\"A900000\"><v>1</v></c></row>");
  EXPECT_EQ(code_of(read_spreadsheet(wide, "x.xlsx", {.columns = 100})), "spreadsheet.too_large columns");
  EXPECT_EQ(code_of(read_spreadsheet(wide, "x.xlsx", {.cells = 100})), "spreadsheet.too_large cells");
  EXPECT_EQ(code_of(read_spreadsheet(wide, "x.xlsx", {.bytes = 100})), "spreadsheet.too_large bytes");
  EXPECT_EQ(code_of(read_spreadsheet(far, "x.xlsx")), "spreadsheet.too_large rows");
  EXPECT_EQ(code_of(read_spreadsheet("a,b\n1,2\n3,4\n", "x.csv", {.rows = 2})), "spreadsheet.too_large rows");
  const auto heavy = xlsx_of(std::string(40u << 20, ' '));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // there the address space has no such limit
  EXPECT_EQ(code_of(read_spreadsheet(heavy, "x.xlsx", {.memory = 45u << 20})), "spreadsheet.too_large memory")
      << "what it claims fits, unpacking it does not";
#endif
  EXPECT_EQ(code_of(read_spreadsheet(heavy, "x.xlsx")), "spreadsheet.empty");
}

TEST(Spreadsheet, GarbageNeverHurtsTheParent) {
  SeededRandom random(7);
  const auto good = *write_workbook(
      {.sheets = {{.name = "s", .columns = {{.heading = "a"}, {.heading = "b"}}, .rows = {{"x", "y"}, {"z", ""}}}}});
  for (int i = 0; i < 60; ++i) {
    auto bytes = good;
    for (int k = 0; k < 1 + i / 4; ++k) bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    if (i % 3 == 0) bytes.resize(random.below(bytes.size()) + 1);
    (void)read_spreadsheet(bytes, "坏.xlsx", {.wall_seconds = 5});
  }
  SUCCEED();
}

TEST(Spreadsheet, TheSerialisedFormTrustsNothing) {
  SheetBuilder builder("表");
  builder.put(0, 0, Kind::text, "甲");
  builder.put(2, 1, Kind::number, "1.5");
  builder.merge({0, 0, 1, 1});
  std::vector<Sheet> sheets;
  sheets.push_back(std::move(builder).finish());
  const auto bytes = SheetBuilder::serialise(sheets);
  std::vector<Sheet> back;
  ASSERT_TRUE(SheetBuilder::parse(bytes, back));
  EXPECT_EQ(back[0].at(1, 1).text, "甲");
  EXPECT_EQ(back[0].at(2, 1).text, "1.5");
  SeededRandom random(11);
  for (int i = 0; i < 3000; ++i) {
    auto damaged = bytes;
    damaged[4 + random.below(damaged.size() - 4)] = static_cast<char>(random.below(256));
    std::vector<Sheet> out;
    if (!SheetBuilder::parse(damaged, out)) continue;
    for (const auto& sheet : out)
      for (int r = 0; r < std::min(sheet.rows(), 50); ++r)
        for (int c = 0; c < std::min(sheet.columns(), 50); ++c) (void)sheet.at(r, c);
  }
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    std::vector<Sheet> out;
    EXPECT_FALSE(SheetBuilder::parse(bytes.substr(0, n), out));
  }
}

TEST(Spreadsheet, HundredThousandRowsAreRead) {
  SheetOut sheet{.name = "台账", .columns = std::vector<Column>(12, Column{.heading = "列"})};
  sheet.columns[3].type = Column::Type::number;
  sheet.columns[4].type = Column::Type::date;
  for (int r = 0; r < 100'000; ++r) {
    std::vector<Value> row(12, "内容" + std::to_string(r % 1000));
    row[0] = "企业" + std::to_string(r);
    row[3] = Decimal(r);
    row[4] = Date(2020, 1, 1).plus_days(r % 2000);
    sheet.rows.push_back(std::move(row));
  }
  const auto bytes = write_workbook({.sheets = {std::move(sheet)}});
  ASSERT_TRUE(bytes);
  const auto read = read_spreadsheet(*bytes, "大.xlsx");
  ASSERT_TRUE(read) << code_of(read);
  EXPECT_EQ(read->sheets[0].rows(), 100'001);
  EXPECT_EQ(read->sheets[0].at(100'000, 0).text, "企业99999");
}

}  // namespace
}  // namespace qy::document
