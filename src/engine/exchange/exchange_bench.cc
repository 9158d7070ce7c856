// Parks whose pairs are dear to connect, beside Cbc as its command line runs it on the same program, each with the same
// ten seconds and one thread.
#include <benchmark/benchmark.h>

#include <cmath>
#include <ctime>
#include <random>

#include "engine/exchange/parts.h"
#include "engine/milp/plain_cbc.h"

namespace qy::engine::exchange {
namespace {

constexpr double kSeconds = 10;

enum Kind : std::int64_t { two_limits, no_limits, units_and_partners };

/// Firms in a square of ten kilometres; a pipe costs by its length, to build and for every unit.
Network drawn(Kind kind, int sources, int sinks, unsigned seed) {
  std::mt19937 random(seed);
  const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  struct Place {
    int x, y;
  };
  const auto place = [&] { return Place{draw(0, 100), draw(0, 100)}; };
  Network problem;
  problem.fresh = Fresh{{{"cod", 5}, {"salt", 50}}, 4, std::nullopt};
  problem.waste_cost = 2;
  std::vector<Place> from, to;
  for (int s = 0; s < sources; ++s) {
    from.push_back(place());
    problem.sources.push_back({.id = "S" + std::to_string(s), .flow = static_cast<double>(draw(50, 600)) / 10});
    problem.sources.back().quality = {{"cod", draw(20, 400)}, {"salt", draw(80, 900)}};
    if (kind == units_and_partners && draw(0, 2) == 0) problem.sources.back().max_partners = 2;
  }
  for (int k = 0; k < sinks; ++k) {
    to.push_back(place());
    problem.sinks.push_back({.id = "K" + std::to_string(k), .flow = static_cast<double>(draw(50, 600)) / 10});
    if (kind != no_limits) problem.sinks.back().max = {{"cod", draw(30, 300)}, {"salt", draw(150, 700)}};
    if (kind == units_and_partners && draw(0, 2) == 0) problem.sinks.back().max_partners = 3;
  }
  const auto connect = [&](const std::string& a, Place p, const std::string& b, Place q) {
    const auto kilometres = std::hypot(p.x - q.x, p.y - q.y) / 10;
    problem.arcs.push_back(
        {.from = a, .to = b, .fixed_cost = std::round(10 + 12 * kilometres), .unit_cost = 0.1 * kilometres});
  };
  for (int s = 0; s < sources; ++s)
    for (int k = 0; k < sinks; ++k)
      connect(problem.sources[static_cast<std::size_t>(s)].id, from[static_cast<std::size_t>(s)],
              problem.sinks[static_cast<std::size_t>(k)].id, to[static_cast<std::size_t>(k)]);
  if (kind == units_and_partners)
    for (int u = 0; u < 4; ++u) {
      const auto here = place();
      Regenerator unit{.id = "R" + std::to_string(u), .outlet = {{"cod", 20}, {"salt", 60 + 40 * u}}};
      unit.recovery = 0.8;
      unit.fixed_cost = 60;
      unit.unit_cost = 1.2;
      unit.max_flow = 150;
      for (int s = 0; s < sources; ++s)
        connect(problem.sources[static_cast<std::size_t>(s)].id, from[static_cast<std::size_t>(s)], unit.id, here);
      for (int k = 0; k < sinks; ++k)
        connect(unit.id, here, problem.sinks[static_cast<std::size_t>(k)].id, to[static_cast<std::size_t>(k)]);
      problem.regenerators.push_back(unit);
    }
  return problem;
}

/// Of this thread: other programs on the machine take nothing away.
double seconds_used() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double gap(double bound, double value) { return 100 * std::fabs(bound - value) / std::fabs(value); }

void exchange(benchmark::State& state) {
  const auto kind = static_cast<Kind>(state.range(0));
  const auto size = static_cast<int>(state.range(1));
  const auto problem = drawn(kind, size, size, static_cast<unsigned>(state.range(2)));
  for (auto _ : state) {
    auto start = seconds_used();
    const auto ours = design(problem, Sharing::none, Watch([&](double) { return seconds_used() - start < kSeconds; }));
    state.counters["seconds"] = seconds_used() - start;
    if (!ours) return state.SkipWithError(ours.error().code.c_str());
    state.counters["cost"] = ours->cost;
    state.counters["gap_%"] = gap(ours->bound, ours->cost);
    state.PauseTiming();
    start = seconds_used();
    const auto plain = milp::plain_cbc(plain_program(problem), kSeconds);
    state.counters["cbc_seconds"] = seconds_used() - start;
    state.counters["cbc_cost"] = plain.objective;
    state.counters["cbc_gap_%"] = gap(plain.bound, plain.objective);
    state.ResumeTiming();
  }
}
BENCHMARK(exchange)
    ->ArgNames({"kind", "size", "seed"})
    ->ArgsProduct({{two_limits, no_limits}, {12, 44}, {1, 2}})
    ->ArgsProduct({{units_and_partners}, {10, 28}, {1, 2}})
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kSecond);

}  // namespace
}  // namespace qy::engine::exchange
