#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/watch.h"

/// 线性与混合整数规划: linear and mixed 0-1 programs over COIN-OR Clp, Cgl and Cbc; the only folder that knows them.
///
/// Floating point throughout: whoever needs exact answers verifies what comes from here. Nothing is printed, no signal
/// is handled, no thread is started; calls from several threads at once do not disturb each other, because every call
/// owns its models and goes round CbcMain, the one part of Cbc with a state of its own.
namespace qy::engine::milp {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A variable: lower ≤ x ≤ upper.
struct Column {
  double objective = 0;
  double lower = 0, upper = kInfinity;
  bool whole = false;  ///< integer
};

/// lower ≤ Σ coefficient·x ≤ upper; each column at most once.
struct Row {
  std::vector<std::pair<int, double>> terms;
  double lower = -kInfinity, upper = kInfinity;
};

struct Model {
  bool maximise = false;
  std::vector<Column> columns;
  std::vector<Row> rows;

  int add(Column column);
  void add(Row row) { rows.push_back(std::move(row)); }
  bool has_whole() const;
};

enum class Status {
  optimal,     ///< proven within the gap asked for
  feasible,    ///< stopped with a solution
  infeasible,  ///< proven to have none
  unbounded,
  stopped,  ///< stopped with nothing, or numerically lost
};

/// 线性规划: one linear program solved again and again after small changes, by the dual simplex from the last basis.
/// Whole columns count as continuous.
class Lp {
 public:
  explicit Lp(const Model& model);
  Lp(Lp&&) noexcept;
  Lp& operator=(Lp&&) noexcept;
  ~Lp();

  void bound(int column, double lower, double upper);
  /// The objective's coefficient from now on.
  void price(int column, double objective);
  void add(const Row& row);
  /// Keeps only the first `count` rows.
  void keep_rows(int count);
  int rows() const;

  /// `stopped` after `iterations` (0: no limit), or when the watch says so, or when the numbers do not allow a verdict.
  Status solve(int iterations = 0, const Watch& watch = {});

  double objective() const;
  /// Feasible for the columns' bounds up to 1e-7; valid after `optimal`.
  std::span<const double> values() const;
  /// Change of the objective per unit of a column forced up; 0 for basic ones.
  std::span<const double> reduced_costs() const;
  /// 影子价格: change of the objective per unit of a row's bound.
  std::span<const double> duals() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

struct Limits {
  std::vector<double> start;                ///< warm start: a value for each column, or empty; ignored when infeasible
  double relative_gap = 0;                  ///< good enough: |bound − objective| ≤ gap·|objective|
  std::int64_t nodes = 1'000'000'000;       ///< of the branch and cut
  bool made_ready = false;                  ///< the model has its cuts: neither preprocessed nor cut for long
  std::int64_t pivots = 1'000'000'000'000;  ///< of the simplex, over the whole call
  Watch watch;
};

struct Solution {
  Status status = Status::stopped;
  double objective = 0;
  double bound = 0;            ///< proven: no solution is better than this
  std::vector<double> values;  ///< whole columns are whole; empty without a solution
  std::int64_t nodes = 0;

  bool found() const { return !values.empty(); }
};

/// Branch and cut by Cbc (a plain linear program when no column is whole): preprocessing; probing, knapsack cover,
/// clique, flow cover, zero-half, mixed integer and two-step rounding and Gomory cuts; rounding, feasibility pump,
/// diving and RINS; the warm start first. What comes back from the preprocessed program is checked against this one,
/// and searched again without it when it does not hold. The watch is asked at every node and every 64 pivots.
Solution solve(const Model& model, const Limits& limits = {});

/// Cuts that every whole solution of `model` meets and the linear relaxation does not (knapsack cover, clique,
/// zero-half, mixed integer rounding), for a branch and bound of one's own. At most `rounds` rounds.
std::vector<Row> cuts(const Model& model, int rounds, const Watch& watch = {});

/// A relaxation with its cuts.
struct Tightened {
  std::vector<Row> rows;
  double bound = 0;                           ///< infinite, on the good side, when the relaxation was not solved
  std::vector<double> values, reduced_costs;  ///< as of Lp
};

/// 固定费用割: cuts for programs whose whole columns switch flows on (flow cover, mixed integer rounding, two-step
/// rounding, Gomory, knapsack cover). Only those that hold the last relaxation are kept; at most `rounds` rounds, and
/// none after the bound has stopped rising.
Tightened flow_cuts(const Model& model, int rounds, const Watch& watch = {});

}  // namespace qy::engine::milp
