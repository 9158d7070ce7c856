#include <algorithm>
#include <cmath>

#include "engine/benchmark/benchmark.h"

namespace qy::engine::benchmark {

double quantile(std::span<const double> sorted, double p, int type) {
  const auto n = static_cast<double>(sorted.size());
  const double at = type == 6 ? (n + 1) * p : type == 7 ? (n - 1) * p + 1 : (n + 1.0 / 3) * p + 1.0 / 3;
  if (at <= 1) return sorted.front();
  if (at >= n) return sorted.back();
  const double whole = std::floor(at);
  const auto low = static_cast<std::size_t>(whole) - 1;
  return std::lerp(sorted[low], sorted[low + 1], at - whole);
}

Ranks rank_interval(std::size_t n, double p, double confidence) {
  const auto count = static_cast<std::int64_t>(n);
  const double tail = (1 - confidence) / 2;
  // How many values lie below the quantile is binomial: the smallest k with P(X ≤ k) > tail, and ≥ 1 − tail.
  const auto smallest = [&](auto enough) {
    std::int64_t low = 0, high = count;
    while (low < high) {
      const auto middle = low + (high - low) / 2;
      if (enough(middle))
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  };
  const auto lower = smallest([&](auto k) { return statistics::binomial_cdf(k, count, p) > tail; });
  const auto upper = smallest([&](auto k) { return statistics::binomial_survival(k + 1, count, p) <= tail; }) + 1;
  return {static_cast<std::size_t>(lower), static_cast<std::size_t>(upper),
          statistics::binomial_cdf(upper - 1, count, p) - statistics::binomial_cdf(lower - 1, count, p)};
}

}  // namespace qy::engine::benchmark
