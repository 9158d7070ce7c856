#pragma once

#include <vector>

#include "engine/milp/milp.h"

/// 固定费用: programs whose flows are dear to begin.
namespace qy::engine::exchange {

/// A flow that needs its 0-1 column: flow ≤ most·used.
struct Charge {
  int flow = -1, used = -1;
  double most = 0;
};

/// Like milp::solve, for a program to be minimised whose 0-1 columns are those of `charges` and some others.
///
/// A first solution by slope scaling (Kim & Pardalos 1999: a linear program in which each flow bears its fixed cost at
/// the flow it had before), bettered by closing and opening one at a time, from several beginnings; then rounds of flow
/// cuts, columns fixed by their reduced costs, a search among the flows that good solutions used, and the branch and
/// cut with what is left. Programs with few charges go to milp::solve after the first step.
milp::Solution solve_charged(const milp::Model& model, const std::vector<Charge>& charges, const milp::Limits& limits);

}  // namespace qy::engine::exchange
