#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/benchmark/benchmark.h"

namespace qy::engine::benchmark {
namespace {

/// The critical value of the largest |x − mean|/s among `n` normal values.
double critical(double n, double tail) {
  const double t = statistics::student_t_quantile(1 - tail, n - 2);
  return (n - 1) * t / std::sqrt(n * (n - 2 + t * t));
}

struct Farthest {
  std::size_t at;  ///< in the sorted range
  double statistic;
};

/// The value of a sorted range that is farthest from its mean, in standard deviations: one of its two ends.
Farthest farthest(std::span<const double> sorted) {
  const auto n = static_cast<double>(sorted.size());
  const double mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / n;
  double squares = 0;
  for (const auto x : sorted) squares += (x - mean) * (x - mean);
  const double sd = std::sqrt(squares / (n - 1));
  const bool top = sorted.back() - mean >= mean - sorted.front();
  const double away = top ? sorted.back() - mean : mean - sorted.front();
  return {top ? sorted.size() - 1 : 0, sd > 0 ? away / sd : 0};
}

std::vector<std::size_t> ascending(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  return order;
}

std::vector<double> taken(std::span<const double> values, const std::vector<std::size_t>& order) {
  std::vector<double> out;
  for (const auto at : order) out.push_back(values[at]);
  return out;
}

}  // namespace

Scores modified_z(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  Scores out{std::vector<double>(values.size(), 0.0), statistics::robust(sorted)};
  // The classic constant for MAD; the other measures estimate σ themselves.
  const bool classic = out.centre.by == statistics::Spread::mad;
  const double scale = classic ? statistics::mad(sorted) / 1.482602218505602 / 0.6745 : out.centre.spread;
  for (std::size_t i = 0; i < values.size() && scale > 0; ++i) out.z[i] = (values[i] - out.centre.centre) / scale;
  return out;
}

Esd generalised_esd(std::span<const double> values, std::size_t at_most, double alpha) {
  const auto order = ascending(values);
  const auto sorted = taken(values, order);
  Esd out;
  std::size_t first = 0, last = sorted.size();
  for (std::size_t step = 1; step <= at_most && last - first >= 3; ++step) {
    const auto left = std::span(sorted).subspan(first, last - first);
    const auto n = static_cast<double>(left.size());
    const auto [at, statistic] = farthest(left);
    out.steps.push_back({order[first + at], statistic, critical(n, alpha / (2 * n))});
    if (statistic > out.steps.back().critical) out.outliers = step;
    if (at == 0)
      ++first;
    else
      --last;
  }
  return out;
}

Grubbs grubbs(std::span<const double> values, double alpha, bool two_sided) {
  const auto order = ascending(values);
  const auto sorted = taken(values, order);
  const auto [at, statistic] = farthest(sorted);
  const auto n = static_cast<double>(values.size());
  return {order[at], statistic, critical(n, alpha / (two_sided ? 2 * n : n))};
}

}  // namespace qy::engine::benchmark
