#pragma once

#include <algorithm>
#include <limits>

#include "base/rational.h"
#include "engine/indicators/expression.h"
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

constexpr std::size_t kNotWritten = std::numeric_limits<std::size_t>::max();

/// What one level asks of a number.
struct Limit {
  bool any = false;  ///< blank: met by anyone
  bool known = false;
  std::size_t expression = kNotWritten;  ///< in the tables, when it follows a parameter
  std::optional<Decimal> decimal;        ///< as written, when it does not
  int decimals = 0;                      ///< as written, for the rounded-value comparison
  std::string text;
};

struct Prepared::Tables {
  struct OneRow {
    const rules::IndicatorRow* row;
    std::size_t group;
    std::array<const rules::Benchmark*, 3> benchmarks;  ///< `same_as` followed; nullptr: not there
    std::array<Limit, 3> limits;                        ///< of a quantitative row
    std::vector<std::array<std::optional<Limit>, 3>> metrics;
    std::optional<Rational> weight;               ///< inside its group, when it is a number
    std::size_t weight_expression = kNotWritten;  ///< when it follows a parameter
    std::int64_t units = 0;                       ///< of a constant group: its weight as a multiple of the group's part
  };
  struct OneGroup {
    std::size_t first = 0, end = 0;  ///< its rows
    bool constant = false;           ///< all weights are numbers that fit, and no product shares them
    std::int64_t whole = 1;          ///< of a constant group: how many units are 1
    Rational weight;
  };
  struct OneLevel {
    std::size_t at, limiting, others;  ///< positions; `others` 3: no demand
    Rational index;
  };
  const rules::IndicatorSystem* system;
  const rules::LevelRule* rule;
  std::vector<OneLevel> levels;
  std::vector<OneRow> rows;
  std::vector<OneGroup> groups;
  std::vector<std::pair<std::string_view, std::size_t>> by_id;  ///< sorted
  std::vector<Result<Expression>> expressions;                  ///< no two of the same text
  bool has_all_weights = false;

  Tables(const rules::IndicatorSystem& system, const rules::LevelRule& rule);

 private:
  std::size_t number_of(const std::string& expression);
  Limit limit_of(const rules::Amount& amount);
  void add(const rules::IndicatorRow& row, std::size_t group);
  std::map<std::string_view, std::size_t> numbers_;
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
  template <class Write>
  void explain(const Row& row, Write write) {
    if (input_.explain) write(out_.reasons[static_cast<std::size_t>(&row - out_.rows.data())]);
  }
  void match_answers();
  void check_parameters();
  const Rational* value_of(std::size_t expression);
  void grade(std::size_t i);
  std::optional<Decimal> converted(const rules::IndicatorRow& row, std::string_view field, const Quantity& quantity,
                                   const std::string& unit);
  bool known(const Limit& limit);
  std::string text_of(const Limit& limit);
  bool meets(const Decimal& measured, const Limit& limit, const rules::IndicatorRow& row, bool higher_is_better);
  void grade_value(Row& result, const Prepared::Tables::OneRow& row, const Quantity& quantity);
  std::optional<std::size_t> level_of_metrics(const Prepared::Tables::OneRow& row, const Quantity* metrics,
                                              std::string_view field);
  void grade_text(Row& result, const Prepared::Tables::OneRow& row, const Answer& answer);
  void refuse(Row& result, std::size_t level);

  // weighing.cc
  static bool applies(const Row& row) { return row.grade != Grade::not_applicable; }
  std::optional<Rational> share_of(std::size_t row);
  void check_outputs();
  bool add_raw(std::size_t g);
  void weigh();
  void give_away(const Rational& lost, const Rational& kept);
  void settle();
  void index_of_nothing(std::size_t g);

  // levels.cc
  static bool reaches(const Row& row, std::size_t level) { return position_of(row.grade) <= level; }
  void judge_limiting();
  void add_up();
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
  struct Value {
    bool asked = false;
    std::optional<Rational> value;  ///< nothing: complained of
  };
  std::vector<Value> values_;  ///< of the tables' expressions under these parameters
  struct Part {
    bool known = true;       ///< the weights of all its applicable rows
    bool in_units = true;    ///< `units_` has them
    std::int64_t whole = 1;  ///< so many units are 1
    std::int64_t all = 0;    ///< units of its applicable rows
    Rational weight, sum;    ///< of the group; of its applicable rows, when not in units
    Rational factor;         ///< one unit's part of the whole
  };
  std::vector<Part> parts_;
  std::vector<std::int64_t> units_;  ///< per row, inside its group; 0 when it does not apply
  std::vector<Rational> raw_;        ///< the same where a parameter or outputs decide; empty before
};

}  // namespace qy::engine::indicators
