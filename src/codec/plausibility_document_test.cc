// The document of `compute plausibility`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/testing.h"
#include "engine/plausibility/plausibility.h"

namespace qy::codec {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Reposted audit text on a light-chemical plant (tests/cases/plaus_balance_arithmetic.json).
TEST(Plausibility, APublishedBalance) {
  const auto file = case_file("plaus_balance_arithmetic.json").as_object();
  const auto& published = file.at("published").as_object();
  const auto& recomputed = file.at("recomputed").as_object();
  const auto number = [&](const char* id, const char* unit) {
    return json::Object{{"id", id}, {"value", published.at(id)}, {"unit", unit}};
  };
  const json::Object report{
      {"id", "r"},
      {"numbers", json::Array{number("input", "kg"), number("output", "kg"), number("difference", "kg"),
                              number("deviation_percent", "")}},
      {"relations",
       json::Array{
           read(R"({"kind": "difference", "minuend": "input", "subtrahend": "output", "total": "difference"})"),
           read(
               R"({"kind": "percentage", "numerator": "difference", "denominator": "input", "total": "deviation_percent"})"),
           read(
               R"({"kind": "percentage", "numerator": {"input": 1, "output": -1}, "denominator": "input", "total": "deviation_percent"})")}}};
  const auto answer = answer_of("plausibility", json::Object{{"reports", json::Array{report}}});
  const auto& findings = answer.at("findings").as_array();
  ASSERT_THAT(findings, SizeIs(2));  // the stated percentage follows from the stated difference
  EXPECT_EQ(number_of(findings[0].at("computed")), number_of(recomputed.at("input_minus_output")));
  EXPECT_EQ(number_of(findings[1].at("computed")), number_of(recomputed.at("deviation_from_totals_percent")));
  std::vector<std::string> hints;
  for (const auto& hint : findings[0].at("hints").as_array()) hints.push_back(text_of(hint.at("code")));
  EXPECT_THAT(hints, ElementsAre("plausibility.hint_would_fit", "plausibility.hint_would_fit"));
  for (const auto& finding : findings) {
    EXPECT_EQ(finding.at("stands_out"), true);
    EXPECT_GT(number_of(finding.at("measured").at("honest")), 1000);
    EXPECT_GT(number_of(finding.at("measured").at("detection")), 0.8);
  }
  EXPECT_EQ(number_of(answer.at("tested").at("ratio")), 2);
}

TEST(Plausibility, ThePagePrintsTheRatesThatTheEngineCarries) {
  std::ifstream file(QY_SOURCE_DIR "/docs/compute/plausibility.md");
  std::stringstream page;
  page << file.rdbuf();
  for (const auto& rate : engine::plausibility::rates())
    EXPECT_THAT(page.str(), testing::ContainsRegex("[|] `" + std::string(engine::plausibility::name_of(rate.check)) +
                                                   "` [^\n]*[|] " + std::to_string(rate.alarms) + " / " +
                                                   std::to_string(rate.honest) + " [|] " + std::to_string(rate.found) +
                                                   " / " + std::to_string(rate.seeded) + " [|]"));
}

TEST(Plausibility, ChancesKeepTheirDigits) {
  const auto answer =
      answer_of("plausibility",
                read(R"({"reports": [{"id": "r", "closures": [{"place": "a", "statistic": "0.155", "dof": 26}]}]})"));
  EXPECT_NEAR(answer.at("findings").at(0).at("p_value").as_double() / 5.6e-25, 1, 0.2);
}

TEST(Plausibility, NothingToSayIsAnAnswer) {
  const auto answer =
      answer_of("plausibility", read(R"({"reports": [{"id": "r", "numbers": [{"id": "a", "value": 1}]}]})"));
  EXPECT_THAT(answer.at("findings").as_array(), IsEmpty());
  EXPECT_EQ(json::dump(answer.at("tested")), "{}");
}

TEST(Plausibility, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(
          "plausibility",
          R"({"reports": [{"id": "r", "numbers": [{"id": "a", "value": "NaN"}, {"id": "a", "value": 1, "unit": "kgg", "step": 0}],
                           "relations": [{"kind": "sum", "terms": ["a", "b", 3], "total": "c"}, {"kind": "sum", "terms": [], "total": "a"},
                                         {"kind": "difference", "minuend": "a", "total": "a"}, {"kind": "ratio", "numerator": {"a": 0}, "denominator": 7, "total": "a"}, {"kind": "product"}],
                           "limits": [{"terms": "a", "kind": "at_most"}], "closures": [{"place": "x", "statistic": -1, "dof": 0}]},
                          {"id": "r"}],
              "peers": [{"quantity": "q", "unit": "t", "values": [1, 0]}], "slips": [{"factor": 1, "meaning": {"zh": "x", "en": "y"}}],
              "batches": [{"id": "b", "values": [1], "tests": ["third_digit"]}, {"id": "c"}], "fdr": 2})"),
      testing::IsSupersetOf({"#/reports/0/numbers/0/value decimal.format",
                             "#/reports/0/numbers/1/unit unit.unknown",
                             "#/reports/0/numbers/1/step plausibility.step",
                             "#/reports/0/numbers/1/id plausibility.duplicate_id",
                             "#/reports/0/relations/0/terms/1 plausibility.unknown_number",
                             "#/reports/0/relations/0/terms/2 field.type",
                             "#/reports/0/relations/0/total plausibility.unknown_number",
                             "#/reports/0/relations/1/terms field.empty",
                             "#/reports/0/relations/2/subtrahend field.required",
                             "#/reports/0/relations/3/numerator/a plausibility.zero_factor",
                             "#/reports/0/relations/3/denominator field.type",
                             "#/reports/0/relations/4/kind field.choice",
                             "#/reports/0/limits/0/bound field.required",
                             "#/reports/0/limits/0/reason field.required",
                             "#/reports/0/closures/0/statistic plausibility.negative",
                             "#/reports/0/closures/0/dof field.range",
                             "#/reports/1/id plausibility.duplicate_id",
                             "#/peers/0/values/1 plausibility.not_positive",
                             "#/slips/0/factor plausibility.slip_factor",
                             "#/batches/0/tests/0 field.choice",
                             "#/batches/1/tests field.required",
                             "#/fdr field.range"}));
  EXPECT_THAT(
      complaints(
          "plausibility",
          R"({"reports": [{"id": "r", "numbers": [{"id": "a", "value": 1, "unit": "t"}, {"id": "b", "value": 1, "unit": "kWh"}],
                                             "relations": [{"kind": "conversion", "from": "a", "total": "b"}]}]})"),
      ElementsAre("#/reports/0/relations/0 unit.incommensurable"));
  EXPECT_THAT(complaints("plausibility", "{}"), ElementsAre("#/reports field.required"));
}

TEST(Plausibility, ANumberWithoutItsUnitContradictsNothing) {
  const auto answer = answer_of("plausibility", read(R"({"reports": [{"id": "r", "numbers": [
      {"id": "text", "value": "5.62", "place": "正文第3章", "quantity": "water", "period": "2025"},
      {"id": "table", "value": "52600", "unit": "m3", "place": "用水表", "quantity": "water", "period": "2025"}]}]})"));
  EXPECT_THAT(answer.at("findings").as_array(), IsEmpty());
  ASSERT_THAT(answer.at("notes").as_array(), SizeIs(1));
  EXPECT_EQ(answer.at("notes").at(0).at("code"), "plausibility.unit_missing");
}

// Numbers at the edge of what a decimal holds are refused where they meet, not summed wrongly.
TEST(Plausibility, NumbersTooLargeToAdd) {
  EXPECT_THAT(
      complaints(
          "plausibility",
          R"({"reports": [{"id": "r", "numbers": [{"id": "a", "value": "999999999999999999999999999999999999"}, {"id": "b", "value": "0.000000000000000001"}],
                                             "relations": [{"kind": "sum", "terms": ["a", "b"], "total": "b"}]}]})"),
      ElementsAre("#/reports/0/relations/0 decimal.overflow"));
}

}  // namespace
}  // namespace qy::codec
