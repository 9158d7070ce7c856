#include "engine/balance/linear.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/balance/elimination.h"

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr double kContradiction = 1e-9;
constexpr double kRounding = 1e-8;
/// Where less than this share of a variance is left, the difference has lost digits.
constexpr double kCancelled = 1e-4;
/// A reading whose adjustment has less than this share of its variance is checked by nothing but rounding.
constexpr double kNoAdjustment = 1e-13;
constexpr size_t kMostPairs = 30'000'000;
constexpr double kFillLimit = 2000;

void sort_terms(std::vector<Term>& terms) {
  std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.variable < b.variable; });
  size_t kept = 0;
  for (size_t i = 0; i < terms.size(); ++i) {
    if (kept > 0 && terms[kept - 1].variable == terms[i].variable)
      terms[kept - 1].coefficient += terms[i].coefficient;
    else
      terms[kept++] = terms[i];
  }
  terms.resize(kept);
  terms.erase(std::remove_if(terms.begin(), terms.end(), [](const Term& t) { return t.coefficient == 0; }),
              terms.end());
}

}  // namespace

LinearSystem::LinearSystem(const LinearProblem& problem, const Watch& watch) : problem_(&problem) {
  const auto count = problem.roles.size();
  block_.resize(count);
  for (size_t v = 0; v < count; ++v)
    if (problem.roles[v] == Role::measured) block_[v].push_back({static_cast<int>(v), problem.variance[v]});
  for (const auto& [first, second, value] : problem.covariances) {
    if (problem.roles[at(first)] != Role::measured || problem.roles[at(second)] != Role::measured) continue;
    block_[at(first)].push_back({second, value});
    block_[at(second)].push_back({first, value});
  }
  analyse(watch);
  if (state_ == State::ready && !factor()) state_ = State::too_large;
}

void LinearSystem::analyse(const Watch& watch) {
  const auto& p = *problem_;
  const auto count = p.roles.size();
  std::vector<WorkingRow> rows(p.rows.size());
  std::vector<char> unmeasured(count), measured(count);
  std::vector<double> scale(count, 1.0);
  for (size_t v = 0; v < count; ++v) {
    unmeasured[v] = p.roles[v] == Role::unmeasured;
    measured[v] = p.roles[v] == Role::measured;
    if (measured[v]) scale[v] = std::sqrt(p.variance[v]);
  }
  std::vector<double> largest(count, 0.0);
  for (size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    row.equals = p.rows[i].equals;
    row.size = std::fabs(row.equals);
    row.combination = {{static_cast<int>(i), 1.0}};
    for (const auto& [variable, coefficient] : p.rows[i].terms) {
      if (p.roles[at(variable)] == Role::fixed) {
        const double known = coefficient * p.value[at(variable)];
        row.equals -= known;
        row.size += std::fabs(known);
      } else {
        row.terms.push_back({variable, coefficient});
      }
    }
    sort_terms(row.terms);
    for (const auto& [variable, coefficient] : row.terms)
      largest[at(variable)] = std::max(largest[at(variable)], std::fabs(coefficient));
  }
  for (size_t v = 0; v < count; ++v)
    if (unmeasured[v] && largest[v] > 0) scale[v] = 1 / largest[v];

  const auto gave_up = [&](const Elimination& done) {
    if (done.stopped) state_ = State::stopped;
    if (done.too_large) state_ = State::too_large;
    return state_ != State::ready;
  };
  const auto first = eliminate(rows, unmeasured, scale, watch);
  if (gave_up(first)) return;
  for (const auto& [row, variable, coefficient] : first.pivots) {
    auto& used = rows[at(row)];
    Pivot pivot{variable, coefficient, {}, used.equals};
    for (const auto& term : used.terms)
      if (term.variable != variable) pivot.rest.push_back(term);
    pivots_.push_back(std::move(pivot));
  }
  std::vector<WorkingRow> left;
  for (auto& row : rows)
    if (!row.used) left.push_back(std::move(row));

  // Which of the rest are independent: eliminate on a copy.
  auto trial = left;
  const auto second = eliminate(trial, measured, scale, watch);
  if (gave_up(second)) return;
  for (auto& row : trial) {
    if (row.used) continue;
    if (std::fabs(row.equals) <= kContradiction * row.size) {
      dependent_.push_back(std::move(row.combination));
      continue;
    }
    state_ = State::contradictory;
    gap_ = row.equals;
    contradiction_ = row.combination;
    return;
  }
  std::vector<int> kept;
  for (const auto& pivot : second.pivots) kept.push_back(pivot.row);
  std::sort(kept.begin(), kept.end());

  // The pattern of V: rows that share a measured variable or a block of correlated ones.
  const int rank = static_cast<int>(kept.size());
  std::vector<int> component(count);
  for (size_t v = 0; v < count; ++v) component[v] = static_cast<int>(v);
  const auto find = [&](int v) {
    while (component[at(v)] != v) v = component[at(v)] = component[at(component[at(v)])];
    return v;
  };
  for (const auto& [a, b, value] : p.covariances)
    if (measured[at(a)] && measured[at(b)]) component[at(find(a))] = find(b);
  std::vector<std::vector<int>> touching(count);
  for (int k = 0; k < rank; ++k)
    for (const auto& term : left[at(kept[at(k)])].terms) touching[at(find(term.variable))].push_back(k);
  std::vector<Pair> pairs;
  for (auto& list : touching) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    if (pairs.size() + list.size() * list.size() / 2 > kMostPairs) {
      state_ = State::too_large;
      return;
    }
    for (size_t i = 0; i < list.size(); ++i)
      for (size_t j = i + 1; j < list.size(); ++j) pairs.push_back({list[i], list[j]});
  }
  symbolic_ = Symbolic(rank, pairs, kFillLimit);
  if (symbolic_.too_full()) {
    state_ = State::too_large;
    return;
  }
  reduced_.resize(at(rank));
  combinations_.resize(at(rank));
  columns_.resize(count);
  for (int k = 0; k < rank; ++k) {
    auto& row = left[at(kept[at(k)])];
    const int place = symbolic_.place(k);
    for (const auto& [variable, coefficient] : row.terms) columns_[at(variable)].push_back({place, coefficient});
    reduced_[at(place)] = {std::move(row.terms), row.equals};
    combinations_[at(place)] = std::move(row.combination);
  }

  classes_.assign(count, Class::fixed);
  std::vector<char> free(count, 0);
  for (size_t v = 0; v < count; ++v) free[v] = unmeasured[v];
  for (const auto& pivot : pivots_) free[at(pivot.variable)] = 0;
  // Dependence of every eliminated variable on the free ones, last eliminated first.
  std::vector<std::vector<Term>> depends(count);
  for (size_t v = 0; v < count; ++v)
    if (free[v]) {
      depends[v] = {{static_cast<int>(v), 1.0}};
      classes_[v] = Class::unobservable;
    } else if (measured[v]) {
      classes_[v] = Class::nonredundant;
    }
  size_t work = 0;
  for (auto pivot = pivots_.rbegin(); pivot != pivots_.rend(); ++pivot) {
    std::vector<Term> sum;
    for (const auto& [variable, coefficient] : pivot->rest)
      if (unmeasured[at(variable)] && !depends[at(variable)].empty()) {
        sum = combined(sum, depends[at(variable)], -coefficient / pivot->coefficient);
        work += sum.size();
      }
    if (work > kMostPairs) {
      state_ = State::too_large;
      return;
    }
    // A dependence that is nothing but rounding, in the scale of both variables.
    sum.erase(std::remove_if(sum.begin(), sum.end(),
                             [&](const Term& term) {
                               return std::fabs(term.coefficient) * scale[at(term.variable)] <
                                      kRounding * scale[at(pivot->variable)];
                             }),
              sum.end());
    classes_[at(pivot->variable)] = sum.empty() ? Class::observable : Class::unobservable;
    depends[at(pivot->variable)] = std::move(sum);
  }
}

bool LinearSystem::factor() {
  factor_ = Factor(symbolic_);
  std::vector<char> done(block_.size(), 0);
  for (size_t i = 0; i < block_.size(); ++i)
    for (const auto& [j, covariance] : block_[i])
      for (const auto& [a, ga] : columns_[i])
        for (const auto& [b, gb] : columns_[at(j)]) {
          if (a == b)
            factor_.add_diagonal(a, ga * covariance * gb);
          else if (a > b)
            factor_.add(symbolic_.slot(a, b), ga * covariance * gb);
        }
  const auto scale = factor_.diagonal;
  if (!factor_.factor()) return false;
  for (size_t k = 0; k < scale.size(); ++k)
    if (!(factor_.diagonal[k] > 0)) return false;
  if (rank() > 0) selected_ = selected_inverse(factor_);
  for (size_t v = 0; v < classes_.size(); ++v)
    if (classes_[v] == Class::nonredundant) {
      const auto column = spread_column(static_cast<int>(v));
      if (energy(column) > kNoAdjustment * problem_->variance[v]) classes_[v] = Class::redundant;
    }
  return true;
}

std::vector<double> LinearSystem::block_product(std::span<const double> x) const {
  std::vector<double> out(x.size(), 0.0);
  for (size_t i = 0; i < x.size(); ++i)
    for (const auto& [j, covariance] : block_[i]) out[i] += covariance * x[at(j)];
  return out;
}

std::vector<double> LinearSystem::complete(std::vector<double> value, bool homogeneous) const {
  for (size_t v = 0; v < value.size(); ++v)
    if (classes_[v] == Class::unobservable || classes_[v] == Class::observable) value[v] = 0;
  for (auto pivot = pivots_.rbegin(); pivot != pivots_.rend(); ++pivot) {
    double sum = homogeneous ? 0.0 : pivot->equals;
    for (const auto& [variable, coefficient] : pivot->rest) sum -= coefficient * value[at(variable)];
    value[at(pivot->variable)] = sum / pivot->coefficient;
  }
  for (size_t v = 0; v < value.size(); ++v)
    if (classes_[v] == Class::unobservable) value[v] = kNothing;
  return value;
}

std::vector<double> LinearSystem::completed(std::span<const double> solution, std::span<const double> wanted) const {
  std::vector<double> value(solution.begin(), solution.end());
  for (size_t v = 0; v < value.size(); ++v)
    if (!std::isfinite(value[v])) value[v] = wanted[v];
  for (auto pivot = pivots_.rbegin(); pivot != pivots_.rend(); ++pivot) {
    double sum = pivot->equals;
    for (const auto& [variable, coefficient] : pivot->rest) sum -= coefficient * value[at(variable)];
    value[at(pivot->variable)] = sum / pivot->coefficient;
  }
  return value;
}

LinearSystem::Solution LinearSystem::solve() const {
  Solution out;
  const auto count = classes_.size();
  std::vector<double> x(count, 0.0);
  for (size_t v = 0; v < count; ++v)
    if (problem_->roles[v] != Role::unmeasured) x[v] = problem_->value[v];
  const auto left = [&] {
    std::vector<double> r(reduced_.size());
    for (size_t k = 0; k < r.size(); ++k) {
      r[k] = -reduced_[k].equals;
      for (const auto& [variable, coefficient] : reduced_[k].terms) r[k] += coefficient * x[at(variable)];
    }
    return r;
  };
  const auto adjust = [&](std::span<const double> lambda) {
    std::vector<double> d(count, 0.0);
    for (size_t k = 0; k < reduced_.size(); ++k)
      for (const auto& [variable, coefficient] : reduced_[k].terms) d[at(variable)] += coefficient * lambda[k];
    const auto a = block_product(d);
    for (size_t v = 0; v < count; ++v) x[v] -= a[v];
  };
  out.imbalance = left();
  out.multiplier = out.imbalance;
  factor_.solve(out.multiplier);
  for (size_t k = 0; k < out.imbalance.size(); ++k) out.objective += out.imbalance[k] * out.multiplier[k];
  adjust(out.multiplier);
  auto rest = left();
  factor_.solve(rest);
  for (size_t k = 0; k < rest.size(); ++k) out.multiplier[k] += rest[k];
  adjust(rest);
  out.value = complete(std::move(x), false);
  return out;
}

std::vector<double> LinearSystem::row_multipliers(std::span<const double> reduced) const {
  std::vector<double> out(problem_->rows.size(), 0.0);
  for (size_t k = 0; k < reduced.size(); ++k)
    for (const auto& [row, coefficient] : combinations_[k]) out[at(row)] += coefficient * reduced[k];
  return out;
}

std::vector<std::vector<Term>> LinearSystem::row_columns() const {
  std::vector<std::vector<Term>> out(problem_->rows.size());
  for (size_t k = 0; k < combinations_.size(); ++k)
    for (const auto& [row, coefficient] : combinations_[k]) out[at(row)].push_back({static_cast<int>(k), coefficient});
  for (const auto& combination : dependent_)
    for (const auto& [row, coefficient] : combination) out[at(row)].clear();
  return out;
}

std::vector<double> LinearSystem::reduced_error(std::span<const double> row_error) const {
  std::vector<double> out(reduced_.size(), 0.0);
  for (size_t k = 0; k < out.size(); ++k)
    for (const auto& [row, coefficient] : combinations_[k]) out[k] += coefficient * row_error[at(row)];
  return out;
}

bool LinearSystem::agrees(std::span<const double> row_error) const {
  for (const auto& combination : dependent_) {
    double sum = 0, size = 0;
    for (const auto& [row, coefficient] : combination) {
      sum += coefficient * row_error[at(row)];
      size += std::fabs(coefficient * row_error[at(row)]);
    }
    if (std::fabs(sum) > kContradiction * size) return false;
  }
  return true;
}

double LinearSystem::energy(std::span<const Term> f) const {
  double sum = 0;
  for (size_t i = 0; i < f.size(); ++i) {
    sum += f[i].coefficient * f[i].coefficient * selected_.diagonal[at(f[i].variable)];
    for (size_t j = 0; j < i; ++j) {
      const int slot = symbolic_.slot(f[i].variable, f[j].variable);
      if (slot < 0) {  // outside the pattern: along the tree
        std::vector<double> work(reduced_.size(), 0.0), values;
        std::vector<int> places;
        for (const auto& term : f) places.push_back(term.variable), values.push_back(term.coefficient);
        return factor_.energy(places, values, work, &selected_);
      }
      sum += 2 * f[i].coefficient * f[j].coefficient * selected_.entries[at(slot)];
    }
  }
  return sum;
}

std::vector<Term> LinearSystem::spread_column(int variable) const {
  std::vector<Term> out;
  for (const auto& [other, covariance] : block_[at(variable)])
    for (const auto& [row, coefficient] : columns_[at(other)]) out.push_back({row, coefficient * covariance});
  sort_terms(out);
  return out;
}

std::vector<double> LinearSystem::adjustment_variances() const {
  std::vector<double> out(classes_.size(), 0.0);
  for (size_t v = 0; v < out.size(); ++v)
    if (classes_[v] == Class::redundant) out[v] = energy(spread_column(static_cast<int>(v)));
  return out;
}

double LinearSystem::leverage_sum() const {
  double sum = 0;
  std::vector<Term> both;
  for (size_t v = 0; v < classes_.size(); ++v) {
    if (columns_[v].empty() || block_[v].empty()) continue;
    // g' Z q by the polarisation of two energies, both inside one block's pattern.
    const auto q = spread_column(static_cast<int>(v));
    auto plus = q, minus = q;
    for (const auto& [row, coefficient] : columns_[v])
      plus.push_back({row, coefficient}), minus.push_back({row, -coefficient});
    sort_terms(plus), sort_terms(minus);
    sum += 0.25 * (energy(plus) - energy(minus));
  }
  return sum;
}

/// What the combination takes from each reading.
std::vector<double> LinearSystem::shares(std::span<const double> coefficient) const {
  const auto count = classes_.size();
  // Coefficients of unmeasured variables move to what they are computed from.
  std::vector<double> c(coefficient.begin(), coefficient.end());
  for (const auto& pivot : pivots_) {
    const double share = c[at(pivot.variable)] / pivot.coefficient;
    c[at(pivot.variable)] = 0;
    if (share == 0) continue;
    for (const auto& [variable, other] : pivot.rest) c[at(variable)] -= share * other;
  }
  for (size_t v = 0; v < count; ++v)
    if (block_[v].empty()) c[v] = 0;
  const auto u = block_product(c);
  std::vector<double> rhs(reduced_.size(), 0.0);
  for (size_t k = 0; k < rhs.size(); ++k)
    for (const auto& [variable, other] : reduced_[k].terms) rhs[k] += other * u[at(variable)];
  factor_.solve(rhs);
  for (size_t k = 0; k < rhs.size(); ++k)
    for (const auto& [variable, other] : reduced_[k].terms)
      if (!block_[at(variable)].empty()) c[at(variable)] -= other * rhs[k];
  return c;
}

double LinearSystem::variance_of(std::span<const double> coefficient) const {
  const auto share = shares(coefficient);
  const auto taken = block_product(share);
  double sum = 0;
  for (size_t v = 0; v < share.size(); ++v) sum += share[v] * taken[v];
  return std::max(0.0, sum);
}

std::vector<double> LinearSystem::covariance_with(std::span<const double> coefficient) const {
  return complete(block_product(shares(coefficient)), true);
}

std::vector<double> LinearSystem::variances() const {
  std::vector<double> out(classes_.size(), 0.0);
  std::vector<double> unit(classes_.size(), 0.0);
  for (size_t v = 0; v < out.size(); ++v) {
    const int variable = static_cast<int>(v);
    switch (classes_[v]) {
      case Class::redundant:
        out[v] = problem_->variance[v] - energy(spread_column(variable));
        if (out[v] < kCancelled * problem_->variance[v]) {
          unit[v] = 1;
          out[v] = variance_of(unit);
          unit[v] = 0;
        }
        break;
      case Class::nonredundant:
        out[v] = problem_->variance[v];
        break;
      case Class::observable:
        unit[v] = 1;
        out[v] = variance_of(unit);
        unit[v] = 0;
        break;
      case Class::unobservable:
        out[v] = kNothing;
        break;
      case Class::fixed:
        break;
    }
  }
  return out;
}

}  // namespace qy::engine::balance
