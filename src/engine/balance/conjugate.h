#pragma once

#include <span>
#include <vector>

#include "engine/balance/network.h"

namespace qy::engine::balance {

/// 预条件共轭梯度: a grounded Laplacian whose factor would fill, preconditioned by an approximate one.
class Conjugate {
 public:
  Conjugate(const Network& network, std::span<const double> variance);

  /// Solves in place to a relative residual of 3e-7; refinement outside does the rest.
  void solve(std::span<double> x) const;

 private:
  void multiply(std::span<const double> x, std::span<double> out) const;
  void precondition(std::span<const double> r, std::span<float> out) const;

  std::vector<int> place_;           ///< of each row in the order of elimination; all below is in that order
  std::vector<int> start_, column_;  ///< strictly lower rows
  std::vector<double> weight_, scale_;
  std::vector<int> factor_start_, factor_row_;  ///< columns of L
  std::vector<float> factor_, inverse_pivot_;   ///< a preconditioner need not be exact, but small
};

}  // namespace qy::engine::balance
