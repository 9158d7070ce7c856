// How long an examination takes, and the rates of rates.cc: QY_WORLDS=1000 QY_SEED=2026 build/bench/plausibility_bench
// --benchmark_filter=measure_rates prints the table as it stands there.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "engine/plausibility/simulation.h"

namespace qy::engine::plausibility {
namespace {

int number_of(const char* name, int absent) {
  const char* text = std::getenv(name);
  return text ? std::atoi(text) : absent;
}

void examine_a_world(benchmark::State& state) {
  statistics::Random random(1);
  auto world = honest_world(random);
  world.batches.clear();
  std::size_t numbers = 0;
  for (const auto& report : world.reports) numbers += report.numbers.size();
  for (auto _ : state) benchmark::DoNotOptimize(examine(world));
  state.counters["numbers/s"] =
      benchmark::Counter(static_cast<double>(numbers), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(examine_a_world)->Unit(benchmark::kMillisecond);

void measure_rates(benchmark::State& state) {
  for (auto _ : state) {
    const auto rates = measure(static_cast<std::uint64_t>(number_of("QY_SEED", 2026)), number_of("QY_WORLDS", 20));
    for (const auto& rate : *rates)
      std::printf("      {Check::%s, \"%s\", %d, %d, %d, %d, {%d, %d, %d, %d, %d}},\n", name_of(rate.check), rate.per,
                  rate.honest, rate.alarms, rate.seeded, rate.found, rate.beyond[0], rate.beyond[1], rate.beyond[2],
                  rate.beyond[3], rate.beyond[4]);
  }
}
BENCHMARK(measure_rates)->Unit(benchmark::kSecond)->Iterations(1);

/// How much an office sees of honest industries: findings that stand out at the usual false discovery rate.
void honest_industries(benchmark::State& state) {
  const int worlds = number_of("QY_WORLDS", 20);
  int standing_out = 0, with_any = 0;
  for (auto _ : state) {
    statistics::Random random(static_cast<std::uint64_t>(number_of("QY_SEED", 2026)) + 1);
    for (int i = 0; i < worlds; ++i) {
      const auto world = honest_world(random);
      const auto answer = examine(world);
      const auto count = std::count_if(answer->findings.begin(), answer->findings.end(),
                                       [&](const auto& finding) { return finding.q <= world.fdr; });
      standing_out += static_cast<int>(count);
      with_any += count > 0;
    }
  }
  state.counters["worlds"] = worlds;
  state.counters["stand_out"] = standing_out;
  state.counters["worlds_with_any"] = with_any;
}
BENCHMARK(honest_industries)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace qy::engine::plausibility
