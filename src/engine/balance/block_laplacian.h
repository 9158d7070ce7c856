#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/balance/linear.h"

namespace qy::engine::balance {

/// 块拉普拉斯: the system behind one step of Gauss–Newton over several layers that share a network. With the rows J d =
/// −f linearised at x, measured variables drawn to y with covariance S and the step d_U of the unmeasured ones free,
///
///     [ J_M S J_M'   −J_U ] [ λ   ]   [ f + J_M (y − x) ]
///     [ −J_U'          0  ] [ d_U ] = [ 0               ],      d_M = y − x − S J_M' λ.
///
/// Its first block is the Laplacian of the network with a block of C + 1 rows for each node (total and C components).
/// Both diagonal blocks carry a trace of regularisation, which makes it quasi-definite (Vanderbei 1995): L D L' exists
/// in every order of elimination, rows that depend on others and undeterminable variables included. Refinement takes
/// the trace out again. The pattern is analysed once; every step, start and set of readings uses the same one.
class BlockLaplacian {
 public:
  BlockLaplacian() = default;
  /// `rows`: the variables of each row, no two the same. Covariances are those of measured variables.
  BlockLaplacian(std::span<const Role> roles, std::span<const double> variance, std::span<const Covariance> covariances,
                 std::span<const std::vector<int>> rows);

  /// Too much would fill: another way has to be taken.
  bool too_full() const { return symbolic_.too_full(); }

  struct Step {
    std::vector<double> change;      ///< d by variable; 0 where fixed or held
    std::vector<double> multiplier;  ///< λ by row
  };
  /// `coefficients[i]` are those of `rows[i]` in its order, `residual` is f, `deviation` y − x of measured variables;
  /// `held` variables do not move. Rows that contradict each other are left as near as may be: see J d + f. Nothing
  /// when the numbers are so far apart that no factor exists.
  std::optional<Step> step(std::span<const std::vector<double>> coefficients, std::span<const double> residual,
                           std::span<const double> deviation, std::span<const char> held);

 private:
  std::vector<Role> roles_;
  std::vector<std::vector<Term>> covariance_;  ///< S by variable, diagonal included; empty unless measured
  std::vector<std::vector<int>> rows_;
  std::vector<int> unknown_;  ///< number of an unmeasured variable among the unknowns, after the rows; −1
  std::vector<int> free_;     ///< the unmeasured variables
  Symbolic symbolic_;
  Factor factor_{symbolic_};
};

}  // namespace qy::engine::balance
