#pragma once

#include "engine/balance/estimator.h"

namespace qy::engine::balance {

/// 边界约束: when the free solution breaks a bound, solves again within bounds and replaces values, sd and closing in
/// `answer`; the tests stay those of the free problem and are approximate then. Errors: compute.stopped.
Result<void> apply_bounds(const Model& model, const Estimator& free, Answer& answer, const Watch& watch);

}  // namespace qy::engine::balance
