#include "engine/balance/block_laplacian.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

constexpr double kTrace = 1e-8;  ///< of regularisation, in the scale in which diagonals are 1
constexpr double kFillLimit = 2000;
constexpr int kMostRefinements = 8;

double largest(std::span<const double> values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::fabs(value));
  return most;
}

}  // namespace

BlockLaplacian::BlockLaplacian(std::span<const Role> roles, std::span<const double> variance,
                               std::span<const Covariance> covariances, std::span<const std::vector<int>> rows)
    : roles_(roles.begin(), roles.end()),
      covariance_(roles.size()),
      rows_(rows.begin(), rows.end()),
      unknown_(roles.size(), -1) {
  for (size_t v = 0; v < roles.size(); ++v) {
    if (roles[v] == Role::measured) covariance_[v].push_back({static_cast<int>(v), variance[v]});
    if (roles[v] != Role::unmeasured) continue;
    unknown_[v] = static_cast<int>(rows.size() + free_.size());
    free_.push_back(static_cast<int>(v));
  }
  for (const auto& [first, second, value] : covariances) {
    if (roles[at(first)] != Role::measured || roles[at(second)] != Role::measured) continue;
    covariance_[at(first)].push_back({second, value});
    covariance_[at(second)].push_back({first, value});
  }
  std::vector<std::vector<int>> touching(roles.size());
  std::vector<Pair> pairs;
  for (size_t i = 0; i < rows.size(); ++i)
    for (const int v : rows[i]) {
      if (unknown_[at(v)] >= 0) pairs.push_back({static_cast<int>(i), unknown_[at(v)]});
      if (roles[at(v)] == Role::measured) touching[at(v)].push_back(static_cast<int>(i));
    }
  for (size_t v = 0; v < roles.size(); ++v)
    for (const auto& [other, value] : covariance_[v])
      for (const int i : touching[v])
        for (const int k : touching[at(other)])
          if (i < k) pairs.push_back({i, k});
  symbolic_ = Symbolic(static_cast<int>(rows.size() + free_.size()), pairs, kFillLimit);
}

std::optional<BlockLaplacian::Step> BlockLaplacian::step(std::span<const std::vector<double>> coefficients,
                                                         std::span<const double> residual,
                                                         std::span<const double> deviation,
                                                         std::span<const char> held) {
  const auto rows = rows_.size(), variables = roles_.size(), size = rows + free_.size();
  std::vector<std::vector<Term>> columns(variables);
  for (size_t i = 0; i < rows; ++i)
    for (size_t t = 0; t < rows_[i].size(); ++t)
      if (const int v = rows_[i][t]; !held[at(v)] && roles_[at(v)] != Role::fixed && coefficients[i][t] != 0)
        columns[at(v)].push_back({static_cast<int>(i), coefficients[i][t]});
  const auto each_product = [&](auto&& take) {
    for (size_t v = 0; v < variables; ++v)
      for (const auto& [other, value] : covariance_[v])
        if (!held[v] && !held[at(other)])
          for (const auto& [i, a] : columns[v])
            for (const auto& [k, b] : columns[at(other)]) take(at(i), at(k), a * value * b);
  };

  // Rows in the scale in which V has 1 on its diagonal; a row without readings in that of its unmeasured variables.
  std::vector<double> scale(size, 0.0);
  each_product([&](size_t i, size_t k, double value) {
    if (i == k) scale[i] += value;
  });
  for (size_t i = 0; i < rows; ++i) {
    if (!(scale[i] > 0))
      for (size_t t = 0; t < rows_[i].size(); ++t) scale[i] = std::max(scale[i], std::pow(coefficients[i][t], 2));
    scale[i] = scale[i] > 0 ? 1 / std::sqrt(scale[i]) : 1;
  }
  for (const int v : free_) {
    double most = 0;
    for (const auto& [i, a] : columns[at(v)]) most = std::max(most, std::fabs(a) * scale[at(i)]);
    scale[at(unknown_[at(v)])] = most > 0 ? 1 / most : 1;
  }

  factor_ = Factor(symbolic_);
  each_product([&](size_t i, size_t k, double value) {
    if (i == k)
      factor_.add_diagonal(symbolic_.place(static_cast<int>(i)), scale[i] * value * scale[i]);
    else if (i > k)
      factor_.add(symbolic_.slot(symbolic_.place(static_cast<int>(i)), symbolic_.place(static_cast<int>(k))),
                  scale[i] * value * scale[k]);
  });
  for (const int v : free_) {
    const int u = unknown_[at(v)];
    for (const auto& [i, a] : columns[at(v)])
      factor_.add(symbolic_.slot(symbolic_.place(i), symbolic_.place(u)), -a * scale[at(i)] * scale[at(u)]);
  }
  for (size_t i = 0; i < size; ++i)
    factor_.add_diagonal(symbolic_.place(static_cast<int>(i)), i < rows ? kTrace : -kTrace);
  if (!factor_.factor()) return std::nullopt;

  // S J_M' λ by variable.
  const auto pulled = [&](std::span<const double> lambda) {
    std::vector<double> sums(variables, 0.0), out(variables, 0.0);
    for (size_t v = 0; v < variables; ++v)
      for (const auto& [i, a] : columns[v]) sums[v] += a * lambda[at(i)];
    for (size_t v = 0; v < variables; ++v)
      if (!held[v])
        for (const auto& [other, value] : covariance_[v]) out[v] += held[at(other)] ? 0 : value * sums[at(other)];
    return out;
  };
  std::vector<double> right(size, 0.0), solution(size, 0.0), made_of(rows);
  for (size_t i = 0; i < rows; ++i) right[i] = residual[i];
  for (size_t v = 0; v < variables; ++v)
    if (roles_[v] == Role::measured)
      for (const auto& [i, a] : columns[v]) right[at(i)] += a * deviation[v];

  // The system without its trace, refined as long as that helps.
  const auto rest_of = [&](std::span<const double> z) {
    auto rest = right;
    const auto adjusted = pulled(z);
    for (size_t v = 0; v < variables; ++v)
      for (const auto& [i, a] : columns[v]) {
        if (const int u = unknown_[v]; u >= 0) {
          rest[at(i)] += a * z[at(u)];
          rest[at(u)] += a * z[at(i)];
        } else {
          rest[at(i)] -= a * adjusted[v];
        }
      }
    for (size_t i = 0; i < size; ++i) rest[i] *= scale[i];
    return rest;
  };
  std::vector<double> placed(size), rest = rest_of(solution), tried;
  double before = largest(rest);
  for (int pass = 0; pass < kMostRefinements && before > 0; ++pass) {
    for (size_t i = 0; i < size; ++i) placed[at(symbolic_.place(static_cast<int>(i)))] = rest[i];
    factor_.solve(placed);
    tried = solution;
    for (size_t i = 0; i < size; ++i) tried[i] += scale[i] * placed[at(symbolic_.place(static_cast<int>(i)))];
    auto after = rest_of(tried);
    const double left = largest(after);
    if (!(left < before) && pass > 0) break;
    solution = tried;
    rest = std::move(after);
    if (left > 0.5 * before && pass > 0) break;
    before = left;
  }

  Step out;
  out.multiplier.assign(solution.begin(), solution.begin() + static_cast<std::ptrdiff_t>(rows));
  out.change.assign(variables, 0.0);
  const auto adjusted = pulled(out.multiplier);
  for (size_t v = 0; v < variables; ++v) {
    if (held[v] || roles_[v] == Role::fixed) continue;
    out.change[v] = unknown_[v] >= 0 ? solution[at(unknown_[v])] : deviation[v] - adjusted[v];
    if (!std::isfinite(out.change[v])) return std::nullopt;
  }
  return out;
}

}  // namespace qy::engine::balance
