#include "regime/analysis/analysis.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "regime/audits/testing.h"

namespace qy::analysis {
namespace {

using audits::testing::complaints;
using audits::testing::Plant;
using audits::testing::text_at;
using identity::Caller;
using identity::Line;
using identity::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const Plant kBoards{.industry = "3982", .tags = {"printed_circuit_board"}};
const Plant kPower{.industry = "4411", .tags = {}};

class Analysis : public ::testing::TestWithParam<std::string> {
 protected:
  struct Town : audits::testing::Town {
    explicit Town(const std::string& engine, const Plant& plant = {})
        : audits::testing::Town(engine, {analysis::add_routes, files::add_routes}, plant) {
      static const bool filled = [] {
        Catalogue::global().add(analysis_messages());
        Catalogue::global().add(figures::figures_messages());
        return true;
      }();
      (void)filled;
    }

    json::Object page(const std::string& aspect = "measured") {
      return get(filler, path + "/benchmark?aspect=" + aspect);
    }
    json::Object document(const std::string& aspect = "measured") { return page(aspect).at("benchmark").as_object(); }
    /// Answers rows and gives the grading after.
    json::Object answer(const std::string& body, const std::string& aspect = "measured") {
      return done(filler, "PATCH", path + "/benchmark?aspect=" + aspect, body).at("benchmark").as_object();
    }
    json::Object refused(const std::string& body, int status = 422) {
      return done(filler, "PATCH", path + "/benchmark", body, status);
    }
    static json::Object row(const json::Object& document, const std::string& id) {
      for (const auto& group : document.at("groups").as_array())
        for (const auto& one : group.at("rows").as_array())
          if (one.at("id").as_string() == id) return one.as_object();
      ADD_FAILURE() << "no row " << id;
      return {};
    }

    /// Every row of the system: "not applicable" for those named, the demands of level II or the best that is known.
    std::string everything(const std::string& system, const std::set<std::string>& not_made = {}) {
      std::string rows;
      for (const auto& group : premises.rules->find_system(system)->groups)
        for (const auto& one : group.rows) {
          std::string what = R"({"level": "II"})";
          if (not_made.contains(one.id)) {
            what = R"({"not_applicable": "不生产"})";
          } else if (one.quantitative) {
            std::string value = "1";
            for (const char* level : {"I", "II", "III"})
              if (const auto at = one.benchmarks.find(level); at != one.benchmarks.end() &&
                                                              at->second.kind == rules::Benchmark::Kind::number &&
                                                              at->second.number.expression.empty())
                value = at->second.number.value.str();
            what = R"({"value": ")" + value + "\"}";
          }
          rows += (rows.empty() ? "\"" : ", \"") + one.id + "\": " + what;
        }
      return R"({"rows": {)" + rows + "}}";
    }

    json::Object add_option(const std::string& cost_class, const std::string& planned = "{}", int status = 201) {
      return done(filler, "POST", path + "/options",
                  R"({"title": "逆流漂洗改造", "cost_class": ")" + cost_class +
                      R"(", "origin": "process", "planned": )" + planned + "}",
                  status);
    }
    json::Object option(const std::string& option_id) {
      for (const auto& one : list(&officer, path + "/options", "items"))
        if (one.at("id").as_string() == option_id) return one.as_object();
      return {};
    }
    json::Object set_state(const Caller& who, const std::string& option_id, const std::string& body, int status = 200) {
      const auto now = option(option_id);
      return done(&who, "POST", "/api/v1/options/" + option_id + "/state", body, status,
                  now.contains("version") ? now.at("version").as_int64() : 1);
    }
  };
};
INSTANTIATE_TEST_SUITE_P(Engines, Analysis, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(Analysis, EightOfTwentyFiveRowsGiveNoLevelButTheListOfWhatIsMissing) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  const auto document = town.answer(
      R"({"parameters": {"n": "3"}, "rows": {"1": {"level": "II"}, "2": {"level": "I"}, "3": {"level": "I"},
          "4": {"level": "II"}, "5": {"value": "22"}, "6": {"value": "81"}, "7": {"value": "92"}, "8": {"value": "90"}}})");
  EXPECT_TRUE(document.at("level").is_null());
  EXPECT_TRUE(document.at("level_name").is_null());
  EXPECT_TRUE(document.at("to_next_level").is_null());
  std::vector<std::string> missing;
  for (const auto& row : document.at("missing").as_array()) missing.emplace_back(row.as_string());
  EXPECT_THAT(missing, ElementsAre("9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22",
                                   "23", "24", "25"));
  EXPECT_EQ(Town::row(document, "9").at("level"), "missing");
  EXPECT_EQ(Town::row(document, "5").at("level"), "II");
  EXPECT_EQ(document.at("period"), "2025") << "the last full year before the list's";

  bool told = false;
  for (const auto& gap : town.list(town.filler, town.path + "/gaps", "items"))
    if (gap.at("code") == "gap.rows_missing") {
      told = true;
      EXPECT_EQ(gap.at("detail"),
                "还有17项评价指标没有填写：9、10、11、12、13、14、15、16、17、18、19、20、21、22、23、24、25。");
      EXPECT_EQ(gap.at("place"), "benchmark");
    }
  EXPECT_TRUE(told);
}

TEST_P(Analysis, BlankZeroAndNotApplicableAreThreeThings) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  auto document = town.answer(
      R"({"parameters": {"n": "3"}, "rows": {"5": {"value": "0"}, "6": {"not_applicable": "无镀锌"}, "7": {"value": ""}}})");
  const auto zero = Town::row(document, "5");
  EXPECT_EQ(zero.at("level"), "I");
  EXPECT_EQ(zero.at("answer").at("value"), "0");
  const auto excused = Town::row(document, "6");
  EXPECT_EQ(excused.at("level"), "not_applicable");
  EXPECT_EQ(excused.at("weight"), "0");
  EXPECT_EQ(excused.at("reason").at("zh"), "不适用：无镀锌");
  const auto blank = Town::row(document, "7");
  EXPECT_EQ(blank.at("level"), "missing");
  EXPECT_TRUE(blank.at("answer").is_null());
  EXPECT_EQ(blank.at("reason").at("en"), "no answer");

  document = town.answer(R"({"rows": {"5": {"value": " "}, "6": {"value": "81"}}})");
  EXPECT_EQ(Town::row(document, "5").at("level"), "missing") << "a value taken back is blank, not zero";
  EXPECT_EQ(Town::row(document, "6").at("answer").at("value"), "81") << "a value takes the excuse back";
}

TEST_P(Analysis, EveryRowExplainsItselfWithLimitAndSource) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  const auto document = town.answer(
      R"({"parameters": {"n": "3"}, "rows": {"5": {"value": "24"}, "3": {"metrics": ["69.99"]}, "15": {"metrics": ["4"]}}})");
  const auto water = Town::row(document, "5");
  EXPECT_EQ(water.at("reason").at("zh"), "填报值24 L/m2，达到Ⅱ级（≤ 24），未达到Ⅰ级（≤ 8）");
  EXPECT_EQ(water.at("reason").at("en"), "value 24 L/m2, reaches level II (≤ 24), misses level I (≤ 8)");
  EXPECT_EQ(water.at("source").at("clause"), "表1 第5行");
  EXPECT_FALSE(water.at("source").at("mark").as_string().empty());
  const auto lines = Town::row(document, "3");
  EXPECT_EQ(lines.at("level"), "II") << "69.99 % of the lines are not 70 %";
  EXPECT_THAT(std::string(lines.at("reason").at("zh").as_string()), HasSubstr("按数值评定为Ⅱ级"));
  EXPECT_EQ(Town::row(document, "15").at("level"), "I");
  EXPECT_EQ(document.at("system").at("verification").as_string(),
            town.premises.rules->find_system("electroplating-2015")->verification);
}

TEST_P(Analysis, ARowWithAFormulaIsComputedFromTheLedgerAndNeverTyped) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  town.answer(R"({"parameters": {"n": "3"}, "rows": {"5": {"value": "30"}}})");
  town.put("water.plating", "22000", 2025, "", "m3");
  town.put("plating.rinsed_area", "1000000", 2025, "", "m2");
  auto row = Town::row(town.document(), "5");
  EXPECT_TRUE(row.at("computed").as_bool());
  EXPECT_EQ(row.at("answer").at("value"), "22") << "22000 m3 over a million square metres; what was typed yields";
  EXPECT_THAT(complaints(town.refused(R"({"rows": {"5": {"value": "8"}}})")),
              ElementsAre("#/rows/5/value analysis.computed"));

  // Computed figures keep their lineage, so that a change in the ledger shows and is mended on this page.
  EXPECT_EQ(town.answer("{}").at("stale").as_int64(), 0);
  town.put("water.plating", "44000", 2025, "", "m3");
  const auto changed = town.document();
  EXPECT_EQ(changed.at("stale").as_int64(), 1);
  EXPECT_EQ(Town::row(changed, "5").at("answer").at("value"), "44") << "the grading never shows an old value";
  EXPECT_EQ(town.answer("{}").at("stale").as_int64(), 0);

  auto document = town.answer(R"({"rows": {"5": {"not_applicable": "不清洗"}}})");
  EXPECT_EQ(Town::row(document, "5").at("level"), "not_applicable") << "and stays so after the recomputation";
  document = town.answer(R"({"rows": {"5": {}}})");
  EXPECT_EQ(Town::row(document, "5").at("answer").at("value"), "44");

  town.write([&](Tx& tx) {
    return figures::set_figures(tx, town.by(*town.filler), *town.premises.rules, {"audit", town.id.str()}, "99",
                                std::vector<figures::Entry>{{.place = {"water.plating", "", figures::Period::year(2025),
                                                                       figures::Aspect::measured},
                                                             .value = figures::Value::retracted()}});
  });
  EXPECT_EQ(Town::row(town.document(), "5").at("level"), "missing") << "without its input there is no value";
}

TEST_P(Analysis, AnswersOfTheLedgerAreReadInTheRowsUnit) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  town.answer(R"({"parameters": {"n": "3"}})");
  const auto cell = [&](const std::string& number, const std::string& unit) {
    town.done(town.filler, "PATCH", "/api/v1/figures/audit/" + town.id.str(),
              R"({"cells": [{"key": "indicator.value", "scope": "row:electroplating-2015:5", "period": "2025", "value":
                  {"kind": "number", "number": ")" +
                  number + R"(", "unit": ")" + unit + R"("}}]})");
    return Town::row(town.document(), "5");
  };
  EXPECT_EQ(cell("0.022", "m3/m2").at("answer").at("value"), "22");
  EXPECT_EQ(cell("22", "kg/t").at("level"), "missing") << "a unit that cannot be converted is no answer";
}

TEST_P(Analysis, TheStateAfterTheOptionsKeepsWhatWasFoundUntilItIsAnswered) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  town.answer(R"({"parameters": {"n": "3"}, "rows": {"5": {"value": "30"}, "6": {"value": "81"}}})");
  EXPECT_EQ(Town::row(town.document("verified"), "5").at("level"), "III");
  const auto after = town.answer(R"({"rows": {"5": {"value": "7"}}})", "verified");
  EXPECT_EQ(Town::row(after, "5").at("level"), "I");
  EXPECT_EQ(Town::row(after, "6").at("answer").at("value"), "81");
  EXPECT_EQ(Town::row(town.document(), "5").at("level"), "III") << "the state found stays as it was found";
  town.done(town.filler, "GET", town.path + "/benchmark?aspect=planned", "", 422);
}

TEST_P(Analysis, EveryMistakeIsNamedAtItsPlaceAndNothingIsSaved) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  const auto wrong = town.refused(
      R"({"parameters": {"n": "0", "m": "1"},
          "rows": {"1": {"value": "3"}, "2": {"level": "IV"}, "5": {"level": "I"}, "6": {"value": "eighty"},
                   "7": {"value": "90", "not_applicable": "无"}, "8": {"not_applicable": " "}, "9": {"value": "44"},
                   "15": {"metrics": ["4", "5"]}, "13": {"metrics": ["1"]}, "99": {"value": "1"}},
          "outputs": {"5": "100", "98": "1"}})");
  EXPECT_THAT(complaints(wrong),
              UnorderedElementsAre("#/parameters/n analysis.parameter_positive",
                                   "#/parameters/m analysis.parameter_unknown", "#/rows/1/value analysis.level_wanted",
                                   "#/rows/2/level analysis.level_unknown", "#/rows/5/level analysis.value_wanted",
                                   "#/rows/6/value decimal.format", "#/rows/7/not_applicable analysis.answer_twice",
                                   "#/rows/8/not_applicable analysis.reason_missing",
                                   "#/rows/15/metrics analysis.metrics_count",
                                   "#/rows/13/metrics analysis.value_wanted", "#/rows/99 analysis.row_unknown",
                                   "#/outputs/5 analysis.output_not_asked", "#/outputs/98 analysis.row_unknown"));
  EXPECT_EQ(Town::row(town.document(), "9").at("level"), "missing") << "one wrong row keeps all from being saved";
  EXPECT_THAT(complaints(town.refused(R"({"parameters": ["3"], "outputs": "1"})")),
              UnorderedElementsAre("#/parameters analysis.members", "#/outputs analysis.members"));
}

TEST_P(Analysis, AParameterThatIsBlankIsAskedForAndHoldsTheReportBack) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  town.answer(town.everything("electroplating-2015"));
  auto document = town.document();
  EXPECT_EQ(document.at("problem"), "input.invalid");
  EXPECT_EQ(document.at("problems").as_array().at(0).at("pointer"), "#/parameters/n");
  EXPECT_FALSE(document.contains("level"));
  const auto codes = [&] {
    std::vector<std::string> all;
    for (const auto& gap : town.list(town.filler, town.path + "/gaps", "items"))
      if (gap.at("place") == "benchmark") all.emplace_back(gap.at("code").as_string());
    return all;
  };
  EXPECT_THAT(codes(), ElementsAre("gap.parameter"));
  document = town.answer(R"({"parameters": {"n": "7"}})");
  EXPECT_TRUE(document.at("level").is_string());
  EXPECT_THAT(codes(), IsEmpty());
  town.answer(R"({"parameters": {"n": ""}})");
  EXPECT_THAT(codes(), ElementsAre("gap.parameter")) << "a parameter can be taken back";
}

TEST_P(Analysis, ATradeWithoutASystemIsNotBenchmarkedAndMaySubmit) {
  Town town(GetParam(), {.industry = "1411", .tags = {}});
  const auto page = town.page();
  EXPECT_TRUE(page.at("benchmark").is_null());
  EXPECT_EQ(page.at("chosen"), "");
  for (const auto& system : page.at("systems").as_array()) EXPECT_FALSE(system.at("suggested").as_bool());
  EXPECT_EQ(town.refused(R"({"rows": {"1": {"level": "I"}}})", 409).at("code"), "analysis.no_system");
  town.api.run({.name = "no gap asks for a system that nobody has issued",
                .who = town.filler,
                .path = town.path + "/gaps",
                .absent = {"analysis.no_system", "\"benchmark\""}});

  Town plater(GetParam());
  plater.api.run({.name = "a trade with a system is asked to choose it",
                  .who = plater.filler,
                  .path = plater.path + "/gaps",
                  .contains = {"analysis.no_system"}});
  bool offered = false;
  for (const auto& system : plater.list(plater.filler, plater.path + "/benchmark", "systems"))
    offered = offered || (system.at("id") == "electroplating-2015" && system.at("suggested").as_bool());
  EXPECT_TRUE(offered);
}

TEST_P(Analysis, WhoEditsAndWhoReadsTheBenchmark) {
  Town town(GetParam());
  town.choose("electroplating-2015");
  town.mandate();
  const auto at = town.path + "/benchmark";
  const std::string body = R"({"rows": {"1": {"level": "II"}}})";
  const auto patch = [&](const char* name, const Caller* who, int status) {
    town.api.run({.name = name, .who = who, .method = "PATCH", .path = at, .body = body, .status = status});
  };
  town.api.run_all({
      {.name = "the enterprise edits", .who = town.filler, .path = at, .contains = {R"("allowed_actions":["edit"])"}},
      {.name = "so does its consultancy", .who = town.consultant, .path = at, .contains = {R"(["edit"])"}},
      {.name = "the office reads", .who = &town.officer, .path = at, .contains = {R"("allowed_actions":[])"}},
      {.name = "an office of another line reads", .who = &town.industry_officer, .path = at, .contains = {R"(":[])"}},
      {.name = "another city does not see it", .who = &town.far_officer, .path = at, .status = 404},
      {.name = "another enterprise does not", .who = town.stranger, .path = at, .status = 404},
      {.name = "an administrator does not", .who = &town.administrator, .path = at, .status = 404},
      {.name = "nobody without logging in", .path = at, .status = 401},
  });
  patch("the enterprise answers", town.filler, 200);
  patch("under a mandate the consultancy answers", town.consultant, 200);
  patch("the office does not answer for the enterprise", &town.officer, 403);
  patch("another enterprise finds nothing", town.stranger, 404);
  town.on(Date(2027, 5, 2));
  patch("after the mandate nothing is there", town.consultant, 404);
  town.on(Date(2026, 6, 2));
  town.advance("submitted");
  patch("what was submitted does not change", town.filler, 409);
}

/// Everything but the two rows named of one product group.
std::set<std::string> all_but(std::initializer_list<const char*> kept, int first, int last) {
  std::set<std::string> rows;
  for (int i = first; i <= last; ++i) rows.insert(std::to_string(i));
  for (const char* row : kept) rows.erase(row);
  return rows;
}

TEST_P(Analysis, ABoardMakerIsEvaluatedWithTheOutputsOfItsProducts) {
  Town town(GetParam(), kBoards);
  EXPECT_FALSE([&] {
    for (const auto& system : town.list(town.filler, town.path + "/benchmark", "systems"))
      if (system.at("id") == "pcb-gbt43329-draft") return system.at("has_index").as_bool();
    return true;
  }());
  town.choose("pcb-gbt43329-draft");
  // Rigid single- and double-sided boards only: rows 7 and 8 of energy, 15 and 16 of water, 20 and 21 of laminate …
  auto not_made = all_but({"7", "8"}, 7, 14);
  not_made.merge(all_but({"15", "16"}, 15, 18));
  not_made.merge(all_but({"20", "21"}, 20, 27));
  for (const int first : {30, 34, 38})
    not_made.merge(all_but({std::to_string(first).c_str(), std::to_string(first + 1).c_str()}, first, first + 3));
  town.answer(R"({"parameters": {"n": "4"}})");
  auto document = town.answer(town.everything("pcb-gbt43329-draft", not_made));

  // Two products of a group without outputs: graded, asked for, and no weight pretended.
  auto row = Town::row(document, "7");
  EXPECT_EQ(row.at("level"), "III");
  EXPECT_EQ(row.at("product").at("group"), "energy");
  EXPECT_EQ(row.at("product").at("unit"), "m2");
  EXPECT_TRUE(row.at("product").at("output").is_null());
  EXPECT_TRUE(row.at("product").at("missing").as_bool());
  EXPECT_TRUE(row.at("weight").is_null());
  EXPECT_FALSE(Town::row(document, "9").at("product").at("missing").as_bool()) << "what is not made has no output";
  EXPECT_TRUE(Town::row(document, "1").at("product").is_null());
  EXPECT_EQ(Town::row(document, "20").at("product").at("unit"), "m2") << "a share takes the system's unit";

  document = town.answer(R"({"outputs": {"7": "40,000", "8": 80000}})");
  row = Town::row(document, "7");
  EXPECT_EQ(row.at("product").at("output"), "40000");
  EXPECT_EQ(row.at("weight"), "0.0333333333") << "0.1 for energy, a third of the boards";
  EXPECT_EQ(row.at("product").at("sharing").at("zh"), "产量40000，占本组产量120000的33.33%，权重按此分摊");
  EXPECT_EQ(Town::row(document, "8").at("weight"), "0.0666666667");
  EXPECT_TRUE(Town::row(document, "15").at("product").at("missing").as_bool()) << "each group asks for its own";

  document = town.answer(R"({"outputs": {"15": "40000", "16": "80000", "20": "40000", "21": "80000", "30": "40000",
      "31": "80000", "34": "40000", "35": "80000", "38": "40000", "39": "80000"}})");
  EXPECT_THAT(document.at("without_output").as_array(), IsEmpty());
  EXPECT_TRUE(document.at("level").is_null()) << "without all weights the system gives no level";
  EXPECT_TRUE(document.at("index").is_null());
  EXPECT_EQ(document.at("index_refused").at("code"), "indicator_system.no_weights");
  EXPECT_FALSE(document.at("has_index").as_bool());
  town.api.run({.name = "an evaluation that grades every row it can asks for nothing more",
                .who = town.filler,
                .path = town.path + "/gaps",
                .absent = {"\"place\":\"benchmark\""}});

  document = town.answer(R"({"outputs": {"8": ""}})");
  EXPECT_TRUE(Town::row(document, "8").at("product").at("missing").as_bool()) << "an output can be taken back";
  document = town.answer(R"({"rows": {"8": {"not_applicable": "停产"}}})");
  EXPECT_EQ(Town::row(document, "7").at("weight"), "0.1");
  EXPECT_EQ(Town::row(document, "7").at("product").at("sharing").at("en"),
            "the only product of its group, so the weight is not shared");
}

/// The shipped packs and an invented system of a power trade, whose two products share half of the whole weight.
std::shared_ptr<const rules::Library> with_two_products() {
  static const auto library = [] {
    const auto root = std::filesystem::temp_directory_path() / ("qy_two_products_" + std::to_string(::getpid()));
    std::filesystem::copy(QY_SOURCE_DIR "/packs", root, std::filesystem::copy_options::recursive);
    std::ofstream(root / "cn" / "indicators" / "two-products.yaml") << R"(kind: indicator_system
id: two-products
title: {zh: 两种产品的示例体系（虚构）, en: Two products (invented)}
verification: draft
checked_on: 2026-11-23
verification_note: {zh: 虚构, en: Invented.}
document: qingyuan-demonstration
scope: {zh: 虚构, en: Invented}
in_force: {from: 2020-01-01}
level_rule: tongze-2013
industries: ["4411"]
sources: [invented]
groups:
  - name: {zh: 能耗, en: Energy}
    weight: "1"
    rows:
      - {id: a, name: {zh: 热, en: Heat}, weight: "0.5", product_group: output, kind: quantitative, unit: "kWh/t", direction: lower_is_better, benchmarks: {I: "1", II: "2", III: "3"}, source: {clause: 第1行, mark: hint}, evidence: memory, confidence: low}
      - {id: b, name: {zh: 电, en: Power}, weight: "0.5", product_group: output, kind: quantitative, unit: "kWh/t", direction: lower_is_better, benchmarks: {I: "1", II: "2", III: "3"}, source: {clause: 第2行, mark: hint}, evidence: memory, confidence: low}
      - {id: c, name: {zh: 水, en: Water}, weight: "0.5", kind: quantitative, unit: "t/t", direction: lower_is_better, benchmarks: {I: "1", II: "2", III: "3"}, source: {clause: 第3行, mark: hint}, evidence: memory, confidence: low}
)";
    auto loaded = rules::Library::load(root.string());
    std::filesystem::remove_all(root);
    for (const auto& problem : loaded.problems)
      ADD_FAILURE() << problem.file << ":" << problem.line << " " << problem.code;
    return loaded.library;
  }();
  return library;
}

TEST_P(Analysis, WithWeightsNoLevelIsGivenBeforeEveryOutputIsKnown) {
  Town town(GetParam(), kPower);
  town.premises.rules = with_two_products();
  town.choose("two-products");
  auto document = town.answer(R"({"rows": {"a": {"value": "1"}, "b": {"value": "3"}, "c": {"value": "1"}}})");
  std::vector<std::string> without;
  for (const auto& row : document.at("without_output").as_array()) without.emplace_back(row.as_string());
  EXPECT_THAT(without, ElementsAre("a", "b"));
  EXPECT_TRUE(document.at("level").is_null());
  EXPECT_EQ(Town::row(document, "b").at("level"), "III") << "the row itself is graded";
  EXPECT_EQ(Town::row(document, "a").at("product").at("unit"), "t");
  town.api.run({.name = "the report waits for them and says why",
                .who = town.filler,
                .path = town.path + "/gaps",
                .contains = {"同组有多种产品，还有2项指标缺少产品产量，权重无法分摊：a、b。"},
                .absent = {"gap.rows_missing"}});
  EXPECT_THAT(complaints(town.refused(R"({"outputs": {"a": "-5", "b": "much", "c": "5"}})")),
              UnorderedElementsAre("#/outputs/a analysis.output_positive", "#/outputs/b decimal.format",
                                   "#/outputs/c analysis.output_not_asked"));
  EXPECT_THAT(complaints(town.refused(R"({"outputs": {"a": "0"}})")),
              ElementsAre("#/outputs/a analysis.output_positive"));

  // Of the half that the products share, a has 3/4 and b 1/4: 37.5 + 50 at level I, all at level III.
  document = town.answer(R"({"outputs": {"a": "3000", "b": "1000"}})");
  EXPECT_THAT(document.at("without_output").as_array(), IsEmpty());
  EXPECT_EQ(document.at("index").at("I"), "87.5");
  EXPECT_EQ(document.at("index").at("III"), "100");
  EXPECT_TRUE(document.at("level").is_string());
  EXPECT_EQ(Town::row(document, "a").at("weight"), "0.375");
  EXPECT_EQ(Town::row(document, "b").at("product").at("sharing").at("en"),
            "output 1000 of the group's 4000 (25%), by which the weight is shared");
  town.api.run({.name = "then nothing is left to fill here",
                .who = town.filler,
                .path = town.path + "/gaps",
                .absent = {R"("place":"benchmark")"}});

  // The state after the options keeps the outputs found until it has its own.
  EXPECT_EQ(town.document("verified").at("index").at("I"), "87.5");
  document = town.answer(R"({"outputs": {"a": "1000"}})", "verified");
  EXPECT_EQ(document.at("index").at("I"), "75");
  EXPECT_EQ(town.document().at("index").at("I"), "87.5");
}

TEST_P(Analysis, OptionsAreNumberedByClassAndAddedUp) {
  Town town(GetParam());
  EXPECT_EQ(text_at(town.add_option("none_or_low", R"({"investment": "0.8", "annual_saving": 2.1})"), "code"), "WD1");
  const auto costly = town.add_option("medium_or_high", R"({"investment": "42", "water": "12,000"})");
  EXPECT_EQ(text_at(costly, "code"), "ZG1");
  EXPECT_EQ(costly.at("planned").at("water"), "12000");
  EXPECT_EQ(text_at(town.add_option("none_or_low"), "code"), "WD2");
  for (int i = 3; i <= 10; ++i) town.add_option("none_or_low", R"({"annual_saving": "0.1"})");
  auto page = town.get(&town.officer, town.path + "/options");
  std::vector<std::string> codes;
  for (const auto& one : page.at("items").as_array()) codes.emplace_back(one.at("code").as_string());
  EXPECT_THAT(codes, ElementsAre("WD1", "WD2", "WD3", "WD4", "WD5", "WD6", "WD7", "WD8", "WD9", "WD10", "ZG1"));
  EXPECT_EQ(page.at("totals").at("planned").at("investment"), "42.8");
  EXPECT_EQ(page.at("totals").at("planned").at("annual_saving"), "2.9");
  EXPECT_THAT(page.at("totals").at("verified").as_object(), IsEmpty());
  EXPECT_GT(page.at("columns").as_array().size(), 10u);

  town.set_state(*town.filler, text_at(costly, "id"), R"({"state": "dropped", "reason": "场地不足"})");
  page = town.get(&town.officer, town.path + "/options");
  EXPECT_EQ(page.at("totals").at("planned").at("investment"), "0.8") << "what is dropped is not counted";
  EXPECT_FALSE(page.at("totals").at("planned").as_object().contains("water"));
}

TEST_P(Analysis, AnOptionsMistakesComeAllAtOnce) {
  Town town(GetParam());
  const auto wrong =
      town.done(town.filler, "POST", town.path + "/options",
                R"({"title": " ", "cost_class": "cheap", "origin": "idea", "planned_on": "2026-02-30", "colour": "red",
          "planned": {"investment": "-1", "water": "plenty"}})",
                422);
  EXPECT_THAT(complaints(wrong), UnorderedElementsAre("#/title field.required", "#/cost_class field.choice",
                                                      "#/origin field.choice", "#/planned_on date.nonexistent",
                                                      "#/planned/water decimal.format", "#/colour field.unknown"));
  EXPECT_THAT(complaints(town.add_option("none_or_low", R"({"investment": "-1", "gold": "3", "other": "5"})", 422)),
              UnorderedElementsAre("#/planned/investment option.investment_negative",
                                   "#/planned/gold option.column_unknown", "#/planned/other option.column_unknown"));
  EXPECT_EQ(town.get(town.filler, town.path + "/options").at("total").as_int64(), 0);
}

TEST_P(Analysis, AnOptionIsChangedAtTheVersionSeenAndKeepsItsClass) {
  Town town(GetParam());
  const auto made = town.add_option("none_or_low", R"({"investment": "0.8", "water": "100"})");
  const auto at = "/api/v1/options/" + text_at(made, "id");
  const auto body = [](const char* cost_class, const char* title) {
    return std::string(R"({"title": ")") + title + R"(", "cost_class": ")" + cost_class +
           R"(", "origin": "process", "planned": {"investment": "1.20"}})";
  };
  town.api.run({.name = "without the version seen nothing is changed",
                .who = town.filler,
                .method = "PUT",
                .path = at,
                .body = body("none_or_low", "改"),
                .status = 428});
  const auto changed = town.done(town.filler, "PUT", at, body("none_or_low", "加装挡液板"), 200, 1);
  EXPECT_EQ(text_at(changed, "title"), "加装挡液板");
  EXPECT_EQ(changed.at("planned").at("investment"), "1.20") << "as it was typed";
  EXPECT_FALSE(changed.at("planned").as_object().contains("water")) << "left out is taken back";
  EXPECT_EQ(town.done(town.filler, "PUT", at, body("none_or_low", "又改"), 412, 1).at("code"), "option.stale");
  EXPECT_THAT(complaints(town.done(town.filler, "PUT", at, body("medium_or_high", "改"), 422, 2)),
              ElementsAre("#/cost_class option.class_fixed"));
  EXPECT_EQ(town.option(text_at(made, "id")).at("title"), "加装挡液板");
}

TEST_P(Analysis, OnlyAProposedOptionIsDeleted) {
  Town town(GetParam());
  const auto made = town.add_option("none_or_low", R"({"investment": "0.8"})");
  const auto id = text_at(made, "id"), at = "/api/v1/options/" + id;
  town.done(town.filler, "DELETE", at, "", 412, 9);
  town.done(&town.officer, "DELETE", at, "", 403, 1);
  town.done(town.stranger, "DELETE", at, "", 404, 1);
  town.set_state(*town.filler, id, R"({"state": "feasible"})");
  EXPECT_EQ(town.done(town.filler, "DELETE", at, "", 409, 2).at("code"), "option.delete_state");
  town.set_state(*town.filler, id, R"({"state": "proposed"})");
  town.done(town.filler, "DELETE", at, "", 204, 3);
  EXPECT_EQ(town.get(town.filler, town.path + "/options").at("total").as_int64(), 0);
  const auto ledger = town.read([&](Tx& tx) { return figures::get_ledger(tx, {"audit", town.id.str()}); });
  EXPECT_THAT(ledger.of_key("option.investment"), IsEmpty()) << "its figures are taken back with it";
}

TEST_P(Analysis, StatesFollowEachOtherAndTakeTheirTracesBack) {
  Town town(GetParam());
  const auto id = text_at(town.add_option("none_or_low"), "id");
  const auto go = [&](const char* body, int status = 200) { return town.set_state(*town.filler, id, body, status); };
  EXPECT_EQ(go(R"({"state": "implemented", "on": "2026-05-30"})", 409).at("code"), "option.state");
  EXPECT_THAT(complaints(go(R"({"state": "dropped"})", 422)), ElementsAre("#/reason option.drop_reason"));
  EXPECT_EQ(text_at(go(R"({"state": "dropped", "reason": "技术不成熟"})"), "drop_reason"), "技术不成熟");
  EXPECT_EQ(text_at(go(R"({"state": "proposed"})"), "drop_reason"), "") << "taken up again it was not dropped";
  go(R"({"state": "feasible"})");
  EXPECT_THAT(complaints(go(R"({"state": "implemented"})", 422)), ElementsAre("#/on option.implemented_on"));
  EXPECT_THAT(complaints(go(R"({"state": "implemented", "on": "2026-06-02"})", 422)),
              ElementsAre("#/on option.future"));
  EXPECT_EQ(text_at(go(R"({"state": "implemented", "on": "2026-06-01"})"), "implemented_on"), "2026-06-01");
  EXPECT_TRUE(go(R"({"state": "planned"})").at("implemented_on").is_null()) << "what is only planned is not built";
}

TEST_P(Analysis, CostlyOptionsWaitForTheEvaluationAndOnlyTheOfficeVerifies) {
  Town town(GetParam());
  town.advance("started");
  const auto low = text_at(town.add_option("none_or_low", R"({"investment": "0.8", "annual_saving": "2"})"), "id");
  const auto high = text_at(town.add_option("medium_or_high", R"({"investment": "42"})"), "id");
  for (const auto& one : {low, high}) town.set_state(*town.filler, one, R"({"state": "feasible"})");
  town.set_state(*town.filler, low, R"({"state": "implemented", "on": "2026-06-01"})");
  const std::string built = R"({"state": "implemented", "on": "2026-06-01"})";
  EXPECT_EQ(town.set_state(*town.filler, high, built, 409).at("code"), "option.before_evaluation");
  town.advance("implementing");
  town.set_state(*town.filler, high, built);

  const std::string claim = R"({"state": "verified", "verified": {"investment": "43.5", "annual_saving": "14.2"}})";
  const auto verified = [&](const char* name, const Caller* who, int status, std::vector<std::string> actions = {}) {
    town.api.run({.name = name,
                  .who = who,
                  .method = "POST",
                  .path = "/api/v1/options/" + high + "/state",
                  .body = claim,
                  .status = status,
                  .actions = std::move(actions),
                  .if_match = town.option(high).at("version").as_int64()});
  };
  verified("the enterprise does not verify what it claims", town.filler, 403);
  verified("nor its signatory", town.signatory, 403);
  verified("nor an office of another line", &town.industry_officer, 403);
  verified("another city finds no option", &town.far_officer, 404);
  EXPECT_THAT(complaints(town.set_state(town.officer, high, R"({"state": "verified"})", 422)),
              ElementsAre("#/verified option.verified_missing"));
  EXPECT_THAT(
      complaints(town.set_state(town.officer, high, R"({"state": "verified", "verified": {"gold": "1"}})", 422)),
      ElementsAre("#/verified/gold option.column_unknown"));
  verified("an officer of the leading line does", &town.officer, 200, {"verify_option"});
  auto page = town.get(town.filler, town.path + "/options");
  EXPECT_EQ(page.at("totals").at("verified").at("investment"), "43.5");
  EXPECT_EQ(page.at("totals").at("planned").at("investment"), "42.8");

  // What was verified is out of the enterprise's hands, by every way.
  const auto entry = town.option(high);
  EXPECT_THAT(complaints(town.done(town.filler, "PUT", "/api/v1/options/" + high,
                                   R"({"title": "改", "cost_class": "medium_or_high", "origin": "process",
                                       "planned": {"investment": "10"}})",
                                   422, entry.at("version").as_int64())),
              ElementsAre("#/planned option.verified_fixed"));
  town.set_state(*town.filler, high, R"({"state": "implemented", "on": "2026-06-01"})", 409);
  for (const char* aspect : {"verified", "planned"})
    EXPECT_THAT(
        complaints(town.done(town.filler, "PATCH", "/api/v1/figures/audit/" + town.id.str(),
                             R"({"cells": [{"key": "option.annual_saving", "scope": "option:)" + high +
                                 R"(", "aspect": ")" + aspect + R"(", "value": {"kind": "number", "number": "999"}}]})",
                             422)),
        ElementsAre("#/cells/0 figure.of_option"))
        << aspect;
  EXPECT_EQ(town.get(town.filler, town.path + "/options").at("totals").at("verified").at("annual_saving"), "14.2");

  // The office corrects its own word; the older claim cannot be adopted by the enterprise.
  town.set_state(town.officer, high, R"({"state": "verified", "verified": {"annual_saving": "13"}})");
  page = town.get(town.filler, town.path + "/options");
  EXPECT_EQ(page.at("totals").at("verified").at("annual_saving"), "13");
  EXPECT_FALSE(page.at("totals").at("verified").as_object().contains("investment"));
  const auto claims = town.read([&](Tx& tx) {
    const auto ledger = figures::get_ledger(tx, {"audit", town.id.str()});
    const auto* figure = ledger.find("option.annual_saving", "", figures::Aspect::verified, "option:" + high);
    return std::pair(figures::claims_of(tx, figure->slot), figure->version);
  });
  ASSERT_GE(claims.first.size(), 1u);
  town.done(town.filler, "POST", "/api/v1/figures/audit/" + town.id.str() + "/adopt",
            R"({"claim": ")" + claims.first.back().id.str() + R"(", "version": )" + std::to_string(claims.second) + "}",
            409);
}

TEST_P(Analysis, EvidenceOfAnOptionIsReadByWhoeverReadsTheCase) {
  Town town(GetParam());
  town.advance("started");
  town.mandate();
  const auto id = text_at(town.add_option("none_or_low", R"({"investment": "0.8"})"), "id");
  const auto attach = [&](const Caller& who, const std::string& subject, const std::string& name) {
    const auto blob = files::store_blob(town.premises, "%PDF-1.7 " + name, name);
    return town
        .write([&](Tx& tx) -> Result<files::FileId> {
          return files::attach(
              tx, town.by(who),
              {.owner = {"audit", subject}, .province = "99", .kind = "monitoring", .name = name, .blob = *blob});
        })
        .str();
  };
  const auto report = attach(*town.filler, town.id.str(), "监测报告.pdf");
  const auto bill = attach(*town.consultant, town.id.str(), "电费单.pdf");
  const auto foreign = attach(*town.stranger, "another case", "别家的.pdf");
  const auto visit = attach(town.officer, town.id.str(), "现场照片说明.pdf");
  const auto& expert = town.world.member(identity::Party::expert, "x1", "专家", Role::expert);
  const auto& outsider = town.world.member(identity::Party::expert, "x2", "未入组专家", Role::expert);
  town.write([&](Tx& tx) -> Result<bool> {
    audits::admit_guest(tx, town.id, identity::Party::expert, "x1", Date(2026, 5, 1), Date(2027, 5, 1));
    return true;
  });

  const std::string options = town.path + "/options", evidence = "/api/v1/options/" + id + "/evidence";
  const auto citing = [](const std::string& file, const std::string& where = "第3页") {
    return R"({"file": ")" + file + R"(", "place": ")" + where + "\"}";
  };
  town.api.run_all({
      {.name = "nobody adds", .method = "POST", .path = evidence, .body = citing(report), .status = 401},
      {.name = "a file of another case is none",
       .who = town.filler,
       .method = "POST",
       .path = evidence,
       .body = citing(foreign),
       .status = 422,
       .contains = {"#/file", "option.evidence_file", "请先上传"},
       .absent = {"别家的"}},
      {.name = "nor is what is no file",
       .who = town.filler,
       .method = "POST",
       .path = evidence,
       .body = citing("x"),
       .status = 422,
       .contains = {"option.evidence_file"}},
      {.name = "a place has an end",
       .who = town.filler,
       .method = "POST",
       .path = evidence,
       .body = citing(report, std::string(201, 'x')),
       .status = 422,
       .contains = {"#/place"}},
      {.name = "an office of another line reads only",
       .who = &town.industry_officer,
       .method = "POST",
       .path = evidence,
       .body = citing(report),
       .status = 403},
      {.name = "an expert reads only",
       .who = &expert,
       .method = "POST",
       .path = evidence,
       .body = citing(report),
       .status = 403},
      {.name = "another enterprise finds no option",
       .who = town.stranger,
       .method = "POST",
       .path = evidence,
       .body = citing(report),
       .status = 404,
       .contains = {"option.not_found"}},
      {.name = "nothing was added by these", .who = town.filler, .path = options, .contains = {R"("evidence":[])"}},
      {.name = "the enterprise adds",
       .who = town.filler,
       .method = "POST",
       .path = evidence,
       .body = citing(report),
       .contains = {"监测报告.pdf", "第3页", "monitoring", R"("by_office":false)", R"("allowed_actions":["remove"])"},
       .actions = {"cite_option_evidence"}},
      {.name = "not twice",
       .who = town.consultant,
       .method = "POST",
       .path = evidence,
       .body = citing(report),
       .status = 422,
       .contains = {"option.evidence_twice"}},
      {.name = "the mandated consultancy adds another",
       .who = town.consultant,
       .method = "POST",
       .path = evidence,
       .body = citing(bill, ""),
       .contains = {"监测报告.pdf", "电费单.pdf"},
       .actions = {"cite_option_evidence"}},
      {.name = "the lead department adds its own",
       .who = &town.officer,
       .method = "POST",
       .path = evidence,
       .body = citing(visit),
       .contains = {"现场照片说明.pdf", R"("by_office":true)"},
       .actions = {"cite_option_evidence"}},
      {.name = "which the enterprise cannot take away",
       .who = town.filler,
       .method = "DELETE",
       .path = evidence + "/" + visit,
       .status = 403,
       .contains = {"option.evidence_of_others"}},
      {.name = "nor the department what the enterprise added",
       .who = &town.officer,
       .method = "DELETE",
       .path = evidence + "/" + report,
       .status = 403,
       .contains = {"option.evidence_of_others"}},
      {.name = "what is not there cannot be removed",
       .who = town.filler,
       .method = "DELETE",
       .path = evidence + "/" + foreign,
       .status = 404},
      {.name = "each side removes its own",
       .who = town.filler,
       .method = "DELETE",
       .path = evidence + "/" + bill,
       .contains = {"监测报告.pdf"},
       .absent = {"电费单.pdf"},
       .actions = {"remove_option_evidence"}},
      {.name = "the expert of the panel sees it all and changes nothing",
       .who = &expert,
       .path = options,
       .contains = {"监测报告.pdf", "第3页", "现场照片说明.pdf"},
       .absent = {"remove", "cite", "电费单.pdf"}},
      {.name = "and opens it", .who = &expert, .path = "/api/v1/files/" + report, .contains = {"%PDF-1.7"}},
      {.name = "another expert does not",
       .who = &outsider,
       .path = "/api/v1/files/" + report,
       .status = 404,
       .absent = {"监测报告"}},
      {.name = "nor another enterprise", .who = town.stranger, .path = "/api/v1/files/" + report, .status = 404},
      {.name = "nor another city", .who = &town.far_officer, .path = "/api/v1/files/" + report, .status = 404},
  });

  town.set_state(*town.filler, id, R"({"state": "feasible"})");
  town.set_state(*town.filler, id, R"({"state": "implemented", "on": "2026-06-01"})");
  town.set_state(town.officer, id, R"({"state": "verified", "verified": {"annual_saving": "2"}})");
  town.api.run_all({
      {.name = "what was verified rests on what was shown",
       .who = town.filler,
       .method = "DELETE",
       .path = evidence + "/" + report,
       .status = 409,
       .contains = {"option.evidence_fixed"}},
      {.name = "and on nothing else",
       .who = town.filler,
       .method = "POST",
       .path = evidence,
       .body = citing(bill),
       .status = 409},
      {.name = "the office may still add",
       .who = &town.officer,
       .method = "POST",
       .path = evidence,
       .body = citing(bill),
       .contains = {"电费单.pdf"},
       .actions = {"cite_option_evidence"}},
  });
  town.write([&](Tx& tx) -> Result<bool> {
    QY_CHECK(files::withdraw(tx, town.by(*town.filler), files::FileId::trusted(report), "换新版"));
    return true;
  });
  town.api.run_all({
      {.name = "what was withdrawn is named as such",
       .who = &expert,
       .path = options,
       .contains = {"监测报告.pdf", R"("withdrawn":true)"}},
      {.name = "and is not opened any more", .who = &expert, .path = "/api/v1/files/" + report, .status = 404},
  });
}

TEST_P(Analysis, AnOptionThatIsDeletedLeavesItsFilesWithTheCase) {
  Town town(GetParam());
  const auto id = text_at(town.add_option("none_or_low"), "id");
  const auto file = town.write([&](Tx& tx) -> Result<files::FileId> {
    return files::attach(tx, town.by(*town.filler),
                         {.owner = {"audit", town.id.str()},
                          .province = "99",
                          .kind = "photo",
                          .name = "照片.jpg",
                          .blob = {std::string(64, 'a'), 8, "image/jpeg"}});
  });
  town.done(town.filler, "POST", "/api/v1/options/" + id + "/evidence", R"({"file": ")" + file.str() + "\"}");
  town.done(town.filler, "DELETE", "/api/v1/options/" + id, "", 204, 1);
  EXPECT_TRUE(town.list(town.filler, town.path + "/options").empty());
  EXPECT_THAT(json::dump(town.get(town.filler, "/api/v1/attachments/audit/" + town.id.str())), HasSubstr("照片.jpg"));
}

TEST_P(Analysis, EconomicsNameTheirAssumptions) {
  Town town(GetParam());
  const auto id = text_at(town.add_option("medium_or_high", R"({"investment": "42", "annual_saving": "15.6"})"), "id");
  const auto at = "/api/v1/options/" + id + "/economics";
  const auto economics = town.get(&town.officer, at).at("economics").as_object();
  EXPECT_EQ(economics.at("assumptions").at("tax_rate"), "0.25");
  // D = 42/10 = 4.2; T = 15.6 − 4.2 = 11.4; E = 11.4 × 0.75 = 8.55; F = 8.55 + 4.2 = 12.75; N = 42/12.75 = 3.29
  EXPECT_THAT(json::dump(economics.at("handbook")), HasSubstr("12.75"));
  EXPECT_EQ(town.get(&town.officer, at + "?tax_rate=0&years=5").at("economics").at("assumptions").at("tax_rate"), "0");
  EXPECT_THAT(complaints(town.done(&town.officer, "GET", at + "?tax_rate=2&discount_rate=x", "", 422)),
              UnorderedElementsAre("#/tax_rate option.rate_range", "#/discount_rate decimal.format"));
  town.done(&town.officer, "GET", at + "?years=51", "", 422);
  town.done(town.stranger, "GET", at, "", 404);
  const auto bare = text_at(town.add_option("none_or_low"), "id");
  EXPECT_TRUE(town.get(&town.officer, "/api/v1/options/" + bare + "/economics").at("economics").is_null());
}

TEST_P(Analysis, WhoSeesAndWritesOptions) {
  Town town(GetParam());
  const auto made = town.add_option("none_or_low");
  const auto id = text_at(made, "id");
  const std::string body = R"({"title": "新方案", "cost_class": "none_or_low", "origin": "staff"})";
  town.api.run_all({
      {.name = "the office reads and verifies",
       .who = &town.officer,
       .path = town.path + "/options",
       .contains = {"逆流漂洗改造", R"("allowed_actions":[])"}},
      {.name = "the enterprise edits",
       .who = town.filler,
       .path = town.path + "/options",
       .contains = {R"("allowed_actions":["edit"])"}},
      {.name = "the office proposes nothing",
       .who = &town.officer,
       .method = "POST",
       .path = town.path + "/options",
       .body = body,
       .status = 403},
      {.name = "a consultancy without a mandate finds nothing",
       .who = town.consultant,
       .path = town.path + "/options",
       .status = 404},
      {.name = "nor can it add",
       .who = town.consultant,
       .method = "POST",
       .path = town.path + "/options",
       .body = body,
       .status = 404},
      {.name = "an option that is not theirs to see looks like none",
       .who = town.stranger,
       .method = "PUT",
       .path = "/api/v1/options/" + id,
       .body = body,
       .status = 404,
       .contains = {"option.not_found"},
       .absent = {"audit.not_found"},
       .if_match = 1},
      {.name = "and one that is not there",
       .who = town.stranger,
       .method = "PUT",
       .path = "/api/v1/options/01890000-0000-7000-8000-000000000000",
       .body = body,
       .status = 404,
       .contains = {"option.not_found"},
       .if_match = 1},
  });
  town.advance("started");
  town.api.run({.name = "from the start on the leading office verifies",
                .who = &town.officer,
                .path = town.path + "/options",
                .contains = {R"("allowed_actions":["verify"])"}});
  town.advance("submitted");
  town.add_option("none_or_low", "{}", 409);
  town.advance("accepted");
  town.api.run({.name = "when the case is done nothing is verified any more",
                .who = &town.officer,
                .method = "POST",
                .path = "/api/v1/options/" + id + "/state",
                .body = R"({"state": "verified", "verified": {"water": "1"}})",
                .status = 403,
                .if_match = 1});
}

TEST_P(Analysis, GapsNameEveryYearOptionAndFigureThatIsStillOpen) {
  Town town(GetParam(), {.industry = "1411", .tags = {}});
  const auto codes = [&] {
    std::vector<std::string> all;
    for (const auto& gap : town.list(town.filler, town.path + "/gaps", "items"))
      all.emplace_back(gap.at("code").as_string());
    return all;
  };
  EXPECT_THAT(codes(),
              UnorderedElementsAre("gap.series.energy", "gap.series.energy", "gap.series.energy", "gap.series.water",
                                   "gap.series.water", "gap.series.water", "gap.series.material", "gap.series.material",
                                   "gap.series.material", "gap.series.product", "gap.series.product",
                                   "gap.series.product", "gap.no_options"));
  for (int year = 2023; year <= 2025; ++year) {
    town.put("electricity.bought", "1250000", year);
    town.put("water.fresh", "48000", year);
    town.put("material.input", "12.5", year, "material:面料");
    town.put("product.output", "310", year, "product:成衣");
  }
  const auto low = text_at(town.add_option("none_or_low"), "id");
  town.add_option("medium_or_high");
  EXPECT_THAT(codes(), UnorderedElementsAre("gap.investment", "gap.planned_on", "gap.low_cost_open"));
  town.set_state(*town.filler, low, R"({"state": "dropped", "reason": "重复"})");
  EXPECT_THAT(codes(), UnorderedElementsAre("gap.investment", "gap.planned_on"));
}

}  // namespace
}  // namespace qy::analysis
