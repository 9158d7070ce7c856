// The cheapest way to a level, on a system that ships, against every set of options evaluated one by one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/portfolio/portfolio.h"
#include "rules/library.h"

namespace qy::engine::portfolio {
namespace {

const rules::Library& packs() {
  static const auto loaded = rules::Library::load(QY_SOURCE_DIR "/packs");
  return *loaded.library;
}

indicators::Answer value(const char* number) { return {.value = Quantity{Decimal::of(number), Unit()}}; }
indicators::Answer level(const char* level) { return {.level = level}; }

/// An electroplating works below level III: rows 5, 6 and 8 fail, row 5 is limiting.
Goal works() {
  Goal goal;
  goal.system = packs().find_system("electroplating-2015");
  goal.rule = packs().find_level_rule(goal.system->level_rule);
  goal.now.on = Date(2026, 6, 30);
  goal.now.parameters["n"] = 3;
  auto& rows = goal.now.answers;
  for (const auto* row : {"1", "2", "4", "15", "20", "22"}) rows[row] = level("II");
  for (const auto* row : {"3", "16", "17", "18", "19", "21", "23", "24", "25"}) rows[row] = level("I");
  for (const auto* row : {"9", "10", "11", "12", "13"}) rows[row] = {.not_applicable = "不生产"};
  rows["5"] = value("41");
  rows["6"] = value("70");
  rows["7"] = value("92");
  rows["8"] = value("60");
  rows["14"] = value("100");
  goal.level = "II";
  return goal;
}

Option option(const char* id, int cost, std::map<std::string, RowChange> rows) {
  return {.id = id, .cost = {cost}, .rows = std::move(rows)};
}

Problem problem() {
  Problem out{.objective = Objective::cost};
  out.goal = works();
  out.options = {option("rinse", 40, {{"5", {{}, Decimal(-10)}}}), option("counter", 55, {{"5", {value("21"), {}}}}),
                 option("evaporate", 30, {{"5", {{}, Decimal(-9)}}}), option("recover", 25, {{"6", {value("81"), {}}}}),
                 option("reuse", 35, {{"8", {value("90"), {}}}})};
  return out;
}

TEST(Level, TheCheapestWayMeetsTheLimitingRowAndTheIndex) {
  const auto answer = choose(problem());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, Status::optimal);
  EXPECT_EQ(answer->best.objective, 55);
  EXPECT_THAT(answer->best.selected, testing::ElementsAre("counter"));
  // The differences of two options on one row add up: 41 − 10 − 9 = 22 ≤ 24.
  EXPECT_THAT(answer->second_best->selected, testing::ElementsAre("rinse", "evaporate"));
  ASSERT_TRUE(answer->path);
  EXPECT_EQ(answer->path->level_now, "none");
  EXPECT_EQ(answer->path->level_then, "II");
  EXPECT_EQ(answer->path->index_now, "78");
  EXPECT_EQ(answer->path->index_then, "88");
  ASSERT_EQ(answer->path->rises.size(), 1u);
  EXPECT_TRUE(answer->path->rises[0].limiting);
}

TEST(Level, NamesTheRowThatStandsInTheWay) {
  auto without = problem();
  std::erase_if(without.options, [](const Option& o) { return o.id == "counter" || o.id == "evaporate"; });
  auto answer = choose(without);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, Status::infeasible);
  ASSERT_FALSE(answer->blocking.empty());
  EXPECT_EQ(answer->blocking[0].name, "level II row 5");

  auto poor = problem();
  poor.budget = {50};
  answer = choose(poor);
  EXPECT_EQ(answer->status, Status::infeasible);
  EXPECT_EQ(answer->blocking[0].name, "level II row 5");
}

TEST(Level, RefusesWithEveryMistakeAtItsPlace) {
  auto wrong = problem();
  wrong.options[0].rows["77"] = {level("I"), {}};
  wrong.options[1].rows["9"] = {level("I"), {}};
  wrong.options[2].rows["3"] = {{}, Decimal(1)};
  wrong.options[3].rows["6"] = {level("I"), {}};
  const auto answer = choose(wrong);
  ASSERT_FALSE(answer);
  std::vector<std::string> fields;
  for (const auto& field : answer.error().fields) fields.push_back(field.pointer + " " + field.code);
  EXPECT_THAT(fields, testing::ElementsAre("#/options/0/rows/77 portfolio.row_unknown",
                                           "#/options/1/rows/9 portfolio.row_unknown",
                                           "#/options/2/rows/3/change portfolio.row_change",
                                           "#/options/3/rows/6/level indicators.value_needed"));
  wrong.options[4].id = "rinse";
  const auto both = choose(wrong);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().fields.size(), 5u);
  EXPECT_EQ(both.error().fields[0].pointer, "#/options/4/id");
  auto missing = problem();
  missing.goal->now.answers.erase("8");
  EXPECT_TRUE(choose(missing));  // "reuse" gives it
  missing.goal->now.answers.erase("7");
  EXPECT_EQ(choose(missing).error().fields[0].code, "portfolio.level_missing");
}

/// The cheapest set by evaluating each: of a row that several options set, every choice among them is tried.
std::optional<int> cheapest(const Problem& problem) {
  const auto n = problem.options.size();
  std::optional<int> best;
  for (unsigned set = 0; set < 1u << n; ++set) {
    int cost = 0;
    std::map<std::string, std::vector<indicators::Answer>> ways;
    for (const auto& [row, answer] : problem.goal->now.answers) ways[row] = {answer};
    for (std::size_t k = 0; k < n; ++k) {
      if (!(set >> k & 1)) continue;
      cost += static_cast<int>(problem.options[k].cost[0].to_double());
      for (const auto& [row, change] : problem.options[k].rows) {
        if (change.change)
          ways[row][0].value->value = ways[row][0].value->value + *change.change;
        else
          ways[row].push_back(change.answer);
      }
    }
    if (best && cost >= *best) continue;
    // Rows are judged one by one, so the best of each may be sought by itself.
    auto input = problem.goal->now;
    input.explain = false;
    for (auto& [row, answers] : ways) {
      indicators::Grade reached = indicators::Grade::missing;
      for (const auto& answer : answers) {
        auto trial = problem.goal->now;
        trial.explain = false;
        trial.answers[row] = answer;
        const auto evaluation = indicators::evaluate(*problem.goal->system, *problem.goal->rule, trial);
        for (const auto& graded : evaluation->rows)
          if (graded.row->id == row && graded.grade <= reached) {
            reached = graded.grade;
            input.answers[row] = answer;
          }
      }
    }
    const auto evaluation = indicators::evaluate(*problem.goal->system, *problem.goal->rule, input);
    const auto& wanted = problem.goal->level;
    if (evaluation->level &&
        (*evaluation->level == "I" || *evaluation->level == wanted || (wanted == "III" && *evaluation->level == "II")))
      best = cost;
  }
  return best;
}

TEST(Level, AgreesWithEverySetEvaluated) {
  std::uint32_t seed = 4711;
  const auto next = [&](int below) {
    seed = seed * 1664525u + 1013904223u;
    return static_cast<int>((seed >> 16) % static_cast<unsigned>(below));
  };
  int reached = 0, not_reached = 0;
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE(round);
    Problem problem{.objective = Objective::cost};
    problem.goal = works();
    problem.goal->level = next(4) == 0 ? "I" : "II";
    const char* rows[] = {"1", "2", "4", "15", "20"};
    for (const auto* row : rows)
      if (next(2)) problem.goal->now.answers[row] = level(next(2) ? "below" : "III");
    for (int k = 0; k < 6; ++k) {
      Option option{.id = std::to_string(k), .cost = {5 + next(40)}};
      const auto water = next(4);
      if (water == 0) option.rows["5"] = {value(next(2) ? "23" : "7"), {}};
      if (water == 1) option.rows["5"] = {{}, Decimal(-5 - next(15))};
      if (water == 2) option.rows["5"] = {{}, Decimal(next(6))};  // makes it worse
      if (next(2)) option.rows["6"] = {value(next(2) ? "82" : "76"), {}};
      if (next(2)) option.rows["8"] = {value(next(2) ? "95" : "85"), {}};
      for (const auto* row : rows)
        if (next(3) == 0) option.rows[row] = {level(next(2) ? "I" : "II"), {}};
      problem.options.push_back(std::move(option));
    }
    const auto wanted = cheapest(problem);
    const auto answer = choose(problem);
    ASSERT_TRUE(answer);
    if (wanted) {
      ++reached;
      ASSERT_EQ(answer->status, Status::optimal);
      EXPECT_EQ(answer->best.objective, *wanted);
    } else {
      ++not_reached;
      EXPECT_EQ(answer->status, Status::infeasible);
      EXPECT_FALSE(answer->blocking.empty());
    }
  }
  EXPECT_GT(reached, 3);
  EXPECT_GE(not_reached, 3);
}

}  // namespace
}  // namespace qy::engine::portfolio
