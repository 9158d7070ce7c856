#include "engine/economics/economics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace qy::engine::economics {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

Proposal proposal(const char* investment, const char* saving, int depreciation, const char* tax, int years,
                  const char* rate) {
  return {Decimal::of(investment), 0, Decimal::of(saving), depreciation, Decimal::of(tax), years, Decimal::of(rate)};
}

std::vector<Decimal> flows(std::initializer_list<const char*> texts) {
  std::vector<Decimal> out;
  for (const auto* text : texts) out.push_back(Decimal::of(text));
  return out;
}

std::vector<std::string> codes(const std::vector<Note>& notes) {
  std::vector<std::string> out;
  for (const auto& note : notes) out.push_back(note.code);
  return out;
}

// Feasibility sheet for medium and high-cost options (tests/cases/econ_cp_tax_i10.json): published D 1.0, T 0.58, E
// 0.44, F 1.44, N 6.97, NPV 0.56, IRR 7.17 %.
TEST(Handbook, TaxAndDepreciationChain) {
  const auto result = appraise(proposal("10", "1.58", 10, "0.25", 10, "0.06"));
  ASSERT_TRUE(result);
  const auto& book = *result->handbook;
  EXPECT_EQ(book.depreciation, "1");
  EXPECT_EQ(book.taxable_profit, "0.58");
  EXPECT_EQ(book.net_profit, "0.435");
  EXPECT_EQ(book.net_cash_flow, "1.435");
  EXPECT_EQ(book.payback_years, "6.9686411150");
  EXPECT_NEAR(book.npv, 0.5617249188, 5e-11);
  EXPECT_NEAR(*book.npvr, 0.05617249188, 5e-12);
  EXPECT_NEAR(*book.irr, 0.07170242954, 5e-12);
  EXPECT_NEAR(*book.irr_interpolated, 0.07175248488, 5e-12);
  EXPECT_NEAR(annuity_factor(0.06, 10), 7.360087051, 5e-10);
  EXPECT_NEAR(result->engineering.npv, book.npv, 1e-9);
  EXPECT_NEAR(*result->engineering.static_payback_years, 6.968641115, 5e-10);
  EXPECT_NEAR(*result->engineering.dynamic_payback_years, 9.292921745, 5e-10);
  EXPECT_THAT(result->engineering.irr, ElementsAre(DoubleNear(0.07170242954, 5e-12)));
}

// Training note on cleaner production audit (tests/cases/econ_cp_f32_5.json): published N 4.6, NPV 100.96, IRR 17.26 %
// between 17 % and 18 %.
TEST(Handbook, AUniformCashFlowIsTheSingleOption) {
  CashFlows cash{flows({"-150", "32.5", "32.5", "32.5", "32.5", "32.5", "32.5", "32.5", "32.5", "32.5", "32.5"}),
                 Decimal::of("0.05")};
  const auto result = appraise(cash);
  ASSERT_TRUE(result);
  const auto& book = *result->handbook;
  EXPECT_EQ(book.depreciation, std::nullopt);
  EXPECT_EQ(book.net_cash_flow, "32.5");
  EXPECT_EQ(book.payback_years, "4.6153846154");
  EXPECT_NEAR(book.npv, 100.9563852, 5e-8);
  EXPECT_NEAR(*book.npvr, 0.673042568, 5e-10);
  EXPECT_NEAR(*book.irr, 0.1725702354, 5e-11);
  EXPECT_NEAR(*book.irr_interpolated, 0.1726270188, 5e-11);
  EXPECT_NEAR(*result->engineering.dynamic_payback_years, 5.377400731, 5e-10);
  EXPECT_THAT(result->notes, IsEmpty());
}

// I = 120, P = 45, Y = 10, 25 %: F = 36.75, N = 3.265; 6 %, 10 years: NPV = 150.483, IRR = 28.039 % (regime
// dossier 9.6).
TEST(Handbook, ThirdVectorOfTheDossier) {
  const auto result = appraise(proposal("120", "45", 10, "0.25", 10, "0.06"));
  EXPECT_EQ(result->handbook->net_cash_flow, "36.75");
  EXPECT_NEAR(result->handbook->npv, 150.483, 5e-4);
  EXPECT_NEAR(*result->handbook->irr, 0.28039, 5e-6);
}

TEST(Handbook, SaysWhatHasNoMeaning) {
  struct Row {
    const char* name;
    Proposal proposal;
    const char* flow;
    bool payback;
    std::vector<std::string> notes;
  };
  auto subsidised = proposal("10", "2", 10, "0.25", 10, "0.06");
  subsidised.subsidy = 10;
  const Row rows[] = {
      {"a loss is not taxed",
       proposal("10", "0.5", 10, "0.25", 10, "0.06"),
       "0.5",
       true,
       {"economics.loss_not_taxed", "economics.never_paid_back"}},
      {"a proposal that costs every year",
       proposal("10", "-2", 10, "0.25", 10, "0.06"),
       "-2",
       false,
       {"economics.loss_not_taxed", "economics.no_cash_flow", "economics.no_irr", "economics.never_paid_back"}},
      {"a subsidy that pays all", subsidised, "1.5", true, {"economics.no_net_investment", "economics.no_irr"}},
      {"a tax shield that ends",
       proposal("10", "4", 5, "0.25", 10, "0.06"),
       "3.5",
       true,
       {"economics.depreciation_ends"}},
      {"paid back only without discounting",
       proposal("10", "1.1", 10, "0", 10, "0.06"),
       "1.1",
       true,
       {"economics.never_paid_back_discounted"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto result = appraise(row.proposal);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->handbook->net_cash_flow, row.flow);
    EXPECT_EQ(result->handbook->payback_years.has_value(), row.payback);
    EXPECT_EQ(codes(result->notes), row.notes);
  }
}

TEST(Handbook, RefusesWithEveryMistakeAtItsField) {
  auto wrong = proposal("-1", "1", 0, "25", 101, "-0.1");
  const auto result = appraise(wrong);
  ASSERT_FALSE(result);
  std::vector<std::string> fields;
  for (const auto& field : result.error().fields) fields.push_back(field.pointer + " " + field.code);
  EXPECT_THAT(fields,
              ElementsAre("#/investment economics.negative", "#/depreciation_years economics.years",
                          "#/tax_rate economics.rate", "#/years economics.years", "#/discount_rate economics.rate"));
  EXPECT_EQ(appraise(CashFlows{{Decimal(1)}, 0}).error().fields[0].code, "economics.flow_count");
}

TEST(InternalRates, AreAllFound) {
  struct Row {
    const char* name;
    std::vector<Decimal> flows;
    std::vector<double> rates;
  };
  const Row rows[] = {
      {"the pump problem of Lorie and Savage 1955 has two", flows({"-1600", "10000", "-10000"}), {0.25, 4.0}},
      {"an ordinary investment has one", flows({"-100", "60", "60"}), {0.1306623862918076}},
      {"a rate on a round number", flows({"-100", "110"}), {0.1}},
      {"nothing gained, nothing lost", flows({"-100", "50", "50"}), {0.0}},
      {"a loss has a negative rate", flows({"-100", "50"}), {-0.5}},
      {"no change of sign, no rate", flows({"100", "50"}), {}},
      {"two changes of sign and still none", flows({"1", "-1", "1"}), {}},
      {"a tangent root counts once: (1-2g)^2", flows({"1", "-4", "4"}), {1.0}},
      {"three of them, g = 1/1.1, 1/1.2, 1/1.3", flows({"-1000", "3600", "-4310", "1716"}), {0.1, 0.2, 0.3}},
      {"two beyond g = 1, one at 2 where the search splits", flows({"1000", "-1300", "400"}), {-0.5, -0.2}},
      {"three, two of them where the search splits", flows({"1000", "-3750", "4125", "-1250"}), {-0.5, 0.25, 1.0}},
      {"zeros before and behind change nothing", flows({"0", "-100", "110", "0"}), {0.1}},
      {"all zero", flows({"0", "0"}), {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto rates = internal_rates(row.flows);
    ASSERT_EQ(rates.size(), row.rates.size());
    for (std::size_t i = 0; i < rates.size(); ++i) EXPECT_NEAR(rates[i], row.rates[i], 1e-9);
  }
}

TEST(Engineering, ThePumpProblemIsDecidedByItsPresentValue) {
  const auto result = appraise(CashFlows{flows({"-1600", "10000", "-10000"}), Decimal::of("0.10")});
  EXPECT_NEAR(result->engineering.npv, -773.553719, 5e-7);
  EXPECT_NEAR(*result->engineering.mirr, 0.05598955535, 5e-12);
  EXPECT_EQ(result->handbook, std::nullopt);
  EXPECT_EQ(codes(result->notes), (std::vector<std::string>{"economics.several_irr", "economics.falls_again"}));
}

TEST(Engineering, PaybackCountsFromTodayWithConstruction) {
  const auto result = appraise(CashFlows{flows({"-60", "-40", "50", "100"}), 0});
  EXPECT_DOUBLE_EQ(*result->engineering.static_payback_years, 2.5);
  EXPECT_DOUBLE_EQ(*result->engineering.dynamic_payback_years, 2.5);
  EXPECT_DOUBLE_EQ(result->engineering.nav, 50.0 / 3);
}

TEST(Engineering, WhatIsPaidBackToTheLastFenIsPaidBack) {
  const auto sevenths = appraise(CashFlows{flows({"-0.7", "0.1", "0.1", "0.1", "0.1", "0.1", "0.1", "0.1"}), 0});
  ASSERT_TRUE(sevenths->engineering.static_payback_years);
  EXPECT_DOUBLE_EQ(*sevenths->engineering.static_payback_years, 7);
  EXPECT_TRUE(sevenths->notes.empty());
  const auto at_its_rate = appraise(CashFlows{flows({"-0.1", "0.11"}), Decimal::of("0.1")});
  ASSERT_TRUE(at_its_rate->engineering.dynamic_payback_years);
  EXPECT_NEAR(*at_its_rate->engineering.dynamic_payback_years, 1, 1e-12);
}

RC_GTEST_PROP(Handbook, TheValueIsZeroAtItsRate, ()) {
  Proposal any;
  any.investment = *Decimal::of_parts(*rc::gen::inRange(1, 100'000'000), 2);
  any.annual_saving = *Decimal::of_parts(*rc::gen::inRange(1, 100'000'000), 2);
  any.years = *rc::gen::inRange(1, 101);
  any.depreciation_years = any.years;
  any.discount_rate = Decimal::of("0.06");
  const auto book = *handbook_of(any);
  const double invested = any.investment.to_double(), flow = any.annual_saving.to_double();
  if (!book.irr) {  // only rates beyond -99 % … 100 000 % are left out
    RC_ASSERT(invested / flow > annuity_factor(-0.99, any.years) || invested / flow < annuity_factor(1000, any.years));
    return;
  }
  RC_ASSERT(std::fabs(flow * annuity_factor(*book.irr, any.years) - invested) <= 1e-9 * invested);
  const auto whole = *appraise(any);
  RC_ASSERT(whole.engineering.irr.size() == 1u);
  RC_ASSERT(std::fabs(whole.engineering.irr[0] - *book.irr) <= 1e-9 * (1 + std::fabs(*book.irr)));
}

RC_GTEST_PROP(Engineering, PresentValueIsZeroAtEveryReturnedRate, ()) {
  auto amounts =
      *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(2, 15), rc::gen::inRange(-1000, 1001));
  std::vector<Decimal> exact(amounts.begin(), amounts.end());
  double size = 0;
  for (const auto amount : amounts) size += std::abs(amount);
  for (const auto rate : internal_rates(exact)) {
    double value = 0, scale = 0;
    for (auto t = amounts.size(); t-- > 0;) {
      value = value / (1 + rate) + amounts[t];
      scale = scale / (1 + rate) + std::abs(amounts[t]);
    }
    RC_ASSERT(std::fabs(value) <= 1e-9 * (scale + size));
  }
}

RC_GTEST_PROP(Engineering, OneChangeOfSignGivesExactlyOneRate, ()) {
  const auto invested = *rc::gen::inRange(1, 100'000);
  const auto back = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 100'000)));
  RC_PRE(back.size() <= 60);
  std::vector<Decimal> exact{Decimal(-invested)};
  for (const auto amount : back) exact.push_back(amount);
  const auto rates = internal_rates(exact);
  const bool outside = rates.empty();  // only rates beyond -99 % … 100 000 % are left out
  RC_ASSERT(rates.size() == 1 || outside);
}

}  // namespace
}  // namespace qy::engine::economics
