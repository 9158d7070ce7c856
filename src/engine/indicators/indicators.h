#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/date.h"
#include "base/decimal.h"
#include "engine/indicators/weights.h"
#include "rules/model.h"
#include "units/unit.h"

/// 清洁生产评价: rows graded against their benchmarks, the composite index as an exact fraction, the level by its rule.
///
/// Source: 清洁生产评价指标体系编制通则(试行稿) 2013 and GB/T 43329-2023, formulas 5-1 to 5-3 as secondary places quote
/// them.
namespace qy::engine::indicators {

/// What an enterprise answers to one row. Nothing set means no data, which is not "not applicable".
struct Answer {
  std::optional<Quantity>
      value;  ///< of a quantitative row, or of the only metric of a qualitative one; without a unit: in the row's
  std::string level;              ///< of a qualitative row: "I", "II", "III", "below"
  std::vector<Quantity> metrics;  ///< of a qualitative row with numbers in it, in the row's order
  std::string not_applicable;     ///< why the row does not apply
  std::optional<Decimal> output;  ///< of a row in a product group: output of its product, any one unit for the group
};

struct Input {
  std::map<std::string, Decimal> parameters;  ///< "n" → 3
  std::map<std::string, Answer> answers;      ///< row id → answer
  Date on;
  /// 无适用指标的一级指标: a group with no applicable row contributes nothing (false) or its weight goes to the others
  /// (true).
  bool redistribute_empty_groups = false;
  bool explain = true;  ///< false leaves reasons empty, for bulk runs
  /// A form still being filled: a product's output that is not given leaves its group unweighted instead of being a
  /// mistake; where weights decide, the row then counts as missing.
  bool unfinished = false;
};

enum class Grade { one, two, three, below, missing, not_applicable, unread };

/// "I", "II", "III", "below", "missing", "not_applicable"; unread is "missing", because the row cannot be judged.
std::string to_string(Grade grade);

/// Of "I", "II", "III"; below for anything else.
Grade grade_of(std::string_view level);

/// 等级: those that have an index, best first.
inline constexpr std::array<Grade, 3> kLevelGrades = {Grade::one, Grade::two, Grade::three};

/// Something the reader of the result must know; its sentences are in the catalogue.
struct Warning {
  std::string code;
  Params params;
};

struct Row {
  const rules::IndicatorRow* row = nullptr;
  std::size_t group = 0;  ///< index in the system's groups
  Grade grade = Grade::missing;
  bool output_missing = false;  ///< several products of its group are answered and this one's output is not given
};

/// Why a row has its grade and its weight.
struct Reason {
  Text grade;    ///< what was compared with what
  Text sharing;  ///< of a row in a product group: whose output its weight follows; empty while outputs are unknown
};

struct Group {
  const rules::IndicatorGroup* group = nullptr;
  bool empty = false;  ///< no applicable row
  bool known = false;  ///< its weight and those of all its applicable rows
  /// 一级指标: its own index per level where it weighs nothing in the whole; else Evaluation::group_index knows.
  std::optional<std::array<Rational, 3>> index;
};

/// What is missing for the next better level: the limiting rows first, then the fewest rows by weight.
struct NextLevel {
  enum class Why { limiting, others, index };
  struct Rise {
    std::size_t row;
    Grade from, to;
    Why why;
  };
  const rules::LevelRule::Level* level = nullptr;
  Rational index_then;  ///< of that level once the rows have risen
  std::vector<Rise> rows;
  bool reachable = true;  ///< false when even all rows together do not reach the index (an empty group)
};

/// "limiting", "others", "index".
std::string to_string(NextLevel::Why why);

struct Evaluation {
  std::vector<Row> rows;               ///< in the system's order
  std::optional<Error> index_refused;  ///< indicator_system.no_weights
  std::optional<std::string> level;    ///< "I" … or "none"; nullopt when rows are missing or the index is refused
  const Text* level_name = nullptr;    ///< of `level`
  std::vector<bool> limiting;          ///< per level of the rule: every limiting row reaches what the level asks
  std::vector<Reason> reasons;         ///< of the rows; empty unless they were to be explained
  std::vector<Group> groups;
  std::vector<std::string_view> missing, unread;  ///< row ids; unread ⊆ missing: their benchmark is not known
  std::vector<Warning> warnings;
  std::optional<NextLevel> next;
  Weights weights;
  std::array<Weights::Sum, 3> sums;  ///< of what reaches I, II, III

  /// Y of a level, 0 … 100; nothing when it was refused.
  std::optional<Rational> index(Grade level) const;
  /// 一级指标: a group's own Y.
  std::optional<Rational> group_index(std::size_t group, Grade level) const;
  /// A row's part of the whole, group × row after renormalising; nothing when it is not known.
  std::optional<Rational> weight(std::size_t row) const;
};

/// Evaluates one enterprise for one period. The result points into `system` and `rule`, which must outlive it.
///
/// Membership is 100 or 0, and who meets a better level meets the worse ones. A blank benchmark is met by anyone; an
/// unread one is met by nobody, and no level is given. Rows that do not apply leave their weight to the others of their
/// group. A bonus group comes on top, the index capped at 100. Rows without data score 0 and no level is given.
/// Rounding: full value compares as measured; rounded value rounds half to even (GB/T 8170) to the decimals of the
/// limit first. Errors: input.invalid with a field for each wrong answer (pointers "#/values/<row>/…",
/// "#/parameters/<name>"): indicators.unknown_row, indicators.value_needed, indicators.level_needed,
/// indicators.metrics_count, indicators.level_choice, indicators.answer_twice, indicators.output_missing,
/// indicators.output_sign, indicators.parameter_missing, indicators.parameter_zero, indicators.unknown_parameter,
/// unit.incommensurable.
Result<Evaluation> evaluate(const rules::IndicatorSystem& system, const rules::LevelRule& rule, const Input& input);

/// A system and its level rule made ready for many evaluations: limits read, weights summed. Both must outlive it, and
/// every Evaluation points into them. It does not change, so several threads may use one.
class Prepared {
 public:
  Prepared(const rules::IndicatorSystem& system, const rules::LevelRule& rule);
  Prepared(Prepared&&) noexcept;
  ~Prepared();

  /// The same as the function `evaluate`.
  Result<Evaluation> evaluate(const Input& input) const;

  struct Tables;

 private:
  std::unique_ptr<const Tables> tables_;
};

std::span<const Sentence> indicators_messages();

}  // namespace qy::engine::indicators
