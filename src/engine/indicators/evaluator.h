#pragma once

#include <algorithm>
#include <deque>

#include "base/rational.h"
#include "engine/indicators/indicators.h"

/// Inside engine/indicators only: one evaluation, cut by subject into grading.cc, weighing.cc and levels.cc.
namespace qy::engine::indicators {

constexpr std::array<std::string_view, 3> kLevels = {"I", "II", "III"};

/// 0 for "I", 1, 2; 3 for anything else.
inline std::size_t position_of(std::string_view level) {
  return static_cast<std::size_t>(std::find(kLevels.begin(), kLevels.end(), level) - kLevels.begin());
}

/// How many levels a grade misses: I 0 … below 3; rows without a grade miss all.
inline std::size_t position_of(Grade grade) {
  return grade <= Grade::three ? static_cast<std::size_t>(grade) : kLevels.size();
}

Text level_text(std::size_t level);

/// What one level asks of a number.
struct Limit {
  bool any = false;  ///< blank: met by anyone
  bool known = false;
  const rules::Amount* written = nullptr;  ///< follows a parameter: read at each evaluation
  std::optional<Decimal> decimal;          ///< as written; nothing when it follows a parameter
  Rational value;
  int decimals = 0;  ///< as written, for the rounded-value comparison
  std::string text;
};

struct Prepared::Tables {
  struct OneRow {
    const rules::IndicatorRow* row;
    std::size_t group;
    std::array<const rules::Benchmark*, 3> benchmarks;  ///< `same_as` followed; nullptr: not there
    std::array<Limit, 3> limits;                        ///< of a quantitative row
    std::vector<std::array<std::optional<Limit>, 3>> metrics;
    std::optional<Rational> weight;  ///< when it is a number
    std::string weight_text;         ///< of the whole, when every row of the group applies and all weights are numbers
    Rational weight_of_whole;
  };
  struct OneGroup {
    std::size_t first = 0, end = 0;  ///< its rows
    bool constant = false;           ///< all weights are numbers and no product shares them
    Rational sum;                    ///< of a constant group
  };
  struct OneLevel {
    std::size_t at, limiting, others;  ///< positions; `others` 3: no demand
    Rational index;
    std::string index_text;
  };
  const rules::IndicatorSystem* system;
  const rules::LevelRule* rule;
  std::vector<OneLevel> levels;
  std::vector<OneRow> rows;
  std::vector<OneGroup> groups;
  std::vector<std::pair<std::string_view, std::size_t>> by_id;  ///< sorted
  bool has_all_weights = false;

  Tables(const rules::IndicatorSystem& system, const rules::LevelRule& rule);
};

/// Sums of weights: whole numbers of one common part of the whole while they fit a machine word, fractions otherwise.
class Weights {
 public:
  struct Sum {
    std::int64_t units = 0;
    Rational exact;
  };

  /// Each row's exact part of the whole; 0 where it is not known.
  void assign(std::vector<Rational> weights);
  void add(Sum& sum, std::size_t row, int sign = 1) const {
    if (fits_)
      sum.units += sign * units_[row];
    else
      sum.exact = sign > 0 ? sum.exact + weights_[row] : sum.exact - weights_[row];
  }
  bool same(const Sum& a, const Sum& b) const { return fits_ ? a.units == b.units : a.exact == b.exact; }
  /// Y of a sum: per cents, capped at 100.
  Rational index(const Sum& sum) const;
  /// `part` of `all` in per cents, as text: "0" when `all` is nothing.
  std::string percent(const Sum& part, const Sum& all) const;
  bool index_reaches(const Sum& sum, const Rational& wanted) const;
  bool index_is(const Sum& sum, const Rational& wanted) const;
  bool heavier(std::size_t a, std::size_t b) const { return fits_ ? units_[b] < units_[a] : weights_[b] < weights_[a]; }

 private:
  std::vector<Rational> weights_;
  std::vector<std::int64_t> units_;  ///< the same as multiples of 1/whole_
  std::int64_t whole_ = 1;
  bool fits_ = true;
};

class Evaluator {
 public:
  Evaluator(const Prepared::Tables& tables, const Input& input)
      : tables_(tables), system_(*tables.system), rule_(*tables.rule), input_(input) {}

  Result<Evaluation> run();

 private:
  // grading.cc
  void complain(const std::string& row, std::string_view field, const char* code, Params params = {});
  void warn(const char* code, Params params) { out_.warnings.push_back({code, std::move(params)}); }
  void match_answers();
  void check_parameters();
  std::optional<Rational> amount(const rules::Amount& amount);
  void grade(Row& result, std::size_t i);
  std::optional<Decimal> converted(const rules::IndicatorRow& row, std::string_view field, const Quantity& quantity,
                                   const std::string& unit);
  const Limit& now(const Limit& limit, bool written);
  void grade_value(Row& result, const Prepared::Tables::OneRow& row, const Quantity& quantity);
  std::optional<std::size_t> level_of_metrics(const Prepared::Tables::OneRow& row, const Quantity* metrics,
                                              std::string_view field);
  void grade_text(Row& result, const Prepared::Tables::OneRow& row, const Answer& answer);
  void explain_text(Row& result, const Prepared::Tables::OneRow& row, std::size_t reached,
                    std::optional<std::size_t> by_choice, std::optional<std::size_t> by_numbers) const;

  // weighing.cc
  static bool applies(const Row& row) { return row.grade != Grade::not_applicable; }
  std::optional<Rational> share_of(std::size_t row);
  void check_outputs();
  bool add_raw(std::size_t g);
  void weigh();
  void weigh_usually(std::size_t g, std::vector<Rational>& weights);
  void weigh_anew(std::size_t g, std::vector<Rational>& weights);

  // levels.cc
  static bool reaches(const Row& row, std::size_t level) { return position_of(row.grade) <= level; }
  void judge_limiting();
  void add_up();
  std::string group_percent(std::size_t g, const Weights::Sum& own, const Weights::Sum& all, std::size_t level) const;
  bool holds(std::size_t level) const;
  void decide();
  NextLevel next_level(std::size_t level) const;

  const Prepared::Tables& tables_;
  const rules::IndicatorSystem& system_;
  const rules::LevelRule& rule_;
  const Input& input_;
  Evaluation out_;
  std::vector<FieldError> complaints_;
  std::vector<const Answer*> answers_;  ///< per row; nullptr: none
  std::deque<Limit> limits_now_;        ///< those that follow a parameter
  const rules::Amount* last_amount_ = nullptr;
  std::optional<Rational> last_value_;
  std::vector<Rational> raw_;  ///< per row, unless its group is as usual: its weight inside the group
  std::vector<Rational> group_sums_, group_weights_;
  std::vector<bool> known_;  ///< per group: the weights of all its applicable rows
  Weights weights_;
  std::array<Weights::Sum, 3> sums_;  ///< Y per level, not capped
};

}  // namespace qy::engine::indicators
