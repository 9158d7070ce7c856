// Portfolios of 200 options over three years with exclusions and prerequisites, beside Cbc as its command line runs it,
// each with the same ten seconds and one thread.
#include <benchmark/benchmark.h>

#include <ctime>
#include <random>

#include "engine/milp/plain_cbc.h"
#include "engine/portfolio/instance.h"

namespace qy::engine::portfolio {
namespace {

constexpr double kSeconds = 10;

enum Kind : std::int64_t { free_values, values_near_cost, years_to_choose, shared_streams };

Problem drawn(Kind kind, unsigned seed) {
  std::mt19937 random(seed);
  const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  constexpr int kOptions = 200, kYears = 3;
  Problem problem;
  std::vector<int> total(kYears, 0);
  for (int k = 0; k < kOptions; ++k) {
    Option option{.id = std::to_string(k)};
    int cost = 0;
    const int paid = kind == years_to_choose ? 1 : kYears;
    for (int t = 0; t < paid; ++t) {
      const auto part = draw(5, 100);
      option.cost.push_back(part);
      total[static_cast<std::size_t>(t)] += part;
      cost += part;
    }
    const int value = kind == free_values ? draw(20, 400) : cost + draw(1, 60);
    option.value = value;
    option.effects["water"] = draw(0, 20);
    if (kind == years_to_choose)
      for (int year = 1; year <= kYears; ++year)
        option.starts.push_back({year, Decimal(value - (year - 1) * draw(1, 8))});
    if (k > 0 && draw(0, 4) == 0) option.needs = {std::to_string(draw(0, k - 1))};
    if (k > 0 && draw(0, 3) == 0) {
      const auto other = std::to_string(draw(0, k - 1));
      if (option.needs.empty() || option.needs[0] != other) option.excludes = {other};
    }
    if (kind == shared_streams && draw(0, 1))
      option.savings["s" + std::to_string(k % 10)] = Decimal::of("0.01") * Decimal(draw(1, 20));
    problem.options.push_back(option);
  }
  if (kind == shared_streams)
    for (int s = 0; s < 10; ++s) problem.streams.push_back({"s" + std::to_string(s), 1000, 1, "water"});
  for (const auto sum : total) problem.budget.push_back(kind == years_to_choose ? total[0] / 6 : sum / 3);
  problem.targets["water"] = 200;
  return problem;
}

/// Of this thread: other programs on the machine take nothing away.
double seconds_used() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void portfolio(benchmark::State& state) {
  const auto kind = static_cast<Kind>(state.range(0));
  const auto problem = drawn(kind, static_cast<unsigned>(state.range(1)));
  for (auto _ : state) {
    auto start = seconds_used();
    double proven = 0;
    const auto ours = choose(problem, Watch([&](double done) {
                               if (done < 0.9) proven = seconds_used() - start;
                               return seconds_used() - start < kSeconds;
                             }));
    state.counters["seconds"] = seconds_used() - start;
    state.counters["to_proof"] = proven;
    if (!ours) return state.SkipWithError(ours.error().code.c_str());
    state.counters["value"] = ours->best.objective;
    state.counters["gap_%"] = 100 * ours->gap;
    state.counters["listed"] = ours->optima_known;
    state.counters["nodes"] = static_cast<double>(ours->nodes);
    if (kind == shared_streams) continue;  // not linear: Cbc alone cannot
    state.PauseTiming();
    const Instance instance(problem, nullptr);
    start = seconds_used();
    const auto plain = milp::plain_cbc(instance.model(), kSeconds);
    state.counters["cbc_seconds"] = seconds_used() - start;
    state.counters["cbc_value"] = plain.objective / instance.unit();
    state.counters["cbc_gap_%"] = 100 * std::fabs(plain.bound - plain.objective) / std::fabs(plain.objective);
    state.ResumeTiming();
  }
}
BENCHMARK(portfolio)
    ->ArgNames({"kind", "seed"})
    ->ArgsProduct({{free_values, values_near_cost, years_to_choose, shared_streams}, {1, 2, 3}})
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kSecond);

}  // namespace
}  // namespace qy::engine::portfolio
