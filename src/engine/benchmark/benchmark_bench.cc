// A survey of an industry, and quantiles of a large set by sketch, beside sorting the set.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>

#include "engine/benchmark/benchmark.h"

namespace qy::engine::benchmark {
namespace {

std::vector<double> intensities(std::size_t count) {
  statistics::Random random(1);
  std::vector<double> out(count);
  for (auto& value : out) value = std::exp(0.4 * random.normal());
  return out;
}

void survey_of_records(::benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  Survey asked;
  for (const auto value : intensities(count))
    asked.records.push_back(
        {"e" + std::to_string(asked.records.size()), value, {}, {std::to_string(asked.records.size() % 20)}, ""});
  for (auto _ : state) ::benchmark::DoNotOptimize(survey(asked));
  state.counters["records/s"] =
      ::benchmark::Counter(static_cast<double>(count), ::benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(survey_of_records)->Arg(1000)->Arg(50000)->Unit(::benchmark::kMillisecond);

void sketch_of_a_million(::benchmark::State& state) {
  const auto values = intensities(1000000);
  std::size_t kept = 0;
  for (auto _ : state) {
    Sketch sketch;
    for (const auto value : values) sketch.add(value);
    ::benchmark::DoNotOptimize(sketch.quantile(0.9));
    kept = 0;
    for (const auto& level : sketch.levels()) kept += level.size();
  }
  state.counters["values_kept"] = static_cast<double>(kept);
}
BENCHMARK(sketch_of_a_million)->Unit(::benchmark::kMillisecond);

void reference_sorting_a_million(::benchmark::State& state) {
  const auto values = intensities(1000000);
  for (auto _ : state) {
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    ::benchmark::DoNotOptimize(quantile(sorted, 0.9, 8));
  }
}
BENCHMARK(reference_sorting_a_million)->Unit(::benchmark::kMillisecond);

void qn_of_ten_thousand(::benchmark::State& state) {
  auto values = intensities(10000);
  std::sort(values.begin(), values.end());
  for (auto _ : state) ::benchmark::DoNotOptimize(statistics::qn(values));
}
BENCHMARK(qn_of_ten_thousand)->Unit(::benchmark::kMillisecond);

void reference_qn_by_all_pairs(::benchmark::State& state) {
  auto values = intensities(10000);
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2 + 1;
  for (auto _ : state) {
    std::vector<double> away;
    away.reserve(values.size() * (values.size() - 1) / 2);
    for (std::size_t i = 0; i < values.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) away.push_back(values[i] - values[j]);
    const auto wanted = away.begin() + static_cast<std::ptrdiff_t>(half * (half - 1) / 2 - 1);
    std::nth_element(away.begin(), wanted, away.end());
    ::benchmark::DoNotOptimize(*wanted);
  }
}
BENCHMARK(reference_qn_by_all_pairs)->Unit(::benchmark::kMillisecond);

}  // namespace
}  // namespace qy::engine::benchmark
