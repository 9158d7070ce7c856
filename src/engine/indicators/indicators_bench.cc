// Evaluations of 25 rows per second, one thread, run at the root where the packs are. Reference: what any evaluation
// must at least do, in doubles and without names, texts or limits that follow a parameter.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

#include "base/id.h"
#include "engine/indicators/indicators.h"
#include "rules/library.h"

namespace {

using namespace qy;
using namespace qy::engine;

const rules::Library& packs() {
  static const auto loaded = rules::Library::load("packs");
  if (!loaded.library) {
    std::cerr << "run at the root, where the packs are\n";
    std::exit(1);
  }
  return *loaded.library;
}

const rules::IndicatorSystem& system_of_rules() { return *packs().find_system("electroplating-2015"); }

/// Plants that answer every row, some with a row that does not apply.
std::vector<indicators::Input> plants(bool explain) {
  SeededRandom random(3);
  std::vector<indicators::Input> out(64);
  for (auto& input : out) {
    input.on = Date(2026, 6, 30);
    input.explain = explain;
    input.parameters = {{"n", Decimal(1 + static_cast<std::int64_t>(random.below(4)))}};
    for (const auto& group : system_of_rules().groups)
      for (const auto& row : group.rows) {
        auto& answer = input.answers[row.id];
        const char* levels[] = {"I", "II", "III"};
        if (random.below(50) == 0)
          answer.not_applicable = "没有此项";
        else if (row.quantitative)
          answer.value = Quantity{*Decimal::of_parts(static_cast<std::int64_t>(random.below(10'000)), 2), Unit()};
        else
          answer.level = levels[random.below(3)];
      }
  }
  return out;
}

void run(benchmark::State& state, bool explain) {
  const auto inputs = plants(explain);
  const auto& rule = *packs().find_level_rule(system_of_rules().level_rule);
  const indicators::Prepared prepared(system_of_rules(), rule);
  std::size_t i = 0;
  for (auto _ : state) {
    auto result = prepared.evaluate(inputs[i++ % inputs.size()]);
    if (!result) state.SkipWithError(result.error().code.c_str());
    benchmark::DoNotOptimize(result);
  }
  state.SetItemsProcessed(state.iterations());
}

void evaluations(benchmark::State& state) { run(state, false); }
BENCHMARK(evaluations);
void evaluations_with_explanation(benchmark::State& state) { run(state, true); }
BENCHMARK(evaluations_with_explanation);

void reference_doubles(benchmark::State& state) {
  SeededRandom random(3);
  double limits[25][3], weights[25], values[64][25];
  for (auto& row : limits)
    for (auto& limit : row) limit = static_cast<double>(random.below(100));
  for (auto& weight : weights) weight = 1.0 / 25;
  for (auto& plant : values)
    for (auto& value : plant) value = static_cast<double>(random.below(100));
  std::size_t i = 0;
  for (auto _ : state) {
    double sums[3] = {};
    const auto& plant = values[i++ % 64];
    for (int row = 0; row < 25; ++row)
      for (int level = 0; level < 3; ++level)
        if (plant[row] <= limits[row][level]) sums[level] += weights[row];
    benchmark::DoNotOptimize(sums);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(reference_doubles);

}  // namespace
