#include <cmath>

#include "engine/milp/inside.h"

namespace qy::engine::milp {

int Model::add(Column column) {
  columns.push_back(column);
  return static_cast<int>(columns.size()) - 1;
}

bool Model::has_whole() const {
  for (const auto& column : columns)
    if (column.whole) return true;
  return false;
}

Loaded::Loaded(const Model& model) {
  const double sign = model.maximise ? -1 : 1;
  for (const auto& column : model.columns) {
    lower.push_back(coin(column.lower));
    upper.push_back(coin(column.upper));
    cost.push_back(sign * column.objective);
  }
  std::vector<int> rows, columns;
  std::vector<double> elements;
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    row_lower.push_back(coin(model.rows[i].lower));
    row_upper.push_back(coin(model.rows[i].upper));
    for (const auto& [column, coefficient] : model.rows[i].terms) {
      rows.push_back(static_cast<int>(i));
      columns.push_back(column);
      elements.push_back(coefficient);
    }
  }
  matrix =
      CoinPackedMatrix(true, rows.data(), columns.data(), elements.data(), static_cast<CoinBigIndex>(elements.size()));
  matrix.setDimensions(static_cast<int>(model.rows.size()), static_cast<int>(model.columns.size()));
}

int Pivots::event(Event which) {
  constexpr int kPivots = 64;
  constexpr int kStop = 5, kGoOn = -1;
  if (which != endOfIteration) return kGoOn;
  if (--run_->pivots_left % kPivots == 0) run_->go_on();
  return run_->stopped ? kStop : kGoOn;
}

struct Lp::Inside {
  ClpSimplex clp;
  bool maximise = false;
  bool solved = false, repriced = false;
  double objective = 0;
  std::vector<double> values, reduced, duals;
};

Lp::Lp(const Model& model) : inside_(std::make_unique<Inside>()) {
  const Loaded loaded(model);
  auto& clp = inside_->clp;
  inside_->maximise = model.maximise;
  clp.setLogLevel(0);
  clp.messageHandler()->setLogLevel(0);
  clp.loadProblem(loaded.matrix, loaded.lower.data(), loaded.upper.data(), loaded.cost.data(), loaded.row_lower.data(),
                  loaded.row_upper.data());
  clp.setPerturbation(100);
}
Lp::Lp(Lp&&) noexcept = default;
Lp& Lp::operator=(Lp&&) noexcept = default;
Lp::~Lp() = default;

void Lp::bound(int column, double lower, double upper) {
  inside_->clp.setColumnBounds(column, coin(lower), coin(upper));
}

void Lp::price(int column, double objective) {
  inside_->clp.setObjectiveCoefficient(column, (inside_->maximise ? -1 : 1) * objective);
  inside_->repriced = true;
}

void Lp::add(const Row& row) {
  std::vector<int> columns;
  std::vector<double> elements;
  for (const auto& [column, coefficient] : row.terms) {
    columns.push_back(column);
    elements.push_back(coefficient);
  }
  inside_->clp.addRow(static_cast<int>(columns.size()), columns.data(), elements.data(), coin(row.lower),
                      coin(row.upper));
}

void Lp::keep_rows(int count) {
  std::vector<int> gone;
  for (int row = count; row < rows(); ++row) gone.push_back(row);
  if (!gone.empty()) inside_->clp.deleteRows(static_cast<int>(gone.size()), gone.data());
}

int Lp::rows() const { return inside_->clp.numberRows(); }

Status Lp::solve(int iterations, const Watch& watch) {
  auto& clp = inside_->clp;
  Run run{watch};
  Pivots pivots(&run);
  clp.passInEventHandler(&pivots);
  clp.setMaximumIterations(iterations > 0 ? iterations : 10'000'000);
  // Clp counts the iterations of a model over all its solves.
  clp.setNumberIterations(0);
  if (inside_->solved && inside_->repriced)
    clp.primal(0);
  else if (inside_->solved)
    clp.dual(0, 0);
  else
    clp.initialSolve();
  if (clp.status() == 4 || (clp.status() == 0 && clp.secondaryStatus() > 1)) clp.primal(1);
  inside_->repriced = false;
  const ClpEventHandler quiet;
  clp.passInEventHandler(&quiet);
  switch (clp.status()) {
    case 0:
      break;
    case 1:
      inside_->solved = true;
      return Status::infeasible;
    case 2:
      return Status::unbounded;
    default:
      return Status::stopped;
  }
  inside_->solved = true;
  const double sign = inside_->maximise ? -1 : 1;
  const auto n = static_cast<std::size_t>(clp.numberColumns()), m = static_cast<std::size_t>(clp.numberRows());
  inside_->objective = sign * clp.objectiveValue();
  inside_->values.assign(clp.primalColumnSolution(), clp.primalColumnSolution() + n);
  inside_->reduced.resize(n);
  inside_->duals.resize(m);
  for (std::size_t j = 0; j < n; ++j) inside_->reduced[j] = sign * clp.dualColumnSolution()[j];
  for (std::size_t i = 0; i < m; ++i) inside_->duals[i] = sign * clp.dualRowSolution()[i];
  return std::isfinite(inside_->objective) ? Status::optimal : Status::stopped;
}

double Lp::objective() const { return inside_->objective; }
std::span<const double> Lp::values() const { return inside_->values; }
std::span<const double> Lp::reduced_costs() const { return inside_->reduced; }
std::span<const double> Lp::duals() const { return inside_->duals; }

void load(OsiClpSolverInterface& solver, const Model& model) {
  const Loaded loaded(model);
  solver.messageHandler()->setLogLevel(0);
  solver.getModelPtr()->setLogLevel(0);
  solver.setHintParam(OsiDoReducePrint, true, OsiHintTry);
  solver.loadProblem(loaded.matrix, loaded.lower.data(), loaded.upper.data(), loaded.cost.data(),
                     loaded.row_lower.data(), loaded.row_upper.data());
  for (std::size_t j = 0; j < model.columns.size(); ++j)
    if (model.columns[j].whole) solver.setInteger(static_cast<int>(j));
}

}  // namespace qy::engine::milp
