#pragma once

#include "engine/balance/estimator.h"

namespace qy::engine::balance {

/// 目标量与下一块仪表: the targets of `options` with their full uncertainty, and what each candidate meter would make
/// of them: Var − Cov(t, x)²/(Var(x) + σ²) where the metered stream is known already, a solve of its own where only the
/// new meter makes the target known. Errors: compute.stopped.
Result<void> value_meters(const Model& model, const Options& options, const Estimator& estimator, Answer& answer,
                          const Watch& watch);

}  // namespace qy::engine::balance
