// The year-by-year table: building, working capital, VAT, losses, residual value, loans.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "engine/economics/economics.h"

namespace qy::engine::economics {
namespace {

using testing::ElementsAre;

std::vector<Decimal> list(std::initializer_list<const char*> texts) {
  std::vector<Decimal> out;
  for (const auto* text : texts) out.push_back(Decimal::of(text));
  return out;
}

/// 100 invested, 5 years, 25 % tax, 10 % a year, nothing else.
Proposal plain(const char* saving = "30") {
  Proposal proposal;
  proposal.investment = 100;
  proposal.annual_saving = Decimal::of(saving);
  proposal.depreciation_years = 5;
  proposal.tax_rate = Decimal::of("0.25");
  proposal.years = 5;
  proposal.discount_rate = Decimal::of("0.1");
  return proposal;
}

std::vector<std::string> column(const Proposal& proposal, Decimal TableRow::*which) {
  const auto result = appraise(proposal);
  std::vector<std::string> out;
  EXPECT_TRUE(result);
  if (result)
    for (const auto& row : result->table) out.push_back((row.*which).shortest());
  return out;
}

std::vector<std::string> notes_of(const Proposal& proposal) {
  std::vector<std::string> out;
  const auto result = appraise(proposal);
  EXPECT_TRUE(result);
  if (result)
    for (const auto& note : result->notes) out.push_back(note.code);
  return out;
}

// Base 100 − 10 = 90; D = (90 − 5)/5 = 17; (30 − 17)·0.75 + 17 = 26.75; the last year + 10 + 5.
TEST(Table, BuildingWorkingCapitalAndResidualValue) {
  auto proposal = plain();
  proposal.investment_by_year = list({"60", "40"});
  proposal.working_capital = 10;
  proposal.residual_value = Decimal(5);
  EXPECT_THAT(column(proposal, &TableRow::after_tax),
              ElementsAre("-60", "-40", "26.75", "26.75", "26.75", "26.75", "41.75"));
  EXPECT_THAT(column(proposal, &TableRow::depreciation), ElementsAre("0", "0", "17", "17", "17", "17", "17"));
  EXPECT_THAT(column(proposal, &TableRow::cumulative),
              ElementsAre("-60", "-100", "-73.25", "-46.5", "-19.75", "7", "48.75"));
  const auto result = *appraise(proposal);
  EXPECT_NEAR(*result.engineering.static_payback_years, 4 + 19.75 / 26.75, 1e-12);
  double npv = 0;
  const double flows[] = {-60, -40, 26.75, 26.75, 26.75, 26.75, 41.75};
  for (int t = 0; t < 7; ++t) npv += flows[t] * std::pow(1.1, -t);
  EXPECT_NEAR(result.engineering.npv, npv, 1e-10);
  EXPECT_NEAR(*result.engineering.npvr, npv / (60 + 40 / 1.1), 1e-12);
  EXPECT_EQ(result.table[2].operating_year, 1);
  EXPECT_EQ(result.handbook->depreciation, "20");  // the handbook takes the whole investment
}

// Sold after 3 of 5 years for 10: D = 18, book value 100 − 54 = 46, a loss of 36 in the last year's profit.
TEST(Table, WhatIsSoldBelowItsBookValueSavesTax) {
  auto proposal = plain();
  proposal.years = 3;
  EXPECT_THAT(notes_of(proposal), testing::Contains("economics.book_value_left"));
  proposal.residual_value = Decimal(10);
  EXPECT_THAT(column(proposal, &TableRow::taxable_profit), ElementsAre("0", "12", "12", "-24"));
  EXPECT_THAT(column(proposal, &TableRow::tax), ElementsAre("0", "3", "3", "0"));
  EXPECT_THAT(notes_of(proposal), testing::Not(testing::Contains("economics.book_value_left")));
}

// D = 50 in two years; savings 30, 30, 60, 60: losses 20 and 20, then 60.
TEST(Table, LossesAreCarriedForwardAsLongAsAllowed) {
  auto proposal = plain();
  proposal.depreciation_years = 2;
  proposal.years = 4;
  proposal.saving_by_year = list({"30", "30", "60"});
  struct Row {
    const char* name;
    int carried;
    bool offset;
    std::vector<std::string> used, tax;
  };
  const Row rows[] = {
      {"not at all", 0, false, {"0", "0", "0", "0", "0"}, {"0", "0", "0", "15", "15"}},
      {"one year: only the second loss", 1, false, {"0", "0", "0", "20", "0"}, {"0", "0", "0", "10", "15"}},
      {"five years: both", 5, false, {"0", "0", "0", "40", "0"}, {"0", "0", "0", "5", "15"}},
      {"against other profit: at once", 0, true, {"0", "0", "0", "0", "0"}, {"0", "-5", "-5", "15", "15"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    proposal.loss_carry_forward_years = row.carried;
    proposal.losses_offset_other_profit = row.offset;
    EXPECT_EQ(column(proposal, &TableRow::losses_used), row.used);
    EXPECT_EQ(column(proposal, &TableRow::tax), row.tax);
  }
}

// 113 with 13 of VAT inside; 5 of VAT in each year's 45; surtaxes 12 %.
TEST(Table, InputVatIsCreditedBeforeVatIsPaid) {
  auto proposal = plain("45");
  proposal.investment = 113;
  proposal.depreciation_years = 4;
  proposal.years = 4;
  proposal.tax_rate = 0;
  proposal.vat = Vat{13, 5, Decimal::of("0.12"), std::nullopt};
  EXPECT_THAT(column(proposal, &TableRow::vat), ElementsAre("0", "0", "0", "2", "5"));
  EXPECT_THAT(column(proposal, &TableRow::surtax), ElementsAre("0", "0", "0", "0.24", "0.6"));
  EXPECT_THAT(column(proposal, &TableRow::depreciation), ElementsAre("0", "25", "25", "25", "25"));
  EXPECT_THAT(column(proposal, &TableRow::taxable_profit), ElementsAre("0", "15", "15", "14.76", "14.4"));
  EXPECT_THAT(column(proposal, &TableRow::after_tax), ElementsAre("-113", "45", "45", "42.76", "39.4"));

  proposal.vat->refund_year = 1;  // 13 − 5 come back at once, later VAT is paid in full
  EXPECT_THAT(column(proposal, &TableRow::vat), ElementsAre("0", "-8", "5", "5", "5"));
  proposal.vat = Vat{13, 1, Decimal(0), std::nullopt};
  EXPECT_THAT(notes_of(proposal), testing::Contains("economics.vat_credit_left"));
}

TEST(Table, ASubsidyLowersTheBaseOrIsTaxed) {
  auto proposal = plain();
  proposal.subsidy = 20;
  EXPECT_THAT(column(proposal, &TableRow::after_tax), ElementsAre("-80", "26.5", "26.5", "26.5", "26.5", "26.5"));
  proposal.subsidy_year = 2;
  EXPECT_THAT(column(proposal, &TableRow::after_tax), ElementsAre("-100", "26.5", "46.5", "26.5", "26.5", "26.5"));
  proposal.subsidy_taxed = true;  // D = 20, 7.5 more tax each year on 10 of profit; 5 on the subsidy
  EXPECT_THAT(column(proposal, &TableRow::after_tax), ElementsAre("-100", "27.5", "42.5", "27.5", "27.5", "27.5"));
}

TEST(Table, ATaxHolidayIsAListOfRates) {
  auto proposal = plain();
  proposal.tax_rate_by_year = list({"0", "0", "0.125", "0.25"});
  EXPECT_THAT(column(proposal, &TableRow::tax), ElementsAre("0", "0", "0", "1.25", "2.5", "2.5"));
  EXPECT_NEAR(appraise(proposal)->before_tax->npv, -100 + 30 * annuity_factor(0.1, 5), 1e-10);
}

// Borrowing at the discount rate changes nothing when no tax is saved.
TEST(Table, ALoanAtTheDiscountRateLeavesTheValueAlone) {
  for (const bool equal : {false, true}) {
    auto proposal = plain();
    proposal.tax_rate = 0;
    proposal.loan = Loan{60, Decimal::of("0.1"), 4, equal};
    const auto result = *appraise(proposal);
    EXPECT_NEAR(result.equity->npv, result.engineering.npv, 1e-9);
    EXPECT_GT(result.equity->irr.at(0), result.engineering.irr.at(0));
  }
  auto taxed = plain();
  taxed.loan = Loan{60, Decimal::of("0.1"), 1, false};
  // Interest of 6 saves 1.5 of tax in year 1.
  EXPECT_NEAR(appraise(taxed)->equity->npv, appraise(taxed)->engineering.npv + 1.5 / 1.1, 1e-9);
}

TEST(Table, TheMiddleOfTheYearMovesOnlyTheFlowsOfOperation) {
  auto proposal = plain();
  auto result = *appraise(proposal);
  EXPECT_NEAR(result.engineering.npv_mid_year, -100 + (result.engineering.npv + 100) * std::sqrt(1.1), 1e-10);
  proposal.working_capital = 10;
  result = *appraise(proposal);
  const double back = 10 * std::pow(1.1, -5);
  EXPECT_NEAR(result.engineering.npv_mid_year, -100 + (result.engineering.npv + 100 - back) * std::sqrt(1.1) + back,
              1e-10);
}

TEST(Table, BenefitsOverCostsIsOneWhereTheValueIsZero) {
  const auto result = *appraise(CashFlows{list({"-100", "60", "60"}), Decimal::of("0.1306623862918076")});
  EXPECT_NEAR(*result.engineering.benefit_cost, 1, 1e-12);
  EXPECT_NEAR(*result.engineering.npvr, 0, 1e-12);
}

TEST(Table, RefusesWithEveryMistakeAtItsField) {
  auto wrong = plain();
  wrong.investment_by_year = list({"60", "-10"});
  wrong.working_capital = 101;
  wrong.residual_value = Decimal(101);
  wrong.subsidy_year = 6;
  wrong.loss_carry_forward_years = 5;
  wrong.losses_offset_other_profit = true;
  wrong.tax_rate_by_year = list({"25"});
  wrong.saving_by_year = list({"1", "1", "1", "1", "1", "1"});
  wrong.vat = Vat{-1, Decimal::of("1e20"), 2, 6};
  wrong.loan = Loan{200, 11, 6, false};
  wrong.finance_rate = Decimal(-1);
  const auto result = appraise(wrong);
  ASSERT_FALSE(result);
  std::vector<std::string> fields;
  for (const auto& field : result.error().fields) fields.push_back(field.pointer + " " + field.code);
  EXPECT_THAT(fields,
              testing::UnorderedElementsAre(
                  "#/investment_by_year/1 economics.negative", "#/investment_by_year economics.sum",
                  "#/saving_by_year economics.year_count", "#/tax_rate_by_year/0 economics.rate",
                  "#/working_capital economics.more_than", "#/losses_offset_other_profit economics.losses_twice",
                  "#/finance_rate economics.rate", "#/vat/in_investment economics.negative",
                  "#/vat/payable_per_year economics.amount", "#/vat/surtax_rate economics.rate",
                  "#/vat/refund_year economics.years", "#/loan/amount economics.more_than",
                  "#/loan/rate economics.rate", "#/loan/years economics.years", "#/residual_value economics.residual"));
}

RC_GTEST_PROP(Table, TheValueIsZeroAtEveryRateOfTheTable, ()) {
  Proposal proposal;
  const auto cents = [](int least, int most) { return *Decimal::of_parts(*rc::gen::inRange(least, most), 2); };
  proposal.investment_by_year = {cents(0, 50'000), cents(1, 50'000)};
  proposal.investment = proposal.investment_by_year[0] + proposal.investment_by_year[1];
  proposal.annual_saving = cents(-2000, 40'000);
  proposal.depreciation_years = *rc::gen::inRange(1, 15);
  proposal.years = *rc::gen::inRange(1, 20);
  proposal.tax_rate = cents(0, 60);
  proposal.discount_rate = cents(0, 30);
  proposal.loss_carry_forward_years = *rc::gen::inRange(0, 6);
  proposal.working_capital = proposal.investment_by_year[0];
  proposal.residual_value = Decimal(0);
  const auto result = appraise(proposal);
  RC_ASSERT(result.has_value());
  for (const auto* measures : {&result->engineering, &*result->before_tax})
    for (const auto rate : measures->irr) {
      double value = 0, scale = 0;
      for (auto t = result->table.size(); t-- > 0;) {
        const auto& row = result->table[t];
        const double flow = (measures == &result->engineering ? row.after_tax : row.before_tax).to_double();
        value = value / (1 + rate) + flow;
        scale = scale / (1 + rate) + std::fabs(flow);
      }
      RC_ASSERT(std::fabs(value) <= 1e-9 * scale);
    }
}

RC_GTEST_PROP(Table, AnotherUnitOfMoneyScalesTheValueAndNotTheRates, ()) {
  Proposal proposal = plain();
  proposal.annual_saving = *Decimal::of_parts(*rc::gen::inRange(2100, 9000), 2);
  proposal.residual_value = Decimal(3);
  auto scaled = proposal;
  scaled.investment = scaled.investment * Decimal(10'000);
  scaled.annual_saving = scaled.annual_saving * Decimal(10'000);
  scaled.residual_value = Decimal(30'000);
  const auto one = *appraise(proposal), other = *appraise(scaled);
  RC_ASSERT(std::fabs(other.engineering.npv - 10'000 * one.engineering.npv) <=
            1e-9 * (1e6 + std::fabs(other.engineering.npv)));
  RC_ASSERT(std::fabs(other.engineering.irr.at(0) - one.engineering.irr.at(0)) <= 1e-12);
  RC_ASSERT(std::fabs(*other.engineering.mirr - *one.engineering.mirr) <= 1e-12);
}

}  // namespace
}  // namespace qy::engine::economics
