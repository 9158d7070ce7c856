#pragma once

#include <CbcModel.hpp>
#include <CbcSolver.hpp>
#include <cmath>
#include <string>

#include "engine/milp/inside.h"

/// Cbc as its own command line runs it: what the benchmarks compare with, nothing else. Not for several threads.
namespace qy::engine::milp {

inline Solution plain_cbc(const Model& model, double seconds) {
  OsiClpSolverInterface solver;
  load(solver, model);
  CbcModel cbc(solver);
  CbcMain0(cbc);
  cbc.setLogLevel(0);
  const auto limit = std::to_string(seconds);
  const char* words[] = {"cbc", "-log", "0", "-timeMode", "cpu", "-seconds", limit.c_str(), "-solve", "-quit"};
  CbcMain1(static_cast<int>(std::size(words)), words, cbc);
  const double sign = model.maximise ? -1 : 1;
  Solution out;
  out.bound = sign * cbc.getBestPossibleObjValue();
  out.nodes = cbc.getNodeCount();
  if (const auto* best = cbc.bestSolution()) {
    out.values.assign(best, best + model.columns.size());
    out.objective = sign * cbc.getObjValue();
    out.status = cbc.isProvenOptimal() ? Status::optimal : Status::feasible;
    if (out.status == Status::optimal) out.bound = out.objective;
  }
  return out;
}

}  // namespace qy::engine::milp
