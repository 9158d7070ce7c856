#include <CbcEventHandler.hpp>
#include <CbcHeuristic.hpp>
#include <CbcHeuristicDiveCoefficient.hpp>
#include <CbcHeuristicFPump.hpp>
#include <CbcHeuristicRINS.hpp>
#include <CbcModel.hpp>
#include <CglClique.hpp>
#include <CglFlowCover.hpp>
#include <CglGomory.hpp>
#include <CglKnapsackCover.hpp>
#include <CglMixedIntegerRounding2.hpp>
#include <CglProbing.hpp>
#include <CglZeroHalf.hpp>
#include <OsiCuts.hpp>
#include <algorithm>
#include <cmath>

#include "engine/milp/inside.h"

namespace qy::engine::milp {
namespace {

/// Tells how far the nodes are, hears that the search should stop, and keeps the last bound that was proven before
/// that.
class Nodes : public CbcEventHandler {
 public:
  Nodes(Run* run, double* bound) : run_(run), bound_(bound) {}

  CbcAction event(CbcEvent which) override {
    if (which == node) {
      // A tree tells nothing of its end: half of what is left for every hundred nodes.
      run_->share = std::max(run_->share, 1 - 1 / (1 + static_cast<double>(model_->getNodeCount()) / 100));
      if (!run_->stopped) *bound_ = std::max(*bound_, model_->getBestPossibleObjValue());
    }
    return run_->go_on() ? noAction : stop;
  }
  CbcEventHandler* clone() const override { return new Nodes(*this); }

 private:
  Run* run_;
  double* bound_;
};

Solution solve_continuous(const Model& model, const Limits& limits) {
  Lp lp(model);
  Solution out;
  out.status = lp.solve(0, limits.watch);
  if (out.status != Status::optimal) return out;
  out.objective = out.bound = lp.objective();
  out.values.assign(lp.values().begin(), lp.values().end());
  return out;
}

/// The warm start with its whole columns fixed and the rest solved: a solution of the whole, or nothing.
std::vector<double> completed(const Model& model, const Limits& limits) {
  if (limits.start.size() != model.columns.size()) return {};
  auto fixed = model;
  for (std::size_t j = 0; j < fixed.columns.size(); ++j) {
    auto& column = fixed.columns[j];
    if (!column.whole) continue;
    const auto value = std::round(limits.start[j]);
    if (value < column.lower || value > column.upper) return {};
    column.lower = column.upper = value;
  }
  return solve_continuous(fixed, limits).values;
}

double value_of(const Model& model, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t j = 0; j < values.size(); ++j) sum += model.columns[j].objective * values[j];
  return sum;
}

void add_generators(CbcModel& cbc) {
  CglProbing probing;
  probing.setUsingObjective(1);
  probing.setMaxPass(1);
  probing.setMaxPassRoot(3);
  probing.setMaxProbe(10);
  probing.setMaxLook(10);
  probing.setMaxProbeRoot(50);
  probing.setRowCuts(3);
  CglGomory gomory;
  gomory.setLimit(300);
  CglKnapsackCover cover;
  CglClique clique;
  clique.setStarCliqueReport(false);
  clique.setRowCliqueReport(false);
  CglFlowCover flow;
  CglMixedIntegerRounding2 rounding;
  cbc.addCutGenerator(&probing, -1, "Probing");
  cbc.addCutGenerator(&gomory, -1, "Gomory");
  cbc.addCutGenerator(&cover, -1, "Knapsack");
  cbc.addCutGenerator(&clique, -1, "Clique");
  cbc.addCutGenerator(&flow, -1, "FlowCover");
  cbc.addCutGenerator(&rounding, -1, "MIR2");
}

void add_heuristics(CbcModel& cbc) {
  CbcRounding rounding(cbc);
  CbcHeuristicFPump pump(cbc);
  pump.setMaximumPasses(20);
  CbcHeuristicDiveCoefficient dive(cbc);
  CbcHeuristicRINS rins(cbc);
  cbc.addHeuristic(&rounding, "rounding");
  cbc.addHeuristic(&pump, "feasibility pump");
  cbc.addHeuristic(&dive, "dive");
  cbc.addHeuristic(&rins, "RINS");
}

}  // namespace

Solution solve(const Model& model, const Limits& limits) {
  if (!model.has_whole()) return solve_continuous(model, limits);
  const double sign = model.maximise ? -1 : 1;
  Solution out;
  const auto start = completed(model, limits);

  OsiClpSolverInterface solver;
  load(solver, model);
  Run run{limits.watch, limits.pivots};
  Pivots pivots(&run);
  solver.getModelPtr()->passInEventHandler(&pivots);
  solver.initialSolve();
  if (solver.isProvenPrimalInfeasible()) {
    out.status = Status::infeasible;
    return out;
  }
  if (solver.isProvenDualInfeasible()) {
    out.status = Status::unbounded;
    return out;
  }
  const bool relaxed = solver.isProvenOptimal();
  double bound = relaxed ? solver.getObjValue() : -COIN_DBL_MAX;

  CbcModel cbc(solver);
  cbc.setLogLevel(0);
  cbc.messageHandler()->setLogLevel(0);
  cbc.solver()->messageHandler()->setLogLevel(0);
  if (relaxed) {
    Nodes nodes(&run, &bound);
    cbc.passInEventHandler(&nodes);
    add_generators(cbc);
    add_heuristics(cbc);
    cbc.setNumberBeforeTrust(5);
    cbc.setAllowableGap(1e-9);
    cbc.setAllowableFractionGap(limits.relative_gap);
    cbc.setMaximumNodes(static_cast<int>(std::min<std::int64_t>(limits.nodes, 2'000'000'000)));
    if (!start.empty())
      cbc.setBestSolution(start.data(), static_cast<int>(start.size()), sign * value_of(model, start), true);
    cbc.branchAndBound();
    out.nodes = cbc.getNodeCount();
    if (!run.stopped) bound = std::max(bound, cbc.getBestPossibleObjValue());
  }
  const bool ended = relaxed && !run.stopped && cbc.status() == 0 && !cbc.isSecondsLimitReached();
  if (const auto* best = cbc.bestSolution()) {
    out.values.assign(best, best + model.columns.size());
  } else {
    out.values = start;
  }
  if (!out.found()) {
    out.status = ended && cbc.isProvenInfeasible() ? Status::infeasible : Status::stopped;
    out.bound = sign * bound;
    return out;
  }
  for (std::size_t j = 0; j < out.values.size(); ++j)
    if (model.columns[j].whole) out.values[j] = std::round(out.values[j]);
  out.objective = value_of(model, out.values);
  out.status = ended ? Status::optimal : Status::feasible;
  // A bound beyond the solution, or the loose one of a proven end, says only that the solution is best.
  if (ended && limits.relative_gap <= 0) bound = sign * out.objective;
  out.bound = sign * std::min(bound, sign * out.objective);
  return out;
}

std::vector<Row> cuts(const Model& model, int rounds, const Watch& watch) {
  OsiClpSolverInterface solver;
  load(solver, model);
  Run run{watch};
  Pivots pivots(&run);
  solver.getModelPtr()->passInEventHandler(&pivots);
  solver.initialSolve();
  CglKnapsackCover cover;
  CglClique clique;
  clique.setStarCliqueReport(false);
  clique.setRowCliqueReport(false);
  CglZeroHalf zero_half;
  CglMixedIntegerRounding2 rounding;
  std::vector<Row> out;
  for (int round = 0; round < rounds && solver.isProvenOptimal() && watch.go_on(0); ++round) {
    OsiCuts found;
    cover.generateCuts(solver, found);
    clique.generateCuts(solver, found);
    zero_half.generateCuts(solver, found);
    rounding.generateCuts(solver, found);
    std::vector<const OsiRowCut*> violated;
    const auto* at = solver.getColSolution();
    for (int i = 0; i < found.sizeRowCuts(); ++i)
      if (found.rowCut(i).violated(at) > 1e-4) violated.push_back(&found.rowCut(i));
    if (violated.empty()) break;
    for (const auto* cut : violated) {
      Row row;
      row.lower = cut->lb() <= -COIN_DBL_MAX ? -kInfinity : cut->lb();
      row.upper = cut->ub() >= COIN_DBL_MAX ? kInfinity : cut->ub();
      const auto& terms = cut->row();
      for (int k = 0; k < terms.getNumElements(); ++k)
        row.terms.emplace_back(terms.getIndices()[k], terms.getElements()[k]);
      solver.addRow(terms, cut->lb(), cut->ub());
      out.push_back(std::move(row));
    }
    solver.resolve();
  }
  return out;
}

}  // namespace qy::engine::milp
