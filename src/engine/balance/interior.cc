#include "engine/balance/interior.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <map>

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

constexpr int kMostSteps = 60;
constexpr double kFillLimit = 3000;
/// Added to the diagonal, in units of the variables: cycles of unmeasured streams have no curvature of their own. The
/// second where flows differ so much that the first is too much of it.
constexpr double kCurvature[] = {1e-4, 1e-9};
constexpr int kPasses = 8;
constexpr double kSmall = 1e-13, kSlow = 0.5;  ///< of a residual: small enough; what a pass must leave less of

/// H = S⁻¹ by variable, blocks of correlated meters inverted one by one.
std::vector<std::vector<Term>> precision(const LinearProblem& p) {
  const auto count = p.roles.size();
  std::vector<std::vector<Term>> h(count);
  std::vector<int> up(count);
  for (size_t v = 0; v < count; ++v) up[v] = static_cast<int>(v);
  const auto find = [&](int v) {
    while (up[at(v)] != v) v = up[at(v)] = up[at(up[at(v)])];
    return v;
  };
  for (const auto& c : p.covariances) up[at(find(c.first))] = find(c.second);
  std::map<int, std::vector<int>> blocks;
  for (size_t v = 0; v < count; ++v)
    if (p.roles[v] == Role::measured) {
      if (p.covariances.empty())
        h[v] = {{static_cast<int>(v), 1 / p.variance[v]}};
      else
        blocks[find(static_cast<int>(v))].push_back(static_cast<int>(v));
    }
  std::vector<int> position(count, 0);
  for (const auto& [root, members] : blocks) {
    const auto size = static_cast<Eigen::Index>(members.size());
    Eigen::MatrixXd s = Eigen::MatrixXd::Zero(size, size);
    for (Eigen::Index i = 0; i < size; ++i) {
      position[at(members[at(static_cast<int>(i))])] = static_cast<int>(i);
      s(i, i) = p.variance[at(members[at(static_cast<int>(i))])];
    }
    if (size > 1)
      for (const auto& c : p.covariances)
        if (find(c.first) == root)
          s(position[at(c.first)], position[at(c.second)]) = s(position[at(c.second)], position[at(c.first)]) = c.value;
    const Eigen::MatrixXd inverse = s.llt().solve(Eigen::MatrixXd::Identity(size, size));
    for (Eigen::Index i = 0; i < size; ++i)
      for (Eigen::Index j = 0; j < size; ++j)
        h[at(members[at(static_cast<int>(i))])].push_back({members[at(static_cast<int>(j))], inverse(i, j)});
  }
  return h;
}

class Method {
 public:
  Method(const LinearProblem& problem, std::span<const double> lower, std::span<const double> upper, bool elastic,
         double curvature)
      : p_(problem),
        lower_(lower.begin(), lower.end()),
        upper_(upper.begin(), upper.end()),
        elastic_(elastic),
        curvature_(curvature) {
    const auto count = p_.roles.size();
    h_.resize(count);
    if (!elastic_) h_ = precision(p_);
    double largest = 0;
    for (size_t v = 0; v < count; ++v)
      if (p_.roles[v] != Role::unmeasured) largest = std::max(largest, std::fabs(p_.value[v]));
    for (size_t v = 0; v < count; ++v)
      for (const double bound : {lower_[v], upper_[v]})
        if (std::isfinite(bound)) largest = std::max(largest, std::fabs(bound));
    for (const auto& row : p_.rows) largest = std::max(largest, std::fabs(row.equals));
    scale_ = largest > 0 ? largest : 1;
    unit_.assign(count, scale_);
    for (size_t v = 0; v < count; ++v)
      if (p_.roles[v] == Role::measured && !elastic_) unit_[v] = std::sqrt(p_.variance[v]);
    rows_ = p_.rows;
    for (auto& row : rows_) {
      std::vector<Term> kept;
      for (const auto& term : row.terms)
        if (p_.roles[at(term.variable)] == Role::fixed)
          row.equals -= term.coefficient * p_.value[at(term.variable)];
        else
          kept.push_back(term);
      row.terms = std::move(kept);
    }
    std::vector<Pair> pairs;
    const int variables = static_cast<int>(count);
    for (size_t i = 0; i < rows_.size(); ++i)
      for (const auto& term : rows_[i].terms) pairs.push_back({term.variable, variables + static_cast<int>(i)});
    for (size_t v = 0; v < count; ++v)
      for (const auto& [other, value] : h_[v])
        if (other > static_cast<int>(v)) pairs.push_back({static_cast<int>(v), other});
    symbolic_ = Symbolic(variables + static_cast<int>(rows_.size()), pairs, kFillLimit);
  }

  Interior run(const Watch& watch) {
    Interior out;
    if (symbolic_.too_full()) {
      out.too_large = true;
      return out;
    }
    start();
    Factor factor(symbolic_);
    const auto count = x_.size();
    for (int step = 0; step < kMostSteps; ++step) {
      if (!watch.go_on(0.8)) {
        out.stopped = true;
        return out;
      }
      const auto dual = dual_residual();
      const auto primal = primal_residual();
      const double mu = complementarity();
      double worst_dual = 0, worst_primal = 0;
      for (size_t v = 0; v < count; ++v) worst_dual = std::max(worst_dual, std::fabs(dual[v]) * unit_[v]);
      for (const double r : primal) worst_primal = std::max(worst_primal, std::fabs(r));
      if (worst_dual < 1e-7 * (1 + multiplier_size()) && worst_primal < 1e-10 * scale_ && mu < 1e-10) {
        out.converged = true;
        break;
      }
      // The slack of a bound far away needs no barrier of its own to speak of; all others make the diagonal.
      std::vector<double> barrier(count, 0.0);
      for (size_t v = 0; v < count; ++v) {
        if (std::isfinite(lower_[v])) barrier[v] += zl_[v] / (x_[v] - lower_[v]);
        if (std::isfinite(upper_[v])) barrier[v] += zu_[v] / (upper_[v] - x_[v]);
      }
      if (!assemble(factor, barrier)) break;
      ++out.factorisations;

      // Predictor, then corrector with its second-order terms.
      std::vector<double> low(count, 0.0), high(count, 0.0);
      for (size_t v = 0; v < count; ++v) {
        if (std::isfinite(lower_[v])) low[v] = -zl_[v] * (x_[v] - lower_[v]);
        if (std::isfinite(upper_[v])) high[v] = -zu_[v] * (upper_[v] - x_[v]);
      }
      auto move = direction(factor, barrier, dual, primal, low, high);
      const double affine = longest(move, 1.0);
      double after = 0;
      int pairs = 0;
      for (size_t v = 0; v < count; ++v) {
        if (std::isfinite(lower_[v]))
          after += (x_[v] + affine * move.x[v] - lower_[v]) * (zl_[v] + affine * move.zl[v]), ++pairs;
        if (std::isfinite(upper_[v]))
          after += (upper_[v] - x_[v] - affine * move.x[v]) * (zu_[v] + affine * move.zu[v]), ++pairs;
      }
      if (pairs > 0) {
        const double ratio = std::clamp(after / pairs / mu, 0.0, 1.0);
        const double target = mu * ratio * ratio * ratio;
        for (size_t v = 0; v < count; ++v) {
          if (std::isfinite(lower_[v])) low[v] += target - move.x[v] * move.zl[v];
          if (std::isfinite(upper_[v])) high[v] += target + move.x[v] * move.zu[v];
        }
        move = direction(factor, barrier, dual, primal, low, high);
      }
      const double length = std::min(1.0, 0.995 * longest(move, 1 / 0.995));
      if (!(length > 1e-12)) break;
      for (size_t v = 0; v < count; ++v) {
        x_[v] += length * move.x[v];
        zl_[v] += length * move.zl[v];
        zu_[v] += length * move.zu[v];
      }
      for (size_t i = 0; i < lambda_.size(); ++i) lambda_[i] += length * move.lambda[i];
    }
    // Near enough to tell which bounds hold; the active set is made exact afterwards.
    double left = 0;
    for (const double r : primal_residual()) left = std::max(left, std::fabs(r));
    out.converged = out.converged || (left < 1e-7 * scale_ && complementarity() < 1e-6);
    out.at_bound.assign(count, 0);
    for (size_t v = 0; v < count; ++v) {
      if (std::isfinite(lower_[v]) && (x_[v] - lower_[v]) < zl_[v] * unit_[v] * unit_[v]) out.at_bound[v] = -1;
      if (std::isfinite(upper_[v]) && (upper_[v] - x_[v]) < zu_[v] * unit_[v] * unit_[v]) out.at_bound[v] = 1;
    }
    out.row = primal_residual();
    if (elastic_)
      for (size_t i = 0; i < out.row.size(); ++i) out.row[i] += lambda_[i] * weight_;
    out.x = std::move(x_);
    return out;
  }

 private:
  struct Move {
    std::vector<double> x, lambda, zl, zu;
  };

  void start() {
    const auto count = p_.roles.size();
    x_.resize(count), zl_.assign(count, 0.0), zu_.assign(count, 0.0);
    lambda_.assign(rows_.size(), 0.0);
    weight_ = elastic_ ? 1.0 : 0.0;
    for (size_t v = 0; v < count; ++v) {
      if (p_.roles[v] == Role::fixed) {
        x_[v] = p_.value[v];
        lower_[v] = -INFINITY, upper_[v] = INFINITY;
        continue;
      }
      double value = p_.roles[v] == Role::measured ? p_.value[v] : 0.1 * scale_;
      const double gap = std::max(0.1 * unit_[v], 1e-3 * std::fabs(value));
      if (upper_[v] <= lower_[v]) {  // held from both sides: give the method room of rounding size
        const double room = 1e-9 * scale_;
        lower_[v] -= room, upper_[v] += room;
      }
      if (std::isfinite(lower_[v]) && std::isfinite(upper_[v])) {
        const double inner = std::min(gap, 0.25 * (upper_[v] - lower_[v]));
        value = std::clamp(value, lower_[v] + inner, upper_[v] - inner);
      } else if (std::isfinite(lower_[v])) {
        value = std::max(value, lower_[v] + gap);
      } else if (std::isfinite(upper_[v])) {
        value = std::min(value, upper_[v] - gap);
      }
      x_[v] = value;
      if (std::isfinite(lower_[v])) zl_[v] = 1 / (x_[v] - lower_[v]);
      if (std::isfinite(upper_[v])) zu_[v] = 1 / (upper_[v] - x_[v]);
    }
  }

  std::vector<double> dual_residual() const {
    std::vector<double> r(x_.size(), 0.0);
    for (size_t v = 0; v < x_.size(); ++v) {
      for (const auto& [other, value] : h_[v]) r[v] += value * (x_[at(other)] - p_.value[at(other)]);
      r[v] += zu_[v] - zl_[v];
    }
    for (size_t i = 0; i < rows_.size(); ++i)
      for (const auto& [variable, coefficient] : rows_[i].terms) r[at(variable)] += coefficient * lambda_[i];
    for (size_t v = 0; v < x_.size(); ++v)
      if (p_.roles[v] == Role::fixed) r[v] = 0;
    return r;
  }
  std::vector<double> primal_residual() const {
    std::vector<double> r(rows_.size());
    for (size_t i = 0; i < rows_.size(); ++i) {
      r[i] = -rows_[i].equals - weight_ * lambda_[i];
      for (const auto& [variable, coefficient] : rows_[i].terms) r[i] += coefficient * x_[at(variable)];
    }
    return r;
  }
  double complementarity() const {
    double sum = 0;
    int pairs = 0;
    for (size_t v = 0; v < x_.size(); ++v) {
      if (std::isfinite(lower_[v])) sum += (x_[v] - lower_[v]) * zl_[v], ++pairs;
      if (std::isfinite(upper_[v])) sum += (upper_[v] - x_[v]) * zu_[v], ++pairs;
    }
    return pairs ? sum / pairs : 0;
  }
  double multiplier_size() const {
    double most = 0;
    for (size_t v = 0; v < x_.size(); ++v) most = std::max({most, zl_[v] * unit_[v], zu_[v] * unit_[v]});
    return most;
  }

  bool assemble(Factor& factor, const std::vector<double>& barrier) {
    factor.clear();
    for (size_t v = 0; v < x_.size(); ++v) {
      const int place = symbolic_.place(static_cast<int>(v));
      factor.add_diagonal(place, barrier[v] + curvature_ / (unit_[v] * unit_[v]));
      for (const auto& [other, value] : h_[v]) {
        if (other == static_cast<int>(v)) factor.add_diagonal(place, value);
        if (other > static_cast<int>(v)) factor.add(symbolic_.slot(place, symbolic_.place(other)), value);
      }
    }
    for (size_t i = 0; i < rows_.size(); ++i) {
      const int place = symbolic_.place(static_cast<int>(x_.size() + i));
      double size = 0;
      for (const auto& [variable, coefficient] : rows_[i].terms) {
        factor.add(symbolic_.slot(place, symbolic_.place(variable)), coefficient);
        size = std::max(size, std::pow(coefficient * unit_[at(variable)], 2));
      }
      factor.add_diagonal(place, -(weight_ + 1e-10 * (size > 0 ? size : 1)));
    }
    return factor.factor();
  }

  /// Of both residuals, in units of the variables and of the flows.
  double size_of(std::span<const double> r1, std::span<const double> r2) const {
    double size = 0;
    for (size_t v = 0; v < r1.size(); ++v) size = std::max(size, std::fabs(r1[v]) * unit_[v]);
    for (const double r : r2) size = std::max(size, std::fabs(r) / scale_);
    return size;
  }

  /// Solves the Newton system; residuals of the system without its regularisation are corrected.
  Move direction(const Factor& factor, const std::vector<double>& barrier, const std::vector<double>& dual,
                 const std::vector<double>& primal, const std::vector<double>& low,
                 const std::vector<double>& high) const {
    const auto count = x_.size();
    Move move;
    std::vector<double> right(count), below(rows_.size());
    for (size_t v = 0; v < count; ++v) {
      right[v] = -dual[v];
      if (std::isfinite(lower_[v])) right[v] += low[v] / (x_[v] - lower_[v]);
      if (std::isfinite(upper_[v])) right[v] -= high[v] / (upper_[v] - x_[v]);
      if (p_.roles[v] == Role::fixed) right[v] = 0;
    }
    for (size_t i = 0; i < below.size(); ++i) below[i] = -primal[i];
    move.x.assign(count, 0.0);
    move.lambda.assign(rows_.size(), 0.0);
    std::vector<double> rhs(count + rows_.size());
    auto r1 = right, r2 = below;
    const double first = size_of(r1, r2);
    for (int pass = 0; pass < kPasses; ++pass) {
      for (size_t v = 0; v < count; ++v) rhs[at(symbolic_.place(static_cast<int>(v)))] = r1[v];
      for (size_t i = 0; i < rows_.size(); ++i) rhs[at(symbolic_.place(static_cast<int>(count + i)))] = r2[i];
      factor.solve(rhs);
      for (size_t v = 0; v < count; ++v) move.x[v] += rhs[at(symbolic_.place(static_cast<int>(v)))];
      for (size_t i = 0; i < rows_.size(); ++i) move.lambda[i] += rhs[at(symbolic_.place(static_cast<int>(count + i)))];
      if (pass + 1 == kPasses) break;
      const double before = size_of(r1, r2);
      r1 = right, r2 = below;
      for (size_t v = 0; v < count; ++v) {
        r1[v] -= barrier[v] * move.x[v];
        for (const auto& [other, value] : h_[v]) r1[v] -= value * move.x[at(other)];
      }
      for (size_t i = 0; i < rows_.size(); ++i) {
        r2[i] += weight_ * move.lambda[i];
        for (const auto& [variable, coefficient] : rows_[i].terms) {
          r1[at(variable)] -= coefficient * move.lambda[i];
          r2[i] -= coefficient * move.x[at(variable)];
        }
      }
      const double after = size_of(r1, r2);
      if (after < kSmall * first || after > kSlow * before) break;
    }
    move.zl.assign(count, 0.0);
    move.zu.assign(count, 0.0);
    for (size_t v = 0; v < count; ++v) {
      if (std::isfinite(lower_[v])) move.zl[v] = (low[v] - zl_[v] * move.x[v]) / (x_[v] - lower_[v]);
      if (std::isfinite(upper_[v])) move.zu[v] = (high[v] + zu_[v] * move.x[v]) / (upper_[v] - x_[v]);
    }
    return move;
  }

  /// The longest step that keeps everything positive.
  double longest(const Move& move, double most) const {
    double step = most;
    const auto limit = [&](double value, double change) {
      if (change < 0) step = std::min(step, -value / change);
    };
    for (size_t v = 0; v < x_.size(); ++v) {
      if (std::isfinite(lower_[v])) limit(x_[v] - lower_[v], move.x[v]), limit(zl_[v], move.zl[v]);
      if (std::isfinite(upper_[v])) limit(upper_[v] - x_[v], -move.x[v]), limit(zu_[v], move.zu[v]);
    }
    return step;
  }

  const LinearProblem& p_;
  std::vector<double> lower_, upper_, unit_, x_, zl_, zu_, lambda_;
  std::vector<std::vector<Term>> h_;
  std::vector<Row> rows_;
  bool elastic_;
  double curvature_;
  double scale_ = 1, weight_ = 0;
  Symbolic symbolic_;
};

}  // namespace

Interior solve_interior(const LinearProblem& problem, std::span<const double> lower, std::span<const double> upper,
                        bool elastic, const Watch& watch) {
  auto out = Method(problem, lower, upper, elastic, kCurvature[0]).run(watch);
  if (out.converged || out.stopped || out.too_large) return out;
  auto again = Method(problem, lower, upper, elastic, kCurvature[1]).run(watch);
  again.factorisations += out.factorisations;
  return again;
}

}  // namespace qy::engine::balance
