#include "engine/portfolio/portfolio.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace qy::engine::portfolio {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

Problem of(std::vector<int> values, std::vector<std::vector<int>> uses, std::vector<int> budget) {
  Problem problem;
  for (std::size_t k = 0; k < values.size(); ++k) {
    Option option{.id = std::to_string(k + 1), .value = values[k]};
    for (const auto& use : uses) option.cost.push_back(use[k]);
    problem.options.push_back(option);
  }
  problem.budget.assign(budget.begin(), budget.end());
  return problem;
}

/// tests/cases/port_stockco.json
Problem stockco() { return of({16, 22, 12, 8}, {{5, 7, 4, 3}}, {14}); }

std::vector<std::string> ids(std::initializer_list<const char*> texts) { return {texts.begin(), texts.end()}; }

TEST(Portfolio, LorieSavage) {
  const auto answer = choose(of({14, 17, 17, 15, 40, 12, 14, 10, 12},
                                {{12, 54, 6, 6, 30, 6, 48, 36, 18}, {3, 7, 6, 2, 35, 6, 4, 3, 3}}, {50, 20}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, Status::optimal);
  EXPECT_EQ(answer->best.objective, 70);
  EXPECT_EQ(answer->bound, 70);
  EXPECT_EQ(answer->best.selected, ids({"1", "3", "4", "6", "9"}));
  EXPECT_THAT(answer->optima, ElementsAre(ids({"1", "3", "4", "6", "9"})));
  EXPECT_NEAR(answer->lp_bound, 70.27272727, 5e-9);
  // 0.1364 and 1.8636: the multipliers of Lorie and Savage.
  EXPECT_THAT(answer->budget_shadow_price, ElementsAre(DoubleNear(3.0 / 22, 1e-9), DoubleNear(41.0 / 22, 1e-9)));
}

TEST(Portfolio, StockcoAndItsModifications) {
  auto answer = choose(stockco());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->best.objective, 42);
  EXPECT_THAT(answer->optima, ElementsAre(ids({"2", "3", "4"})));
  EXPECT_NEAR(answer->lp_bound, 44, 1e-9);
  EXPECT_THAT(answer->budget_shadow_price, ElementsAre(DoubleNear(3, 1e-9)));
  ASSERT_TRUE(answer->second_best);
  EXPECT_EQ(answer->second_best->objective, 38);
  EXPECT_EQ(answer->second_best->selected, ids({"1", "2"}));

  auto two = stockco();
  two.max_selected = 2;
  auto needs = stockco();
  needs.options[1].needs = {"1"};
  auto excludes = stockco();
  excludes.options[1].excludes = {"4"};
  for (const auto& problem : {two, needs, excludes}) {
    answer = choose(problem);
    EXPECT_EQ(answer->best.objective, 38);
    EXPECT_THAT(answer->optima, ElementsAre(ids({"1", "2"})));
  }
}

/// Sixty options whose values lie close to their costs: hard enough not to end in a few nodes.
Problem hard() {
  std::uint32_t seed = 99;
  const auto next = [&](int below) {
    seed = seed * 1664525u + 1013904223u;
    return static_cast<int>((seed >> 16) % static_cast<unsigned>(below));
  };
  std::vector<int> values;
  std::vector<std::vector<int>> uses(4);
  for (int k = 0; k < 60; ++k) {
    int sum = 0;
    for (auto& use : uses) sum += use.emplace_back(20 + next(80));
    values.push_back(sum + next(40));
  }
  return of(values, uses, {1200, 1150, 1250, 1180});
}

TEST(Portfolio, StoppedItAnswersWithTheBestAndABound) {
  int asked = 0;
  const auto answer = choose(hard(), Watch([&](double done) {
                               EXPECT_GE(done, 0);
                               EXPECT_LE(done, 1);
                               return ++asked < 40;
                             }));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, Status::feasible);
  EXPECT_GT(answer->best.objective, 0);
  EXPECT_GE(answer->bound, answer->best.objective);
  EXPECT_LE(answer->bound, answer->lp_bound + 1e-6);
  EXPECT_FALSE(answer->optima_known);
  EXPECT_EQ(answer->notes.at(0).code, "portfolio.not_proven");

  auto few = hard();
  few.nodes = 20;
  EXPECT_EQ(choose(few)->status, Status::feasible);
}

TEST(Portfolio, ManyOptimaAreNotListed) {
  const auto answer = choose(of(std::vector<int>(12, 5), {std::vector<int>(12, 1)}, {6}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, Status::optimal);
  EXPECT_EQ(answer->best.objective, 30);
  EXPECT_THAT(answer->optima, IsEmpty());
  EXPECT_EQ(answer->notes.at(0).code, "portfolio.many_optima");
}

TEST(Portfolio, SavingsOnOneStreamAreNotCountedTwice) {
  Problem problem;
  problem.options = {{.id = "a", .cost = {1}, .savings = {{"s", Decimal::of("0.5")}}},
                     {.id = "b", .cost = {1}, .savings = {{"s", Decimal::of("0.4")}}}};
  problem.streams = {{"s", 100, 1, "water"}};
  const auto answer = choose(problem);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->best.objective, 70);  // 100·(1 − 0.5·0.6)
  EXPECT_EQ(answer->saved.at("s"), 70);
  EXPECT_EQ(answer->effects.at("water"), 70);
}

TEST(Portfolio, WhatIsAddedToAYearIsThereInTheNextWhenItCarriesOver) {
  auto problem = of({34, 36, 8, 12}, {{4, 7, 11, 3}, {6, 3, 0, 5}}, {21, 9});
  problem.carry_over = true;
  const auto answer = choose(problem);
  ASSERT_TRUE(answer);
  // 39 for all four, 30 given: of the third 8/11 of its value are bought for each unit, in either year.
  EXPECT_THAT(answer->budget_shadow_price, ElementsAre(DoubleNear(8.0 / 11, 1e-9), DoubleNear(8.0 / 11, 1e-9)));
}

TEST(Portfolio, AnEffectThatOnlyAnOverlapNamesIsCounted) {
  Problem problem;
  problem.options = {{.id = "a", .value = 1, .effects = {{"e", Decimal(3)}}},
                     {.id = "b", .value = 1, .effects = {{"e", Decimal(3)}}}};
  problem.overlaps = {{"a", "b", Decimal(0), {{"w", Decimal(-1)}}}};
  const auto answer = choose(problem);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->effects, (std::map<std::string, double>{{"e", 6}, {"w", -1}}));
}

TEST(Portfolio, OrderAndUnitsOfMoneyChangeNothing) {
  auto turned = hard();
  turned.options.resize(25);
  turned.budget = {500, 500, 500, 500};
  const auto first = choose(turned);
  std::reverse(turned.options.begin(), turned.options.end());
  for (auto& option : turned.options) {
    option.value = option.value * Decimal(10'000);
    for (auto& part : option.cost) part = part * Decimal::of("0.001");
  }
  for (auto& limit : turned.budget) limit = limit * Decimal::of("0.001");
  const auto second = choose(turned);
  ASSERT_TRUE(first && second);
  EXPECT_DOUBLE_EQ(second->best.objective, 10'000 * first->best.objective);
  EXPECT_THAT(second->best.selected, testing::UnorderedElementsAreArray(first->best.selected));
  for (std::size_t t = 0; t < 4; ++t)
    EXPECT_NEAR(second->budget_shadow_price[t], 1e7 * first->budget_shadow_price[t], 1e-3);
}

}  // namespace
}  // namespace qy::engine::portfolio
