// The documents of `compute` against the packs that ship and the published cases of tests/cases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "codec/compute.h"

namespace qy::codec {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const rules::Library& packs() {
  static const auto loaded = rules::Library::load(QY_SOURCE_DIR "/packs");
  if (!loaded.library)
    for (const auto& problem : loaded.problems)
      ADD_FAILURE() << problem.file << ":" << problem.line << " " << problem.code;
  return *loaded.library;
}

json::Value read(std::string_view text) {
  const auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

json::Value case_file(const std::string& name) {
  std::ifstream file(QY_SOURCE_DIR "/tests/cases/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return read(text.str());
}

json::Object answer_of(std::string_view name, const json::Value& input) {
  const auto answer = compute(packs(), name, input);
  EXPECT_TRUE(answer) << json::dump(input);
  if (!answer)
    for (const auto& field : answer.error().fields) ADD_FAILURE() << field.pointer << " " << field.code;
  return answer ? answer->as_object() : json::Object();
}

std::vector<std::string> complaints(std::string_view name, std::string_view input) {
  const auto answer = compute(packs(), name, read(input));
  std::vector<std::string> out;
  if (!answer)
    for (const auto& field : answer.error().fields) out.push_back(field.pointer + " " + field.code);
  return out;
}

std::string text_of(const json::Value& value) { return std::string(value.as_string()); }

double number_of(const json::Value& value) { return json::decimal_of(value)->to_double(); }

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

TEST(Clock, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(
          "clock",
          R"({"jurisdiction": "DE", "categories": ["tocsic"], "events": [{"type": "dislosed", "on": "2026-09-18"}, {"type": "postponed", "on": "2026-09-18"}], "as_of": "now"})"),
      ElementsAre("#/jurisdiction clock.unknown_jurisdiction", "#/categories clock.unknown_category",
                  "#/events/0/type clock.unknown_event", "#/events/1/rule field.required",
                  "#/events/1/until field.required", "#/as_of date.format"));
  EXPECT_THAT(complaints("clock", R"({"jurisdiction": "CN", "as_of": "2026-01-01"})"),
              ElementsAre("#/listed_on field.required"));
}

TEST(Compute, NamesWhatExists) {
  const auto answer = compute(packs(), "alchemy", json::Object{});
  EXPECT_EQ(answer.error().code, "compute.unknown");
  EXPECT_EQ(answer.error().params[1].second, "indicators, economics, clock, portfolio, exchange");
}

}  // namespace
}  // namespace qy::codec
