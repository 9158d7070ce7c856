#include "regime/dossier/dossier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "document/pdf.h"
#include "regime/dossier/material.h"
#include "regime/premises/testing.h"

namespace qy::dossier {
namespace {

using figures::Aspect;
using figures::Value;

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  testing::TestPremises fixture_{GetParam()};
  Premises& premises_ = fixture_.premises;
  identity::Caller system_ = identity::system_caller();
  identity::Caller filler_, other_, officer_;
  audits::AuditId audit_;

  void SetUp() override {
    premises_.database
        ->write([&](Tx& tx) -> Result<void> {
          const auto act = identity::act_of(premises_, system_);
          registry::EnterpriseFacts facts;
          facts.name = "青江电镀有限公司";
          facts.region = "990101";
          facts.industry = "3360";
          facts.tags = {"electroplating"};
          facts.scale = "medium";
          facts.address = "经济开发区一号路1号";
          QY_TRY(const auto enterprise, registry::add_enterprise(tx, *premises_.rules, act, facts));
          filler_.user = identity::UserId::make(act.at, act.random);
          filler_.name = "王填报";
          filler_.role = identity::Role::filler;
          filler_.party = identity::Party::enterprise;
          filler_.party_id = enterprise.str();
          other_ = filler_;
          other_.party_id = "somebody else";
          officer_ = filler_;
          officer_.party = identity::Party::office;
          officer_.role = identity::Role::officer;
          officer_.line = identity::Line::ecology;
          officer_.level = identity::Level::county;
          officer_.region = "990101";
          officer_.province = "99";

          listing::Published published;
          published.list.id = listing::ListId::make(act.at, act.random);
          published.list.province = "99";
          published.list.region = "990100";
          published.list.jurisdiction = premises_.rules->jurisdiction_of("990101").code;
          published.list.year = 2026;
          published.list.published_on = Date(2026, 1, 31);
          published.entries.push_back({.id = listing::EntryId::make(act.at, act.random),
                                       .list = published.list.id,
                                       .province = "99",
                                       .enterprise = enterprise,
                                       .enterprise_name = facts.name,
                                       .region = facts.region,
                                       .industry = facts.industry,
                                       .categories = {"toxic"},
                                       .lead_line = "ecology",
                                       .cosign_line = "",
                                       .reason = "使用铬酸酐",
                                       .mode = "full",
                                       .mode_reason = "",
                                       .cosigned = false,
                                       .status = "listed",
                                       .version = 1});
          QY_TRY(const auto cases, audits::open_cases(tx, premises_, act, published));
          audit_ = cases.front();
          return {};
        })
        .value();
  }

  void fill() {
    premises_.database
        ->write([&](Tx& tx) -> Result<void> {
          const auto act = identity::act_of(premises_, system_);
          std::vector<figures::Entry> cells;
          for (const auto& [year, water, electricity] :
               {std::tuple(2023, "126000", "5200000"), std::tuple(2024, "112000", "5010000"),
                std::tuple(2025, "99500", "4780000")}) {
            const auto put = [&, y = year](const char* key, const char* scope, const char* value, const char* unit) {
              cells.push_back({.place = {key, scope, figures::Period::year(y), Aspect::measured},
                               .value = Value::of(Decimal::of(value), unit),
                               .basis = figures::Basis::metered});
            };
            put("water.fresh", "", water, "m3");
            put("electricity.bought", "", electricity, "kWh");
            put("material.input", "material:铬酸酐", "12.5", "t");
            put("product.output", "product:汽车镀件", "3650", "t");
            put("cod.discharged", "", "4.2", "t{COD}");
          }
          QY_CHECK(figures::set_figures(tx, act, *premises_.rules, {"audit", audit_.str()}, "99", cells));
          QY_CHECK(audits::choose_system(tx, premises_, act, audit_, "electroplating-2015"));
          QY_CHECK(analysis::add_option(tx, premises_, act, audit_,
                                        {"加装逆流漂洗",
                                         "镀铬线末端三级逆流漂洗",
                                         "medium_or_high",
                                         "process",
                                         "生产部",
                                         {{"investment", Decimal::of("36.5")},
                                          {"annual_saving", Decimal::of("12.8")},
                                          {"water", Decimal::of("9500")}},
                                         Date(2026, 9, 30)}));
          QY_CHECK(analysis::add_option(tx, premises_, act, audit_,
                                        {"关闭空载整流器",
                                         "空载时断电",
                                         "none_or_low",
                                         "management",
                                         "设备部",
                                         {{"investment", Decimal::of("0.2")},
                                          {"annual_saving", Decimal::of("1.6")},
                                          {"electricity", Decimal::of("2.1")}},
                                         std::nullopt}));
          return {};
        })
        .value();
  }
};
INSTANTIATE_TEST_SUITE_P(Dossier, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, ShowsTheOutlineToThoseWhoSeeTheCase) {
  const auto seen = view(premises_, filler_, audit_, std::nullopt);
  ASSERT_TRUE(seen) << seen.error().code;
  EXPECT_EQ(seen->stage, Stage::evaluation);
  EXPECT_TRUE(seen->may_edit);
  EXPECT_EQ(seen->sections.front().id, "preface");
  const auto has = [](const View& view, const char* id) {
    return std::any_of(view.sections.begin(), view.sections.end(), [&](const auto& s) { return s.id == id; });
  };
  EXPECT_TRUE(has(*seen, "choice"));
  EXPECT_FALSE(has(*seen, "implementation")) << "the report for evaluation is made before options are carried out";
  const auto whole = view(premises_, officer_, audit_, Stage::acceptance);
  ASSERT_TRUE(whole);
  EXPECT_FALSE(whole->may_edit);
  EXPECT_TRUE(has(*whole, "implementation"));
  EXPECT_EQ(std::count_if(whole->sections.begin(), whole->sections.end(),
                          [](const auto& s) { return s.level == 1 && !s.number.empty(); }),
            7);
  EXPECT_EQ(view(premises_, other_, audit_, std::nullopt).error().code, "audit.not_found");
}

TEST_P(OnEachEngine, TextsAreVersionedAndChecked) {
  const auto first = save_section(premises_, filler_, audit_, "preface", "背景。", 0);
  ASSERT_TRUE(first) << first.error().code;
  EXPECT_EQ(first->version, 1);
  EXPECT_EQ(save_section(premises_, filler_, audit_, "preface", "另一人", 0).error().code, "dossier.section_stale");
  EXPECT_EQ(save_section(premises_, filler_, audit_, "preface", "背景。", 1)->version, 1)
      << "the same text is no new version";
  EXPECT_EQ(save_section(premises_, filler_, audit_, "preface", "新背景。", 1)->version, 2);
  EXPECT_EQ(save_section(premises_, filler_, audit_, "nowhere", "x", 0).error().code, "dossier.section_unknown");
  EXPECT_EQ(save_section(premises_, officer_, audit_, "preface", "x", 2).error().code, "forbidden.audit_edit");
  const auto wrong =
      save_section(premises_, filler_, audit_, "preface",
                   "用水{{figure:water.frsh}}，{{figures:x}}，{{total:nothing}}，{{enterprise:phone}}", 2);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().fields.size(), 4u);
  EXPECT_EQ(wrong.error().fields[0].code, "dossier.binding_unknown");
  EXPECT_EQ(wrong.error().fields[0].params[1].second, "water.fresh");
  const auto history = revisions_of(premises_, filler_, audit_, "preface");
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 2u);
  EXPECT_EQ(history->front().text, "新背景。");
}

TEST_P(OnEachEngine, AReportIsMadeFromTheLedgerAndGoesStaleWithIt) {
  fill();
  ASSERT_TRUE(save_section(premises_, filler_, audit_, "pre_audit.water",
                           "2025年取水{{figure:water.fresh}}，比2023年的{{figure:water.fresh|2023}}少；预期节水{{total:"
                           "water}}，废水{{figure:wastewater.discharged}}。",
                           0));
  ASSERT_TRUE(save_section(premises_, filler_, audit_, "preparation.leadership",
                           "表：审核小组成员\n| 姓名 | 部门 |\n| --- | --- |\n| 王某 | 生产部 |\n- 组长每周例会", 0));
  const auto made = draft(premises_, officer_, audit_, Stage::evaluation);
  ASSERT_TRUE(made) << made.error().code;
  const auto text = document::to_text(made->paper);
  EXPECT_TRUE(contains(text, "2025年取水99,500 m³，比2023年的126,000 m³少；预期节水9,500 t，废水（未填）。")) << text;
  EXPECT_TRUE(contains(text, "铬酸酐\tt\t12.5\t12.5\t12.5"));
  EXPECT_TRUE(contains(text, "近三年水资源消耗"));
  EXPECT_TRUE(contains(text, "审核小组成员"));
  EXPECT_TRUE(contains(text, "ZG1\t加装逆流漂洗"));
  EXPECT_TRUE(contains(text, "ZG1\t加装逆流漂洗\t36.5\t12.8\t3.47\t40.87\t25.93"))
      << "economics by the handbook: a yearly 12.8 - 25 % x (12.8 - 3.65), over ten years at 6 %";
  EXPECT_TRUE(contains(text, "示范省云溪市汀兰区"));
  EXPECT_TRUE(contains(text, "清洁生产审核绩效表（预期）"));
  EXPECT_TRUE(contains(text, "承 诺 书"));
  EXPECT_TRUE(contains(text, "暂不评定清洁生产水平等级"));
  EXPECT_TRUE(std::any_of(made->warnings.begin(), made->warnings.end(),
                          [](const auto& w) { return w.code == "dossier.binding_blank"; }));
  EXPECT_TRUE(std::any_of(made->warnings.begin(), made->warnings.end(),
                          [](const auto& w) { return w.code == "dossier.section_empty"; }));

  const auto build = build_report(premises_, filler_, audit_, Stage::evaluation);
  ASSERT_TRUE(build) << build.error().code;
  EXPECT_TRUE(build->code.ends_with("-E1")) << build->code;
  EXPECT_FALSE(build->stale);
  EXPECT_EQ(build->pagination, "estimated");
  EXPECT_EQ(build_report(premises_, officer_, audit_, Stage::evaluation).error().code, "forbidden.audit_edit");
  const auto docx = docx_of(premises_, officer_, build->id);
  ASSERT_TRUE(docx) << docx.error().code;
  EXPECT_EQ(docx->bytes.substr(0, 2), "PK");
  EXPECT_EQ(docx_of(premises_, other_, build->id).error().code, "dossier.build_not_found");
  EXPECT_EQ(pdf_of(premises_, filler_, build->id).error().code, "pdf.unavailable");

  const auto state = premises_.database->read([&](Tx& tx) -> Result<std::pair<bool, bool>> {
    const auto audit = *audits::find_audit(tx, audit_);
    return std::pair(files::has_file(tx, {"audit", audit_.str()}, "report"),
                     latest_build(tx, premises_, audit, Stage::evaluation)->stale);
  });
  EXPECT_TRUE(state->first);
  EXPECT_FALSE(state->second);

  premises_.database
      ->write([&](Tx& tx) -> Result<void> {
        const auto act = identity::act_of(premises_, system_);
        const std::vector<figures::Entry> cells{
            {.place = {"water.fresh", "", figures::Period::year(2025), Aspect::measured},
             .value = Value::of(Decimal::of("98000"), "m3"),
             .basis = figures::Basis::metered}};
        QY_CHECK(figures::set_figures(tx, act, *premises_.rules, {"audit", audit_.str()}, "99", cells));
        return {};
      })
      .value();
  const auto seen = view(premises_, filler_, audit_, Stage::evaluation);
  ASSERT_EQ(seen->builds.size(), 1u);
  EXPECT_TRUE(seen->builds[0].stale) << "a figure changed after the report was made";
  const auto second = build_report(premises_, filler_, audit_, Stage::evaluation);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->code.ends_with("-E2"));
}

TEST_P(OnEachEngine, WithLibreOfficeTheContentsAreExactAndThereIsAPdf) {
  if (GetParam() != "sqlite") return;  // seconds of layout in which the database plays no part
  premises_.converter = document::find_converter();
  if (premises_.converter.empty()) GTEST_SKIP() << "LibreOffice is not installed";
  fill();
  const auto build = build_report(premises_, filler_, audit_, Stage::acceptance);
  ASSERT_TRUE(build) << build.error().code;
  EXPECT_EQ(build->pagination, "laid_out");
  const auto pdf = pdf_of(premises_, filler_, build->id);
  ASSERT_TRUE(pdf) << pdf.error().code;
  EXPECT_EQ(pdf->bytes.substr(0, 5), "%PDF-");
  const auto again = pdf_of(premises_, filler_, build->id);
  ASSERT_TRUE(again);
  EXPECT_TRUE(pdf->bytes == again->bytes) << "converted once, then kept";
  if (const char* keep = std::getenv("QY_KEEP_REPORT")) {
    FILE* out = std::fopen(keep, "wb");
    std::fwrite(pdf->bytes.data(), 1, pdf->bytes.size(), out);
    std::fclose(out);
  }
}

TEST(Outlines, NameOnlyBlocksThatExist) {
  const auto packs = testing::shipped_packs();
  ASSERT_EQ(packs->outlines().size(), 2u);
  std::set<std::string> used;
  const std::function<void(const rules::OutlineSection&)> see = [&](const rules::OutlineSection& section) {
    for (const auto& name : section.content) {
      used.insert(name);
      EXPECT_NE(std::find(known_blocks().begin(), known_blocks().end(), name), known_blocks().end()) << name;
    }
    for (const auto& child : section.children) see(child);
  };
  for (const auto& outline : packs->outlines())
    for (const auto& section : outline.sections) see(section);
  for (const auto& name : known_blocks()) EXPECT_TRUE(used.count(name)) << name << " is used by no outline";
}

TEST(TextBlocks, ReadParagraphsListsAndTables) {
  const auto blocks = text_blocks("第一段\n\n- 甲\n- 乙\n表：小组\n| 姓名 | 部门 |\n|---|:--|\n| 王某 |\n末段");
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_TRUE(std::holds_alternative<document::Paragraph>(blocks[0]));
  EXPECT_EQ(std::get<document::List>(blocks[1]).items.size(), 2u);
  const auto& table = std::get<document::Table>(blocks[2]);
  EXPECT_EQ(table.caption, "小组");
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[1].size(), 2u);
  EXPECT_TRUE(text_blocks("").empty());
}

TEST(Units, AreShownWithoutWhatTheyAreOf) {
  EXPECT_EQ(shown_unit("t{COD}"), "t");
  EXPECT_EQ(shown_unit("m3{water}/t{product}"), "m³/t");
  EXPECT_EQ(shown_unit("L/m2"), "L/m²");
}

}  // namespace
}  // namespace qy::dossier
