#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/rational.h"
#include "engine/portfolio/portfolio.h"

namespace qy::engine::portfolio {

/// What every combination of options makes of every row of the indicator system, graded once by engine/indicators.
class LevelTable {
 public:
  /// Errors: those of engine/indicators, at the place that gave the answer; portfolio.row_options,
  /// portfolio.row_unknown, portfolio.row_change, portfolio.level_unknown, portfolio.level_missing,
  /// indicator_system.no_weights.
  static Result<LevelTable> make(const Goal& goal, const std::vector<Option>& options);

  struct Row {
    std::string id;
    bool limiting = false, applies = true;
    double weight = 0;                              ///< of the whole: 0.05
    std::vector<std::size_t> options;               ///< that change it
    std::vector<indicators::Grade> grades;          ///< by mask over `options`
    std::vector<const indicators::Answer*> answer;  ///< the one that gave it
  };
  const std::vector<Row>& rows() const { return rows_; }
  std::size_t aim() const { return aim_; }     ///< 0 for I …: grade a row must have to count in the index
  std::size_t demanded(const Row& row) const;  ///< worst grade the row may have at all; 3: any
  double index_wanted() const { return index_wanted_; }

  /// Evaluates the whole system with the options taken.
  indicators::Evaluation evaluate(const std::vector<char>& options) const;
  bool reached(const std::vector<char>& options) const;

 private:
  LevelTable() = default;
  indicators::Input input(const std::vector<char>& options) const;

  const Goal* goal_ = nullptr;
  std::unique_ptr<const indicators::Prepared> prepared_;
  const rules::LevelRule::Level* wanted_ = nullptr;
  std::vector<Row> rows_;
  std::vector<std::unique_ptr<indicators::Answer>> made_;
  std::size_t aim_ = 0;
  double index_wanted_ = 0;
};

}  // namespace qy::engine::portfolio
