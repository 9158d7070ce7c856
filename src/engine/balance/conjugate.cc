#include "engine/balance/conjugate.h"

#include <algorithm>
#include <cmath>
#include <utility>

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
  diagonal_.assign(rows, 0.0);
  std::vector<int> begin(rows + 1, 0);
  for (size_t j = 0; j < ends.size(); ++j) {
    if (classes[j] != Class::redundant) continue;
    const auto [a, b] = std::minmax(ends[j].from, ends[j].to);
    if (a >= 0) diagonal_[static_cast<size_t>(a)] += variance[j];
    diagonal_[static_cast<size_t>(b)] += variance[j];
    if (a >= 0) ++begin[static_cast<size_t>(b) + 1];
  }
  for (size_t k = 0; k < rows; ++k) begin[k + 1] += begin[k];
  std::vector<std::pair<int, double>> entries(static_cast<size_t>(begin[rows]));
  auto cursor = begin;
  for (size_t j = 0; j < ends.size(); ++j) {
    const auto [a, b] = std::minmax(ends[j].from, ends[j].to);
    if (classes[j] == Class::redundant && a >= 0)
      entries[static_cast<size_t>(cursor[static_cast<size_t>(b)]++)] = {a, variance[j]};
  }
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
  for (size_t k = 0; k < rows; ++k) scale_[k] = 1 / std::sqrt(diagonal_[k]);
  for (size_t k = 0; k < rows; ++k)
    for (int at = start_[k]; at < start_[k + 1]; ++at)
      weight_[static_cast<size_t>(at)] *= scale_[k] * scale_[static_cast<size_t>(column_[static_cast<size_t>(at)])];

  // L L' with the pattern of the matrix: row by row, against the rows before.
  std::vector<double> exact(weight_.size()), root(rows);
  for (size_t k = 0; k < rows; ++k) {
    double pivot = 1;
    for (int at = start_[k]; at < start_[k + 1]; ++at) {
      const auto other = static_cast<size_t>(column_[static_cast<size_t>(at)]);
      double value = -weight_[static_cast<size_t>(at)];
      int left = start_[k], right = start_[other];
      while (left < at && right < start_[other + 1]) {
        const int a = column_[static_cast<size_t>(left)], b = column_[static_cast<size_t>(right)];
        if (a == b) value -= exact[static_cast<size_t>(left)] * exact[static_cast<size_t>(right)];
        left += a <= b;
        right += b <= a;
      }
      value /= root[other];
      exact[static_cast<size_t>(at)] = value;
      pivot -= value * value;
    }
    root[k] = std::sqrt(std::max(pivot, 1e-6));
  }
  incomplete_.assign(exact.begin(), exact.end());
  inverse_pivot_.resize(rows);
  for (size_t k = 0; k < rows; ++k) inverse_pivot_[k] = static_cast<float>(1 / root[k]);
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
  for (size_t k = 0; k < r.size(); ++k) {
    auto value = static_cast<float>(r[k]);
    for (int at = start_[k]; at < start_[k + 1]; ++at)
      value -= incomplete_[static_cast<size_t>(at)] * out[static_cast<size_t>(column_[static_cast<size_t>(at)])];
    out[k] = value * inverse_pivot_[k];
  }
  for (size_t k = r.size(); k-- > 0;) {
    const float value = out[k] *= inverse_pivot_[k];
    for (int at = start_[k]; at < start_[k + 1]; ++at)
      out[static_cast<size_t>(column_[static_cast<size_t>(at)])] -= incomplete_[static_cast<size_t>(at)] * value;
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
    r[i] = x[i] * scale_[i];
    norm = std::max(norm, std::fabs(r[i]));
  }
  std::fill(x.begin(), x.end(), 0.0);
  if (!(norm > 0)) return;
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
      x[i] += alpha * p[i];
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
  for (size_t i = 0; i < size; ++i) x[i] *= norm * scale_[i];
}

}  // namespace qy::engine::balance
