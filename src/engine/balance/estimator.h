#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/balance/balance.h"

namespace qy::engine::balance {

/// Candidate errors as columns of the reduced system r ~ N(0, V).
struct Candidates {
  std::vector<Hypothesis::Kind> kind;
  std::vector<int> index;
  std::vector<char> measured;  ///< may be suspected; fixed figures are only named as equivalent
  std::vector<int> start{0};
  std::vector<Term> terms;     ///< of column i: start[i] … start[i + 1]
  std::vector<double> energy;  ///< f' V⁻¹ f

  std::size_t size() const { return kind.size(); }
  std::span<const Term> column(std::size_t i) const {
    return {terms.data() + start[i], static_cast<std::size_t>(start[i + 1] - start[i])};
  }
};

/// The equality problem of a model, bounds ignored: one face for networks and general linear systems.
class Estimator {
 public:
  /// Chooses the network unless constraints or covariances need the general way. `model` must outlive it.
  static std::unique_ptr<Estimator> of(const Model& model, const Watch& watch);
  virtual ~Estimator() = default;

  Status status = Status::solved;
  Obstacle obstacle;
  bool stopped = false;
  std::vector<double> flow;        ///< unobservable NaN
  std::vector<double> multiplier;  ///< λ of the reduced rows
  std::vector<double> imbalance;   ///< r
  double objective = 0;
  double closing = 0, closing_relative = 0;

  virtual std::span<const Class> classes() const = 0;
  virtual int rank() const = 0;
  /// False: only the solution, no variances (conjugate gradients).
  virtual bool has_variances() const = 0;
  virtual void select() = 0;  ///< before the functions below

  /// a_j'λ of every stream: what one unit of it more would cost.
  virtual std::vector<double> prices() const = 0;
  /// The solution with unobservable streams at, or as near as the balances let them be to, these values.
  virtual std::vector<double> completed(std::span<const double> wanted) const = 0;
  /// λ of every constraint; of a network there are none.
  virtual std::vector<double> constraint_multipliers() const { return {}; }
  virtual void solve(std::span<double> rhs) const = 0;
  virtual std::vector<double> variances() const = 0;
  virtual std::vector<double> adjustment_variances() const = 0;
  virtual double leverage_sum() const = 0;
  virtual Candidates candidates() const = 0;
  virtual std::vector<double> covariance_with(std::span<const double> coefficient) const = 0;
  /// (V⁻¹r)_i / √(V⁻¹)_ii of the balance that holds each node.
  virtual std::vector<double> nodal_max_power() const = 0;
};

/// A model's node balances and constraints as rows over its streams; row i < nodes is node i.
LinearProblem as_linear(const Model& model);

}  // namespace qy::engine::balance
