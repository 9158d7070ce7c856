// Chains of proposals per second, one thread. Reference: the same formulas on bare doubles, without exact texts.
#include <benchmark/benchmark.h>

#include <cmath>

#include "base/id.h"
#include "engine/economics/risk.h"

namespace {

using namespace qy;
using namespace qy::engine;

/// Proposals as people type them: two decimals, 5–15 years.
const std::vector<economics::Proposal>& proposals() {
  static const auto all = [] {
    SeededRandom random(1);
    std::vector<economics::Proposal> out(1024);
    for (auto& proposal : out) {
      proposal.investment = *Decimal::of_parts(static_cast<std::int64_t>(500 + random.below(100'000)), 2);
      proposal.annual_saving = *Decimal::of_parts(static_cast<std::int64_t>(proposal.investment.coefficient()) / 10 +
                                                      static_cast<std::int64_t>(random.below(20'000)),
                                                  2);
      proposal.depreciation_years = 5 + static_cast<int>(random.below(10));
      proposal.years = 5 + static_cast<int>(random.below(10));
      proposal.tax_rate = Decimal::of("0.25");
      proposal.discount_rate = *Decimal::of_parts(static_cast<std::int64_t>(4 + random.below(8)), 2);
    }
    return out;
  }();
  return all;
}

void handbook_chain(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(economics::handbook_of(proposals()[i++ % 1024]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(handbook_chain);

struct Plain {
  double investment, saving, tax, rate, depreciation_years, years;
};
struct Chain {
  double d, t, e, f, n, npv, npvr, irr;
};

Chain plain_chain(const Plain& p) {
  const double d = p.investment / p.depreciation_years, t = p.saving - d, e = t > 0 ? t * (1 - p.tax) : t, f = e + d;
  const auto npv = [&](double r) { return f * (1 - std::pow(1 + r, -p.years)) / r - p.investment; };
  double low = -0.99, high = 1000;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (npv(middle) > 0 ? low : high) = middle;
  }
  return {d, t, e, f, p.investment / f, npv(p.rate), npv(p.rate) / p.investment, low};
}

void reference_doubles_with_bisection(benchmark::State& state) {
  std::vector<Plain> plain;
  for (const auto& p : proposals())
    plain.push_back({p.investment.to_double(), p.annual_saving.to_double(), p.tax_rate.to_double(),
                     p.discount_rate.to_double(), static_cast<double>(p.depreciation_years),
                     static_cast<double>(p.years)});
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(plain_chain(plain[i++ % 1024]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(reference_doubles_with_bisection);

/// Handbook and engineering, the table before and after tax, all roots.
void whole_appraisal(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(economics::appraise(proposals()[i++ % 1024]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(whole_appraisal);

void monte_carlo_draws(benchmark::State& state) {
  economics::Simulation simulation;
  simulation.draws = 10'000;
  simulation.spreads = {
      {economics::Input::annual_saving, economics::Spread::Kind::triangular, 1, Decimal::of("1.58"), 2},
      {economics::Input::investment, economics::Spread::Kind::normal, 10, 1, 0}};
  economics::Proposal proposal;
  proposal.investment = 10;
  proposal.annual_saving = Decimal::of("1.58");
  proposal.tax_rate = Decimal::of("0.25");
  proposal.discount_rate = Decimal::of("0.06");
  const economics::Subject subject(proposal);
  for (auto _ : state) benchmark::DoNotOptimize(economics::simulate(subject, simulation, {}));
  state.SetItemsProcessed(state.iterations() * simulation.draws);
}
BENCHMARK(monte_carlo_draws);

}  // namespace
