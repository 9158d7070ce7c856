#include "engine/economics/risk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "engine/economics/compare.h"

namespace qy::engine::economics {
namespace {

using testing::ElementsAre;

/// The feasibility sheet of tests/cases/econ_cp_tax_i10.json.
Proposal sheet() {
  Proposal proposal;
  proposal.investment = 10;
  proposal.annual_saving = Decimal::of("1.58");
  proposal.tax_rate = Decimal::of("0.25");
  proposal.discount_rate = Decimal::of("0.06");
  return proposal;
}

Spread spread(Input input, Spread::Kind kind, const char* first, const char* second, const char* third = "0") {
  return {input, kind, Decimal::of(first), Decimal::of(second), Decimal::of(third)};
}

std::vector<Decimal> list(std::initializer_list<const char*> texts) {
  std::vector<Decimal> out;
  for (const auto* text : texts) out.push_back(Decimal::of(text));
  return out;
}

TEST(Tornado, RanksTheInputsByTheirSwing) {
  const Subject subject(sheet());
  const auto bars = tornado(subject, {}, Decimal::of("0.1"));
  std::vector<std::string> order;
  for (const auto& bar : bars) order.emplace_back(to_string(bar.input));
  EXPECT_THAT(order,
              ElementsAre("annual_saving", "investment", "years", "discount_rate", "depreciation_years", "tax_rate"));
  // ΔF = 0.158 · 0.75 either way; the present value of 10 years of it at 6 %.
  EXPECT_NEAR(bars[0].swing, 2 * 0.158 * 0.75 * annuity_factor(0.06, 10), 1e-12);
  EXPECT_DOUBLE_EQ(bars[0].low, 1.422);
  EXPECT_EQ(bars[2].low, 9);
  EXPECT_EQ(bars[2].high, 11);
  for (const auto& bar : bars) EXPECT_GE(bars[0].swing, bar.swing);
}

// NPV = (P − 1)·0.75·a + a − 10 with a = 7.360087 is zero at P = 1 + (10/a − 1)/0.75.
TEST(Tornado, KnowsWhereTheDecisionTurns) {
  const Subject subject(sheet());
  const auto bars = tornado(subject, {Input::annual_saving, Input::discount_rate, Input::subsidy}, Decimal::of("0.2"));
  for (const auto& bar : bars) {
    if (bar.input == Input::annual_saving) {
      EXPECT_NEAR(*bar.switching_value, 1 + (10 / annuity_factor(0.06, 10) - 1) / 0.75, 1e-12);
      EXPECT_NEAR(*bar.elasticity, 1.58 * 0.75 * annuity_factor(0.06, 10) / 0.5617249188, 1e-7);
    }
    if (bar.input == Input::discount_rate) {
      EXPECT_NEAR(*bar.switching_value, 0.07170242954, 1e-10);
    }
    if (bar.input == Input::subsidy) {
      EXPECT_EQ(bar.swing, 0);
      EXPECT_EQ(bar.switching_value, std::nullopt);
    }
  }
}

TEST(Tornado, OfACashFlowTurnsWhatComesInAndWhatGoesOut) {
  const Subject subject(CashFlows{list({"-100", "60", "60"}), Decimal::of("0.1")});
  const auto bars = tornado(subject, {}, Decimal::of("0.1"));
  ASSERT_EQ(bars.size(), 3u);
  EXPECT_EQ(bars[0].input, Input::inflows);
  EXPECT_NEAR(bars[0].swing, 0.2 * 60 * annuity_factor(0.1, 2), 1e-12);
  EXPECT_NEAR(*bars[0].switching_value, 100 / (60 * annuity_factor(0.1, 2)), 1e-12);
}

// The same generator and formulas written down independently in another language gave these digits.
TEST(MonteCarlo, ASeedGivesTheSameDigitsEverywhere) {
  Simulation simulation;
  simulation.seed = 42;
  simulation.draws = 1000;
  simulation.spreads = {spread(Input::annual_saving, Spread::Kind::triangular, "1.2", "1.58", "1.9"),
                        spread(Input::investment, Spread::Kind::normal, "10", "1"),
                        spread(Input::tax_rate, Spread::Kind::uniform, "0.15", "0.25")};
  simulation.quantiles = list({"0.05", "0.5", "0.95"});
  const Subject subject(sheet());
  ASSERT_TRUE(check(subject, simulation, "#").empty());
  const auto result = simulate(subject, simulation, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->mean, 0.6242394162391272);
  EXPECT_EQ(result->probability_negative, 0.306);
  EXPECT_THAT(result->quantiles, ElementsAre(-1.4068200510292677, 0.6394509211286312, 2.5340579137131005));
  EXPECT_EQ(result->lowest, -2.718301984699851);
  EXPECT_EQ(result->highest, 4.610071804845967);
  int counted = 0;
  for (const auto& bin : result->histogram) counted += bin.count;
  EXPECT_EQ(counted, 1000);
  simulation.seed = 43;
  EXPECT_NE(simulate(subject, simulation, {})->mean, result->mean);
}

// A saving uniform on [1, 2] without tax: the NPV is uniform on [a − 10, 2a − 10], negative below P = 10/a.
TEST(MonteCarlo, AgreesWithWhatIsKnownExactly) {
  auto proposal = sheet();
  proposal.tax_rate = 0;
  Simulation simulation;
  simulation.draws = 200'000;
  simulation.spreads = {spread(Input::annual_saving, Spread::Kind::uniform, "1", "2")};
  simulation.quantiles = list({"0.25"});
  const auto result = *simulate(Subject(proposal), simulation, {});
  const double a = annuity_factor(0.06, 10);
  EXPECT_NEAR(result.mean, 1.5 * a - 10, 5 * a / std::sqrt(12.0 * 200'000));
  EXPECT_NEAR(result.sd, a / std::sqrt(12.0), 0.02);
  EXPECT_NEAR(result.probability_negative, 10 / a - 1, 5 * result.probability_error);
  EXPECT_NEAR(result.quantiles[0], 1.25 * a - 10, 0.03);

  simulation.spreads = {spread(Input::annual_saving, Spread::Kind::normal, "1.5", "0.2")};
  const auto normal = *simulate(Subject(proposal), simulation, {});
  EXPECT_NEAR(normal.sd, 0.2 * a, 0.01);
  EXPECT_NEAR(normal.probability_negative, 0.5 * std::erfc((1.5 - 10 / a) / 0.2 / std::sqrt(2.0)), 0.005);
}

TEST(MonteCarlo, StaysInsideWhatAnInputMayBe) {
  Simulation simulation;
  simulation.draws = 5000;
  simulation.spreads = {spread(Input::investment, Spread::Kind::normal, "0.5", "10")};
  auto proposal = sheet();
  proposal.annual_saving = 0;
  const auto result = *simulate(Subject(proposal), simulation, {});
  EXPECT_LE(result.highest, 1e-9);  // an investment below zero would bring money in
}

TEST(MonteCarlo, StopsWhenTold) {
  Simulation simulation;
  simulation.draws = 1'000'000;
  simulation.spreads = {spread(Input::annual_saving, Spread::Kind::uniform, "1", "2")};
  std::vector<double> heard;
  const auto result = simulate(Subject(sheet()), simulation, Watch([&](double done) {
                                 heard.push_back(done);
                                 return heard.size() < 4;
                               }));
  EXPECT_EQ(result.error().code, "compute.stopped");
  EXPECT_THAT(heard, ElementsAre(0, 0.001024, 0.002048, 0.003072));
}

TEST(MonteCarlo, RefusesSpreadsThatCannotBe) {
  Simulation simulation;
  simulation.spreads = {spread(Input::annual_saving, Spread::Kind::triangular, "3", "2", "1"),
                        spread(Input::tax_rate, Spread::Kind::uniform, "0.2", "25"),
                        spread(Input::investment, Spread::Kind::normal, "10", "-1"),
                        spread(Input::inflows, Spread::Kind::uniform, "1", "2")};
  std::vector<std::string> fields;
  for (const auto& field : check(Subject(sheet()), simulation, "#/monte_carlo"))
    fields.push_back(field.pointer + " " + field.code);
  EXPECT_THAT(fields, ElementsAre("#/monte_carlo/inputs/annual_saving economics.spread_order",
                                  "#/monte_carlo/inputs/tax_rate economics.spread_range",
                                  "#/monte_carlo/inputs/investment/sd economics.spread_sd",
                                  "#/monte_carlo/inputs/inflows economics.input_of_other"));
}

// tests/cases/econ_exclusive_brealey_myers.json
TEST(Compare, TheIncrementDecidesAndNotTheRate) {
  const auto result =
      compare({{"F", list({"-20000", "35000"})}, {"E", list({"-10000", "20000"})}}, Decimal::of("0.1"), false);
  EXPECT_EQ(result.chosen, "F");
  EXPECT_EQ(result.options[0].id, "E");
  EXPECT_NEAR(result.options[0].irr.at(0), 1.0, 1e-12);
  EXPECT_NEAR(result.options[1].irr.at(0), 0.75, 1e-12);
  ASSERT_EQ(result.steps.size(), 2u);
  EXPECT_EQ(result.steps[0].from, "");
  EXPECT_TRUE(result.steps[0].accepted);
  EXPECT_EQ(result.steps[1].from, "E");
  EXPECT_NEAR(result.steps[1].irr.at(0), 0.5, 1e-12);
  EXPECT_NEAR(result.steps[1].npv, 3636.363636, 1e-6);
  EXPECT_THAT(result.by_npv, ElementsAre("F", "E"));
  ASSERT_EQ(result.notes.size(), 1u);
  EXPECT_EQ(result.notes[0].code, "economics.irr_disagrees");
}

// Lives of 2 and 3 years meet after 6: −100, 70, −30, 70, −30, 70, 70 and −100, 50, 50, −50, 50, 50, 50.
TEST(Compare, UnequalLivesAreRepeatedToACommonPeriod) {
  const auto result = compare({{"two", list({"-100", "70", "70"})}, {"three", list({"-100", "50", "50", "50"})}},
                              Decimal::of("0.1"), true);
  EXPECT_EQ(result.study_years, 6);
  EXPECT_EQ(result.chosen, "two");
  ASSERT_EQ(result.steps.size(), 1u);
  EXPECT_EQ(result.steps[0].flows, list({"0", "-20", "80", "-120", "80", "-20", "-20"}));
  EXPECT_FALSE(result.steps[0].accepted);
  EXPECT_EQ(result.notes[0].code, "economics.lives_repeated");
}

TEST(Compare, SaysWhenNothingIsWorthIt) {
  const auto result = compare({{"a", list({"-100", "50"})}}, Decimal::of("0.1"), false);
  EXPECT_EQ(result.chosen, "");
  EXPECT_EQ(result.notes[0].code, "economics.none_worth_it");
  EXPECT_EQ(compare({{"a", list({"-100", "50"})}}, Decimal::of("0.1"), true).chosen, "a");
}

TEST(Compare, BeyondTheLongestPeriodTheAnnualValueDecides) {
  std::vector<Decimal> long_life{-100}, odd_life{-100};
  for (int t = 0; t < 97; ++t) long_life.push_back(20);
  for (int t = 0; t < 89; ++t) odd_life.push_back(21);
  const auto result = compare({{"a", long_life}, {"b", odd_life}}, Decimal::of("0.1"), true);
  EXPECT_EQ(result.study_years, 0);
  EXPECT_EQ(result.chosen, "b");
  EXPECT_TRUE(result.steps[0].flows.empty());
  EXPECT_EQ(result.notes[0].code, "economics.nav_decides");
}

RC_GTEST_PROP(Compare, TheChosenOneHasTheHighestValueOfAll, ()) {
  std::vector<Alternative> alternatives;
  const auto count = *rc::gen::inRange(1, 6);
  const auto years = *rc::gen::inRange(1, 8);
  for (int i = 0; i < count; ++i) {
    std::vector<Decimal> flows{-*rc::gen::inRange(1, 1000)};
    for (int t = 0; t < years; ++t) flows.push_back(*rc::gen::inRange(-100, 600));
    alternatives.push_back({std::string(1, static_cast<char>('a' + i)), flows});
  }
  const auto result = compare(alternatives, Decimal::of("0.08"), false);
  double best = 0;
  std::string chosen;
  for (const auto& option : result.options)
    if (*option.npv_study > best + 1e-9) {
      best = *option.npv_study;
      chosen = option.id;
    }
  RC_ASSERT(result.chosen == chosen || std::fabs(best) < 1e-6);
  // Repeating changes no annual value.
  for (const auto& option : result.options)
    RC_ASSERT(std::fabs(option.nav * annuity_factor(0.08, result.study_years) - *option.npv_study) <= 1e-6);
}

}  // namespace
}  // namespace qy::engine::economics
