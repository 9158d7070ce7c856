#include "engine/portfolio/portfolio.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace qy::engine::portfolio
