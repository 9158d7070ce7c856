// 100 000 reports of 10 KB: indexing and asking. Beside it the usual way, a MinHash of 128 functions over the whole
// report, which sees no copied passage of a fifth of a report.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <thread>

#include "engine/similarity/shingles.h"
#include "engine/similarity/similarity.h"

namespace qy::engine::similarity {
namespace {

using statistics::Random;

constexpr std::size_t kReports = 100000, kBytes = 10000;

void put(std::string& out, char32_t c) {
  out += static_cast<char>(0xe0 | (c >> 12));
  out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
  out += static_cast<char>(0x80 | (c & 0x3f));
}

/// Words of two or three characters, used as often as words are (Zipf), with numbers and full stops between them.
class Writer {
 public:
  Writer() {
    Random random(1);
    for (int i = 0; i < 30000; ++i) {
      words_.emplace_back();
      for (auto left = 2 + random.below(2); left > 0; --left)
        put(words_.back(), 0x4e00 + static_cast<char32_t>(random.below(2500)));
    }
    form_ = prose(random, 2500);
  }
  std::string prose(Random& random, std::size_t bytes) const {
    std::string out;
    while (out.size() < bytes) {
      out += words_[static_cast<std::size_t>(std::exp(random.uniform() * std::log(30000.0))) - 1];
      if (random.below(8) == 0) out += std::to_string(random.below(100000));
      if (random.below(10) == 0) out += random.below(3) ? "，" : "。";
    }
    return out;
  }
  /// A quarter is the form's text; the rest is the enterprise's own.
  std::string report(std::uint64_t number) const {
    Random random(number * 2654435761u + 5);
    return prose(random, kBytes / 4) + form_ + prose(random, kBytes / 2);
  }

 private:
  std::vector<std::string> words_;
  std::string form_;
};

struct World {
  World() : reports(kReports) {
    const Writer writer;
    for (std::size_t i = 0; i < kReports; ++i) reports[i] = writer.report(i);
    // Every hundredth report has copied some 700 characters of an earlier one.
    for (std::size_t i = 100; i < kReports; i += 100) {
      const auto& source = reports[i - 57];
      auto from = source.size() * 6 / 10;
      while ((static_cast<unsigned char>(source[from]) & 0xc0) == 0x80) ++from;
      auto to = from + 2000;
      while ((static_cast<unsigned char>(source[to]) & 0xc0) == 0x80) ++to;
      reports[i] += source.substr(from, to - from);
      ++copies;
    }
  }
  std::vector<std::string> reports;
  std::size_t copies = 0;
};

const World& world() {
  static const World it;
  return it;
}

Index indexed(unsigned threads) {
  const auto& reports = world().reports;
  Index index(100, kReports);
  constexpr std::size_t kBatch = 2048;
  std::vector<Fingerprint> prints(kBatch);
  for (std::size_t first = 0; first < reports.size(); first += kBatch) {
    const auto count = std::min(kBatch, reports.size() - first);
    std::vector<std::thread> workers;
    for (unsigned worker = 0; worker < threads; ++worker)
      workers.emplace_back([&, worker] {
        for (std::size_t i = worker; i < count; i += threads) prints[i] = fingerprint(reports[first + i]);
      });
    for (auto& worker : workers) worker.join();
    for (std::size_t i = 0; i < count; ++i) index.add(prints[i]);
  }
  return index;
}

void index_reports(benchmark::State& state) {
  world();
  for (auto _ : state) {
    const auto index = indexed(static_cast<unsigned>(state.range(0)));
    state.counters["MB"] = static_cast<double>(index.memory()) / 1e6;
  }
  state.counters["reports/s"] = benchmark::Counter(kReports, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(index_reports)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void neighbours_of_one_report(benchmark::State& state) {
  static const auto index = indexed(2);
  const auto& reports = world().reports;
  std::size_t asked = 0, found = 0;
  double slowest = 0;
  for (auto _ : state) {
    const auto i = 100 * (1 + asked++ % (world().copies));
    const auto begin = std::chrono::steady_clock::now();
    const auto prints = fingerprint(reports[i]);
    const auto near = index.near(prints, 10, static_cast<std::uint32_t>(i));
    Text text(reports[i], {});
    text.discount(near.common);
    for (const auto& each : near.candidates) {
      const auto comparison = compare(Text(reports[each.report], {}), text);
      found += each.report == i - 57 && comparison.own > 500;
    }
    slowest = std::max(slowest, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  state.counters["found"] = static_cast<double>(found) / static_cast<double>(asked);
  state.counters["slowest_ms"] = slowest * 1e3;
}
BENCHMARK(neighbours_of_one_report)->Unit(benchmark::kMillisecond);

void fingerprint_one(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(fingerprint(world().reports[i++ % 1000]));
}
BENCHMARK(fingerprint_one)->Unit(benchmark::kMicrosecond);

void reference_minhash_128_of_whole_report(benchmark::State& state) {
  std::array<std::uint64_t, 128> factors;
  Random random(3);
  for (auto& factor : factors) factor = random.next() | 1;
  std::size_t i = 0;
  for (auto _ : state) {
    const auto letters = normalised(world().reports[i++ % 1000]).letters;
    std::array<std::uint64_t, 128> least;
    least.fill(std::numeric_limits<std::uint64_t>::max());
    Rolling rolling(kShingle);
    for (std::size_t at = 0; at < letters.size(); ++at) {
      rolling.take(letters[at]);
      if (at >= kShingle) rolling.leave(letters[at - kShingle]);
      const auto hash = rolling.hash();
      for (std::size_t f = 0; f < factors.size(); ++f) least[f] = std::min(least[f], hash * factors[f]);
    }
    benchmark::DoNotOptimize(least);
  }
}
BENCHMARK(reference_minhash_128_of_whole_report)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace qy::engine::similarity
