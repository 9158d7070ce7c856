#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/rational.h"
#include "engine/milp/milp.h"
#include "engine/portfolio/level.h"
#include "engine/portfolio/portfolio.h"

namespace qy::engine::portfolio {

using Exact = __int128;

/// One column of the program: option `option` begun in year `year` (0-based).
struct Pick {
  std::size_t option;
  int year;
};

/// Which picks are taken, one flag each.
using Taken = std::vector<char>;

/// A sum of scaled whole numbers, compared exactly.
struct Sum {
  std::vector<std::pair<std::size_t, Exact>> terms;  ///< pick, coefficient × 10^scale
  int scale = 0;
};

/// A problem made ready: its picks, its demands in exact numbers, and the linear program that bounds it. Objectives are
/// maximised: for the least cost they are negative costs.
class Instance {
 public:
  Instance(const Problem& problem, const LevelTable* level);

  const Problem& problem() const { return problem_; }
  const std::vector<Pick>& picks() const { return picks_; }
  /// Picks first, their greatest objective 1000;, then pairs, streams and rows of the level.
  const milp::Model& model() const { return model_; }
  /// What the row of the model demands, as `Blocking::name` has it; "" for rows that only describe.
  const std::vector<std::string>& row_names() const { return row_names_; }
  std::size_t budget_rows() const { return problem_.budget.size(); }  ///< the first ones of the model
  /// Every pick alone decides the objective and every demand.
  bool linear() const { return streams_.empty() && pairs_.empty() && !level_; }
  /// Objectives of two sets differ by a multiple of this; 0 when that is not known.
  double grain() const { return grain_; }
  /// What one unit of the objective is in the model, in estimates and in the grain.
  double unit() const { return unit_; }

  /// The exact objective, or nothing when a demand is not met.
  std::optional<Rational> value(const Taken& taken) const;
  double estimate(const Taken& taken) const;

  /// Rows that a saving of `taken` (or of the fractions `x`) violates by more than it may: tangents of the concave
  /// saving and submodular cuts.
  std::vector<milp::Row> stream_cuts(std::span<const double> x) const;

  // What is reported of a set.
  std::vector<Decimal> spent(const Taken& taken) const;
  Rational effect(const std::string& name, const Taken& taken) const;
  Rational saved(std::size_t stream, const Taken& taken) const;
  Choice choice(const Taken& taken, const Rational& value) const;

 private:
  struct Saving {
    std::size_t option;
    Rational share;
    double value;
  };
  struct Pair {
    std::size_t first, second;  ///< options
    int column;
  };
  struct Shared {
    int column;
    double flow;
    std::vector<Saving> savings;
  };

  void make_picks();
  void add_budgets();
  void add_choices();
  void add_pairs();
  void add_streams();
  void add_targets();
  void add_level();
  void find_grain();
  void add_row(milp::Row row, std::string name = {});
  milp::Row sum_of(std::size_t option, double coefficient = 1) const;
  bool taken(std::size_t option, const Taken& taken) const;
  bool allowed(const Taken& taken) const;
  bool affordable(const Taken& taken) const;
  milp::Row tangent(const Shared& stream, double at) const;
  milp::Row submodular(const Shared& stream, const std::vector<char>& set) const;

  const Problem& problem_;
  const LevelTable* level_;
  std::map<std::string, std::size_t> index_;
  std::vector<Pick> picks_;
  std::vector<std::vector<std::size_t>> of_option_;  ///< picks
  std::vector<std::vector<std::size_t>> needs_;      ///< options
  std::vector<std::vector<std::size_t>> cliques_;    ///< options of which at most one
  Sum objective_;
  std::vector<Sum> budget_;
  std::vector<Exact> budget_limit_;
  std::map<std::string, Sum> effects_;
  std::vector<Pair> pairs_;
  std::vector<Shared> streams_;
  std::vector<int> level_columns_;
  double grain_ = 0, unit_ = 1;
  milp::Model model_;
  std::vector<std::string> row_names_;
};

/// coefficient / 10^scale
Rational rational(Exact coefficient, int scale);
double to_double(const Rational& value);

}  // namespace qy::engine::portfolio
