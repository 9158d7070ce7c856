#pragma once

#include "engine/balance/estimator.h"

namespace qy::engine::balance {

/// 显著误差识别: what a failed balance points at.
struct GrossErrors {
  std::vector<Hypothesis> suspects;   ///< found one after another, sizes re-estimated together; strongest first
  std::vector<Hypothesis> strongest;  ///< single hypotheses on the data as they are
  double objective = 0;               ///< γ without the suspects
  int dof = 0;
  std::vector<double> multiplier;  ///< λ without them
};

/// Serial elimination: while the global test fails, or some hypothesis stands beyond the Šidák level, the one with the
/// largest T is taken for true and its size becomes an unknown. One that would leave another stream without any check
/// of its own, so that nothing could be said of it any more, is refused. All single deletions are known from one
/// factorisation (T = γ − γ without it); each step costs one solve. Equal T: meters before leaks, in the order given.
GrossErrors find_gross_errors(const Estimator& estimator, const Candidates& candidates, const Options& options,
                              const Watch& watch);

}  // namespace qy::engine::balance
