#pragma once

#include <span>
#include <vector>

#include "base/watch.h"
#include "engine/balance/network.h"

/// 一般线性约束: reconciliation under any sparse linear rows, with correlated meters. Slower than a network, the same
/// answers.
namespace qy::engine::balance {

struct Term {
  int variable = 0;
  double coefficient = 0;
};

/// Σ coefficient·x = equals
struct Row {
  std::vector<Term> terms;
  double equals = 0;
};

/// Cov of two different measured variables.
struct Covariance {
  int first = 0;
  int second = 0;
  double value = 0;
};

struct LinearProblem {
  std::vector<Role> roles;       ///< by variable
  std::vector<double> value;     ///< measured or fixed
  std::vector<double> variance;  ///< of measured variables, > 0
  std::vector<Covariance> covariances;
  std::vector<Row> rows;
};

/// A linear problem after elimination of the unmeasured variables: sparse Gauss elimination with threshold pivoting
/// (Markowitz 1957), rows that depend on others left out, the rest factored as V = G S G'.
class LinearSystem {
 public:
  enum class State { ready, contradictory, too_large, stopped };

  /// `problem` must outlive it.
  explicit LinearSystem(const LinearProblem& problem, const Watch& watch = {});
  LinearSystem(const LinearSystem&) = delete;
  LinearSystem& operator=(const LinearSystem&) = delete;

  State state() const { return state_; }
  /// Rows of the problem whose combination contradicts itself, with what it would have to be and what it is.
  std::span<const Term> contradiction() const { return contradiction_; }
  double gap() const { return gap_; }

  int rank() const { return static_cast<int>(reduced_.size()); }
  std::span<const Class> classes() const { return classes_; }

  /// Values of all variables; unobservable ones NaN. Also λ of the reduced rows, r and γ.
  struct Solution {
    std::vector<double> value, multiplier, imbalance;
    double objective = 0;
  };
  /// With `value` and `equals` in place of those of the problem (same pattern).
  Solution solve() const;

  /// A solution with the free unobservable variables at `wanted` and the others to match.
  std::vector<double> completed(std::span<const double> solution, std::span<const double> wanted) const;

  void solve_reduced(std::span<double> rhs) const { factor_.solve(rhs); }

  /// λ of every row of the problem.
  std::vector<double> row_multipliers(std::span<const double> reduced) const;

  /// g' of a measured or fixed variable: its column in the reduced rows, by place.
  std::span<const Term> column(int variable) const { return columns_[static_cast<std::size_t>(variable)]; }
  /// How an error in a row of the problem shows in the reduced rows. Empty when it would contradict a dependent row.
  std::vector<std::vector<Term>> row_columns() const;
  /// Whether an error with these shares in the rows of the problem leaves the dependent rows in agreement.
  bool agrees(std::span<const double> row_error) const;

  /// Errors of the rows of the problem, seen in the reduced rows.
  std::vector<double> reduced_error(std::span<const double> row_error) const;

  /// f' V⁻¹ f of a vector whose entries lie in one column's pattern.
  double energy(std::span<const Term> f) const;
  /// (G S)_j, Var(x), Cov(a)_jj.
  std::vector<Term> spread_column(int variable) const;
  std::vector<double> variances() const;
  std::vector<double> adjustment_variances() const;
  double leverage_sum() const;

  /// Var(Σ coefficient·x) of determinable variables, as a sum of squares that keeps its digits.
  double variance_of(std::span<const double> coefficient) const;

  /// Σ coefficient·Cov(x_variable, x_k) for every variable k (fixed 0, unobservable NaN).
  std::vector<double> covariance_with(std::span<const double> coefficient) const;

 private:
  std::vector<double> shares(std::span<const double> coefficient) const;
  struct Working;
  struct Pivot {
    int variable;
    double coefficient;
    std::vector<Term> rest;  ///< measured, fixed excluded, and later unmeasured
    double equals;
  };
  void analyse(const Watch& watch);
  bool factor();
  std::vector<double> complete(std::vector<double> value, bool homogeneous) const;
  std::vector<double> block_product(std::span<const double> x) const;

  const LinearProblem* problem_;
  State state_ = State::ready;
  std::vector<Class> classes_;
  std::vector<Pivot> pivots_;
  std::vector<Row> reduced_;                     ///< G and its right-hand side, by place
  std::vector<std::vector<Term>> combinations_;  ///< T: rows of the problem in each reduced row
  std::vector<std::vector<Term>> columns_;       ///< G by variable
  std::vector<std::vector<Term>> block_;         ///< S by variable, diagonal included
  std::vector<std::vector<Term>> dependent_;     ///< combinations of rows of the problem that come to nothing
  std::vector<Term> contradiction_;
  double gap_ = 0;
  Symbolic symbolic_;
  Factor factor_{symbolic_};
  SelectedInverse selected_;
};

}  // namespace qy::engine::balance
