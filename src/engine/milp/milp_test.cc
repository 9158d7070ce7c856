#include "engine/milp/milp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <csignal>
#include <thread>

namespace qy::engine::milp {
namespace {

using testing::ElementsAre;

// Winston, Stockco: 16, 22, 12, 8 with 5, 7, 4, 3 of 14 (tests/cases/port_stockco.json): relaxation 44, optimum 42.
Model stockco(bool whole) {
  Model model{.maximise = true};
  Row budget{.terms = {}, .upper = 14};
  const double values[] = {16, 22, 12, 8}, uses[] = {5, 7, 4, 3};
  for (int j = 0; j < 4; ++j) budget.terms.emplace_back(model.add({values[j], 0, 1, whole}), uses[j]);
  model.add(budget);
  return model;
}

/// A knapsack of several rows whose data follow from `seed`.
Model knapsack(unsigned seed, int columns, int rows) {
  Model model{.maximise = true};
  const auto next = [&] { return static_cast<double>((seed = seed * 1664525u + 1013904223u) >> 24); };
  for (int j = 0; j < columns; ++j) model.add({10 + next(), 0, 1, true});
  for (int i = 0; i < rows; ++i) {
    Row row;
    double sum = 0;
    for (int j = 0; j < columns; ++j) {
      const auto use = 5 + next();
      row.terms.emplace_back(j, use);
      sum += use;
    }
    row.upper = std::floor(sum / 3);
    model.add(row);
  }
  return model;
}

bool meets(const Row& row, const std::vector<double>& x, double tolerance) {
  double sum = 0;
  for (const auto& [j, a] : row.terms) sum += a * x[static_cast<std::size_t>(j)];
  return sum >= row.lower - tolerance && sum <= row.upper + tolerance;
}

double best_of(const Model& model, std::size_t* feasible = nullptr,
               const std::function<void(const std::vector<double>&)>& each = {}) {
  const auto n = model.columns.size();
  double best = -kInfinity;
  for (unsigned set = 0; set < 1u << n; ++set) {
    std::vector<double> x(n);
    double value = 0;
    for (std::size_t j = 0; j < n; ++j) value += model.columns[j].objective * (x[j] = set >> j & 1);
    if (!std::all_of(model.rows.begin(), model.rows.end(), [&](const Row& row) { return meets(row, x, 1e-9); }))
      continue;
    if (feasible) ++*feasible;
    if (each) each(x);
    best = std::max(best, value);
  }
  return best;
}

TEST(Lp, GivesValuesReducedCostsAndShadowPrices) {
  Lp lp(stockco(false));
  ASSERT_EQ(lp.solve(), Status::optimal);
  EXPECT_NEAR(lp.objective(), 44, 1e-9);
  EXPECT_THAT(lp.values(), ElementsAre(1, 1, testing::DoubleNear(0.5, 1e-9), 0));
  EXPECT_NEAR(lp.duals()[0], 3, 1e-9);
  EXPECT_NEAR(lp.reduced_costs()[0], 1, 1e-9);
  EXPECT_NEAR(lp.reduced_costs()[3], -1, 1e-9);
}

TEST(Lp, GoesOnFromWhereItWas) {
  Lp lp(stockco(false));
  ASSERT_EQ(lp.solve(), Status::optimal);
  lp.bound(0, 0, 0);
  ASSERT_EQ(lp.solve(), Status::optimal);
  EXPECT_NEAR(lp.objective(), 42, 1e-9);
  lp.bound(0, 0, 1);
  lp.add({.terms = {{0, 1}, {1, 1}}, .upper = 1});
  ASSERT_EQ(lp.solve(), Status::optimal);
  EXPECT_NEAR(lp.objective(), 42, 1e-9);
  lp.add({.terms = {{0, 1}}, .lower = 2});
  EXPECT_EQ(lp.solve(), Status::infeasible);
  lp.keep_rows(1);
  ASSERT_EQ(lp.solve(), Status::optimal);
  EXPECT_NEAR(lp.objective(), 44, 1e-9);
}

TEST(Lp, StopsWhenToldTo) {
  Lp lp(knapsack(1, 400, 200));
  EXPECT_EQ(lp.solve(5), Status::stopped);
  EXPECT_EQ(lp.solve(), Status::optimal);
}

TEST(Solve, NamesEveryEnd) {
  const auto best = solve(stockco(true));
  EXPECT_EQ(best.status, Status::optimal);
  EXPECT_DOUBLE_EQ(best.objective, 42);
  EXPECT_DOUBLE_EQ(best.bound, 42);
  EXPECT_THAT(best.values, ElementsAre(0, 1, 1, 1));

  auto impossible = stockco(true);
  impossible.add({.terms = {{0, 1}, {1, 1}}, .lower = 1.5, .upper = 1.6});
  EXPECT_EQ(solve(impossible).status, Status::infeasible);
  auto contradiction = stockco(false);
  contradiction.add({.terms = {{0, 1}}, .lower = 2});
  EXPECT_EQ(solve(contradiction).status, Status::infeasible);

  Model endless{.maximise = true};
  endless.add({1, 0, kInfinity, false});
  EXPECT_EQ(solve(endless).status, Status::unbounded);
  endless.columns[0].whole = true;
  EXPECT_EQ(solve(endless).status, Status::unbounded);
}

TEST(Solve, AnswersWithTheWarmStartAndABoundWhenStopped) {
  const auto model = knapsack(7, 120, 12);
  Limits limits;
  limits.start.assign(120, 0);
  limits.start[5] = 1;
  int asked = 0;
  limits.watch = Watch([&](double) { return ++asked < 3; });
  const auto out = solve(model, limits);
  EXPECT_EQ(out.status, Status::feasible);
  EXPECT_GE(out.objective, model.columns[5].objective);
  EXPECT_GT(out.bound, out.objective);
  for (const auto& row : model.rows) EXPECT_TRUE(meets(row, out.values, 1e-6));

  limits.start.assign(120, 1);  // not feasible: ignored
  limits.watch = Watch([](double) { return false; });
  EXPECT_FALSE(solve(model, limits).found());
}

TEST(Solve, EndsAfterItsPivots) {
  const auto model = knapsack(11, 150, 15);
  Limits limits;
  limits.start.assign(150, 0);
  limits.pivots = 500;
  const auto out = solve(model, limits);
  EXPECT_EQ(out.status, Status::feasible);
  EXPECT_GT(out.bound, out.objective);
  for (const auto& row : model.rows) EXPECT_TRUE(meets(row, out.values, 1e-6));
  limits.pivots = 0;
  EXPECT_NE(solve(model, limits).status, Status::optimal);
}

TEST(Solve, PrintsNothingAndLeavesSignalsAlone) {
  std::array<struct sigaction, 32> before{}, after{};
  for (int s = 1; s < 32; ++s) sigaction(s, nullptr, &before[static_cast<std::size_t>(s)]);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  solve(knapsack(3, 60, 5));
  cuts(knapsack(3, 60, 5), 5);
  Lp(knapsack(3, 60, 5)).solve();
  auto impossible = stockco(true);
  impossible.add({.terms = {{0, 1}}, .lower = 2});
  solve(impossible);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  for (int s = 1; s < 32; ++s) {
    sigaction(s, nullptr, &after[static_cast<std::size_t>(s)]);
    EXPECT_EQ(before[static_cast<std::size_t>(s)].sa_handler, after[static_cast<std::size_t>(s)].sa_handler) << s;
  }
}

TEST(Solve, ManyAtOnceAnswerAsOneByOne) {
  constexpr unsigned kThreads = 8, kEach = 6;
  std::array<std::array<double, kEach>, kThreads> alone{}, together{};
  const auto run = [&](auto& into, unsigned thread) {
    for (unsigned k = 0; k < kEach; ++k) {
      const auto model = knapsack(thread * 100 + k, 30 + static_cast<int>(k), 3);
      Lp lp(model);
      lp.solve();
      into[thread][k] = solve(model).objective + lp.objective() + static_cast<double>(cuts(model, 3).size());
    }
  };
  for (unsigned t = 0; t < kThreads; ++t) run(alone, t);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) threads.emplace_back([&, t] { run(together, t); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(alone, together);
}

/// Small programs with rows in both directions.
rc::Gen<Model> small_programs() {
  return rc::gen::exec([] {
    const int n = *rc::gen::inRange(1, 11), m = *rc::gen::inRange(0, 5);
    Model model{.maximise = *rc::gen::arbitrary<bool>()};
    for (int j = 0; j < n; ++j) model.add({static_cast<double>(*rc::gen::inRange(-20, 40)), 0, 1, true});
    for (int i = 0; i < m; ++i) {
      Row row;
      for (int j = 0; j < n; ++j)
        if (const auto a = *rc::gen::inRange(-4, 10)) row.terms.emplace_back(j, a);
      const auto side = static_cast<double>(*rc::gen::inRange(-5, 30));
      (*rc::gen::inRange(0, 3) == 0 ? row.lower : row.upper) = side;
      model.add(row);
    }
    return model;
  });
}

RC_GTEST_PROP(Solve, AgreesWithEnumeration, ()) {
  auto model = *small_programs();
  auto turned = model;
  if (!model.maximise)
    for (auto& column : turned.columns) column.objective = -column.objective;
  std::size_t feasible = 0;
  const auto best = best_of(turned, &feasible);
  const auto out = solve(model);
  if (feasible == 0) {
    RC_ASSERT(out.status == Status::infeasible);
  } else {
    RC_ASSERT(out.status == Status::optimal);
    RC_ASSERT(std::fabs(out.objective - (model.maximise ? best : -best)) < 1e-6);
    RC_ASSERT(std::fabs(out.bound - out.objective) < 1e-6);
  }
}

RC_GTEST_PROP(Cuts, LoseNoWholeSolution, ()) {
  const auto model = *small_programs();
  const auto rows = cuts(model, 5);
  best_of(model, nullptr, [&](const std::vector<double>& x) {
    for (const auto& row : rows) RC_ASSERT(meets(row, x, 1e-6));
  });
}

}  // namespace
}  // namespace qy::engine::milp
