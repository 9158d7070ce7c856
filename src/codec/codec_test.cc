// The documents of `compute` against the packs that ship and the published cases of tests/cases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include "base/text.h"
#include "codec/testing.h"

namespace qy::codec {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Input of `compute` from a case file: "L2" is a chosen level, a number a value.
json::Object answers_of(const json::Value& file) {
  json::Object values;
  for (const auto& member : file.as_object().at("inputs").as_object()) {
    const auto level = json::is_text(member.value()) ? text_of(member.value()) : std::string();
    if (level.empty())
      values[member.key()] = json::Object{{"value", member.value()}};
    else
      values[member.key()] = json::Object{{"level", std::string(static_cast<std::size_t>(level.back() - '0'), 'I')}};
  }
  return values;
}

TEST(Indicators, ElectroplatingWithARowThatDoesNotApply) {
  const auto file = case_file("indicators-electroplating-not-applicable.json");
  auto values = answers_of(file);
  for (const auto* not_plated : {"9", "10", "11", "12"})
    values[not_plated] = json::Object{{"not_applicable", "该镀种不存在"}};
  values["13"] = json::Object{{"not_applicable", "没有此项"}};
  const auto answer = answer_of("indicators", json::Object{{"system", "electroplating-2015"},
                                                           {"on", "2026-06-30"},
                                                           {"parameters", json::Object{{"n", 3}}},
                                                           {"values", values}});
  const auto& expected = file.as_object().at("expected").as_object();

  const auto& index = answer.at("index").as_object();
  EXPECT_EQ(index.at("I"), "56.75");
  EXPECT_EQ(index.at("II"), "100");
  EXPECT_EQ(index.at("III"), "100");
  EXPECT_EQ(answer.at("level"), expected.at("level"));
  EXPECT_EQ(answer.at("limiting"), expected.at("limiting_met"));
  EXPECT_THAT(answer.at("missing").as_array(), IsEmpty());

  for (const auto& group : answer.at("groups").as_array()) {
    const auto& scores =
        expected.at("category_scores").as_object().at(group.at("name").at("zh").as_string()).as_object();
    for (int level = 1; level <= 3; ++level) {
      const auto computed = number_of(group.at("index").at(std::string(static_cast<std::size_t>(level), 'I')));
      EXPECT_NEAR(computed, number_of(scores.at("Y" + std::to_string(level))), 5e-5) << group.at("name").at("zh");
    }
  }
  for (const auto& row : answer.at("rows").as_array()) {
    const auto* level = expected.at("row_levels").as_object().if_contains(row.at("id").as_string());
    if (level) {
      EXPECT_EQ(text_of(row.at("level")).size(), static_cast<std::size_t>(level->as_int64())) << row.at("id");
    }
  }
}

TEST(Indicators, TheExampleHasALevelAndAWayToTheNext) {
  const auto answer = answer_of("indicators", read(example_of("indicators")));
  EXPECT_EQ(answer.at("level"), "II");
  EXPECT_THAT(answer.at("missing").as_array(), IsEmpty());
  EXPECT_THAT(answer.at("warnings").as_array(), IsEmpty());
  const auto& next = answer.at("to_next_level");
  EXPECT_EQ(next.at("level"), "I");
  EXPECT_EQ(next.at("reachable"), true);
  EXPECT_FALSE(next.at("rows").as_array().empty());
  const auto& rows = answer.at("rows").as_array();
  EXPECT_TRUE(
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.at("level") == "not_applicable"; }));
}

TEST(Indicators, AnUnknownSystemIsAnsweredWithTheNearestOrWithAll) {
  const auto hint = [](const char* id) {
    const auto answer = compute(packs(), "indicators", json::Object{{"system", id}, {"on", "2026-06-30"}});
    return answer.error().fields.at(0).params.at(1).second;
  };
  EXPECT_EQ(hint("electroplating-2051"), "是否应为“electroplating-2015”？");
  EXPECT_THAT(hint("x"), testing::StartsWith("可选："));
  EXPECT_THAT(hint("x"), HasSubstr("electroplating-2015"));
}

TEST(Indicators, EightAnswersOfTwentyFiveGiveNoLevelButTheList) {
  const auto answer =
      answer_of("indicators", read(R"({"system": "electroplating-2015", "on": "2026-06-30", "parameters": {"n": 3},
      "values": {"1": {"level": "II"}, "2": {"level": "I"}, "3": {"level": "I"}, "4": {"level": "II"}, "5": {"value": "22"},
                 "6": {"value": 81}, "7": {"value": "92 %"}, "8": {"value": "90"}}})"));
  EXPECT_TRUE(answer.at("level").is_null());
  EXPECT_TRUE(answer.at("level_name").is_null());
  EXPECT_TRUE(answer.at("to_next_level").is_null());
  EXPECT_EQ(answer.at("missing").as_array().size(), 17u);
  EXPECT_EQ(answer.at("rows").as_array().size(), 25u);
  EXPECT_EQ(answer.at("rows").as_array()[0].at("weight"), "0.0495");
}

TEST(Indicators, PrintedCircuitBoardExamples) {
  const auto answer =
      answer_of("indicators", read(R"({"system": "pcb-gbt43329-draft", "on": "2026-06-30", "parameters": {"n": 1},
      "values": {"7": {"value": "18", "output": 500}, "8": {"value": "18 kWh/m2", "output": 1000}, "19": {"value": 52},
                 "9": {"not_applicable": "不生产"}, "10": {"not_applicable": "不生产"}, "11": {"not_applicable": "不生产"},
                 "12": {"not_applicable": "不生产"}, "13": {"not_applicable": "不生产"}, "14": {"not_applicable": "不生产"}}})"));
  for (const auto& row : answer.at("rows").as_array()) {
    if (row.at("id") == "8") {
      EXPECT_EQ(row.at("level"), "II");
      EXPECT_EQ(row.at("weight"), "0.0666666667");
    }
    if (row.at("id") == "7") {
      EXPECT_EQ(row.at("weight"), "0.0333333333");
    }
    if (row.at("id") == "19") {
      EXPECT_EQ(row.at("level"), "III");
    }
  }
  EXPECT_EQ(answer.at("index_refused").at("code"), "indicator_system.no_weights");
  EXPECT_TRUE(answer.at("index").is_null());
}

TEST(Indicators, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(
          "indicators",
          R"({"system": "electroplating-2051", "on": "2026-02-30", "parametres": {}, "values": {"1": {"level": "IV"}, "5": {"value": "x"}}})"),
      ElementsAre("#/system indicator_system.unknown", "#/on date.nonexistent", "#/values/1/level field.choice",
                  "#/values/5/value decimal.format", "#/parametres field.unknown"));
  EXPECT_THAT(
      complaints(
          "indicators",
          R"({"system": "electroplating-2015", "on": "2026-06-30", "values": {"5": {"value": "22 kg"}, "77": {"level": "I"}}})"),
      ElementsAre("#/values/77 indicators.unknown_row", "#/parameters/n indicators.parameter_missing",
                  "#/values/5/value unit.incommensurable"));
}

TEST(Indicators, WhatCannotBeReadHidesNoOtherMistake) {
  EXPECT_THAT(complaints("indicators", R"({"system": "electroplating-2015", "on": "2026-06-30",
          "values": {"1": {"level": "IV"}, "5": {"value": "22 kg"}, "77": {"level": "I"}}})"),
              ElementsAre("#/values/1/level field.choice", "#/values/77 indicators.unknown_row",
                          "#/parameters/n indicators.parameter_missing", "#/values/5/value unit.incommensurable"));
  EXPECT_THAT(complaints("indicators", R"({"system": "electroplating-2015", "on": "2026-06-30", "parameters": {"n": 2},
          "values": {"1": 5, "5": {"level": "I"}, "77": {"level": "I"}}})"),
              ElementsAre("#/values/1 field.type", "#/values/77 indicators.unknown_row",
                          "#/values/5/level indicators.value_needed"))
      << "rows have names, also where the names are numbers";
}

TEST(Economics, PublishedCases) {
  const auto tax = answer_of(
      "economics",
      read(
          R"({"investment": "10", "subsidy": "0", "annual_saving": "1.58", "depreciation_years": 10, "tax_rate": "0.25", "years": 10, "discount_rate": "0.06"})"));
  const auto tax_case = case_file("econ_cp_tax_i10.json");
  const auto& recomputed = tax_case.as_object().at("recomputed").as_object();
  const auto& book = tax.at("handbook").as_object();
  EXPECT_EQ(book.at("depreciation"), "1");
  EXPECT_EQ(book.at("taxable_profit"), "0.58");
  EXPECT_EQ(book.at("net_profit"), "0.435");
  EXPECT_EQ(book.at("net_cash_flow"), "1.435");
  EXPECT_NEAR(number_of(book.at("payback_years")), number_of(recomputed.at("payback_N")), 5e-10);
  EXPECT_NEAR(number_of(book.at("npv")), number_of(recomputed.at("NPV")), 5e-11);
  EXPECT_NEAR(number_of(book.at("npvr")), number_of(recomputed.at("NPVR")), 1e-10);
  EXPECT_NEAR(number_of(book.at("irr")), number_of(recomputed.at("IRR_exact")), 1e-10);
  EXPECT_NEAR(number_of(book.at("irr_interpolated")), number_of(recomputed.at("IRR_interpolated_1pct")), 1e-10);
  EXPECT_NEAR(number_of(tax.at("engineering").at("dynamic_payback_years")), number_of(recomputed.at("dynamic_payback")),
              5e-10);

  const json::Object pump_case = case_file("econ_multiple_irr_pump.json").as_object();
  const auto pump =
      answer_of("economics", json::Object{{"cash_flows", pump_case.at("cash_flows")}, {"discount_rate", "0.10"}});
  EXPECT_EQ(json::dump(pump.at("engineering").at("irr")), "[0.25,4]");
  EXPECT_NEAR(number_of(pump.at("engineering").at("npv")), number_of(pump_case.at("recomputed").at("npv_at_0.10")),
              5e-7);
  EXPECT_NEAR(number_of(pump.at("engineering").at("mirr")), number_of(pump_case.at("recomputed").at("mirr_10pct")),
              1e-10);
  EXPECT_EQ(pump.at("notes").as_array()[0].at("code"), "economics.several_irr");
  EXPECT_TRUE(pump.at("handbook").is_null());

  const json::Object option_case = case_file("econ_cp_f32_5.json").as_object();
  json::Array flows{-150};
  for (int year = 0; year < 10; ++year) flows.push_back("32.5");
  const auto option = answer_of("economics", json::Object{{"cash_flows", flows}, {"discount_rate", "0.05"}});
  EXPECT_NEAR(number_of(option.at("handbook").at("npv")), number_of(option_case.at("recomputed").at("NPV")), 5e-8);
  EXPECT_NEAR(number_of(option.at("handbook").at("irr_interpolated")),
              number_of(option_case.at("recomputed").at("IRR_interpolated_1pct")), 1e-10);
  EXPECT_NEAR(number_of(option.at("engineering").at("dynamic_payback_years")),
              number_of(option_case.at("recomputed").at("dynamic_payback")), 5e-10);
}

TEST(Economics, PublishedPitfallsOfTheRateOfReturn) {
  for (const auto* name : {"econ_irr_brealey_myers.json", "econ_irr_ross_westerfield_jaffe.json"}) {
    const auto file = case_file(name).as_object();
    for (const auto& flow : file.at("flows").as_object()) {
      SCOPED_TRACE(flow.key());
      const auto answer = answer_of("economics", json::Object{{"cash_flows", flow.value()}, {"discount_rate", "0.10"}});
      const auto& published = file.at("published").at(flow.key());
      const auto& rates = answer.at("engineering").at("irr").as_array();
      ASSERT_EQ(rates.size(), published.at("irr").as_array().size());
      for (std::size_t i = 0; i < rates.size(); ++i)
        EXPECT_NEAR(number_of(rates[i]), number_of(published.at("irr").as_array()[i]), 1e-10);
      const auto npv = number_of(answer.at("engineering").at("npv"));
      EXPECT_NEAR(npv, number_of(file.at("recomputed").at(flow.key()).at("npv")), 1e-8);
      EXPECT_NEAR(npv, number_of(published.at("npv")), 0.5);
    }
  }
}

TEST(Economics, TheTextbooksWorthAndPayback) {
  const auto file = case_file("econ_park_worth_and_payback.json").as_object();
  for (const auto& example : file.at("examples").as_object()) {
    SCOPED_TRACE(example.key());
    const auto answer = answer_of("economics", example.value());
    const auto& engineering = answer.at("engineering").as_object();
    const auto& published = file.at("published").at(example.key()).as_object();
    const auto& recomputed = file.at("recomputed").at(example.key()).as_object();
    EXPECT_NEAR(number_of(engineering.at("npv")), number_of(recomputed.at("npv")), 1e-7);
    if (published.contains("npv")) {
      EXPECT_NEAR(number_of(engineering.at("npv")), number_of(published.at("npv")), 0.5);
    }
    for (const auto* key : {"static_payback_years", "dynamic_payback_years"})
      if (published.contains(key)) {
        EXPECT_NEAR(number_of(engineering.at(key)), number_of(recomputed.at(key)), 5e-10) << key;
        EXPECT_NEAR(number_of(engineering.at(key)), number_of(published.at(key)), 0.05) << key;
      }
    if (!published.contains("irr")) continue;
    const auto& rates = engineering.at("irr").as_array();
    ASSERT_EQ(rates.size(), published.at("irr").as_array().size());
    for (std::size_t i = 0; i < rates.size(); ++i) {
      EXPECT_NEAR(number_of(rates[i]), number_of(recomputed.at("irr").as_array()[i]), 1e-10);
      EXPECT_NEAR(number_of(rates[i]), number_of(published.at("irr").as_array()[i]), 5e-5);
    }
  }
}

TEST(Economics, TheRateThatALibraryGivesIsAmongAllRates) {
  const auto file = case_file("econ_irr_reference_values.json").as_object();
  for (const auto& row : file.at("rows").as_array()) {
    SCOPED_TRACE(json::dump(row));
    const auto answer =
        answer_of("economics", json::Object{{"cash_flows", row.at("cash_flows")}, {"discount_rate", "0.1"}});
    const auto& rates = answer.at("engineering").at("irr").as_array();
    const auto& all = row.at("recomputed_all").as_array();
    ASSERT_EQ(rates.size(), all.size());
    bool given = false;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      EXPECT_NEAR(number_of(rates[i]), number_of(all[i]), 1e-10);
      given = given || std::fabs(number_of(rates[i]) - number_of(row.at("published"))) <= 5e-5;
    }
    EXPECT_TRUE(given);
  }
}

TEST(Economics, TheSpreadsheetManualsExamples) {
  const auto file = case_file("econ_spreadsheet_functions.json").as_object();
  for (const auto& row : file.at("npv").as_array()) {
    const auto answer = answer_of(
        "economics", json::Object{{"cash_flows", row.at("cash_flows")}, {"discount_rate", row.at("discount_rate")}});
    EXPECT_NEAR(number_of(answer.at("engineering").at("npv")), number_of(row.at("published")), 0.005);
  }
  for (const auto& row : file.at("irr").as_array()) {
    const auto answer =
        answer_of("economics", json::Object{{"cash_flows", row.at("cash_flows")}, {"discount_rate", "0.1"}});
    EXPECT_NEAR(number_of(answer.at("engineering").at("irr").as_array().at(0)), number_of(row.at("published")), 5e-4);
  }
  for (const auto& row : file.at("mirr").as_array()) {
    const auto answer = answer_of("economics", json::Object{{"cash_flows", row.at("cash_flows")},
                                                            {"discount_rate", "0.1"},
                                                            {"finance_rate", row.at("finance_rate")},
                                                            {"reinvestment_rate", row.at("reinvestment_rate")}});
    EXPECT_NEAR(number_of(answer.at("engineering").at("mirr")), number_of(row.at("recomputed")), 1e-9);
    EXPECT_NEAR(number_of(answer.at("engineering").at("mirr")), number_of(row.at("published")), 5e-3);
  }
}

TEST(Economics, ExclusiveOptionsAreComparedByTheirIncrement) {
  const auto file = case_file("econ_exclusive_brealey_myers.json").as_object();
  json::Array alternatives;
  for (const auto& option : file.at("options").as_object())
    alternatives.push_back(json::Object{{"id", option.key()}, {"cash_flows", option.value()}});
  const auto answer = answer_of("economics", json::Object{{"alternatives", alternatives}, {"discount_rate", "0.10"}});
  const auto& comparison = answer.at("comparison");
  EXPECT_EQ(comparison.at("chosen"), file.at("published").at("chosen"));
  const auto& step = comparison.at("steps").as_array().at(1);
  const auto& published = file.at("published").at("incremental");
  EXPECT_EQ(json::dump(step.at("cash_flows")), R"(["-10000","15000"])");
  EXPECT_NEAR(number_of(step.at("irr").as_array().at(0)), number_of(published.at("irr")), 1e-10);
  EXPECT_NEAR(number_of(step.at("npv")), number_of(published.at("npv")), 0.5);
  EXPECT_EQ(comparison.at("notes").as_array().at(0).at("code"), "economics.irr_disagrees");
  EXPECT_EQ(answer.at("alternatives").as_array().size(), 2u);
}

TEST(Economics, AnswersWhatIsAskedAboutUncertainty) {
  const auto answer = answer_of("economics", read(example_of("economics")));
  EXPECT_EQ(answer.at("cash_flow_table").as_array().size(), 12u);
  EXPECT_EQ(answer.at("sensitivity").as_array().at(0).at("input"), "annual_saving");
  const auto& drawn = answer.at("monte_carlo");
  EXPECT_EQ(drawn.at("quantiles").as_array().size(), 5u);
  EXPECT_EQ(drawn.at("histogram").as_array().size(), 20u);
  EXPECT_EQ(json::dump(answer_of("economics", read(example_of("economics"))).at("monte_carlo")), json::dump(drawn));
  EXPECT_TRUE(answer.contains("before_tax"));
  EXPECT_FALSE(answer.contains("equity"));
}

TEST(Economics, EveryMistakeOfTheFurtherKeysIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints("economics", R"({"investment": 10, "annual_saving": 2, "depreciation_years": 10, "tax_rate": 0.25,
        "years": 10, "discount_rate": 0.06, "subsidy_treatment": "gift", "investment_by_year": [5, "x"],
        "vat": {"paid": 1}, "loan": {"rate": 1}, "sensitivity": {"share": 0, "inputs": ["colour"]},
        "monte_carlo": {"seed": -1, "draws": 1000001, "inputs": {"annual_saving": {"distribution": "log"}}, "quantiles": [1]}})"),
      testing::UnorderedElementsAre(
          "#/subsidy_treatment field.choice", "#/investment_by_year/1 decimal.format", "#/vat/paid field.unknown",
          "#/loan/amount field.required", "#/loan/years field.required", "#/sensitivity/share field.range",
          "#/sensitivity/inputs/0 field.choice", "#/monte_carlo/seed field.range", "#/monte_carlo/draws field.range",
          "#/monte_carlo/inputs/annual_saving/distribution field.choice",
          "#/monte_carlo/quantiles/0 economics.between_0_and_1"));
  EXPECT_THAT(complaints("economics", R"({"discount_rate": 20, "alternatives": [
        {"id": "a", "cash_flows": [-1]},
        {"id": "b", "investment": -1, "annual_saving": 2, "depreciation_years": 1, "tax_rate": 0, "years": 1}]})"),
              ElementsAre("#/alternatives/0/cash_flows economics.flow_count",
                          "#/alternatives/1/investment economics.negative", "#/discount_rate economics.rate"));
  EXPECT_THAT(complaints("economics", R"({"discount_rate": 0, "alternatives": [{"id": "a", "cash_flows": [-1, 1]},
        {"id": "a", "cash_flows": [-1, 1], "discount_rate": 1}], "years": 3})"),
              testing::UnorderedElementsAre("#/alternatives/1/id economics.id_twice",
                                            "#/alternatives/1/discount_rate field.unknown", "#/years field.unknown"));
  EXPECT_THAT(
      complaints("economics", R"({"discount_rate": 0, "cash_flows": [-1, 1], "sensitivity": {"inputs": ["years"]},
        "monte_carlo": {"seed": 1, "inputs": {"tax_rate": {"distribution": "uniform", "min": 0, "max": 1}}}})"),
      ElementsAre("#/sensitivity/inputs/0 economics.input_of_other",
                  "#/monte_carlo/inputs/tax_rate economics.input_of_other"));
  EXPECT_THAT(complaints("economics", R"({"discount_rate": 0, "cash_flows": ["1e35", "-1e30"]})"),
              ElementsAre("#/cash_flows/0 economics.amount", "#/cash_flows/1 economics.amount"));
}

TEST(Economics, WhatCannotBeReadHidesNoOtherMistake) {
  EXPECT_THAT(
      complaints("economics", R"({"investment": "10", "subsidy": "-1", "annual_saving": "abc", "depreciation_years": 0,
      "tax_rate": "25", "years": 10, "discount_rate": "0.06", "colour": 1})"),
      testing::UnorderedElementsAre("#/annual_saving decimal.format", "#/depreciation_years field.range",
                                    "#/tax_rate economics.rate", "#/subsidy economics.negative",
                                    "#/colour field.unknown"));
  // What is held against a number that is not there is not judged.
  EXPECT_THAT(complaints("economics", R"({"investment": "abc", "working_capital": "5", "investment_by_year": ["3", "4"],
      "annual_saving": "1e16", "depreciation_years": 10, "tax_rate": "0.25", "years": 10, "discount_rate": "0.06"})"),
              ElementsAre("#/investment decimal.format", "#/annual_saving economics.amount"));
  EXPECT_THAT(
      complaints("economics", R"({"discount_rate": "-1", "alternatives": [{"id": "a", "cash_flows": [-1, "x"]},
      {"id": "b", "cash_flows": [5]}]})"),
      testing::UnorderedElementsAre("#/alternatives/0/cash_flows/1 decimal.format", "#/discount_rate economics.rate",
                                    "#/alternatives/1/cash_flows economics.flow_count"));
}

TEST(Economics, WhatIsWrongWithAnInputOfMonteCarloIsNamedBesideOtherMistakes) {
  EXPECT_THAT(
      complaints("economics", R"({"investment": "abc", "annual_saving": 2, "depreciation_years": 10, "tax_rate": 0.25,
        "years": 1, "discount_rate": 0.06,
        "loan": {"amount": 1, "rate": 0, "years": 2}, "monte_carlo": {"seed": 1, "inputs": {
          "annual_saving": {"distribution": "normal", "mean": "x", "sd": "-1"},
          "years": {"distribution": "triangular", "min": 1, "mode": 5, "max": "y"},
          "tax_rate": {"distribution": "uniform", "min": 0.3, "max": 0.2},
          "depreciation_years": {"distribution": "uniform", "min": 0, "max": 9},
          "inflows": {"distribution": "uniform", "min": 1, "max": 2},
          "colour": {"distribution": "uniform", "min": 2, "max": 1}}}})"),
      testing::UnorderedElementsAre(
          "#/investment decimal.format", "#/loan/years economics.years_fixed",
          "#/monte_carlo/inputs/annual_saving/mean decimal.format",
          "#/monte_carlo/inputs/annual_saving/sd economics.spread_sd", "#/monte_carlo/inputs/years/max decimal.format",
          "#/monte_carlo/inputs/tax_rate economics.spread_order",
          "#/monte_carlo/inputs/depreciation_years economics.spread_range",
          "#/monte_carlo/inputs/inflows economics.input_of_other", "#/monte_carlo/inputs/colour field.choice"));
  EXPECT_THAT(complaints("economics", R"({"cash_flows": [-1, 1], "discount_rate": 0.1,
                "monte_carlo": {"seed": 1, "inputs": {}}})"),
              ElementsAre("#/monte_carlo/inputs field.empty"));
}

TEST(Economics, ANumberThatCannotBeReadHidesNothingOfOtherAlternatives) {
  EXPECT_THAT(complaints("economics", R"({"discount_rate": 0.1, "alternatives": [
        {"id": "a", "investment": "abc", "investment_by_year": [1, 2], "annual_saving": 2, "depreciation_years": 1,
         "tax_rate": 0, "years": 1},
        {"id": "b", "investment": 5, "investment_by_year": [1, 2], "annual_saving": 2, "depreciation_years": 1,
         "tax_rate": 0, "years": 1, "loan": {"amount": 1, "rate": 0, "years": 2}}]})"),
              testing::UnorderedElementsAre("#/alternatives/0/investment decimal.format",
                                            "#/alternatives/1/investment_by_year economics.sum",
                                            "#/alternatives/1/loan/years economics.years_fixed"));
}

TEST(Economics, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(
          "economics",
          R"({"investment": "ten", "annual_saving": "1", "depreciation_years": 10, "tax_rate": "0.25", "years": 0, "discount_rate": "0.06", "x": 1})"),
      ElementsAre("#/investment decimal.format", "#/years field.range", "#/x field.unknown"));
  EXPECT_THAT(complaints("economics", R"({"cash_flows": [-1, "x", null], "discount_rate": 6})"),
              ElementsAre("#/cash_flows/1 decimal.format", "#/cash_flows/2 field.type"));
  EXPECT_THAT(complaints("economics", R"({"cash_flows": [-1], "discount_rate": 60})"),
              ElementsAre("#/cash_flows economics.flow_count", "#/discount_rate economics.rate"));
  EXPECT_THAT(complaints("economics", "[]"), ElementsAre("# field.type"));
}

json::Value deadline(const json::Object& answer, std::string_view id) {
  for (const auto& item : answer.at("deadlines").as_array())
    if (text_of(item.at("id")) == id) return item;
  ADD_FAILURE() << "no deadline " << id;
  return {};
}

TEST(Clock, TheContractsExample) {
  const auto answer =
      answer_of("clock", read(R"({"jurisdiction": "CN-42", "listed_on": "2026-08-20", "categories": ["toxic"],
      "events": [{"type": "disclosed", "on": "2026-09-18"}], "as_of": "2026-11-23"})"));
  const auto disclose = deadline(answer, "disclose");
  EXPECT_EQ(disclose.at("due_on"), "2026-09-20");
  EXPECT_EQ(disclose.at("next_working_day"), "2026-09-21");
  EXPECT_EQ(disclose.at("state"), "met");
  EXPECT_EQ(disclose.at("holder"), "enterprise");
  EXPECT_EQ(disclose.at("rule"), "1 calendar month from the list's publication");
  EXPECT_EQ(deadline(answer, "start").at("state"), "late");
}

TEST(Clock, AHolidayMovesTheLastDay) {
  const auto answer =
      answer_of("clock", read(R"({"jurisdiction": "CN", "listed_on": "2026-09-03", "as_of": "2026-09-03"})"));
  EXPECT_EQ(deadline(answer, "disclose").at("due_on"), "2026-10-03");
  EXPECT_EQ(deadline(answer, "disclose").at("next_working_day"), "2026-10-08");
  EXPECT_EQ(deadline(answer, "disclose").at("last_day"), "2026-10-08");
}

TEST(Clock, CitesTheLawOfTheDay) {
  const auto cited = [](const char* listed) {
    const auto answer = answer_of("clock", json::Object{{"jurisdiction", "CN"},
                                                        {"listed_on", listed},
                                                        {"categories", json::Array{"toxic"}},
                                                        {"as_of", "2026-11-23"}});
    return json::dump(deadline(answer, "finish").at("basis"));
  };
  EXPECT_THAT(cited("2026-08-14"), HasSubstr("清洁生产促进法"));
  EXPECT_THAT(cited("2026-08-14"), testing::Not(HasSubstr("生态环境法典")));
  EXPECT_THAT(cited("2026-08-15"), HasSubstr("生态环境法典"));
  EXPECT_THAT(cited("2026-08-15"), testing::Not(HasSubstr("清洁生产促进法")));
}

TEST(Clock, AMonthWithoutTheDayEndsOnItsLast) {
  const auto answer = answer_of(
      "clock", read(R"({"jurisdiction": "CN", "listed_on": "2026-01-31", "categories": [], "as_of": "2026-02-01"})"));
  EXPECT_EQ(deadline(answer, "disclose").at("due_on"), "2026-02-28");
  EXPECT_EQ(deadline(answer, "disclose").at("next_working_day"), "2026-03-02");
}

TEST(Clock, SaysWhatItLeavesOut) {
  const auto notes = [](const char* type, const char* on) {
    std::vector<std::string> codes;
    const auto answer =
        answer_of("clock", json::Object{{"jurisdiction", "CN"},
                                        {"listed_on", "2026-08-20"},
                                        {"events", json::Array{json::Object{{"type", type}, {"on", on}}}},
                                        {"as_of", "2026-11-23"}});
    for (const auto& note : answer.at("notes").as_array()) codes.push_back(text_of(note.at("code")));
    return codes;
  };
  EXPECT_THAT(notes("disclosed", "2026-09-18"), IsEmpty());
  EXPECT_THAT(notes("disclosed", "2025-09-18"), ElementsAre("clock.event_before_start"));
  EXPECT_THAT(notes("disclosed", "2027-09-18"), ElementsAre("clock.event_in_future"));
  EXPECT_THAT(notes("resumed", "2026-09-18"), ElementsAre("clock.event_without_stop"));
}

TEST(Clock, MemoryIsNotShownAsVerified) {
  const auto answer =
      answer_of("clock", read(R"({"jurisdiction": "CN", "listed_on": "2026-08-20", "as_of": "2026-11-23"})"));
  std::vector<std::string> marks;
  const auto finish = deadline(answer, "finish");
  for (const auto& source : finish.at("basis").as_array())
    if (source.at("clause") == "第十七条")
      marks.push_back(text_of(source.at("mark")) +
                      (text_of(source.at("gist").at("zh")).starts_with("报送对象") ? " addressees" : " deadline"));
  EXPECT_THAT(marks, ElementsAre("verified deadline", "memory addressees"));
}

TEST(Clock, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(
          "clock",
          R"({"jurisdiction": "DE", "categories": ["tocsic"], "events": [{"type": "dislosed", "on": "2026-09-18"}, {"type": "postponed", "on": "2026-09-18"}], "as_of": "now"})"),
      ElementsAre("#/jurisdiction clock.unknown_jurisdiction", "#/categories/0 clock.unknown_category",
                  "#/events/0/type clock.unknown_event", "#/events/1/rule field.required",
                  "#/events/1/until field.required", "#/as_of date.format"));
  EXPECT_THAT(complaints("clock", R"({"jurisdiction": "CN", "as_of": "2026-01-01"})"),
              ElementsAre("#/listed_on field.required"));
}

TEST(Compute, EveryComputationHasAnExampleThatAnswers) {
  for (const auto& computation : computations()) {
    SCOPED_TRACE(computation.name);
    ASSERT_FALSE(example_of(computation.name).empty()) << "src/codec/examples/" << computation.name << ".json";
    EXPECT_FALSE(answer_of(computation.name, read(example_of(computation.name))).empty());
  }
}

/// Every value of `part` is in `whole`.
void expect_part(const json::Value& part, const json::Value& whole, const std::string& at) {
  if (const auto* object = part.if_object()) {
    ASSERT_TRUE(whole.is_object()) << at;
    for (const auto& member : *object) {
      const auto* value = whole.as_object().if_contains(member.key());
      ASSERT_TRUE(value) << at << "/" << member.key();
      expect_part(member.value(), *value, at + "/" + std::string(member.key()));
    }
    return;
  }
  if (const auto* array = part.if_array()) {
    ASSERT_TRUE(whole.is_array() && whole.as_array().size() == array->size()) << at;
    for (std::size_t i = 0; i < array->size(); ++i)
      expect_part((*array)[i], whole.as_array()[i], at + "/" + std::to_string(i));
    return;
  }
  EXPECT_EQ(json::canonical(part), json::canonical(whole)) << at;
}

TEST(Compute, TheDocumentedExamplesAnswerWhatTheySay) {
  int found = 0;
  for (const auto& file : std::filesystem::directory_iterator(QY_SOURCE_DIR "/docs/compute")) {
    std::ifstream in(file.path());
    std::stringstream text;
    text << in.rdbuf();
    const auto page = text.str();
    const auto block = [&](const char* mark, std::size_t from) {
      const auto begin = page.find(mark, from);
      if (begin == std::string::npos) return std::pair(std::string(), begin);
      const auto body = page.find('\n', begin + 1) + 1;
      return std::pair(page.substr(body, page.find("\n```", body) - body), body);
    };
    for (auto [input, at] = block("\n```json input", 0); at != std::string::npos;
         std::tie(input, at) = block("\n```json input", at)) {
      SCOPED_TRACE(file.path());
      ++found;
      const auto output = block("\n```json output", at).first;
      expect_part(read(output), answer_of(file.path().stem().string(), read(input)), "#");
    }
  }
  EXPECT_GT(found, 0);
}

TEST(Compute, WhatIsNoObjectIsSaidOnceAndNothingElse) {
  for (const auto& computation : computations())
    for (const auto* text : {"null", "[]", "7", "\"abc\"", "true"})
      EXPECT_THAT(complaints(computation.name, text), ElementsAre("# field.type")) << computation.name << text;
}

TEST(Compute, AWrongKindIsTheOnlyMistakeOfWhatDependsOnIt) {
  EXPECT_THAT(complaints("plausibility", R"({"reports": [{"id": "r", "numbers": [{"id": "a", "value": 1}],
      "relations": [{"kind": "diference", "minuend": "a", "subtrahend": "a", "total": "a"}, {"total": "a"}]}]})"),
              ElementsAre("#/reports/0/relations/0/kind field.choice", "#/reports/0/relations/1/kind field.required"));
  EXPECT_THAT(complaints("benchmark",
                         R"({"stratify_by": [{"by": 1}], "records": [{"id": "a", "value": 1, "strata": {"r": "x"}}]})"),
              ElementsAre("#/stratify_by/0/by field.type"));
}

TEST(Compute, MillionsOfEmptyObjectsAreRefusedBeforeTheyAreRead) {
  json::Array numbers(300'000, json::Object());
  const json::Value input =
      json::Object{{"reports", json::Array{json::Object{{"numbers", numbers}}, json::Object{{"numbers", numbers}}}}};
  const auto answer = compute(packs(), "plausibility", input);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().fields.at(0).code, "compute.too_many_objects");
}

TEST(Compute, NamesWhatExists) {
  const auto answer = compute(packs(), "alchemy", json::Object{});
  EXPECT_EQ(answer.error().code, "compute.unknown");
  std::vector<std::string> names;
  for (const auto& computation : computations()) names.emplace_back(computation.name);
  EXPECT_EQ(answer.error().params[1].second, join(names, ", "));
}

}  // namespace
}  // namespace qy::codec
