#pragma once

#include <span>
#include <vector>

#include "base/watch.h"
#include "engine/balance/linear.h"

namespace qy::engine::balance {

/// 内点法: min ½(x − y)'S⁻¹(x − y) with A x = b, l ≤ x ≤ u, by a primal-dual predictor-corrector (Mehrotra 1992) on the
/// quasi-definite system [H + D, A'; A, −δ] (Vanderbei 1995), whose pattern is analysed once.
struct Interior {
  bool converged = false;
  bool stopped = false;
  bool too_large = false;
  int factorisations = 0;
  std::vector<double> x;
  std::vector<double> row;            ///< elastic: what is left of A x − b
  std::vector<signed char> at_bound;  ///< −1 lower, 1 upper
};

/// `elastic`: ½|A x − b|² instead, which always has a solution; what it leaves shows which rows cannot hold together.
Interior solve_interior(const LinearProblem& problem, std::span<const double> lower, std::span<const double> upper,
                        bool elastic, const Watch& watch);

}  // namespace qy::engine::balance
