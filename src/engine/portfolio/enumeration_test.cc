// The engine against every combination of options, counted out in exact fractions by other code.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/rational.h"
#include "engine/portfolio/portfolio.h"

namespace qy::engine::portfolio {
namespace {

/// A start for each option: 0 for none.
using Plan = std::vector<int>;

struct Counted {
  std::vector<Plan> best;
  std::optional<Rational> value;   ///< of what is maximised
  std::optional<Rational> second;  ///< best value below it
};

const Decimal& of(const std::map<std::string, Decimal>& map, const std::string& key) {
  static const Decimal kZero;
  const auto found = map.find(key);
  return found == map.end() ? kZero : found->second;
}

/// The objective of a plan, or nothing.
std::optional<Rational> judged(const Problem& problem, const Plan& plan) {
  std::map<std::string, int> start;
  std::int64_t count = 0;
  for (std::size_t k = 0; k < plan.size(); ++k) {
    start[problem.options[k].id] = plan[k];
    count += plan[k] > 0;
  }
  if (problem.max_selected && count > *problem.max_selected) return std::nullopt;
  std::vector<Decimal> spent(40);
  Decimal cost, value;
  for (std::size_t k = 0; k < plan.size(); ++k) {
    const auto& option = problem.options[k];
    if (option.must && plan[k] == 0) return std::nullopt;
    if (plan[k] == 0) continue;
    for (const auto& other : option.needs)
      if (start[other] == 0 || start[other] > plan[k]) return std::nullopt;
    for (const auto& other : option.excludes)
      if (start[other] > 0) return std::nullopt;
    auto worth = option.value;
    for (const auto& s : option.starts)
      if (s.year == plan[k] && s.value) worth = *s.value;
    value = value + worth;
    for (std::size_t t = 0; t < option.cost.size(); ++t) {
      auto& year = spent[t + static_cast<std::size_t>(plan[k]) - 1];
      year = year + option.cost[t];
      cost = cost + option.cost[t];
    }
  }
  for (const auto& group : problem.exclusive) {
    const std::set<std::string> members(group.begin(), group.end());
    if (std::count_if(members.begin(), members.end(), [&](const auto& id) { return start[id] > 0; }) > 1)
      return std::nullopt;
  }
  Decimal used, given;
  for (std::size_t year = 0; year < problem.budget.size(); ++year) {
    used = problem.carry_over ? used + spent[year] : spent[year];
    given = problem.carry_over ? given + problem.budget[year] : problem.budget[year];
    if (used > given) return std::nullopt;
  }
  std::vector<Rational> saved;
  for (const auto& stream : problem.streams) {
    Rational left(1);
    for (std::size_t k = 0; k < plan.size(); ++k)
      if (plan[k] > 0) left = left * (Rational(1) - Rational(of(problem.options[k].savings, stream.id)));
    saved.push_back(Rational(stream.flow) * (Rational(1) - left));
  }
  for (const auto& [name, target] : problem.targets) {
    Rational sum(0);
    for (std::size_t k = 0; k < plan.size(); ++k)
      if (plan[k] > 0) sum = sum + Rational(of(problem.options[k].effects, name));
    for (const auto& overlap : problem.overlaps)
      if (start[overlap.first] > 0 && start[overlap.second] > 0) sum = sum + Rational(of(overlap.effects, name));
    for (std::size_t s = 0; s < saved.size(); ++s)
      if (problem.streams[s].effect == name) sum = sum + saved[s];
    if (sum < Rational(target)) return std::nullopt;
  }
  if (problem.objective == Objective::cost) return Rational(0) - Rational(cost);
  Rational sum(value);
  for (const auto& overlap : problem.overlaps)
    if (start[overlap.first] > 0 && start[overlap.second] > 0) sum = sum + Rational(overlap.value);
  for (std::size_t s = 0; s < saved.size(); ++s) sum = sum + Rational(problem.streams[s].unit_value) * saved[s];
  return sum;
}

Counted counted(const Problem& problem) {
  Counted out;
  Plan plan(problem.options.size(), 0);
  std::vector<std::vector<int>> years;
  for (const auto& option : problem.options) {
    years.push_back({0});
    for (const auto& start : option.starts) years.back().push_back(start.year);
    if (option.starts.empty()) years.back().push_back(1);
  }
  std::vector<std::size_t> at(plan.size(), 0);
  while (true) {
    for (std::size_t k = 0; k < plan.size(); ++k) plan[k] = years[k][at[k]];
    if (const auto value = judged(problem, plan)) {
      if (!out.value || *out.value < *value) {
        if (out.value) out.second = out.value;
        out.value = value;
        out.best = {plan};
      } else if (*out.value == *value) {
        out.best.push_back(plan);
      } else if (!out.second || *out.second < *value) {
        out.second = value;
      }
    }
    std::size_t k = 0;
    while (k < at.size() && ++at[k] == years[k].size()) at[k++] = 0;
    if (k == at.size()) break;
  }
  return out;
}

rc::Gen<Decimal> numbers(int low, int high, int decimals = 0) {
  return rc::gen::map(rc::gen::inRange(low, high), [decimals](int n) {
    auto value = Decimal(n);
    for (int i = 0; i < decimals; ++i) value = value * Decimal::of("0.1");
    return value;
  });
}

Option plain_option(std::size_t k, std::size_t years) {
  Option option{.id = "o" + std::to_string(k), .value = *numbers(-5, 60)};
  const auto paid = *rc::gen::inRange<std::size_t>(0, years + 1);
  for (std::size_t t = 0; t < paid; ++t) option.cost.push_back(*numbers(-1, 20, *rc::gen::inRange(0, 2)));
  if (*rc::gen::inRange(0, 2)) option.effects["water"] = *numbers(-3, 30);
  if (*rc::gen::inRange(0, 3) == 0) option.effects["carbon"] = *numbers(0, 10);
  return option;
}

Problem plain_problem(std::size_t most) {
  Problem problem;
  const auto n = *rc::gen::inRange<std::size_t>(1, most + 1), years = *rc::gen::inRange<std::size_t>(0, 4);
  for (std::size_t k = 0; k < n; ++k) problem.options.push_back(plain_option(k, years));
  for (std::size_t t = 0; t < years; ++t) problem.budget.push_back(*numbers(0, 50));
  const auto any = [&] { return "o" + std::to_string(*rc::gen::inRange<std::size_t>(0, n)); };
  for (auto& option : problem.options) {
    if (*rc::gen::inRange(0, 4) == 0)
      if (const auto other = any(); other != option.id) option.needs.push_back(other);
    if (*rc::gen::inRange(0, 4) == 0)
      if (const auto other = any(); other != option.id) option.excludes.push_back(other);
    option.must = *rc::gen::inRange(0, 15) == 0;
  }
  problem.objective = *rc::gen::inRange(0, 3) == 0 ? Objective::cost : Objective::value;
  problem.carry_over = *rc::gen::arbitrary<bool>();
  if (*rc::gen::inRange(0, 2)) problem.targets["water"] = *numbers(0, 60);
  if (*rc::gen::inRange(0, 4) == 0) problem.targets["carbon"] = *numbers(0, 15);
  if (*rc::gen::inRange(0, 3) == 0) problem.max_selected = *rc::gen::inRange(0, 6);
  if (*rc::gen::inRange(0, 3) == 0) problem.exclusive = {{any(), any(), any()}};
  return problem;
}

/// Streams, overlaps and years of building on top.
Problem full_problem() {
  auto problem = plain_problem(6);
  const auto n = problem.options.size();
  const auto streams = *rc::gen::inRange<std::size_t>(0, 3);
  for (std::size_t s = 0; s < streams; ++s)
    problem.streams.push_back({"s" + std::to_string(s), *numbers(1, 40), *numbers(0, 4), s == 0 ? "water" : ""});
  for (auto& option : problem.options) {
    for (const auto& stream : problem.streams)
      if (*rc::gen::inRange(0, 2)) option.savings[stream.id] = *numbers(0, 11, 1);
    const auto years = problem.budget.empty() ? 3 : static_cast<int>(problem.budget.size());
    const auto last = std::min(years, years - static_cast<int>(option.cost.size()) + 1);
    for (int year = 1; year <= last; ++year)
      if (*rc::gen::inRange(0, 3) == 0)
        option.starts.push_back({year, *rc::gen::inRange(0, 2) ? std::optional(*numbers(-5, 60)) : std::nullopt});
  }
  const auto overlaps = *rc::gen::inRange<std::size_t>(0, 3);
  for (std::size_t p = 0; p < overlaps && n >= 2; ++p) {
    const auto a = *rc::gen::inRange<std::size_t>(0, n - 1), b = *rc::gen::inRange(a + 1, n);
    Overlap overlap{"o" + std::to_string(a), "o" + std::to_string(b), *numbers(-20, 10), {{"water", *numbers(-9, 5)}}};
    const auto same = [&](const Overlap& o) { return o.first == overlap.first && o.second == overlap.second; };
    if (std::none_of(problem.overlaps.begin(), problem.overlaps.end(), same)) problem.overlaps.push_back(overlap);
  }
  return problem;
}

double to_double(const Rational& value) { return std::stod(value.str(12)); }

void agrees(const Problem& problem) {
  const auto wanted = counted(problem);
  const auto answer = choose(problem);
  RC_ASSERT(!answer.has_error());
  if (!wanted.value) {
    RC_ASSERT(answer->status == Status::infeasible);
    RC_ASSERT(!answer->blocking.empty());
    return;
  }
  const double sign = problem.objective == Objective::cost ? -1 : 1;
  RC_ASSERT(answer->status == Status::optimal);
  RC_ASSERT(std::fabs(answer->best.objective - sign * to_double(*wanted.value)) < 1e-9);
  RC_ASSERT(answer->gap == 0);
  RC_ASSERT(sign * (answer->lp_bound - answer->best.objective) > -1e-6);
  RC_ASSERT(answer->optima_known == (wanted.best.size() <= kMostOptima));
  if (!answer->optima_known) return;
  std::set<Plan> expected(wanted.best.begin(), wanted.best.end()), got;
  for (std::size_t i = 0; i < answer->optima.size(); ++i) {
    Plan plan(problem.options.size(), 0);
    for (std::size_t j = 0; j < answer->optima[i].size(); ++j)
      for (std::size_t k = 0; k < plan.size(); ++k)
        if (problem.options[k].id == answer->optima[i][j]) plan[k] = answer->optima_starts[i][j];
    got.insert(plan);
  }
  RC_ASSERT(got == expected);
  RC_ASSERT(answer->second_best_known);
  RC_ASSERT(answer->second_best.has_value() == wanted.second.has_value());
  if (wanted.second) RC_ASSERT(std::fabs(answer->second_best->objective - sign * to_double(*wanted.second)) < 1e-9);
}

RC_GTEST_PROP(Enumerated, UpToTenOptions, ()) { agrees(plain_problem(10)); }

RC_GTEST_PROP(Enumerated, StreamsOverlapsAndYears, ()) { agrees(full_problem()); }

// The relaxation is concave in each year's budget: its price lies between what one part more brings and what one part
// less takes away.
RC_GTEST_PROP(Enumerated, TheShadowPriceIsWhatOneMoreIsWorthInTheRelaxation, ()) {
  auto problem = plain_problem(8);
  if (problem.budget.empty()) return;
  const auto answer = choose(problem);
  RC_ASSERT(!answer.has_error());
  if (answer->status == Status::infeasible) return;
  const double sign = problem.objective == Objective::cost ? -1 : 1;
  RC_ASSERT(answer->budget_shadow_price.size() == problem.budget.size());
  for (std::size_t year = 0; year < problem.budget.size(); ++year) {
    const auto price = answer->budget_shadow_price[year];
    RC_ASSERT(price >= 0);
    const auto given = problem.budget[year];
    for (const auto& step : {Decimal::of("1"), Decimal::of("0.01"), Decimal::of("-0.01")}) {
      problem.budget[year] = given + step;
      if (problem.budget[year].is_negative()) continue;
      const auto other = choose(problem);
      if (other->status == Status::infeasible) continue;
      RC_ASSERT(sign * (other->lp_bound - answer->lp_bound) <= price * step.to_double() + 1e-6);
    }
    problem.budget[year] = given;
  }
}

/// The problem with one demand taken away.
Problem without(Problem problem, const std::string& name) {
  if (name.starts_with("target ")) {
    problem.targets.erase(name.substr(7));
  } else if (name == "max_selected") {
    problem.max_selected.reset();
  } else if (name.starts_with("must ")) {
    for (auto& option : problem.options)
      if (option.id == name.substr(5)) option.must = false;
  } else {
    problem.budget[std::stoul(name.substr(7)) - 1] = Decimal(1'000'000);
  }
  return problem;
}

RC_GTEST_PROP(Enumerated, WithoutWhatBlocksSomethingIsPossible, ()) {
  auto problem = plain_problem(7);
  problem.targets["water"] = *numbers(20, 120);
  const auto answer = choose(problem);
  RC_ASSERT(!answer.has_error());
  if (answer->status != Status::infeasible) return;
  auto freed = problem;
  for (const auto& demand : answer->blocking) {
    RC_ASSERT(demand.short_by > 0);
    freed = without(freed, demand.name);
  }
  RC_ASSERT(counted(freed).value.has_value());
  // The shortfall of a single target is exact: less by it is possible.
  if (answer->blocking.size() == 1 && answer->blocking[0].name == "target water") {
    auto less = problem;
    less.targets["water"] =
        Decimal(static_cast<int>(std::floor(answer->blocking[0].wanted - answer->blocking[0].short_by + 1e-6)));
    RC_ASSERT(counted(less).value.has_value());
  }
}

// Bounds are of floating point: with numbers from a billionth to a billion side by side the best may be missed by a
// millionth of the greatest number, never more, and what is answered is always allowed.
RC_GTEST_PROP(Enumerated, NumbersOfEverySize, ()) {
  Problem problem;
  const auto number = [] {
    return Decimal::of(*rc::gen::element<std::string>("0", "1", "3", "7.25", "0.000000001", "0.0000031", "12345.678",
                                                      "999999999999.999999", "1000000000", "31415926.5", "-2",
                                                      "-1000000", "0.333333333333333333"));
  };
  const auto n = *rc::gen::inRange<std::size_t>(1, 8);
  for (std::size_t k = 0; k < n; ++k) {
    Option option{.id = "o" + std::to_string(k), .value = number(), .cost = {number(), number()}};
    option.effects["water"] = number();
    if (k > 0 && *rc::gen::arbitrary<bool>()) option.needs = {"o0"};
    problem.options.push_back(option);
  }
  for (int t = 0; t < 2; ++t) {
    const auto budget = number();
    problem.budget.push_back(budget.is_negative() ? -budget : budget);
  }
  if (*rc::gen::arbitrary<bool>()) problem.targets["water"] = number();
  if (*rc::gen::arbitrary<bool>()) problem.objective = Objective::cost;
  const auto wanted = counted(problem);
  const auto answer = choose(problem);
  RC_ASSERT(!answer.has_error());
  if (!wanted.value) {
    RC_ASSERT(answer->status == Status::infeasible);
    return;
  }
  if (answer->status == Status::infeasible) return;  // only just possible, within the tolerance of the relaxation
  Plan plan(n, 0);
  for (const auto& id : answer->best.selected) plan[static_cast<std::size_t>(id[1] - '0')] = 1;
  const auto value = judged(problem, plan);
  RC_ASSERT(value.has_value());
  RC_ASSERT(to_double(*value) >= to_double(*wanted.value) - 1e-6 * 8e12);
}

// 65 536 sets each, so a few of them only.
TEST(Enumerated, SixteenOptions) {
  std::uint32_t seed = 20260630;
  const auto next = [&](int below) {
    seed = seed * 1664525u + 1013904223u;
    return static_cast<int>((seed >> 16) % static_cast<unsigned>(below));
  };
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE(round);
    Problem problem;
    for (int k = 0; k < 16; ++k) {
      Option option{.id = "o" + std::to_string(k), .value = 10 + next(50)};
      for (int t = 0; t < 3; ++t) option.cost.push_back(1 + next(20));
      option.effects["water"] = next(20);
      if (k > 0 && next(3) == 0) option.needs = {"o" + std::to_string(next(k))};
      if (k > 0 && next(3) == 0) option.excludes = {"o" + std::to_string(next(k))};
      problem.options.push_back(option);
    }
    problem.budget = {50, 45, 60};
    problem.carry_over = round == 1;
    problem.targets["water"] = 40;
    const auto wanted = counted(problem);
    const auto answer = choose(problem);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->status, Status::optimal);
    EXPECT_DOUBLE_EQ(answer->best.objective, to_double(*wanted.value));
    EXPECT_EQ(answer->optima.size(), wanted.best.size());
    EXPECT_DOUBLE_EQ(answer->second_best->objective, to_double(*wanted.second));
  }
}

}  // namespace
}  // namespace qy::engine::portfolio
