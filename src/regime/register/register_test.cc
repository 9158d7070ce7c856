#include "regime/register/register.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "document/spreadsheet.h"
#include "document/workbook.h"
#include "http/http.h"
#include "regime/files/files.h"
#include "regime/identity/testing.h"
#include "regime/register/enterprise_import.h"
#include "regime/register/import_plan.h"
#include "regime/register/register_commands.h"
#include "regime/register/register_json.h"
#include "regime/search/search.h"
#include "rules/testing.h"
#include "units/codes.h"

namespace qy {
std::span<const Sentence> units_messages();
namespace migrations {
std::vector<db::Migration> files();
std::vector<db::Migration> registry();
std::vector<db::Migration> search();
}  // namespace migrations
namespace json {
std::span<const Sentence> json_messages();
}
}  // namespace qy

namespace qy::registry {
namespace {

using identity::Caller;
using identity::Level;
using identity::Line;
using identity::Party;
using identity::Role;
using identity::testing::Api;
using identity::testing::Scenario;
using identity::testing::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kFolder = QY_SOURCE_DIR "/src/regime/register/testdata/";

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// An invented legal person's code: division 990101, serial `n`, check characters computed (GB 32100).
std::string code_of(int n) {
  const std::string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  char serial[9];
  std::snprintf(serial, sizeof serial, "MA%06d", n);
  std::string code = "91990101" + std::string(serial);
  const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (int i = 0; i < 8; ++i) {
    const char c = serial[i];
    sum += weights[i] * (c <= '9' ? c - '0' : c - 'A' + 10);
  }
  const int inner = 11 - sum % 11;
  code += inner == 10 ? 'X' : inner == 11 ? '0' : static_cast<char>('0' + inner);
  int total = 0, weight = 1;
  for (const char c : code) {
    total += static_cast<int>(alphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return code + alphabet[static_cast<std::size_t>((31 - total % 31) % 31)];
}

/// An officer of the county 990101 that exists on paper only.
Caller county_officer() {
  Caller caller;
  caller.party = Party::office;
  caller.role = Role::officer;
  caller.level = Level::county;
  caller.line = Line::ecology;
  caller.region = "990101";
  caller.province = "99";
  caller.party_id = "office-1";
  caller.party_name = "汀兰区生态环境局";
  return caller;
}

// ---- Words and codes
// ------------------------------------------------------------------------------------------------------

TEST(RegionRange, IsTheSubtree) {
  struct Row {
    const char* name;
    const char* region;
    const char* low;
    const char* high;
  };
  const Row rows[] = {{"everywhere", "", "000000", "999999"},
                      {"the nation", "000000", "000000", "999999"},
                      {"a province", "990000", "990000", "999999"},
                      {"a city", "990100", "990100", "990199"},
                      {"a county", "990101", "990101", "990101"},
                      {"a city whose code ends in a nought", "991000", "991000", "991099"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(region_range(row.region).low, row.low);
    EXPECT_EQ(region_range(row.region).high, row.high);
  }
}

TEST(MatchName, TreatsSpellingsOfOneNameAsEqual) {
  EXPECT_EQ(match_name_of(" 澜石表面处理（汀兰）有限公司 "), match_name_of("澜石表面处理(汀兰)有限公司"));
  EXPECT_EQ(match_name_of("ＡＢＣ　电镀"), match_name_of("abc电镀"));
  EXPECT_NE(match_name_of("澜石一厂"), match_name_of("澜石二厂"));
  EXPECT_EQ(likeness("澜石表面处理有限公司", "澜石表面处理有限责任公司"), 1.0)
      << "the legal form alone does not differ";
  EXPECT_GT(likeness("澜石表面处理有限公司", "澜石金属表面处理有限公司"), 0.6);
  EXPECT_LT(likeness("澜石表面处理有限公司", "汀兰织染厂"), 0.2);
}

TEST(RegionCodeOf, UnderstandsHowCountiesAreWritten) {
  const auto rules = rules::shipped_packs();
  const Date on(2026, 6, 1);
  struct Row {
    const char* name;
    const char* written;
    const char* within;
    const char* code;
  };
  const Row rows[] = {{"the code", "990101", "990100", "990101"},
                      {"the name", "汀兰区", "990100", "990101"},
                      {"with its city", "云溪市汀兰区", "990000", "990101"},
                      {"with blanks", " 汀兰 区 ", "990000", "990101"},
                      {"in English", "Tinglan District", "990000", "990101"},
                      {"outside, but the only one of its name", "月湾区", "990100", "990201"},
                      {"with another city", "澜川市汀兰区", "990000", ""},
                      {"unknown", "河阳区", "990000", ""},
                      {"an unknown code", "990999", "990000", ""}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(region_code_of(*rules, on, row.written, row.within), row.code);
  }
}

TEST(IndustryCodeOf, UnderstandsHowIndustriesAreWritten) {
  const auto rules = rules::shipped_packs();
  struct Row {
    const char* name;
    const char* written;
    const char* code;
  };
  const Row rows[] = {{"the class", "3360", "3360"},
                      {"with the section's letter", "C3360", "3360"},
                      {"the division", "33", "33"},
                      {"the name of a division", "纺织业", "17"},
                      {"name and code", "金属表面处理及热处理加工 3360", "3360"},
                      {"a class the packs do not name, of a known division", "3389", "3389"},
                      {"no such division", "9990", ""},
                      {"two codes", "3360、3311", ""},
                      {"words", "不清楚", ""}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(industry_code_of(*rules, row.written), row.code);
  }
}

TEST(PriorityIndustries, GoByCodeOrByProcess) {
  const auto rules = rules::shipped_packs();
  EXPECT_THAT(priority_industries_of(*rules, "2221", {}), ElementsAre("paper"));
  EXPECT_THAT(priority_industries_of(*rules, "3360", {}), IsEmpty())
      << "electroplating goes by its tag, never by the code";
  EXPECT_THAT(priority_industries_of(*rules, "3360", {"electroplating"}), ElementsAre("electroplating"));
  EXPECT_THAT(priority_industries_of(*rules, "", {}), IsEmpty());
}

// ---- Reading ledgers
// --------------------------------------------------------------------------------------------------------

std::vector<Cells> sheets_of(const std::string& bytes, const std::string& name) {
  const auto workbook = document::read_spreadsheet(bytes, name);
  EXPECT_TRUE(workbook) << workbook.error().code;
  std::vector<Cells> sheets;
  if (workbook)
    for (const auto& sheet : workbook->sheets) sheets.push_back(cells_of(sheet));
  return sheets;
}

/// A county's ledger as it is: a title, a two-row heading with merged groups, tabs by year.
std::string yearly_ledger() {
  document::WorkbookOut workbook;
  for (const char* year : {"2022年", "2023年"}) {
    document::SheetOut sheet;
    sheet.name = year;
    sheet.title = "汀兰区重点企业清洁生产审核台账";
    sheet.groups = {{"", 1}, {"企业信息", 3}, {"联系方式", 2}};
    for (const char* heading : {"序号", "名称", "统一社会信用代码（18位）", "厂址", "联系人", "电话"})
      sheet.columns.push_back({.heading = heading});
    sheet.rows.push_back({std::string("1"), std::string("澜石表面处理有限公司"), code_of(1),
                          std::string(year) + "工业一路8号", std::string("陈工"), std::string("13800000001")});
    if (std::string(year) == "2022年")
      sheet.rows.push_back({std::string("2"), std::string("望澜造纸有限公司"), code_of(2), std::string("造纸路1号"),
                            std::string("林工"), std::string()});
    sheet.totals.push_back(
        {std::string("合计"), std::string(), std::string(), std::string(), std::string(), std::string()});
    workbook.sheets.push_back(std::move(sheet));
  }
  return *document::write_workbook(workbook);
}

TEST(ProposeMapping, FindsHeadingsUnderTitlesAndGroups) {
  const auto sheets = sheets_of(yearly_ledger(), "台账.xlsx");
  ASSERT_EQ(sheets.size(), 2u);
  const auto mapping = propose_mapping(sheets, {}, "990101");
  for (const auto& sheet : mapping.sheets) {
    EXPECT_TRUE(sheet.use);
    EXPECT_THAT(sheet.columns, ElementsAre("", "name", "credit_code", "address", "contact_name", "contact_phone"));
  }
  EXPECT_EQ(year_in(sheets[1].name), 2023);
  EXPECT_EQ(mapping.default_region, "990101");
}

TEST(ProposeMapping, ReadsTwoRowsOfHeadingsWithoutMergedCells) {
  const auto sheets = sheets_of(
      "序号,单位名称,地址,联系方式,,备注\n,,,联系人,电话,\n1,澜石表面处理有限公司,工业一路8号,陈工,13800000001,\n"
      "2,汀兰织染厂,,林工,,老厂\n",
      "台账.csv");
  const auto sheet = propose_mapping(sheets, {}, "990101").sheets.at(0);
  EXPECT_THAT(sheet.columns, ElementsAre("", "name", "address", "contact_name", "contact_phone", "note"));
  EXPECT_EQ(std::pair(sheet.header_first, sheet.header_last), std::pair(0, 1));
  // A row with a name is an enterprise, however little else it fills.
  const auto sparse = sheets_of("单位名称,,备注\n澜石表面处理有限公司,停产,\n汀兰织染厂,,\n", "台账.csv");
  EXPECT_EQ(propose_mapping(sparse, {}, "990101").sheets.at(0).header_last, 0);
}

TEST(ProposeMapping, LeavesSheetsWithoutNamesAlone) {
  const auto sheets = sheets_of("序号,数量,金额\n1,2,3\n", "表.csv");
  EXPECT_FALSE(propose_mapping(sheets, {}, "990101").sheets.at(0).use);
}

TEST(ProposeMapping, RemembersHeadingsNobodyCouldGuess) {
  const auto sheets = sheets_of("户头,番号,县(市、区)\n澜石表面处理有限公司,91350100M000100Y43,汀兰区\n", "表.csv");
  EXPECT_FALSE(propose_mapping(sheets, {}, "").sheets.at(0).use);
  auto mapping = propose_mapping(sheets, {{"户头", "name"}, {"番号", "credit_code"}}, "");
  EXPECT_THAT(mapping.sheets.at(0).columns, ElementsAre("name", "credit_code", "region"));
  EXPECT_TRUE(mapping.sheets.at(0).use);
  const auto saved = known_headings(sheets, mapping);
  EXPECT_EQ(saved.at("户头"), "name");
  EXPECT_EQ(Mapping::of(mapping.json()).json(), mapping.json()) << "kept as it was";
}

TEST(CheckMapping, NamesWhatIsWrong) {
  const auto sheets = sheets_of("企业名称,地址\n甲,乙\n", "表.csv");
  auto mapping = propose_mapping(sheets, {}, "");
  EXPECT_THAT(check_mapping(sheets, mapping), IsEmpty());
  auto twice = mapping;
  twice.sheets[0].columns = {"name", "name"};
  EXPECT_EQ(check_mapping(sheets, twice).at(0).code, "import.field_twice");
  auto nameless = mapping;
  nameless.sheets[0].columns = {"", "address"};
  EXPECT_EQ(check_mapping(sheets, nameless).at(0).code, "import.no_name_column");
  auto unused = mapping;
  unused.sheets[0].use = false;
  EXPECT_EQ(check_mapping(sheets, unused).at(0).code, "import.no_sheet");
  auto unknown = mapping;
  unknown.sheets[0].columns = {"name", "telex"};
  EXPECT_EQ(check_mapping(sheets, unknown).at(0).code, "import.field_unknown");
}

TEST(Cells, SurviveBeingStored) {
  const auto sheets = sheets_of(yearly_ledger(), "台账.xlsx");
  Cells back;
  for (std::size_t first = 0; first < sheets[0].rows.size(); first += 2)
    restore_rows(back, stored_rows(sheets[0], first, 2));
  ASSERT_EQ(back.rows.size(), sheets[0].rows.size());
  for (int row = 0; row < static_cast<int>(back.rows.size()); ++row)
    for (int column = 0; column < sheets[0].columns; ++column) {
      EXPECT_EQ(back.at(row, column).text, sheets[0].at(row, column).text);
      EXPECT_EQ(back.at(row, column).kind, sheets[0].at(row, column).kind);
      EXPECT_EQ(back.at(row, column).merged, sheets[0].at(row, column).merged);
    }
}

Plan plan_of(const std::vector<Cells>& sheets, const Known& known = {}, const std::string& default_region = "990101") {
  const auto rules = rules::shipped_packs();
  const auto caller = county_officer();
  const ImportScope scope{*rules, Date(2026, 6, 1), caller};
  return plan(sheets, read_rows(sheets, propose_mapping(sheets, {}, default_region), scope), known, scope);
}

Enterprise on_record(const char* id, const std::string& name, const std::string& code) {
  Enterprise enterprise;
  enterprise.id = EnterpriseId::trusted(id);
  enterprise.province = "99";
  enterprise.facts.name = enterprise.facts.legal_name = name;
  enterprise.facts.credit_code = code;
  enterprise.facts.region = "990101";
  return enterprise;
}

Known known_of(const std::vector<Enterprise>& enterprises) {
  Known known;
  for (const auto& one : enterprises) {
    if (!one.facts.credit_code.empty()) known.by_code.push_back(one);
    known.by_name.push_back({match_name_of(one.facts.name), one.facts.region, one});
  }
  return known;
}

TEST(ReadRows, SkipsTitlesTotalsAndRemarks) {
  const auto sheets = sheets_of(content_of(kFolder + "county_ledger.csv"), "台账.csv");
  const auto decided = plan_of(sheets);
  ASSERT_EQ(decided.rows.size(), 2u);
  EXPECT_EQ(decided.skipped, 3);
  const auto& first = decided.rows[0];
  EXPECT_EQ(first.outcome, Outcome::fresh);
  EXPECT_EQ(first.facts.industry, "3360");
  EXPECT_EQ(first.facts.region, "990101") << "the office's own county where the ledger names none";
  ASSERT_TRUE(first.former);
  EXPECT_EQ(first.former->accepted_on, Date(2021, 11, 30));
  EXPECT_EQ(first.former->year, 2021);
  EXPECT_EQ(decided.rows[1].outcome, Outcome::unmatched) << "no credit code and not on record: a person decides";
}

TEST(Plan, MergesYearTabsIntoOneRow) {
  const auto decided = plan_of(sheets_of(yearly_ledger(), "台账.xlsx"));
  ASSERT_EQ(decided.rows.size(), 3u);
  EXPECT_EQ(decided.rows[0].outcome, Outcome::merged);
  EXPECT_THAT(decided.rows[0].merged_into, HasSubstr("2023年!"));
  EXPECT_EQ(decided.rows[1].outcome, Outcome::fresh) << "only on the older tab";
  EXPECT_EQ(decided.rows[2].outcome, Outcome::fresh);
  EXPECT_EQ(decided.rows[2].facts.address, "2023年工业一路8号") << "the newer tab has the last word";
}

TEST(Plan, DecidesByCodeAndSiteElseByNameAndCounty) {
  const auto same = on_record("a", "澜石表面处理有限公司", code_of(1));
  const auto nameless = on_record("b", "汀兰织染厂", "");
  const auto twin = on_record("c", "汀兰织染厂", code_of(3));
  auto neighbour = same;
  neighbour.id = EnterpriseId::trusted("d");
  neighbour.facts.region = "990102";
  auto second_site = on_record("e", "澜石表面处理有限公司二厂", code_of(1));
  struct Row {
    const char* name;
    std::vector<Enterprise> register_;
    std::string csv;
    Outcome outcome;
    const char* match;
  };
  const std::string head = "企业名称,统一社会信用代码,地址\n";
  const Row rows[] = {
      {"a code nobody has is new", {}, "澜石表面处理有限公司," + code_of(1) + ",一路", Outcome::fresh, ""},
      {"the same code and name is the same site",
       {same},
       "澜石表面处理有限公司," + code_of(1) + ",一路",
       Outcome::changed,
       "a"},
      {"nothing differs", {same}, "澜石表面处理有限公司," + code_of(1) + ",", Outcome::unchanged, "a"},
      {"a new name under the only code of the county is a change of name",
       {same},
       "澜石新材料有限公司," + code_of(1) + ",",
       Outcome::changed,
       "a"},
      {"the same code in another county is another site",
       {neighbour},
       "澜石表面处理有限公司," + code_of(1) + ",",
       Outcome::fresh,
       ""},
      {"the site of that name among several",
       {same, second_site},
       "澜石表面处理有限公司二厂," + code_of(1) + ",一路",
       Outcome::changed,
       "e"},
      {"a third name under a code with two sites is for a person",
       {same, second_site},
       "澜石表面处理有限公司三厂," + code_of(1) + ",",
       Outcome::unmatched,
       ""},
      {"a code becomes known for a name without one",
       {nameless},
       "汀兰织染厂," + code_of(4) + ",",
       Outcome::changed,
       "b"},
      {"the same name with another code is for a person",
       {twin},
       "汀兰织染厂," + code_of(4) + ",",
       Outcome::unmatched,
       ""},
      {"no code, the name is on record once", {twin}, "汀兰织染厂,,织造路2号", Outcome::changed, "c"},
      {"no code, the name is on record twice", {nameless, twin}, "汀兰织染厂,,织造路2号", Outcome::unmatched, ""},
      {"no code, no such name", {same}, "汀兰织染厂,,", Outcome::unmatched, ""},
      {"spelled with full-width brackets",
       {on_record("f", "澜石(汀兰)电镀厂", "")},
       "澜石（汀兰）电镀厂,,一路",
       Outcome::changed,
       "f"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto decided = plan_of(sheets_of(head + row.csv + "\n", "表.csv"), known_of(row.register_));
    ASSERT_EQ(decided.rows.size(), 1u);
    EXPECT_EQ(decided.rows[0].outcome, row.outcome) << json::dump(decided.rows[0].changes);
    EXPECT_EQ(decided.rows[0].before ? decided.rows[0].before->id.str() : "", row.match);
  }
}

TEST(Plan, TwoNamesUnderOneNewCodeAreTwoSites) {
  const auto decided = plan_of(
      sheets_of("企业名称,统一社会信用代码\n澜石一厂," + code_of(1) + "\n澜石二厂," + code_of(1) + "\n", "表.csv"));
  EXPECT_EQ(decided.counts.at(Outcome::fresh), 2);
}

TEST(Plan, BlankCellsEraseNothing) {
  auto known = on_record("a", "澜石表面处理有限公司", code_of(1));
  known.facts.address = "工业一路8号";
  known.facts.tags = {"electroplating"};
  known.facts.contact_phone = "13800000001";
  const auto decided = plan_of(sheets_of("企业名称,统一社会信用代码,地址,工艺标签,联系电话\n澜石表面处理有限公司," +
                                             code_of(1) + ",,工业涂装,\n",
                                         "表.csv"),
                               known_of({known}));
  ASSERT_EQ(decided.rows.at(0).outcome, Outcome::changed);
  EXPECT_EQ(decided.rows[0].facts.address, "工业一路8号");
  EXPECT_EQ(decided.rows[0].facts.contact_phone, "13800000001");
  EXPECT_THAT(decided.rows[0].facts.tags, ElementsAre("coating", "electroplating"));
  EXPECT_EQ(decided.rows[0].changes.size(), 1u);
}

TEST(Plan, HashTellsWhetherTheSameWouldHappen) {
  const auto sheets =
      sheets_of("企业名称,统一社会信用代码,地址\n澜石表面处理有限公司," + code_of(1) + ",一路\n", "表.csv");
  auto known = on_record("a", "澜石表面处理有限公司", code_of(1));
  const auto before = plan_of(sheets, known_of({known})).hash();
  EXPECT_EQ(plan_of(sheets, known_of({known})).hash(), before);
  ++known.version;
  EXPECT_NE(plan_of(sheets, known_of({known})).hash(), before);
}

TEST(BrokenSamples, EachNamesItsMistakeAtItsCell) {
  struct Row {
    const char* file;
    const char* code;
    const char* cell;
  };
  const Row rows[] = {
      {"credit_code_check.csv", "credit_code.check", "B2"},
      {"credit_code_length.csv", "credit_code.length", "B2"},
      {"credit_code_letter.csv", "credit_code.alphabet", "B2"},
      {"credit_code_as_number.csv", "import.digits_lost", "B2"},
      {"region_unknown.csv", "import.region_unknown", "C2"},
      {"region_mistyped.csv", "import.region_suggestion", "C2"},
      {"region_outside.csv", "import.region_outside", "C2"},
      {"industry_unknown.csv", "register.industry_unknown", "D2"},
      {"industry_mistyped.csv", "import.industry_suggestion", "D2"},
      {"duplicate_row.csv", "import.duplicate", "3"},
      {"name_missing.csv", "import.name_missing", "A2"},
      {"tag_unknown.csv", "register.tag_unknown", "E2"},
      {"scale_unknown.csv", "import.scale", "E2"},
      {"status_unknown.csv", "import.status", "E2"},
      {"permit_number.csv", "permit_number.length", "E2"},
      {"longitude_far.csv", "register.degrees", "E2"},
      {"longitude_text.csv", "decimal.format", "E2"},
      {"latitude_missing.csv", "register.degrees_both", "A2"},
      {"round_date.csv", "import.date", "E2"},
      {"round_date_future.csv", "register.date_future", "E2"},
      {"round_level.csv", "import.level", "F2"},
      {"round_without_date.csv", "import.former_without_date", "E2"},
      {"name_too_long.csv", "field.too_long", "A2"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.file);
    const auto sheets = sheets_of(content_of(kFolder + "broken/" + row.file), row.file);
    ASSERT_EQ(sheets.size(), 1u);
    const auto decided = plan_of(sheets, {}, "");
    ASSERT_FALSE(decided.rows.empty());
    const auto& wrong = decided.rows.back().wrong;
    ASSERT_FALSE(wrong.empty());
    EXPECT_EQ(wrong.front().code, row.code);
    EXPECT_EQ(wrong.front().pointer, sheets[0].name + "!" + row.cell);
  }
  struct Refused {
    const char* file;
    const char* code;
  };
  for (const auto& row : {Refused{"empty.csv", "spreadsheet.empty"}, Refused{"truncated.xlsx", "spreadsheet.broken"},
                          Refused{"old_workbook.xls", "spreadsheet.kind"}}) {
    SCOPED_TRACE(row.file);
    const auto read = document::read_spreadsheet(content_of(kFolder + "broken/" + row.file), row.file);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, row.code);
  }
  const auto nameless = sheets_of(content_of(kFolder + "broken/no_name_column.csv"), "no_name_column.csv");
  auto mapping = propose_mapping(nameless, {}, "");
  mapping.sheets[0].use = true;
  EXPECT_FALSE(check_mapping(nameless, mapping).empty());
}

// ---- On a database
// ----------------------------------------------------------------------------------------------------------

class Register : public ::testing::TestWithParam<std::string> {
 protected:
  World world{GetParam()};
  Api api{world, {add_routes}};
  const Caller& county = world.officer("990101");
  const Caller& neighbour = world.officer("990102");
  const Caller& city = world.officer("990100");
  const Caller& other_city = world.officer("990200");
  const Caller& nation = world.officer("");
  const Caller& administrator = world.officer("990101", Line::ecology, Role::administrator);

  static void SetUpTestSuite() {
    for (const auto& sentences : {register_messages(), units_messages(), document::document_messages()})
      Catalogue::global().add(sentences);
  }

  template <class T>
  T write(const std::function<Result<T>(Tx&)>& work) {
    return World::expect(world.premises.database->write([&](Tx& tx) { return work(tx); }));
  }
  EnterpriseId add(const EnterpriseFacts& facts, const Caller& who) {
    return write<EnterpriseId>([&](Tx& tx) {
      return add_enterprise(tx, *world.premises.rules, identity::act_of(world.premises, who), facts);
    });
  }
  static EnterpriseFacts facts_named(const std::string& name, const std::string& code,
                                     const std::string& region = "990101") {
    EnterpriseFacts facts;
    facts.name = name;
    facts.credit_code = code;
    facts.region = region;
    facts.industry = "3360";
    facts.tags = {"electroplating"};
    facts.contact_name = "陈工";
    facts.contact_phone = "13800000001";
    facts.legal_representative = "王岚";
    facts.note = "内部备注";
    return facts;
  }
  static std::string body_of(const EnterpriseFacts& facts) {
    auto body = facts_json(facts);
    if (facts.scale.empty()) body.erase("scale");
    return json::dump(body);
  }
  std::int64_t count(std::string_view region = "") {
    return World::expect(world.premises.database->read(
        [&](Tx& tx) -> Result<std::int64_t> { return count_enterprises_in(tx, region, true); }));
  }
  Import uploaded(const std::string& bytes, const std::string& name, const Caller& who) {
    auto made = upload_import(world.premises, who, bytes, name);
    EXPECT_TRUE(made) << made.error().code;
    return std::move(*made);
  }
  Import previewed(const std::string& bytes, const std::string& name, const Caller& who,
                   const std::string& save_as = "") {
    const auto made = uploaded(bytes, name, who);
    auto shown = preview_import(world.premises, who, made.id, made.mapping, save_as, made.version);
    EXPECT_TRUE(shown) << shown.error().code;
    return std::move(*shown);
  }
  static std::int64_t counted(const Import& import, const char* outcome) {
    return import.counts.at(outcome).to_number<std::int64_t>();
  }
};

std::string engine_name(const ::testing::TestParamInfo<std::string>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(Engines, Register, ::testing::ValuesIn(db::testing::engines()), engine_name);

TEST_P(Register, KeepsSitesAndTheirLegalPersonApart) {
  const auto first = add(facts_named("澜石一厂", code_of(1)), county);
  auto second_facts = facts_named("澜石二厂", code_of(1), "990102");
  second_facts.legal_name = "澜石集团有限公司";
  const auto second = add(second_facts, neighbour);
  world.premises.database
      ->read([&](Tx& tx) -> Result<void> {
        const auto one = find_enterprise(tx, first), two = find_enterprise(tx, second);
        EXPECT_EQ(one->legal_person, two->legal_person);
        EXPECT_EQ(one->facts.legal_name, "澜石集团有限公司") << "the legal person has one name";
        EXPECT_EQ(one->facts.name, "澜石一厂");
        EXPECT_THAT(one->former_names, ::testing::SizeIs(1));
        EXPECT_EQ(enterprises_of_credit_code(tx, *world.premises.rules, code_of(1)).size(), 2u);
        EXPECT_EQ(enterprises_in(tx, *world.premises.rules, "990100").size(), 2u);
        EXPECT_EQ(enterprises_in(tx, *world.premises.rules, "990102").at(0).name, "澜石二厂");
        EXPECT_THAT(find_summary(tx, *world.premises.rules, first)->priority_industries, ElementsAre("electroplating"));
        return {};
      })
      .value();
  const auto again = world.premises.database->write([&](Tx& tx) {
    return add_enterprise(tx, *world.premises.rules, identity::act_of(world.premises, county),
                          facts_named("澜石 一厂", code_of(1)));
  });
  EXPECT_EQ(again.error().code, "enterprise.exists");
  EXPECT_EQ(count(), 2);
}

TEST_P(Register, StandingFollowsRoundsOfBothKinds) {
  const auto id = add(facts_named("澜石一厂", code_of(1)), county);
  const auto standing = [&] {
    return World::expect(
        world.premises.database->read([&](Tx& tx) -> Result<Standing> { return standing_of(tx, id); }));
  };
  EXPECT_FALSE(standing().last_round_on);

  FormerRound former;
  former.enterprise = id;
  former.year = 2020;
  former.accepted_on = Date(2021, 3, 31);
  former.level = "II";
  const auto recorded = record_former_round(world.premises, county, former);
  ASSERT_TRUE(recorded) << recorded.error().code;
  EXPECT_EQ(standing().last_round_on, Date(2021, 3, 31));
  EXPECT_TRUE(standing().last_entered_later);
  EXPECT_EQ(standing().level, "") << "a former level is for information, never counted";
  EXPECT_EQ(record_former_round(world.premises, county, former).error().code, "former_round.exists");
  EXPECT_EQ(record_former_round(world.premises, neighbour, former).error().code, "enterprise.not_found");
  former.year = 2027;
  former.accepted_on = Date(2026, 6, 2);
  EXPECT_EQ(record_former_round(world.premises, county, former).error().fields.size(), 2u)
      << "tomorrow, and before the list's year";

  write<int>([&](Tx& tx) -> Result<int> {
    set_standing(tx, id, {"audit-1", Date(2025, 12, 1), "II"});
    set_standing(tx, id, {"audit-1", Date(2025, 12, 20), "I"});  // written again, it replaces
    set_categories(tx, id, {"toxic"});
    return 0;
  });
  EXPECT_EQ(standing().last_round_on, Date(2025, 12, 20));
  EXPECT_FALSE(standing().last_entered_later);
  EXPECT_EQ(standing().level, "I");
  EXPECT_EQ(standing().rounds, 2);
  const auto detail = enterprise_detail(world.premises, county, id);
  EXPECT_EQ(detail->next_due_on, Date(2030, 12, 20)) << "双有: five years";

  auto corrected = *recorded;
  corrected.accepted_on = Date(2021, 4, 30);
  EXPECT_TRUE(correct_former_round(world.premises, county, corrected, corrected.version));
  EXPECT_EQ(correct_former_round(world.premises, county, corrected, corrected.version).error().code,
            "former_round.stale");
  EXPECT_TRUE(remove_former_round(world.premises, county, corrected.id, corrected.version + 1));
  EXPECT_EQ(standing().rounds, 1);
}

TEST_P(Register, AScanMustHangOnTheEnterprise) {
  const auto id = add(facts_named("澜石一厂", code_of(1)), county);
  const auto other = add(facts_named("澜石三厂", code_of(3)), county);
  const auto attached = [&](const EnterpriseId& owner) {
    const auto blob = files::store_blob(world.premises, "\x89PNG\r\n\x1a\n scan", "scan.png");
    EXPECT_TRUE(blob) << blob.error().code;
    return write<files::FileId>([&](Tx& tx) -> Result<files::FileId> {
      return files::attach(
          tx, identity::act_of(world.premises, county),
          {.owner = {"enterprise", owner.str()}, .province = "99", .kind = "scan", .name = "scan.png", .blob = *blob});
    });
  };
  FormerRound former;
  former.enterprise = id;
  former.year = 2020;
  former.accepted_on = Date(2021, 3, 31);
  former.scan = attached(other).str();
  EXPECT_EQ(record_former_round(world.premises, county, former).error().fields.at(0).code, "former_round.scan");
  former.scan = attached(id).str();
  EXPECT_TRUE(record_former_round(world.premises, county, former));
}

TEST_P(Register, FiltersAndSorts) {
  const auto plating = add(facts_named("澜石电镀厂", code_of(1)), county);
  auto paper = facts_named("望澜造纸有限公司", code_of(2), "990102");
  paper.industry = "2221";
  paper.tags = {};
  const auto mill = add(paper, neighbour);
  auto closed = facts_named("旧染厂", "", "990101");
  closed.status = "closed";
  add(closed, county);
  write<int>([&](Tx& tx) -> Result<int> {
    set_standing(tx, plating, {"a", Date(2021, 6, 1), "III"});
    set_standing(tx, mill, {"b", Date(2021, 6, 2), "II"});
    set_categories(tx, mill, {"over_standard"});
    return 0;
  });
  struct Row {
    const char* name;
    std::function<void(EnterpriseListQuery&)> ask;
    std::vector<std::string> names;
  };
  const Row rows[] = {
      {"closed ones only when asked for", [](auto&) {}, {"澜石电镀厂", "望澜造纸有限公司"}},
      {"everything", [](auto& q) { q.filter.closed_too = true; }, {"旧染厂", "澜石电镀厂", "望澜造纸有限公司"}},
      {"by status", [](auto& q) { q.filter.status = "closed"; }, {"旧染厂"}},
      {"by county", [](auto& q) { q.filter.region = "990102"; }, {"望澜造纸有限公司"}},
      {"by industry", [](auto& q) { q.filter.industry = "22"; }, {"望澜造纸有限公司"}},
      {"by priority industry by code", [](auto& q) { q.priority_industry = "paper"; }, {"望澜造纸有限公司"}},
      {"by priority industry by process", [](auto& q) { q.priority_industry = "electroplating"; }, {"澜石电镀厂"}},
      {"by tag", [](auto& q) { q.filter.tag = "electroplating"; }, {"澜石电镀厂"}},
      {"by category", [](auto& q) { q.filter.category = "over_standard"; }, {"望澜造纸有限公司"}},
      {"by part of a name", [](auto& q) { q.filter.text = "造纸"; }, {"望澜造纸有限公司"}},
      {"by part of a code, in lower case",
       [](auto& q) { q.filter.text = lower_ascii(code_of(1)).substr(6); },
       {"澜石电镀厂"}},
      {"wildcards mean nothing", [](auto& q) { q.filter.text = "%"; }, {"澜石电镀厂", "望澜造纸有限公司"}},
      {"due five years after the last round, to the day", [](auto& q) { q.due_by = Date(2026, 6, 1); }, {"澜石电镀厂"}},
      {"a day later both", [](auto& q) { q.due_by = Date(2026, 6, 2); }, {"澜石电镀厂", "望澜造纸有限公司"}},
      {"never audited",
       [](auto& q) {
         q.filter.never_audited = true;
         q.filter.closed_too = true;
       },
       {"旧染厂"}},
      {"by last round, newest first",
       [](auto& q) {
         q.sorting = {"last_round_on", true};
         q.filter.closed_too = true;
       },
       {"望澜造纸有限公司", "澜石电镀厂", "旧染厂"}},
      {"the second page",
       [](auto& q) {
         q.page = 2;
         q.size = 1;
       },
       {"望澜造纸有限公司"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EnterpriseListQuery query;
    row.ask(query);
    const auto found = list_enterprises(world.premises, city, query);
    ASSERT_TRUE(found) << found.error().code;
    std::vector<std::string> names;
    for (const auto& one : found->items) names.push_back(one.facts.name);
    EXPECT_EQ(names, row.names);
    if (query.page == 1) {
      EXPECT_EQ(found->total, static_cast<std::int64_t>(row.names.size()));
    }
  }
}

TEST_P(Register, EachSeesAndChangesItsOwn) {
  const auto id = add(facts_named("澜石电镀厂", code_of(1)), county);
  const auto elsewhere = add(facts_named("江口造纸厂", code_of(2), "990201"), other_city);
  const auto& signatory = world.member(Party::enterprise, id.str(), "澜石电镀厂", Role::signatory);
  const auto& stranger = world.member(Party::enterprise, elsewhere.str(), "江口造纸厂", Role::filler, "990201");
  const auto& consultant = world.member(Party::consultancy, "c1", "清和咨询", Role::consultant);
  const auto& expert = world.member(Party::expert, "e1", "周老师", Role::expert);
  const std::string one = "/api/v1/enterprises/" + id.str();
  auto changed = facts_named("澜石电镀厂", code_of(1));
  changed.legal_name = "澜石电镀厂";
  changed.address = "工业一路9号";
  auto contact = facts_named("澜石电镀厂", code_of(1));
  contact.legal_name = "澜石电镀厂";
  contact.address = "工业一路9号";
  contact.contact_phone = "13900000009";
  auto moved = changed;
  moved.region = "990201";
  auto wrong = changed;
  wrong.credit_code = "91350100M000100Y44";
  wrong.industry = "9990";
  const std::vector<std::string> people = {"13800000001", "陈工", "王岚", "内部备注"};
  api.run_all({
      {.name = "nobody", .path = "/api/v1/enterprises", .status = 401, .absent = {"澜石"}},
      {.name = "the county sees its own",
       .who = &county,
       .path = "/api/v1/enterprises",
       .contains = {"澜石电镀厂", "\"total\":1", "\"import\""},
       .absent = {"江口", "13800000001", "王岚"}},
      {.name = "its neighbour does not",
       .who = &neighbour,
       .path = "/api/v1/enterprises",
       .contains = {"\"total\":0"},
       .absent = {"澜石"}},
      {.name = "nor by asking for the region",
       .who = &neighbour,
       .path = "/api/v1/enterprises?region=990101",
       .status = 403,
       .absent = {"澜石"}},
      {.name = "nor by its id", .who = &neighbour, .path = one, .status = 404, .absent = {"澜石", "13800000001"}},
      {.name = "the city sees it", .who = &city, .path = one, .contains = {"澜石电镀厂", "13800000001", "\"change\""}},
      {.name = "another city does not", .who = &other_city, .path = one, .status = 404, .absent = {"澜石"}},
      {.name = "the ministry looks on", .who = &nation, .path = one, .contains = {"\"allowed_actions\":[]"}},
      {.name = "an administrator handles accounts, not enterprises",
       .who = &administrator,
       .path = one,
       .status = 404,
       .absent = {"澜石"}},
      {.name = "nor the list", .who = &administrator, .path = "/api/v1/enterprises", .status = 403},
      {.name = "an enterprise sees itself",
       .who = &signatory,
       .path = "/api/v1/enterprises",
       .contains = {"澜石电镀厂", "\"total\":1"},
       .absent = {"江口"}},
      {.name = "and its own page", .who = &signatory, .path = one, .contains = {"13800000001", "change_contact"}},
      {.name = "but no other", .who = &stranger, .path = one, .status = 404, .absent = people},
      {.name = "a consultancy has no register", .who = &consultant, .path = one, .status = 404, .absent = people},
      {.name = "nor its list", .who = &consultant, .path = "/api/v1/enterprises", .status = 403},
      {.name = "an expert neither", .who = &expert, .path = one + "/history", .status = 404, .absent = people},
      {.name = "without If-Match nothing is changed",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = body_of(changed),
       .status = 428},
      {.name = "wrong fields are all named",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = body_of(wrong),
       .status = 422,
       .contains = {"#/credit_code", "credit_code.check", "#/industry"},
       .if_match = 1},
      {.name = "what is missing and what is wrong are named together",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/enterprises",
       .body = R"({"name": "", "credit_code": "91350100M000100Y44", "industry": "9990"})",
       .status = 422,
       .contains = {"#/region", "#/name", "#/credit_code", "credit_code.check", "#/industry"}},
      {.name = "the neighbour cannot change it",
       .who = &neighbour,
       .method = "PUT",
       .path = one,
       .body = body_of(changed),
       .status = 404,
       .if_match = 1},
      {.name = "the ministry cannot either",
       .who = &nation,
       .method = "PUT",
       .path = one,
       .body = body_of(changed),
       .status = 403,
       .if_match = 1},
      {.name = "the county cannot give it away",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = body_of(moved),
       .status = 403,
       .if_match = 1},
      {.name = "the enterprise cannot change its address",
       .who = &signatory,
       .method = "PUT",
       .path = one,
       .body = body_of(changed),
       .status = 422,
       .contains = {"#/address", "register.office_only"},
       .if_match = 1},
      {.name = "the county can",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = body_of(changed),
       .contains = {"工业一路9号", "\"version\":2"},
       .actions = {"change"},
       .if_match = 1},
      {.name = "not from what it read before",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = body_of(contact),
       .status = 412,
       .if_match = 1},
      {.name = "the enterprise may change its telephone",
       .who = &signatory,
       .method = "PUT",
       .path = one,
       .body = body_of(contact),
       .contains = {"13900000009"},
       .actions = {"change"},
       .if_match = 2},
      {.name = "saving the same is no change",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = body_of(contact),
       .contains = {"\"version\":3"},
       .if_match = 3},
      {.name = "the history tells field by field",
       .who = &county,
       .path = one + "/history",
       .contains = {"\"address\":[\"\",\"工业一路9号\"]", "13900000009"}},
      {.name = "only offices add",
       .who = &signatory,
       .method = "POST",
       .path = "/api/v1/enterprises",
       .body = body_of(facts_named("新厂", code_of(9))),
       .status = 403},
      {.name = "in their own region",
       .who = &neighbour,
       .method = "POST",
       .path = "/api/v1/enterprises",
       .body = body_of(facts_named("新厂", code_of(9))),
       .status = 403},
      {.name = "a county adds",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/enterprises",
       .body = body_of(facts_named("新厂", code_of(9))),
       .status = 201,
       .contains = {"\"version\":1"},
       .actions = {"register"}},
      {.name = "not twice",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/enterprises",
       .body = body_of(facts_named("新厂", code_of(9))),
       .status = 409,
       .contains = {"enterprise.exists"}},
      {.name = "unknown fields are refused",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/enterprises",
       .body = R"({"name":"厂","region":"990101","colour":"red"})",
       .status = 422,
       .contains = {"#/colour"}},
  });
}

TEST_P(Register, APermitIsExpiredOnceItsLastDayIsOver) {
  const auto today = world.premises.today();
  auto facts = facts_named("澜石电镀厂", code_of(1));
  const auto permit = [&](const char* number, std::optional<Date> last) {
    return Permit{.kind = "other", .number = number, .valid_from = {}, .valid_to = last};
  };
  facts.permits = {permit("P-OVER", today.plus_days(-1)), permit("P-LAST-DAY", today),
                   permit("P-LATER", today.plus_days(1)), permit("P-OPEN", std::nullopt)};
  const auto id = add(facts, county);
  api.run_all({
      {.name = "the page names the one that is over",
       .who = &county,
       .path = "/api/v1/enterprises/" + id.str(),
       .contains = {R"("expired_permits":["P-OVER"])", "P-LAST-DAY"}},
      {.name = "so does the enterprise's own",
       .who = &world.member(Party::enterprise, id.str(), "澜石电镀厂", Role::filler),
       .path = "/api/v1/enterprises/" + id.str(),
       .contains = {R"("expired_permits":["P-OVER"])"}},
  });
  const auto expired_in_export = [&] {
    const auto workbook = document::read_spreadsheet(*export_enterprises(world.premises, county, {}), "名录.xlsx");
    const auto& sheet = workbook->sheets.at(0);
    std::string found;
    int column = -1;
    for (int row = 0; row < sheet.rows(); ++row)
      for (int c = 0; c < sheet.columns(); ++c) {
        if (sheet.at(row, c).text == "其中已过期")
          column = c;
        else if (c == column)
          found += std::string(sheet.at(row, c).text) + "|";
      }
    return found;
  };
  EXPECT_EQ(expired_in_export(), "P-OVER|");
  facts.permits[0].valid_to = today.plus_years(1);
  ASSERT_TRUE(change_enterprise(world.premises, county, id, facts, 1));
  api.run({.name = "renewed it is not",
           .who = &county,
           .path = "/api/v1/enterprises/" + id.str(),
           .contains = {R"("expired_permits":[])"}});
  EXPECT_EQ(expired_in_export(), "|");
}

TEST_P(Register, NobodyFindsMoreThanIsPublic) {
  const auto id = add(facts_named("澜石电镀厂", code_of(1)), county);
  const auto view = World::expect(
      world.premises.database->read([&](Tx& tx) -> Result<std::optional<PublicView>> { return public_view(tx, id); }));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->name, "澜石电镀厂");

  // The exported list: recognisable, not usable.
  const auto bytes = export_enterprises(world.premises, county, {});
  ASSERT_TRUE(bytes);
  const auto workbook = document::read_spreadsheet(*bytes, "名录.xlsx");
  ASSERT_TRUE(workbook);
  std::string all;
  const auto& sheet = workbook->sheets.at(0);
  for (int row = 0; row < sheet.rows(); ++row)
    for (int column = 0; column < sheet.columns(); ++column) all += std::string(sheet.at(row, column).text) + "|";
  EXPECT_THAT(all, HasSubstr("澜石电镀厂"));
  EXPECT_THAT(all, HasSubstr("王**"));
  EXPECT_THAT(all, HasSubstr("138****01"));
  for (const char* secret : {"13800000001", "陈工", "王岚", "内部备注"})
    EXPECT_THAT(all, ::testing::Not(HasSubstr(secret)));

  // Searching: the office of the region and the enterprise itself.
  const auto hits = [&](const Caller& who) {
    return World::expect(world.premises.database->read(
        [&](Tx& tx) -> Result<std::size_t> { return search::find(tx, who, "澜石").size(); }));
  };
  EXPECT_EQ(hits(county), 1u);
  EXPECT_EQ(hits(neighbour), 0u);
  EXPECT_EQ(hits(world.member(Party::enterprise, id.str(), "澜石电镀厂", Role::filler)), 1u);
  EXPECT_EQ(hits(world.member(Party::consultancy, "c1", "清和咨询", Role::consultant)), 0u);
}

// ---- Imports
// ----------------------------------------------------------------------------------------------------------------

TEST_P(Register, ImportsALedgerAndImportsItAgainWithoutDuplicates) {
  const auto bytes = content_of(kFolder + "county_ledger.csv");
  auto import = previewed(bytes, "台账.csv", county, "年度台账");
  EXPECT_EQ(counted(import, "new"), 1);
  EXPECT_EQ(counted(import, "unmatched"), 1);
  EXPECT_EQ(counted(import, "former_rounds"), 1);
  EXPECT_EQ(count(), 0) << "nothing before it is confirmed";

  const auto done = confirm_import(world.premises, county, import.id, false, import.version);
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_EQ(count("990101"), 1);
  EXPECT_EQ(confirm_import(world.premises, county, import.id, false, done->version).error().code, "import.over");

  auto queue = list_unmatched(world.premises, county, "open", "", 1, 20);
  ASSERT_EQ(queue->total, 1);
  EXPECT_THAT(queue->items[0].source, HasSubstr("台账.csv"));
  EXPECT_EQ(decide_unmatched(world.premises, neighbour, {{queue->items[0].id}, "create", ""}).error().code,
            "unmatched.not_found");
  EXPECT_TRUE(decide_unmatched(world.premises, county, {{queue->items[0].id}, "create", ""}));
  EXPECT_EQ(decide_unmatched(world.premises, county, {{queue->items[0].id}, "create", ""}).error().code,
            "unmatched.decided");
  EXPECT_EQ(count("990101"), 2);

  const auto again = previewed(bytes, "台账.csv", county);
  EXPECT_EQ(again.mapping_name, "年度台账") << "the saved mapping is recognised by its headings";
  EXPECT_EQ(counted(again, "unchanged"), 2);
  EXPECT_EQ(confirm_import(world.premises, county, again.id, false, again.version).error().code, "import.nothing");

  EnterpriseListQuery query;
  query.filter.text = "澜石";
  const auto found = list_enterprises(world.premises, county, query);
  ASSERT_EQ(found->items.size(), 1u);
  EXPECT_EQ(found->items[0].standing.last_round_on, Date(2021, 11, 30));
  EXPECT_TRUE(found->items[0].standing.last_entered_later);
  const auto history = enterprise_history(world.premises, county, found->items[0].id);
  EXPECT_EQ(history->size(), 1u);
  const auto actions = World::expect(world.premises.database->read([&](Tx& tx) -> Result<std::vector<db::Action>> {
    return db::actions_of(tx, {"enterprise_import", import.id.str()});
  }));
  ASSERT_EQ(actions.size(), 1u);
  EXPECT_EQ(actions[0].name, "import_enterprises");
}

// Many rows to a statement: every enterprise still has its own facts, tags, standing, history and search entry, and a
// row that renames its legal person takes the long way in the middle of the others.
TEST_P(Register, HundredsOfRowsGoInLikeOne) {
  constexpr int kRows = 601;
  const auto name_of = [](int i) { return "澜石第" + std::to_string(1000 + i) + "电镀厂"; };
  const auto workbook = [&](const std::string& street, const std::string& legal_name_of_300) {
    std::string csv = "企业名称,法人名称,统一社会信用代码,地址,工艺标签,上轮验收日期,上轮清洁生产水平\n";
    for (int i = 0; i < kRows; ++i)
      csv += name_of(i) + "," + (i == 300 ? legal_name_of_300 : name_of(i)) + "," + code_of(i) + "," + street +
             std::to_string(i) + "号," + (i % 2 ? "电镀" : "") + "," + (i % 3 ? "" : "2021-11-30") + ",\n";
    return csv;
  };
  const auto import = [&](const std::string& csv) {
    const auto shown = previewed(csv, "台账.csv", county);
    const auto done = confirm_import(world.premises, county, shown.id, false, shown.version);
    EXPECT_TRUE(done) << done.error().code;
    return *done;
  };
  const auto all = [&] {
    return World::expect(world.premises.database->read([&](Tx& tx) -> Result<std::vector<Enterprise>> {
      return store::list(tx, store::Filter{.region = "990101"}, {.column = "name"}, 1000, 0);
    }));
  };
  const auto hits = [&](const std::string& words) {
    return World::expect(world.premises.database->read(
        [&](Tx& tx) -> Result<std::size_t> { return search::find(tx, county, words, "enterprise", 1000).size(); }));
  };
  const auto expect_standings_as_projected = [&] {
    for (const auto& before : all()) {
      write<bool>([&](Tx& tx) -> Result<bool> {
        store::project_standing(tx, before.id);
        return true;
      });
      const auto after = World::expect(
          world.premises.database->read([&](Tx& tx) -> Result<Standing> { return standing_of(tx, before.id); }));
      EXPECT_EQ(before.standing.last_round_on, after.last_round_on) << before.facts.name;
      EXPECT_EQ(before.standing.last_entered_later, after.last_entered_later) << before.facts.name;
      EXPECT_EQ(before.standing.rounds, after.rounds) << before.facts.name;
    }
  };

  const auto first = import(workbook("旧街", "澜石旧控股有限公司"));
  EXPECT_EQ(counted(first, "new"), kRows);
  EXPECT_EQ(counted(first, "former_rounds"), 201);
  auto enterprises = all();
  ASSERT_EQ(enterprises.size(), static_cast<std::size_t>(kRows));
  for (int i = 0; i < kRows; ++i) {
    const auto& one = enterprises[static_cast<std::size_t>(i)];
    ASSERT_EQ(one.facts.name, name_of(i));
    EXPECT_EQ(one.facts.credit_code, code_of(i));
    EXPECT_EQ(one.facts.tags.size(), i % 2 ? 1u : 0u);
    EXPECT_EQ(one.standing.rounds, i % 3 ? 0 : 1);
    EXPECT_EQ(one.version, 1);
  }
  expect_standings_as_projected();
  EXPECT_EQ(hits("旧街555号"), 1u);
  EXPECT_EQ(enterprise_history(world.premises, county, enterprises[555].id)->size(), 1u);

  const auto second = import(workbook("新街", "澜石控股有限公司"));
  EXPECT_EQ(counted(second, "changed"), kRows);
  EXPECT_EQ(counted(second, "former_rounds"), 0) << "they are on record";
  enterprises = all();
  ASSERT_EQ(enterprises.size(), static_cast<std::size_t>(kRows)) << "importing again never duplicates";
  for (const auto& one : enterprises) EXPECT_EQ(one.version, 2) << one.facts.name;
  EXPECT_EQ(enterprises[300].facts.legal_name, "澜石控股有限公司");
  expect_standings_as_projected();
  EXPECT_EQ(hits("旧街"), 0u);
  EXPECT_EQ(hits("新街600号"), 1u);
  EXPECT_EQ(enterprise_history(world.premises, county, enterprises[600].id)->size(), 2u);

  EXPECT_EQ(counted(import(workbook("三街", "澜石控股有限公司")), "changed"), kRows);
  const auto former = World::expect(world.premises.database->read(
      [&](Tx& tx) -> Result<std::size_t> { return search::find(tx, county, "三街300号 澜石旧控股").size(); }));
  EXPECT_EQ(former, 1u) << "a former name still finds its enterprise";
  const auto again = previewed(workbook("三街", "澜石控股有限公司"), "台账.csv", county);
  EXPECT_EQ(counted(again, "unchanged"), kRows);
}

TEST_P(Register, WrongRowsStopAnImportUntilTheyAreLeftOut) {
  const std::string csv = "企业名称,统一社会信用代码\n澜石一厂," + code_of(1) + "\n澜石二厂,91350100M000100Y44\n";
  const auto import = previewed(csv, "表.csv", county);
  EXPECT_EQ(counted(import, "wrong"), 1);
  const auto refused = confirm_import(world.premises, county, import.id, false, import.version);
  EXPECT_EQ(refused.error().code, "import.has_wrong");
  EXPECT_EQ(count(), 0);
  const auto rows = import_rows(world.premises, county, import.id, "wrong", 1, 20);
  ASSERT_EQ(rows->total, 1);
  EXPECT_THAT(json::dump(rows->items[0]), HasSubstr("!B3"));
  EXPECT_TRUE(confirm_import(world.premises, county, import.id, true, import.version));
  EXPECT_EQ(count(), 1);
}

TEST_P(Register, APreviewThatNoLongerHoldsIsRefused) {
  const std::string csv = "企业名称,统一社会信用代码\n澜石一厂," + code_of(1) + "\n";
  const auto import = previewed(csv, "表.csv", county);
  add(facts_named("澜石一厂", code_of(1)), county);
  EXPECT_EQ(confirm_import(world.premises, county, import.id, false, import.version).error().code, "import.outdated");
  EXPECT_EQ(count(), 1);
}

TEST_P(Register, AMatchedNameIsCertainFromThenOn) {
  const auto id = add(facts_named("澜石表面处理有限公司", code_of(1)), county);
  const std::string csv = "企业名称,地址\n澜石表面厂,工业一路8号\n";
  auto import = previewed(csv, "旧台账.csv", county);
  ASSERT_TRUE(confirm_import(world.premises, county, import.id, false, import.version));
  const auto queue = list_unmatched(world.premises, county, "open", "", 1, 20);
  ASSERT_EQ(queue->total, 1);
  ASSERT_FALSE(queue->items[0].candidates.empty());
  EXPECT_EQ(queue->items[0].candidates[0].id, id);
  ASSERT_TRUE(decide_unmatched(world.premises, county, {{queue->items[0].id}, "match", id.str()}));
  const auto detail = enterprise_detail(world.premises, county, id);
  EXPECT_EQ(detail->enterprise.facts.address, "工业一路8号") << "what the ledger knew is added";
  EXPECT_EQ(detail->enterprise.facts.name, "澜石表面处理有限公司");

  import = previewed("企业名称,地址\n澜石表面厂,工业一路9号\n", "新台账.csv", county);
  EXPECT_EQ(counted(import, "changed"), 1);
  EXPECT_EQ(counted(import, "unmatched"), 0);
}

TEST_P(Register, ImportsBelongToTheirOffice) {
  const auto import = uploaded("企业名称\n澜石一厂\n", "表.csv", county);
  EXPECT_EQ(get_import(world.premises, neighbour, import.id).error().code, "import.not_found");
  EXPECT_EQ(get_import(world.premises, city, import.id).error().code, "import.not_found") << "the city imports its own";
  const auto& signatory = world.member(Party::enterprise, "x", "某厂", Role::signatory);
  EXPECT_EQ(upload_import(world.premises, signatory, "企业名称\n", "表.csv").error().code, "forbidden.register_edit");
  EXPECT_EQ(upload_import(world.premises, county, "<html>", "表.xlsx").error().code, "spreadsheet.kind");
  ASSERT_TRUE(discard_import(world.premises, county, import.id, import.version));
  EXPECT_EQ(preview_import(world.premises, county, import.id, import.mapping, "", import.version + 1).error().code,
            "import.over");
}

TEST_P(Register, TheTemplateComesBackThroughTheImport) {
  for (const auto language : {Language::zh, Language::en}) {
    const auto bytes = import_template(world.premises, county, language);
    ASSERT_TRUE(bytes);
    auto sheets = sheets_of(*bytes, "模板.xlsx");
    const auto mapping = propose_mapping(sheets, {}, "990101");
    ASSERT_TRUE(mapping.sheets.at(0).use);
    std::set<std::string> fields(mapping.sheets[0].columns.begin(), mapping.sheets[0].columns.end());
    EXPECT_EQ(fields.size(), import_fields().size()) << "every heading of the template is understood";
    EXPECT_FALSE(mapping.sheets.at(1).use) << "the list of industries is no ledger";
    const ImportScope scope{*world.premises.rules, world.premises.today(), county};
    EXPECT_THAT(read_rows(sheets, mapping, scope).rows, IsEmpty()) << "the example row is not imported";
  }
}

TEST_P(Register, ImportsManyRowsQuickly) {
  std::string csv = "企业名称,统一社会信用代码,地址,行业代码,联系电话\n";
  constexpr int kRows = 3000;
  for (int i = 0; i < kRows; ++i)
    csv += "第" + std::to_string(i) + "号表面处理有限公司," + code_of(i) + ",工业路" + std::to_string(i) +
           "号,3360,1380000" + std::to_string(1000 + i % 9000) + "\n";
  const auto before = std::chrono::steady_clock::now();
  const auto import = previewed(csv, "大表.csv", county);
  EXPECT_EQ(counted(import, "new"), kRows);
  ASSERT_TRUE(confirm_import(world.premises, county, import.id, false, import.version));
  const auto first = std::chrono::steady_clock::now();
  EXPECT_EQ(count(), kRows);
  const auto again = previewed(csv, "大表.csv", county);
  EXPECT_EQ(counted(again, "unchanged"), kRows);
  const auto seconds = [](auto from, auto to) { return std::chrono::duration<double>(to - from).count(); };
  RecordProperty("first_import_ms", static_cast<int>(1000 * seconds(before, first)));
  RecordProperty("second_preview_ms", static_cast<int>(1000 * seconds(first, std::chrono::steady_clock::now())));
  EXPECT_LT(seconds(before, first), 60.0) << "one query per row would take minutes";
}

// ---- Parties and 涉密单位
// ---------------------------------------------------------------------------------------------------

TEST_P(Register, PartiesShowContactsToOfficesAndThemselves) {
  const auto consultancy = write<PartyId>([&](Tx& tx) {
    PartyFacts facts;
    facts.kind = Party::consultancy;
    facts.name = "清和咨询有限公司";
    facts.credit_code = code_of(50);
    facts.region = "990101";
    facts.fields = {"electroplating"};
    facts.contact_phone = "13700000007";
    return add_party(tx, *world.premises.rules, identity::act_of(world.premises, county), facts);
  });
  const auto& own = world.member(Party::consultancy, consultancy.str(), "清和咨询有限公司", Role::consultant);
  const auto& enterprise = world.member(Party::enterprise, "x", "某厂", Role::filler);
  const auto& expert = world.member(Party::expert, "e1", "周老师", Role::expert);
  const std::string one = "/api/v1/parties/" + consultancy.str();
  const std::string expert_body =
      R"({"kind":"expert","name":"周老师","region":"990101","employer":"示范大学","fields":["electroplating"]})";
  api.run_all({
      {.name = "an office sees the contact", .who = &neighbour, .path = one, .contains = {"13700000007"}},
      {.name = "the consultancy itself too", .who = &own, .path = one, .contains = {"13700000007"}},
      {.name = "an enterprise chooses without it",
       .who = &enterprise,
       .path = "/api/v1/parties?kind=consultancy",
       .contains = {"清和咨询"},
       .absent = {"13700000007"}},
      {.name = "also on its page",
       .who = &enterprise,
       .path = one,
       .contains = {"清和咨询"},
       .absent = {"13700000007"}},
      {.name = "an expert has no business here", .who = &expert, .path = one, .status = 404, .absent = {"13700000007"}},
      {.name = "nobody lists experts but offices",
       .who = &enterprise,
       .path = "/api/v1/parties?kind=expert",
       .status = 403},
      {.name = "an expert needs an employer",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/parties",
       .body = R"({"kind":"expert","name":"周老师","region":"990101"})",
       .status = 422,
       .contains = {"#/employer"}},
      {.name = "a county adds an expert",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/parties",
       .body = expert_body,
       .status = 201,
       .actions = {"register"}},
      {.name = "not twice",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/parties",
       .body = expert_body,
       .status = 409},
      {.name = "found by field",
       .who = &county,
       .path = "/api/v1/parties?kind=expert&field=electroplating",
       .contains = {"周老师"}},
      {.name = "the neighbour may not change it",
       .who = &neighbour,
       .method = "PUT",
       .path = one,
       .body = R"({"kind":"consultancy","name":"改名咨询","region":"990102"})",
       .status = 403,
       .if_match = 1},
      {.name = "its county may",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = R"({"kind":"consultancy","name":"改名咨询","region":"990101"})",
       .contains = {"改名咨询"},
       .actions = {"change"},
       .if_match = 1},
      {.name = "a kind is for good",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = R"({"kind":"park","name":"改名咨询","region":"990101"})",
       .status = 422,
       .if_match = 2},
  });
}

TEST_P(Register, SecretUnitsAreNumbersOnly) {
  const std::string all = "/api/v1/secret-units";
  const auto made =
      api.json(&county, "POST", all, R"({"region":"990101","year":2026,"number":"s-001","stage":"listed"})");
  const std::string one = all + "/" + std::string(made.at("id").as_string());
  api.run_all({
      {.name = "a name is refused",
       .who = &county,
       .method = "POST",
       .path = all,
       .body = R"({"region":"990101","year":2026,"number":"某研究所","stage":"listed"})",
       .status = 422,
       .contains = {"secret_unit.number"}},
      {.name = "a number is taken once a year",
       .who = &county,
       .method = "POST",
       .path = all,
       .body = R"({"region":"990101","year":2026,"number":"S-001","stage":"listed"})",
       .status = 409},
      {.name = "counted by stage", .who = &city, .path = all, .contains = {"\"listed\":1", "\"accepted\":0", "S-001"}},
      {.name = "not by the neighbour",
       .who = &neighbour,
       .path = all,
       .contains = {"\"total\":0"},
       .absent = {"S-001"}},
      {.name = "nor changed by it",
       .who = &neighbour,
       .method = "PUT",
       .path = one,
       .body = R"({"region":"990102","year":2026,"number":"S-001","stage":"accepted"})",
       .status = 404,
       .if_match = 1},
      {.name = "its stage moves on",
       .who = &county,
       .method = "PUT",
       .path = one,
       .body = R"({"region":"990101","year":2026,"number":"S-001","stage":"accepted"})",
       .contains = {"accepted"},
       .actions = {"change_secret_unit"},
       .if_match = 1},
      {.name = "each stage includes the later ones",
       .who = &county,
       .path = all,
       .contains = {"\"listed\":1", "\"reported\":1", "\"accepted\":1"}},
      {.name = "removed from an old reading",
       .who = &county,
       .method = "DELETE",
       .path = one,
       .status = 412,
       .if_match = 1},
      {.name = "removed",
       .who = &county,
       .method = "DELETE",
       .path = one,
       .status = 204,
       .actions = {"remove_secret_unit"},
       .if_match = 2},
      {.name = "enterprises know nothing of them",
       .who = &world.member(Party::enterprise, "x", "某厂", Role::filler),
       .path = all,
       .status = 403},
  });
}

TEST_P(Register, ImportsOverHttp) {
  const std::string boundary = "----boundary";
  const std::string csv = content_of(kFolder + "county_ledger.csv");
  const std::string body =
      "--" + boundary +
      "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ledger.csv\"\r\nContent-Type: text/csv\r\n\r\n" +
      csv + "\r\n--" + boundary + "--\r\n";
  const auto made = api.json(&county, "POST", "/api/v1/enterprise-imports", body,
                             {{"content-type", "multipart/form-data; boundary=" + boundary}});
  ASSERT_TRUE(made.as_object().contains("id")) << json::dump(made);
  EXPECT_THAT(json::dump(made.at("mapping")), HasSubstr("credit_code"));
  const std::string one = "/api/v1/enterprise-imports/" + std::string(made.at("id").as_string());
  auto mapping = made.at("mapping").as_object();
  auto doubled = mapping;
  doubled["sheets"].as_array().at(0).as_object()["columns"].as_array().at(2) = "name";
  api.run_all({
      {.name = "another office does not see it", .who = &city, .path = one, .status = 404, .absent = {"ledger"}},
      {.name = "heading rows of one's own choice",
       .who = &county,
       .method = "POST",
       .path = one + "/proposal",
       .body = R"({"headers":[{"sheet":0,"header_first":0,"header_last":0}]})",
       .contains = {"\"header_first\":0"}},
      {.name = "a field twice is named at its column",
       .who = &county,
       .method = "PUT",
       .path = one + "/mapping",
       .body = json::dump(doubled),
       .status = 422,
       .contains = {"import.field_twice", "#/sheets/0/columns/2"},
       .if_match = 1},
      {.name = "confirming before the preview",
       .who = &county,
       .method = "POST",
       .path = one + "/confirm",
       .body = "{}",
       .status = 409,
       .contains = {"import.not_previewed"},
       .if_match = 1},
      {.name = "the preview",
       .who = &county,
       .method = "PUT",
       .path = one + "/mapping",
       .body = json::dump(mapping),
       .contains = {"\"new\":1", "\"confirm\""},
       .if_match = 1},
      {.name = "its rows",
       .who = &county,
       .path = one + "/rows?outcome=new",
       .contains = {"澜石表面处理有限公司", "\"total\":1"}},
      {.name = "confirmed",
       .who = &county,
       .method = "POST",
       .path = one + "/confirm",
       .body = "{}",
       .contains = {"confirmed"},
       .actions = {"import_enterprises"},
       .if_match = 2},
      {.name = "the queue", .who = &county, .path = "/api/v1/unmatched-enterprises", .contains = {"汀兰织染厂"}},
      {.name = "no file",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/enterprise-imports",
       .body = "{}",
       .status = 415},
  });
  EXPECT_EQ(api.call(&county, "GET", "/api/v1/enterprise-template?language=en").status, 200);
  EXPECT_EQ(api.call(&county, "GET", "/api/v1/enterprise-export?region=990101").status, 200);
  EXPECT_EQ(api.call(&county, "GET", "/api/v1/register/vocabulary").status, 200);
}

}  // namespace
}  // namespace qy::registry
