#include "engine/balance/conjugate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/balance/approximate.h"

namespace qy::engine::balance {
namespace {

using std::size_t;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

Conjugate::Conjugate(const Network& network, std::span<const double> variance) {
  const auto rows = static_cast<size_t>(network.rank());
  const auto ends = network.ends();
  const auto classes = network.classes();
  std::vector<WeightedPair> pairs;
  for (size_t j = 0; j < ends.size(); ++j) {
    if (classes[j] != Class::redundant) continue;
    const auto [low, high] = std::minmax(ends[j].from, ends[j].to);
    pairs.push_back({high, low, variance[j]});
  }
  ApproximateFactor factor(network.rank(), pairs);
  place_ = std::move(factor.place);

  std::vector<double> diagonal(rows, 0.0);
  std::vector<int> begin(rows + 1, 0);
  for (auto& [first, second, weight] : pairs) {
    first = place_[static_cast<size_t>(first)];
    diagonal[static_cast<size_t>(first)] += weight;
    if (second < 0) continue;
    second = place_[static_cast<size_t>(second)];
    diagonal[static_cast<size_t>(second)] += weight;
    if (first < second) std::swap(first, second);
    ++begin[static_cast<size_t>(first) + 1];
  }
  for (size_t k = 0; k < rows; ++k) begin[k + 1] += begin[k];
  std::vector<std::pair<int, double>> entries(static_cast<size_t>(begin[rows]));
  auto cursor = begin;
  for (const auto& [first, second, weight] : pairs)
    if (second >= 0) entries[static_cast<size_t>(cursor[static_cast<size_t>(first)]++)] = {second, weight};
  start_.push_back(0);
  for (size_t k = 0; k < rows; ++k) {
    std::sort(entries.begin() + begin[k], entries.begin() + begin[k + 1]);
    for (int at = begin[k]; at < begin[k + 1]; ++at) {
      const auto [column, weight] = entries[static_cast<size_t>(at)];
      if (static_cast<int>(column_.size()) > start_.back() && column_.back() == column) {
        weight_.back() += weight;
      } else {
        column_.push_back(column);
        weight_.push_back(weight);
      }
    }
    start_.push_back(static_cast<int>(column_.size()));
  }

  // Everything in the scale in which the diagonal is 1: variances may be many powers of ten apart.
  scale_.resize(rows);
  for (size_t k = 0; k < rows; ++k) scale_[k] = 1 / std::sqrt(diagonal[k]);
  inverse_pivot_.resize(rows);
  factor_start_ = std::move(factor.start);
  factor_row_ = std::move(factor.row);
  factor_.resize(factor_row_.size());
  for (size_t k = 0; k < rows; ++k) {
    for (int at = start_[k]; at < start_[k + 1]; ++at)
      weight_[static_cast<size_t>(at)] *= scale_[k] * scale_[static_cast<size_t>(column_[static_cast<size_t>(at)])];
    inverse_pivot_[k] = static_cast<float>(1 / (factor.pivot[k] * scale_[k] * scale_[k]));
    for (int at = factor_start_[k]; at < factor_start_[k + 1]; ++at) {
      const auto other = static_cast<size_t>(factor_row_[static_cast<size_t>(at)]);
      factor_[static_cast<size_t>(at)] =
          static_cast<float>(factor.share[static_cast<size_t>(at)] * scale_[other] / scale_[k]);
    }
  }
}

void Conjugate::multiply(std::span<const double> x, std::span<double> out) const {
  for (size_t k = 0; k < x.size(); ++k) {
    const double own = x[k];
    double value = own;
    for (int at = start_[k]; at < start_[k + 1]; ++at) {
      const auto other = static_cast<size_t>(column_[static_cast<size_t>(at)]);
      value -= weight_[static_cast<size_t>(at)] * x[other];
      out[other] -= weight_[static_cast<size_t>(at)] * own;
    }
    out[k] = value;
  }
}

void Conjugate::precondition(std::span<const double> r, std::span<float> out) const {
  const auto size = r.size();
  for (size_t k = 0; k < size; ++k) out[k] = static_cast<float>(r[k]);
  for (size_t k = 0; k < size; ++k) {
    const float value = out[k];
    for (int at = factor_start_[k]; at < factor_start_[k + 1]; ++at)
      out[static_cast<size_t>(factor_row_[static_cast<size_t>(at)])] += factor_[static_cast<size_t>(at)] * value;
  }
  for (size_t k = size; k-- > 0;) {
    float value = out[k] * inverse_pivot_[k];
    for (int at = factor_start_[k]; at < factor_start_[k + 1]; ++at)
      value += factor_[static_cast<size_t>(at)] * out[static_cast<size_t>(factor_row_[static_cast<size_t>(at)])];
    out[k] = value;
  }
}

void Conjugate::solve(std::span<double> x) const {
  constexpr double kTolerance = 3e-7;
  constexpr int kMost = 3000;
  const auto size = x.size();
  std::vector<double> r(size), p(size), q(size);
  std::vector<float> z(size);
  double norm = 0;
  for (size_t i = 0; i < size; ++i) {
    const auto k = static_cast<size_t>(place_[i]);
    r[k] = x[i] * scale_[k];
    norm = std::max(norm, std::fabs(r[k]));
  }
  if (!(norm > 0)) {
    std::fill(x.begin(), x.end(), 0.0);
    return;
  }
  std::vector<double> solution(size, 0.0);
  for (auto& value : r) value /= norm;
  const double target = kTolerance * kTolerance * dot(r, r);
  precondition(r, z);
  std::copy(z.begin(), z.end(), p.begin());
  double rho = 0;
  for (size_t i = 0; i < size; ++i) rho += r[i] * z[i];
  for (int step = 0; step < kMost; ++step) {
    multiply(p, q);
    const double alpha = rho / dot(p, q);
    if (!std::isfinite(alpha)) break;
    double left = 0;
    for (size_t i = 0; i < size; ++i) {
      solution[i] += alpha * p[i];
      r[i] -= alpha * q[i];
      left += r[i] * r[i];
    }
    if (left <= target) break;
    precondition(r, z);
    double next = 0;
    for (size_t i = 0; i < size; ++i) next += r[i] * z[i];
    const double beta = next / rho;
    rho = next;
    for (size_t i = 0; i < size; ++i) p[i] = z[i] + beta * p[i];
  }
  for (size_t i = 0; i < size; ++i) {
    const auto k = static_cast<size_t>(place_[i]);
    x[i] = solution[k] * norm * scale_[k];
  }
}

}  // namespace qy::engine::balance
