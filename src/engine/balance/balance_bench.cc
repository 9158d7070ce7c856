// Balances against bare Eigen on the same Laplacian, in the same run, one thread.
#include <benchmark/benchmark.h>

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <random>

#include "engine/balance/balance.h"

namespace qy::engine::balance {
namespace {

struct Plant {
  int nodes = 0;
  std::vector<Link> links;
  std::vector<Role> roles;
  std::vector<double> value, variance;
};

/// A plant of `streams` streams: units in a row, forty to a workshop, a third of the other streams to or from outside,
/// the rest recycles and bypasses inside a workshop, a header in each, streams to the next workshop; one stream in
/// eight has no meter. Readings obey no balance.
Plant plant(int streams) {
  std::mt19937_64 random(20260630);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  std::normal_distribution<double> normal;
  Plant p;
  constexpr int kUnits = 40;
  p.nodes = std::max(2 * kUnits, streams * 45 / 100 / kUnits * kUnits);
  const auto add = [&](int from, int to) { p.links.push_back({from, to}); };
  for (int unit = 0; unit + 1 < p.nodes; ++unit) add(unit, unit + 1);
  add(kEnvironment, 0);
  add(p.nodes - 1, kEnvironment);
  while (static_cast<int>(p.links.size()) < streams) {
    const int unit = below(p.nodes), workshop = unit / kUnits * kUnits;
    const int kind = below(20);
    if (kind < 4) {
      add(kEnvironment, unit);
    } else if (kind < 7) {
      add(unit, kEnvironment);
    } else if (kind < 10) {  // recycle
      if (unit > workshop) add(unit, workshop + below(unit - workshop));
    } else if (kind < 13) {  // header
      if (unit != workshop) add(workshop, unit);
    } else if (kind < 17) {  // bypass
      if (unit + 3 < workshop + kUnits) add(unit, unit + 2 + below(workshop + kUnits - unit - 2));
    } else if (const int next = workshop + kUnits + below(kUnits); next < p.nodes) {
      add(unit, next);
    }
  }
  for (int j = 0; j < streams; ++j) {
    p.roles.push_back(below(8) == 0 ? Role::unmeasured : Role::measured);
    const double flow = std::exp(normal(random));
    p.value.push_back(flow * (1 + 0.02 * normal(random)));
    p.variance.push_back(std::pow(0.02 * flow, 2));
  }
  return p;
}

/// Every stream between two units drawn at random: nothing a plant looks like, but the worst for a factor.
Plant scattered(int streams) {
  std::mt19937_64 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  std::normal_distribution<double> normal;
  Plant p;
  p.nodes = streams / 2;
  for (int j = 0; j < streams; ++j) {
    p.links.push_back({below(20) == 0 ? kEnvironment : below(p.nodes), below(p.nodes)});
    if (p.links.back().from == p.links.back().to) p.links.back().from = kEnvironment;
    p.roles.push_back(Role::measured);
    const double flow = std::exp(normal(random));
    p.value.push_back(flow * (1 + 0.02 * normal(random)));
    p.variance.push_back(std::pow(0.02 * flow, 2));
  }
  return p;
}

using Matrix = Eigen::SparseMatrix<double>;

/// The Laplacian of the same reduced system, lower triangle, in an order of rows that knows nothing of elimination.
Matrix laplacian(const Plant& p, const Network& network) {
  std::vector<int> number(static_cast<std::size_t>(network.rank()), -1);
  int rows = 0;
  for (int node = 0; node < p.nodes; ++node)
    if (const int row = network.row_of(node); row >= 0 && number[static_cast<std::size_t>(row)] < 0)
      number[static_cast<std::size_t>(row)] = rows++;
  std::vector<Eigen::Triplet<double>> entries;
  for (std::size_t j = 0; j < p.links.size(); ++j) {
    if (network.classes()[j] != Class::redundant) continue;
    auto [a, b] = network.ends()[j];
    if (a >= 0) a = number[static_cast<std::size_t>(a)];
    if (b >= 0) b = number[static_cast<std::size_t>(b)];
    if (a >= 0) entries.emplace_back(a, a, p.variance[j]);
    if (b >= 0) entries.emplace_back(b, b, p.variance[j]);
    if (a >= 0 && b >= 0) entries.emplace_back(std::max(a, b), std::min(a, b), -p.variance[j]);
  }
  Matrix m(rows, rows);
  m.setFromTriplets(entries.begin(), entries.end());
  return m;
}

void reference(benchmark::State& state) {
  const auto p = plant(static_cast<int>(state.range(0)));
  const Network network(p.nodes, p.links, p.roles);
  const auto m = laplacian(p, network);
  const Eigen::VectorXd rhs = Eigen::VectorXd::Random(m.rows());
  for (auto _ : state) {
    Eigen::SimplicialLDLT<Matrix> solver(m);
    Eigen::VectorXd x = solver.solve(rhs);
    benchmark::DoNotOptimize(x.data());
  }
  state.counters["rows"] = static_cast<double>(m.rows());
  state.counters["entries"] = [&] {
    Eigen::SimplicialLDLT<Matrix> solver(m);
    return static_cast<double>(Matrix(solver.matrixL()).nonZeros());
  }();
}

void reconcile(benchmark::State& state) {
  const auto p = plant(static_cast<int>(state.range(0)));
  double entries = 0, closing = 0;
  for (auto _ : state) {
    const Network network(p.nodes, p.links, p.roles);
    const WeightedNetwork weighted(network, p.variance);
    const auto answer = weighted.reconcile({p.value, p.variance});
    benchmark::DoNotOptimize(answer.flow.data());
    entries = static_cast<double>(network.symbolic().entries());
    closing = answer.closing_relative;
  }
  state.counters["entries"] = entries;
  state.counters["closing"] = closing;
}

/// What the variances of all streams, metered or not, cost on top.
void all_variances(benchmark::State& state) {
  const auto p = plant(static_cast<int>(state.range(0)));
  const Network network(p.nodes, p.links, p.roles);
  double foster = 0;
  for (auto _ : state) {
    state.PauseTiming();
    WeightedNetwork weighted(network, p.variance);
    state.ResumeTiming();
    weighted.select();
    const auto variance = weighted.variances();
    benchmark::DoNotOptimize(variance.data());
    state.PauseTiming();
    foster = -network.rank();
    for (const double share : weighted.leverages()) foster += share;
    state.ResumeTiming();
  }
  state.counters["foster"] = foster;
}

void scattered_reconcile(benchmark::State& state) {
  const auto p = scattered(static_cast<int>(state.range(0)));
  double closing = 0, iterative = 0;
  for (auto _ : state) {
    const Network network(p.nodes, p.links, p.roles);
    const WeightedNetwork weighted(network, p.variance);
    const auto answer = weighted.reconcile({p.value, p.variance});
    benchmark::DoNotOptimize(answer.flow.data());
    closing = answer.closing_relative;
    iterative = network.iterative();
  }
  state.counters["closing"] = closing;
  state.counters["iterative"] = iterative;
}

/// A third of the streams at their lower bound, far harsher than a plant: the readings ask for flows in both
/// directions.
void bounded(benchmark::State& state) {
  auto p = plant(static_cast<int>(state.range(0)));
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  Model model;
  model.nodes = p.nodes;
  for (std::size_t j = 0; j < p.links.size(); ++j)
    model.streams.push_back({p.links[j], Role::measured, normal(random) + 0.3, 0.5 + 0.5 * std::fabs(normal(random))});
  double active = 0, factorisations = 0, closing = 0;
  Options options;
  options.most_suspects = 0;
  for (auto _ : state) {
    const auto answer = reconcile(model, options);
    active = static_cast<double>(answer->active_bounds) / static_cast<double>(model.streams.size());
    factorisations = answer->factorisations;
    closing = answer->closing_relative;
  }
  state.counters["active_share"] = active;
  state.counters["factorisations"] = factorisations;
  state.counters["closing"] = closing;
}

/// The least of the repetitions: other work on the machine only adds.
double least(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }

void sizes(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(1000, 1000000)->Unit(benchmark::kMillisecond)->ComputeStatistics("least", least);
}

BENCHMARK(reference)->Apply(sizes);
BENCHMARK(reconcile)->Apply(sizes);
BENCHMARK(all_variances)->Apply(sizes);
BENCHMARK(bounded)->RangeMultiplier(10)->Range(1000, 100000)->Unit(benchmark::kMillisecond);
BENCHMARK(scattered_reconcile)->RangeMultiplier(10)->Range(10000, 1000000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace qy::engine::balance
