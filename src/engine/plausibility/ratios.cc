#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/plausibility/examination.h"

namespace qy::engine::plausibility {
namespace {

/// Logarithms of ratios of honest numbers are taken to spread at least so much; the chance below rests on it.
constexpr double kHonestSpread = 0.05;

}  // namespace

double log10_choose(std::size_t n, std::size_t k) {
  const auto of = [](std::size_t x) { return std::lgamma(static_cast<double>(x) + 1); };
  return (of(n) - of(k) - of(n - k)) / std::numbers::ln10;
}

std::string ratio_text(double ratio) {
  return ratio >= 0.01 && ratio < 1e6 ? Decimal::from_double(ratio, 4).str() : shown(ratio);
}

CommonRatio common_ratio(const std::vector<RatioInterval>& intervals) {
  // The point that most intervals hold: a sweep over their ends, lower ends first.
  std::vector<std::pair<double, int>> ends;
  for (const auto& interval : intervals) {
    ends.emplace_back(interval.low, 0);
    ends.emplace_back(interval.high, 1);
  }
  std::sort(ends.begin(), ends.end());
  std::size_t open = 0, most = 0;
  double best = 0, until = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i].second == 0 && ++open > most) {
      most = open;
      best = ends[i].first;
      until = i + 1 < ends.size() ? ends[i + 1].first : best;
    }
    if (ends[i].second == 1) --open;
  }
  CommonRatio out;
  const double middle = (best + until) / 2;
  double widths = 0;
  for (std::size_t i = 0; i < intervals.size(); ++i)
    if (intervals[i].low <= middle && middle <= intervals[i].high) {
      out.members.push_back(i);
      widths += std::log10(std::min(
          1.0, 2 * (intervals[i].high - intervals[i].low) / (kHonestSpread * std::sqrt(2 * std::numbers::pi))));
    }
  if (out.members.empty()) return out;
  out.ratio = std::exp(middle);
  const auto k = out.members.size(), n = intervals.size();
  // One interval is where it is; each of the others meets it with its share of the densest place.
  out.log10_chance = std::min(0.0, log10_choose(n, k) + std::log10(static_cast<double>(k)) +
                                       widths * (static_cast<double>(k) - 1) / static_cast<double>(k));
  return out;
}

}  // namespace qy::engine::plausibility
