#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/statistics/statistics.h"

namespace qy::engine::statistics {
namespace {

double middle(std::span<const double> sorted) {
  const auto n = sorted.size();
  return n % 2 ? sorted[n / 2] : sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
}

/// How many pairs of `sorted` are at most `width` apart.
std::uint64_t pairs_within(std::span<const double> sorted, double width) {
  std::uint64_t pairs = 0;
  std::size_t first = 0;
  for (std::size_t last = 0; last < sorted.size(); ++last) {
    while (sorted[last] - sorted[first] > width) ++first;
    pairs += last - first;
  }
  return pairs;
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return middle(values);
}

double mad(std::span<const double> sorted) {
  if (sorted.size() < 2) return 0;
  const double centre = middle(sorted);
  std::vector<double> away;
  for (const auto x : sorted) away.push_back(std::fabs(x - centre));
  return 1.482602218505602 * median(std::move(away));
}

double sn(std::span<const double> sorted) {
  const auto n = sorted.size();
  if (n < 2) return 0;
  // The n/2 + 1 points nearest to a point, itself among them, stand side by side: a window that only moves up.
  const auto near = n / 2 + 1;
  std::vector<double> widths;
  std::size_t left = 0;
  for (const auto x : sorted) {
    while (left + near < n && sorted[left + near] - x < x - sorted[left]) ++left;
    widths.push_back(std::max(x - sorted[left], sorted[left + near - 1] - x));
  }
  const auto low_median = widths.begin() + static_cast<std::ptrdiff_t>((n + 1) / 2 - 1);
  std::nth_element(widths.begin(), low_median, widths.end());
  static constexpr std::array<double, 10> kSmall{0, 0, 0.743, 1.851, 0.954, 1.351, 0.993, 1.198, 1.005, 1.131};
  const auto count = static_cast<double>(n);
  const double correction = n < kSmall.size() ? kSmall[n] : n % 2 ? count / (count - 0.9) : 1;
  return 1.1926 * correction * *low_median;
}

double qn(std::span<const double> sorted) {
  const auto n = sorted.size();
  if (n < 2) return 0;
  const std::uint64_t half = n / 2 + 1, wanted = half * (half - 1) / 2;
  // The smallest width that holds enough pairs, found bit by bit: doubles ≥ 0 are ordered as their patterns are.
  auto low = std::bit_cast<std::uint64_t>(0.0), high = std::bit_cast<std::uint64_t>(sorted.back() - sorted.front());
  while (low < high) {
    const auto between = low + (high - low) / 2;
    if (pairs_within(sorted, std::bit_cast<double>(between)) >= wanted)
      high = between;
    else
      low = between + 1;
  }
  static constexpr std::array<double, 10> kSmall{0, 0, 0.399, 0.994, 0.512, 0.844, 0.611, 0.857, 0.669, 0.872};
  const auto count = static_cast<double>(n);
  const double correction = n < kSmall.size() ? kSmall[n] : n % 2 ? count / (count + 1.4) : count / (count + 3.8);
  return 2.2219 * correction * std::bit_cast<double>(low);
}

double mean_deviation(std::span<const double> sorted) {
  if (sorted.size() < 2) return 0;
  const double centre = middle(sorted);
  double sum = 0;
  for (const auto x : sorted) sum += std::fabs(x - centre);
  return 1.2533141373155 * sum / static_cast<double>(sorted.size());
}

Robust robust(std::span<const double> sorted) {
  if (sorted.empty()) return {};
  const double centre = middle(sorted);
  static constexpr std::array<std::pair<Spread, double (*)(std::span<const double>)>, 4> kInOrder{
      {{Spread::mad, mad}, {Spread::sn, sn}, {Spread::qn, qn}, {Spread::mean_deviation, mean_deviation}}};
  for (const auto& [by, measure] : kInOrder)
    if (const double spread = measure(sorted); spread > 0) return {centre, spread, by};
  return {centre, 0, Spread::none};
}

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

std::uint64_t Random::next() { return mixed(state_ += 0x9e3779b97f4a7c15u); }
double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
std::uint64_t Random::below(std::uint64_t end) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * end) >> 64);
}
double Random::normal() { return normal_quantile(uniform() + 0x1p-54); }

}  // namespace qy::engine::statistics
