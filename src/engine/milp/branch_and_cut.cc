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
#include <CglPreProcess.hpp>
#include <CglProbing.hpp>
#include <CglTwomir.hpp>
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

void add_generators(CbcModel& cbc, bool all) {
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
  CglTwomir two_step;
  two_step.setMaxElements(250);
  CglZeroHalf zero_half;
  cbc.addCutGenerator(&probing, -1, "Probing");
  cbc.addCutGenerator(&gomory, -1, "Gomory");
  cbc.addCutGenerator(&cover, -1, "Knapsack");
  cbc.addCutGenerator(&clique, -1, "Clique");
  cbc.addCutGenerator(&flow, -1, "FlowCover");
  cbc.addCutGenerator(&rounding, -1, "MIR2");
  if (!all) return;
  cbc.addCutGenerator(&two_step, -99, "TwoStepMIR");
  cbc.addCutGenerator(&zero_half, -1, "ZeroHalf");
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

/// The program made smaller for the branch and cut, and the way back.
class Smaller {
 public:
  /// False when nothing is left, because the program is impossible or the numbers were lost.
  bool make(OsiClpSolverInterface& solver) {
    process_.messageHandler()->setLogLevel(0);
    probing_.setMaxPass(1);
    probing_.setMaxPassRoot(1);
    probing_.setMaxProbeRoot(std::min(solver.getNumCols(), 3000));
    probing_.setMaxElements(100);
    probing_.setMaxElementsRoot(200);
    probing_.setMaxLookRoot(50);
    probing_.setRowCuts(3);
    process_.addCutGenerator(&probing_);
    made_ = dynamic_cast<OsiClpSolverInterface*>(process_.preProcess(solver, false, 5));
    if (!made_) return false;
    made_->messageHandler()->setLogLevel(0);
    made_->getModelPtr()->setLogLevel(0);
    made_->setHintParam(OsiDoReducePrint, true, OsiHintTry);
    made_->resolve();
    return made_->isProvenOptimal();
  }
  OsiClpSolverInterface& solver() { return *made_; }

  /// A solution of the whole as one of what is left: its whole columns fixed, the rest solved; nothing when that fails.
  std::pair<std::vector<double>, double> start(const std::vector<double>& whole) {
    OsiClpSolverInterface fixed(*made_);
    const auto* original = process_.originalColumns();
    for (int j = 0; j < fixed.getNumCols(); ++j) {
      if (!fixed.isInteger(j) || original[j] < 0 || static_cast<std::size_t>(original[j]) >= whole.size()) continue;
      const auto value = std::round(whole[static_cast<std::size_t>(original[j])]);
      if (value < fixed.getColLower()[j] || value > fixed.getColUpper()[j]) return {};
      fixed.setColBounds(j, value, value);
    }
    fixed.resolve();
    if (!fixed.isProvenOptimal()) return {};
    std::vector<double> out(fixed.getColSolution(), fixed.getColSolution() + fixed.getNumCols());
    for (int j = 0; j < fixed.getNumCols(); ++j)
      if (fixed.isInteger(j) &&
          std::fabs(out[static_cast<std::size_t>(j)] - std::round(out[static_cast<std::size_t>(j)])) > 1e-7)
        return {};
    return {std::move(out), fixed.getObjValue()};
  }

  void back(OsiSolverInterface& solved) { process_.postProcess(solved); }

 private:
  CglPreProcess process_;
  CglProbing probing_;
  OsiClpSolverInterface* made_ = nullptr;  ///< of the process
};

bool holds(const Model& model, const std::vector<double>& values) {
  constexpr double kTolerance = 1e-6;
  for (std::size_t j = 0; j < values.size(); ++j) {
    const auto& column = model.columns[j];
    const auto slack = kTolerance * std::max(1.0, std::fabs(values[j]));
    if (values[j] < column.lower - slack || values[j] > column.upper + slack) return false;
    if (column.whole && std::fabs(values[j] - std::round(values[j])) > 1e-5) return false;
  }
  for (const auto& row : model.rows) {
    double sum = 0, size = 1;
    for (const auto& [j, a] : row.terms) {
      sum += a * values[static_cast<std::size_t>(j)];
      size = std::max(size, std::fabs(a * values[static_cast<std::size_t>(j)]));
    }
    if (sum < row.lower - kTolerance * size || sum > row.upper + kTolerance * size) return false;
  }
  return true;
}

void quieten(CbcModel& cbc) {
  cbc.setLogLevel(0);
  cbc.messageHandler()->setLogLevel(0);
  cbc.solver()->messageHandler()->setLogLevel(0);
}

void search(CbcModel& cbc, Nodes& nodes, const Limits& limits) {
  cbc.passInEventHandler(&nodes);
  add_generators(cbc, !limits.made_ready);
  add_heuristics(cbc);
  cbc.setNumberBeforeTrust(limits.made_ready ? 5 : 10);
  if (!limits.made_ready) {
    const auto columns = cbc.getNumCols();
    // Below zero: even when the bound rises slowly.
    cbc.setMaximumCutPassesAtRoot(columns < 500 ? -100 : columns < 5000 ? 100 : 20);
    cbc.setMaximumCutPasses(10);
  }
  cbc.setAllowableGap(1e-9);
  cbc.setAllowableFractionGap(limits.relative_gap);
  cbc.setMaximumNodes(static_cast<int>(std::min<std::int64_t>(limits.nodes, 2'000'000'000)));
  cbc.branchAndBound();
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
  const double first_bound = solver.isProvenOptimal() ? solver.getObjValue() : -COIN_DBL_MAX;
  double bound = first_bound;
  bool ended = false, impossible = false;
  const auto proven = [&](CbcModel& cbc) {
    out.nodes += cbc.getNodeCount();
    if (!run.stopped) bound = std::max(bound, cbc.getBestPossibleObjValue());
    ended = !run.stopped && cbc.status() == 0 && !cbc.isSecondsLimitReached();
    impossible = ended && cbc.isProvenInfeasible();
  };

  // The smaller program is not always the same program: what it calls impossible, or whose solution does not come back
  // as good as it was, is searched as it is.
  const bool relaxed = solver.isProvenOptimal();
  bool as_it_is = relaxed;
  Smaller smaller;
  if (relaxed && !limits.made_ready && smaller.make(solver)) {
    smaller.solver().getModelPtr()->passInEventHandler(&pivots);
    CbcModel cbc(smaller.solver());
    quieten(cbc);
    Nodes nodes(&run, &bound);
    const auto [known, cost] = start.empty() ? std::pair<std::vector<double>, double>() : smaller.start(start);
    if (!known.empty()) cbc.setBestSolution(known.data(), static_cast<int>(known.size()), cost, true);
    search(cbc, nodes, limits);
    proven(cbc);
    bool lost = impossible;
    if (cbc.bestSolution()) {
      const auto promised = cbc.getObjValue();
      smaller.back(*cbc.solver());
      out.values.assign(solver.getColSolution(), solver.getColSolution() + model.columns.size());
      lost =
          !holds(model, out.values) || sign * value_of(model, out.values) > promised + 1e-6 * (1 + std::fabs(promised));
      if (lost) out.values.clear();
    }
    as_it_is = lost && !run.stopped;
    if (as_it_is) bound = first_bound;
  }
  if (as_it_is) {
    OsiClpSolverInterface again;
    load(again, model);
    again.getModelPtr()->passInEventHandler(&pivots);
    again.initialSolve();
    CbcModel cbc(again);
    quieten(cbc);
    Nodes nodes(&run, &bound);
    if (!start.empty())
      cbc.setBestSolution(start.data(), static_cast<int>(start.size()), sign * value_of(model, start), true);
    search(cbc, nodes, limits);
    if (const auto* best = cbc.bestSolution()) out.values.assign(best, best + model.columns.size());
    proven(cbc);
  }
  if (!start.empty() && (!out.found() || sign * value_of(model, start) < sign * value_of(model, out.values)))
    out.values = start;
  if (!out.found()) {
    out.status = impossible ? Status::infeasible : Status::stopped;
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

namespace {

Row row_of(const OsiRowCut& cut) {
  Row row;
  row.lower = cut.lb() <= -COIN_DBL_MAX ? -kInfinity : cut.lb();
  row.upper = cut.ub() >= COIN_DBL_MAX ? kInfinity : cut.ub();
  const auto& terms = cut.row();
  for (int k = 0; k < terms.getNumElements(); ++k)
    row.terms.emplace_back(terms.getIndices()[k], terms.getElements()[k]);
  return row;
}

std::vector<const OsiRowCut*> violated(OsiCuts& found, const double* at) {
  std::vector<const OsiRowCut*> out;
  for (int i = 0; i < found.sizeRowCuts(); ++i)
    if (found.rowCut(i).violated(at) > 1e-4) out.push_back(&found.rowCut(i));
  return out;
}

/// Cuts of numbers that lie too far apart are not to be trusted.
bool sound(const Row& row) {
  double least = kInfinity, most = 0;
  for (const auto& [column, coefficient] : row.terms)
    if (coefficient != 0) {
      least = std::min(least, std::fabs(coefficient));
      most = std::max(most, std::fabs(coefficient));
    }
  return most <= 1e6 * least;
}

}  // namespace

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
    const auto new_ones = violated(found, solver.getColSolution());
    if (new_ones.empty()) break;
    for (const auto* cut : new_ones) {
      solver.addRow(cut->row(), cut->lb(), cut->ub());
      out.push_back(row_of(*cut));
    }
    solver.resolve();
  }
  return out;
}

Tightened flow_cuts(const Model& model, int rounds, const Watch& watch) {
  constexpr int kPatience = 5;
  constexpr double kRise = 1e-4;
  OsiClpSolverInterface solver;
  load(solver, model);
  Run run{watch};
  Pivots pivots(&run);
  solver.getModelPtr()->passInEventHandler(&pivots);
  solver.initialSolve();
  CglFlowCover flow;
  CglMixedIntegerRounding2 rounding;
  CglTwomir two_step;
  two_step.setMaxElements(250);
  CglGomory gomory;
  gomory.setLimit(50);
  CglKnapsackCover cover;
  const double sign = model.maximise ? -1 : 1;
  Tightened last{.bound = -sign * kInfinity};
  std::vector<Row> out;
  const auto keep = [&] {
    if (!solver.isProvenOptimal()) return false;
    const auto n = model.columns.size();
    last = {out, sign * solver.getObjValue(), {}, {}};
    last.values.assign(solver.getColSolution(), solver.getColSolution() + n);
    for (std::size_t j = 0; j < n; ++j) last.reduced_costs.push_back(sign * solver.getReducedCost()[j]);
    return true;
  };
  const auto first = static_cast<std::size_t>(solver.getNumRows());
  double before = solver.getObjValue();
  for (int round = 0, idle = 0; keep() && round < rounds && idle < kPatience && watch.go_on(0); ++round) {
    OsiCuts found;
    flow.generateCuts(solver, found);
    rounding.generateCuts(solver, found);
    two_step.generateCuts(solver, found);
    gomory.generateCuts(solver, found);
    cover.generateCuts(solver, found);
    std::vector<Row> rows;
    std::vector<const OsiRowCut*> new_ones;
    for (const auto* cut : violated(found, solver.getColSolution())) {
      auto row = row_of(*cut);
      if (!sound(row)) continue;
      new_ones.push_back(cut);
      rows.push_back(std::move(row));
    }
    if (new_ones.empty()) break;
    // What has become slack goes before what is new comes.
    std::vector<int> slack;
    std::vector<Row> kept;
    const auto* duals = solver.getRowPrice();
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (std::fabs(duals[first + i]) > 1e-9)
        kept.push_back(std::move(out[i]));
      else
        slack.push_back(static_cast<int>(first + i));
    }
    if (!slack.empty()) solver.deleteRows(static_cast<int>(slack.size()), slack.data());
    out = std::move(kept);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      solver.addRow(new_ones[i]->row(), new_ones[i]->lb(), new_ones[i]->ub());
      out.push_back(std::move(rows[i]));
    }
    solver.resolve();
    const auto now = solver.getObjValue();
    idle = now - before > kRise * (1 + std::fabs(before)) ? 0 : idle + 1;
    before = std::max(before, now);
  }
  return last;
}

}  // namespace qy::engine::milp
