#include "engine/balance/components.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/balance/block_laplacian.h"

namespace qy::engine::balance {
namespace {

constexpr Role kMeasured = Role::measured, kUnknown = Role::unmeasured;

/// Ore through a mill into concentrate and tailings; flows of the products are seen through assays only.
ComponentModel flotation() {
  ComponentModel model;
  model.base.nodes = 2;
  model.base.streams = {{{kEnvironment, 0}, kMeasured, 100, 1},
                        {{0, 1}, kUnknown},
                        {{1, kEnvironment}, kUnknown},
                        {{1, kEnvironment}, kUnknown}};
  model.components = 2;
  model.fractions = {{kMeasured, 0.0201, 0.0005},
                     {kMeasured, 0.0395, 0.001},
                     {},
                     {},
                     {kMeasured, 0.2, 0.002},
                     {kMeasured, 0.05, 0.001},
                     {kMeasured, 0.002, 0.0002},
                     {kMeasured, 0.0385, 0.001}};
  return model;
}

Answer joint(const ComponentModel& model) {
  const auto answer = reconcile(model, {});
  EXPECT_TRUE(answer);
  EXPECT_TRUE(answer->converged);
  return answer->answer;
}

/// Cost of the flotation circuit once concentrate flow and the product assays are chosen: the rest follows.
double flotation_cost(const ComponentModel& model, const std::vector<double>& p) {
  const double feed = p[0], concentrate = p[1];
  double cost = std::pow((feed - 100) / 1, 2);
  for (std::size_t c = 0; c < 2; ++c) {
    const double wc = p[2 + c], wt = p[4 + c], wf = (concentrate * wc + (feed - concentrate) * wt) / feed;
    const auto term = [&](std::size_t stream, double w) {
      const auto& f = model.fractions[stream * 2 + c];
      return std::pow((w - f.value) / f.sd, 2);
    };
    cost += term(0, wf) + term(2, wc) + term(3, wt);
  }
  return cost;
}

TEST(Components, FlotationReachesTheMinimumOfAnUnconstrainedSearch) {
  const auto model = flotation();
  const auto answer = joint(model);
  ASSERT_EQ(answer.status, Status::solved);
  const auto value = [&](std::size_t v) { return answer.streams[v].value; };
  // Coordinate search over the six free quantities, from the answer of nobody.
  std::vector<double> p{100, 10, 0.2, 0.05, 0.002, 0.0385}, step{1, 1, 0.002, 0.001, 0.0002, 0.001};
  double best = flotation_cost(model, p);
  for (int round = 0; round < 200000 && step[0] > 1e-9; ++round) {
    bool better = false;
    for (std::size_t i = 0; i < p.size(); ++i)
      for (const double sign : {1.0, -1.0}) {
        auto tried = p;
        tried[i] += sign * step[i];
        if (const double cost = flotation_cost(model, tried); cost < best) best = cost, p = tried, better = true;
      }
    if (!better)
      for (auto& s : step) s *= 0.5;
  }
  EXPECT_NEAR(answer.global.statistic, best, 1e-6);
  EXPECT_NEAR(value(0), p[0], 1e-4);
  EXPECT_NEAR(value(2), p[1], 1e-4);
  EXPECT_EQ(answer.global.dof, 1);  // two assay balances, one unknown split
  // Every balance closes.
  EXPECT_NEAR(value(1), value(0), 1e-9);
  EXPECT_NEAR(value(2) + value(3), value(1), 1e-9);
  for (std::size_t c = 0; c < 2; ++c) {
    const auto load = [&](std::size_t j) { return value(j) * value(4 + 2 * j + c); };
    EXPECT_NEAR(load(2) + load(3), load(1), 1e-9);
    EXPECT_NEAR(load(0), load(1), 1e-9);
  }
  EXPECT_EQ(answer.streams[2].kind, Class::observable);
  EXPECT_GT(answer.streams[2].sd, 0);
}

// Standard deviations against draws: the linearisation at the solution holds for small errors.
TEST(Components, StandardDeviationsAgreeWithDraws) {
  const auto centre = joint(flotation());
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  double sum = 0, square = 0;
  constexpr int kDraws = 400;
  for (int draw = 0; draw < kDraws; ++draw) {
    auto model = flotation();
    model.base.streams[0].value = centre.streams[0].value + normal(random);
    for (std::size_t i = 0; i < model.fractions.size(); ++i)
      if (model.fractions[i].role == kMeasured)
        model.fractions[i].value = centre.streams[4 + i].value + model.fractions[i].sd * normal(random);
    const auto answer = joint(model);
    sum += answer.streams[2].value;
    square += std::pow(answer.streams[2].value, 2);
  }
  const double sd = std::sqrt(square / kDraws - std::pow(sum / kDraws, 2));
  EXPECT_NEAR(sd / centre.streams[2].sd, 1, 0.15);
}

TEST(Components, ASplitterLeavesTheCompositionAsItIs) {
  ComponentModel model;
  model.base.nodes = 1;
  model.base.streams = {
      {{kEnvironment, 0}, kMeasured, 10, 0.1}, {{0, kEnvironment}, kMeasured, 4, 0.1}, {{0, kEnvironment}, kUnknown}};
  model.components = 1;
  model.fractions = {{kMeasured, 0.3, 0.01}, {kMeasured, 0.32, 0.01}, {}};
  model.splitters = {0};
  const auto answer = joint(model);
  for (const std::size_t v : {3u, 4u, 5u}) EXPECT_NEAR(answer.streams[v].value, 0.31, 1e-9);
  EXPECT_NEAR(answer.streams[5].sd, 0.01 / std::sqrt(2.0), 1e-9);
  EXPECT_NEAR(answer.streams[2].value, 6, 1e-9);
}

TEST(Components, ATransferCoefficientFixesTheRecovery) {
  auto model = flotation();
  model.transfers = {{1, 2, 0, 0.9}};
  const auto answer = joint(model);
  const auto load = [&](std::size_t j) { return answer.streams[j].value * answer.streams[4 + 2 * j].value; };
  EXPECT_NEAR(load(2) / load(1), 0.9, 1e-9);
}

TEST(Components, CompleteCompositionsSumToOne) {
  ComponentModel model;
  model.base.nodes = 1;
  model.base.streams = {
      {{kEnvironment, 0}, kMeasured, 100, 1}, {{0, kEnvironment}, kUnknown}, {{0, kEnvironment}, kMeasured, 60, 1}};
  model.components = 2;
  model.fractions = {{kMeasured, 0.5, 0.01}, {kMeasured, 0.52, 0.01}, {kMeasured, 0.9, 0.01}, {}, {}, {}};
  model.complete = true;
  const auto answer = joint(model);
  for (std::size_t j = 0; j < 3; ++j)
    EXPECT_NEAR(answer.streams[3 + 2 * j].value + answer.streams[4 + 2 * j].value, 1, 1e-9);
  EXPECT_NEAR(answer.streams[0].value, answer.streams[1].value + answer.streams[2].value, 1e-8);
}

TEST(Components, AFractionBelowZeroIsHeldThere) {
  auto model = flotation();
  model.fractions[6] = {kUnknown, 0, 0};  // the copper of the tailings follows from the rest …
  model.fractions[5] = {kMeasured, 0.05, 1e-4};
  model.base.streams[2] = {{1, kEnvironment}, kMeasured, 12, 0.01};  // … and would have to be negative
  const auto answer = joint(model);
  EXPECT_EQ(answer.streams[4 + 6].value, 0);
  EXPECT_TRUE(answer.streams[4 + 6].at_bound);
}

/// A plant in a row whose true state obeys every balance, with readings drawn around it, and what the truth would cost.
struct Drawn {
  ComponentModel model;
  double cost_of_truth = 0;
};
Drawn drawn_plant(unsigned seed, int nodes, int components, double unmetered, double unassayed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  const auto share = [&] { return std::ldexp(static_cast<double>(random() >> 11), -53); };
  struct True {
    Link link;
    double flow;
    std::vector<double> load;
  };
  std::vector<True> streams;
  for (int node = 0; node < nodes; ++node) {
    if (node == 0 || below(3) == 0) {
      True feed{{kEnvironment, node}, std::exp(normal(random)), {}};
      for (int c = 0; c < components; ++c) feed.load.push_back(feed.flow * (0.01 + 0.3 / components * share()));
      streams.push_back(feed);
    }
    True total{{}, 0, std::vector<double>(static_cast<std::size_t>(components), 0.0)};
    for (const auto& stream : streams)
      if (stream.link.to == node) {
        total.flow += stream.flow;
        for (std::size_t c = 0; c < total.load.size(); ++c) total.load[c] += stream.load[c];
      }
    const double kept = 0.2 + 0.6 * share();
    True first{{node, node + 1 < nodes ? node + 1 : kEnvironment}, kept * total.flow, {}};
    const int next = node + 2 + below(4);
    True second{{node, next < nodes ? next : kEnvironment}, (1 - kept) * total.flow, {}};
    for (const double load : total.load) {
      const double part = kept * (0.7 + 0.3 * share());
      first.load.push_back(part * load);
      second.load.push_back((1 - part) * load);
    }
    streams.push_back(first), streams.push_back(second);
  }
  Drawn out;
  out.model.base.nodes = nodes;
  out.model.components = components;
  const auto reading = [&](double truth, double sd, double chance, double least) {
    Stream read;
    if (share() < chance) return read;
    read.role = kMeasured;
    read.sd = sd;
    read.value = std::max(least, truth + sd * normal(random));
    out.cost_of_truth += std::pow((read.value - truth) / sd, 2);
    return read;
  };
  for (const auto& stream : streams) {
    out.model.base.streams.push_back(reading(stream.flow, 0.02 * stream.flow, unmetered, -1e9));
    out.model.base.streams.back().link = stream.link;
    for (const double load : stream.load) {
      const double w = load / stream.flow;
      const auto read = reading(w, 0.03 * w + 2e-4, unassayed, 0);
      out.model.fractions.push_back({read.role, read.value, read.sd});
    }
  }
  return out;
}

TEST(Components, TheOptimumClosesEveryBalanceAndCostsNoMoreThanTheTruth) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    const auto drawn = drawn_plant(seed, 25, 3, seed % 3 == 0 ? 0 : 0.15, seed % 2 == 0 ? 0 : 0.3);
    const auto& model = drawn.model;
    const auto answer = joint(model);
    ASSERT_EQ(answer.status, Status::solved);
    const auto streams = model.base.streams.size();
    double cost = 0;
    for (std::size_t v = 0; v < answer.streams.size(); ++v) {
      const double value = answer.streams[v].value;
      if (v >= streams && std::isfinite(value)) {
        EXPECT_GE(value, -1e-9);
        EXPECT_LE(value, 1 + 1e-9);
      }
      const auto role = v < streams ? model.base.streams[v].role : model.fractions[v - streams].role;
      if (role != kMeasured) continue;
      const double sd = v < streams ? model.base.streams[v].sd : model.fractions[v - streams].sd;
      cost += std::pow(answer.streams[v].adjustment / sd, 2);
    }
    EXPECT_LE(cost, drawn.cost_of_truth * (1 + 1e-9));
    for (int node = 0; node < model.base.nodes; ++node)
      for (int layer = 0; layer <= model.components; ++layer) {
        double net = 0, through = 0;
        for (std::size_t j = 0; j < streams; ++j) {
          const auto [from, to] = model.base.streams[j].link;
          if (from != node && to != node) continue;
          const auto fraction =
              streams + j * static_cast<std::size_t>(model.components) + static_cast<std::size_t>(layer) - 1;
          const double carried = answer.streams[j].value * (layer == 0 ? 1 : answer.streams[fraction].value);
          net += to == node ? carried : -carried;
          through += std::fabs(carried);
        }
        if (std::isfinite(net)) EXPECT_LE(std::fabs(net), 1e-8 * through) << "node " << node << " layer " << layer;
      }
  }
}

// The step of the block Laplacian is the minimum that elimination finds, dependent rows and free variables included.
TEST(BlockLaplacian, AgreesWithElimination) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  const auto below = [&](std::size_t n) { return static_cast<int>(random() % n); };
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(round);
    LinearProblem problem;
    const std::size_t variables = 12;
    for (std::size_t v = 0; v < variables; ++v) {
      problem.roles.push_back(v < 2 ? Role::fixed : v < 5 ? kUnknown : kMeasured);
      problem.value.push_back(v < 2 || v >= 5 ? normal(random) : 0.0);
      problem.variance.push_back(v < 5 ? 0.0 : std::exp(2 * normal(random)));
    }
    problem.covariances = {{6, 7, 0.5 * std::sqrt(problem.variance[6] * problem.variance[7])}};
    for (int i = 0; i < 6; ++i) {
      std::vector<double> dense(variables, 0.0);
      for (int t = 0; t < 5; ++t) dense[static_cast<std::size_t>(below(variables))] = normal(random);
      Row row;
      for (std::size_t v = 0; v < variables; ++v)
        if (dense[v] != 0) row.terms.push_back({static_cast<int>(v), dense[v]});
      row.equals = normal(random);
      problem.rows.push_back(row);
    }
    auto twice = problem.rows[0];  // the same again in another unit
    for (auto& term : twice.terms) term.coefficient *= 1000;
    twice.equals *= 1000;
    problem.rows.push_back(twice);
    const LinearSystem system(problem);
    if (system.state() != LinearSystem::State::ready) continue;  // fixed figures that contradict a row
    const auto expected = system.solve();

    std::vector<std::vector<int>> rows;
    std::vector<std::vector<double>> coefficients;
    std::vector<double> x(variables), residual, deviation(variables, 0.0);
    for (std::size_t v = 0; v < variables; ++v) x[v] = v < 2 ? problem.value[v] : normal(random);
    for (const auto& row : problem.rows) {
      rows.emplace_back(), coefficients.emplace_back(), residual.push_back(-row.equals);
      for (const auto& [variable, coefficient] : row.terms) {
        rows.back().push_back(variable), coefficients.back().push_back(coefficient);
        residual.back() += coefficient * x[static_cast<std::size_t>(variable)];
      }
    }
    for (std::size_t v = 5; v < variables; ++v) deviation[v] = problem.value[v] - x[v];
    BlockLaplacian blocks(problem.roles, problem.variance, problem.covariances, rows);
    const auto step = blocks.step(coefficients, residual, deviation, std::vector<char>(variables, 0));
    ASSERT_TRUE(step);
    for (std::size_t v = 0; v < variables; ++v)
      if (std::isfinite(expected.value[v])) EXPECT_NEAR(x[v] + step->change[v], expected.value[v], 1e-7) << v;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double left = residual[i];
      for (std::size_t t = 0; t < rows[i].size(); ++t)
        left += coefficients[i][t] * step->change[static_cast<std::size_t>(rows[i][t])];
      EXPECT_NEAR(left, 0, i == 6 ? 1e-6 : 1e-8);
    }
  }
}

TEST(Targets, TheNextMeterIsTheOneThatHelpsMost) {
  Model model;  // a loss seen as the difference of two large flows
  model.nodes = 1;
  model.streams = {
      {{kEnvironment, 0}, kMeasured, 1000, 10}, {{0, kEnvironment}, kMeasured, 900, 10}, {{0, kEnvironment}, kUnknown}};
  Options options;
  options.targets = {{{{2, 1}}, {}}, {{{2, 1}}, {{0, 1}}}};
  options.meters = {{0, 10}, {2, 5}, {1, 1}};
  const auto answer = *reconcile(model, options);
  EXPECT_NEAR(answer.targets[0].value, 100, 1e-9);
  EXPECT_NEAR(answer.targets[0].sd, std::sqrt(200), 1e-9);
  ASSERT_GE(answer.meters.size(), 3u);
  EXPECT_EQ(answer.meters[0].meter, 1);
  for (const auto& value : answer.meters) {
    if (value.target != 0) continue;
    // Recomputed with the meter in place; a second reading of a stream counts as one with both precisions.
    auto with = model;
    auto& stream = with.streams[static_cast<std::size_t>(options.meters[static_cast<std::size_t>(value.meter)].stream)];
    const double own = std::pow(options.meters[static_cast<std::size_t>(value.meter)].sd, -2);
    stream.sd = 1 / std::sqrt(own + (stream.role == kMeasured ? std::pow(stream.sd, -2) : 0));
    stream.role = kMeasured;
    EXPECT_NEAR(value.sd_after, reconcile(with, options)->targets[0].sd, 1e-9);
  }
  // Loss per input: numerator and denominator move together, so the sd is not that of independent figures.
  const double ratio = 0.1;
  EXPECT_NEAR(answer.targets[1].sd, std::sqrt(std::pow((1 - ratio) * 10 / 1000, 2) + std::pow(10.0 / 1000, 2)), 1e-9);
}

TEST(Targets, AMeterThatBreaksALoopMakesTheTargetKnown) {
  Model model;
  model.nodes = 2;
  model.streams = {{{kEnvironment, 0}, kMeasured, 10, 1},
                   {{0, 1}, kUnknown},
                   {{0, 1}, kUnknown},
                   {{1, kEnvironment}, kMeasured, 10, 1}};
  Options options;
  options.targets = {{{{1, 1}}, {}}};
  options.meters = {{2, 0.5}, {0, 0.1}};
  const auto answer = *reconcile(model, options);
  EXPECT_TRUE(std::isnan(answer.targets[0].sd));
  ASSERT_EQ(answer.meters.size(), 1u);
  EXPECT_EQ(answer.meters[0].meter, 0);
  EXPECT_NEAR(answer.meters[0].sd_after, std::sqrt(0.5 + 0.25), 1e-9);
}

}  // namespace
}  // namespace qy::engine::balance
