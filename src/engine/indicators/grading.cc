#include <cassert>

#include "base/text.h"
#include "engine/indicators/evaluator.h"
#include "engine/indicators/expression.h"

namespace qy::engine::indicators {
namespace {

using rules::Amount;
using rules::Benchmark;
using rules::IndicatorRow;

enum class Answered { yes, no, unknown };

/// 修约值比较法 rounds to the decimals this limit is written with; limits may differ in them.
bool meets(const Decimal& measured, const Limit& limit, bool higher_is_better, bool strict, bool rounded) {
  const auto value = rounded ? measured.rounded_half_even(limit.decimals) : measured;
  std::strong_ordering order = std::strong_ordering::equal;
  if (limit.decimal) {
    order = value <=> *limit.decimal;
  } else {
    const Rational exact(value);
    order = exact == limit.value  ? std::strong_ordering::equal
            : exact < limit.value ? std::strong_ordering::less
                                  : std::strong_ordering::greater;
  }
  if (order == 0) return !strict;
  return higher_is_better ? order > 0 : order < 0;
}

const char* sign(bool higher_is_better, bool strict) {
  return higher_is_better ? (strict ? "> " : "≥ ") : (strict ? "< " : "≤ ");
}

/// "达到Ⅱ级（≤ 24 L/m2），未达到Ⅰ级（≤ 8 L/m2）"
Text explained(std::size_t level, const std::string& value, const std::string& unit,
               const std::array<std::string, 3>& demands) {
  Text text{"填报值" + value, "value " + value};
  if (!unit.empty()) text = {text.zh + " " + unit, text.en + " " + unit};
  const auto add = [&](std::size_t at, const char* zh, const char* en) {
    const auto name = level_text(at);
    text.zh += zh + name.zh + "（" + (demands[at].empty() ? "无要求" : demands[at]) + "）";
    text.en += en + name.en + " (" + (demands[at].empty() ? "no demand" : demands[at]) + ")";
  };
  if (level < kLevels.size()) add(level, "，达到", ", reaches ");
  if (level > 0) add(level - 1, "，未达到", ", misses ");
  return text;
}

void refuse(Row& result, std::size_t level) {
  const auto name = level_text(level);
  result.grade = Grade::unread;
  result.reason = {name.zh + "基准值未收录，无法评定",
                   "the benchmark of " + name.en + " is not known, so the row cannot be graded"};
}

/// Where an assessor's choice stands once merged cells (same_as) and blank ones are counted: the best level it meets.
Answered chosen_meets(const Prepared::Tables::OneRow& row, std::size_t chosen, std::size_t level) {
  const auto* asked = row.benchmarks[level];
  if (asked && asked->kind == Benchmark::Kind::none) return Answered::yes;
  if (!asked || asked->kind == Benchmark::Kind::unread)
    return level >= chosen && chosen < kLevels.size() ? Answered::unknown : Answered::no;
  if (chosen == kLevels.size()) return Answered::no;
  return chosen <= level || row.benchmarks[chosen] == asked ? Answered::yes : Answered::no;
}

}  // namespace

Text level_text(std::size_t level) {
  constexpr const char* kRoman[] = {"Ⅰ", "Ⅱ", "Ⅲ"};
  return {std::string(kRoman[level]) + "级", "level " + std::string(kLevels[level])};
}

void Evaluator::complain(const std::string& row, std::string_view field, const char* code, Params params) {
  auto pointer = "#/values/" + row;
  if (!field.empty()) pointer += "/" + std::string(field);
  complaints_.push_back({std::move(pointer), code, std::move(params)});
}

/// Both are sorted by id.
void Evaluator::match_answers() {
  answers_.assign(tables_.rows.size(), nullptr);
  auto row = tables_.by_id.begin();
  for (const auto& [id, answer] : input_.answers) {
    while (row != tables_.by_id.end() && row->first != id && row->first < id) ++row;
    if (row != tables_.by_id.end() && row->first == id)
      answers_[row++->second] = &answer;
    else
      complain(id, "", "indicators.unknown_row", {{"row", prefix_of(id, 30)}, {"system", system_.id}});
  }
}

void Evaluator::check_parameters() {
  for (const auto& [name, value] : input_.parameters)
    if (std::none_of(system_.parameters.begin(), system_.parameters.end(),
                     [&known = name](const auto& parameter) { return parameter.id == known; })) {
      std::vector<std::string> names;
      for (const auto& parameter : system_.parameters) names.push_back(parameter.id);
      complaints_.push_back({"#/parameters/" + name,
                             "indicators.unknown_parameter",
                             {{"name", prefix_of(name, 30)}, {"known", join(names, ", ")}}});
    }
  for (const auto& parameter : system_.parameters)
    if (!input_.parameters.contains(parameter.id))
      complaints_.push_back({"#/parameters/" + parameter.id, "indicators.parameter_missing", {{"name", parameter.id}}});
}

std::optional<Rational> Evaluator::amount(const Amount& amount) {
  if (amount.expression.empty()) return Rational(amount.value);
  // Rows that share a weight by a parameter are written one after the other.
  if (last_amount_ && last_amount_->expression == amount.expression) return last_value_;
  auto value = indicators::evaluate(amount.expression, input_.parameters);
  last_amount_ = &amount;
  last_value_ = value ? std::optional<Rational>(*value) : std::nullopt;
  if (value) return *value;
  const auto& error = value.error();
  if (error.code == "indicators.parameter_missing") return std::nullopt;  // said once by check_parameters
  const FieldError field{"#/parameters", error.code, error.params};
  if (std::find(complaints_.begin(), complaints_.end(), field) == complaints_.end()) complaints_.push_back(field);
  return std::nullopt;
}

void Evaluator::grade(Row& result, std::size_t i) {
  const auto& row = *result.row;
  static const Answer kNothing;
  const auto& answer = answers_[i] ? *answers_[i] : kNothing;

  const int kinds = (answer.value ? 1 : 0) + (answer.level.empty() ? 0 : 1) + (answer.metrics.empty() ? 0 : 1);
  if (!answer.not_applicable.empty()) {
    if (kinds > 0) complain(row.id, "not_applicable", "indicators.answer_twice");
    result.grade = Grade::not_applicable;
    result.reason = {"不适用：" + answer.not_applicable, "not applicable: " + answer.not_applicable};
  } else if (row.quantitative) {
    if (!answer.level.empty() || !answer.metrics.empty())
      complain(row.id, answer.level.empty() ? "metrics" : "level", "indicators.value_needed", {{"unit", row.unit}});
    else if (answer.value)
      grade_value(result, tables_.rows[i], *answer.value);
  } else {
    grade_text(result, tables_.rows[i], answer);
  }
  if (result.grade == Grade::missing && result.reason.zh.empty()) result.reason = {"未填报", "no answer"};
}

/// The value in the unit of the rule; nothing, with a complaint, when it cannot be converted.
std::optional<Decimal> Evaluator::converted(const IndicatorRow& row, std::string_view field, const Quantity& quantity,
                                            const std::string& unit) {
  static const Unit kNone;
  if (quantity.unit == kNone) return quantity.value;
  const auto wanted = Unit::parse(unit);
  auto value = wanted ? quantity.in(*wanted) : Result<Quantity>(wanted.error());
  if (value) return value->value;
  complain(row.id, field, value.error().code.c_str(), value.error().params);
  return std::nullopt;
}

/// A limit as it is under the parameters of this evaluation. It is written out only where somebody looks at its digits.
const Limit& Evaluator::now(const Limit& limit, bool written) {
  if (!limit.written) return limit;
  auto& current = limits_now_.emplace_back();
  const auto value = amount(*limit.written);
  if (!value) return current;
  current.known = true;
  current.value = *value;
  if (!written) return current;
  current.text = value->str(6);
  const auto point = current.text.find('.');
  current.decimals = point == std::string::npos ? 0 : static_cast<int>(current.text.size() - point - 1);
  return current;
}

void Evaluator::grade_value(Row& result, const Prepared::Tables::OneRow& tables, const Quantity& quantity) {
  const auto& row = *result.row;
  const auto measured = converted(row, "value", quantity, row.unit);
  if (!measured) return;
  std::array<const Limit*, 3> limits{};
  std::size_t reached = kLevels.size();
  for (std::size_t level = 0; level < kLevels.size() && reached == kLevels.size(); ++level) {
    const auto& limit = now(tables.limits[level], input_.explain || row.rounded_value);
    if (limit.any) {
      reached = level;
    } else if (!limit.known) {
      return refuse(result, level);
    } else {
      limits[level] = &limit;
      if (meets(*measured, limit, row.higher_is_better, row.strict, row.rounded_value)) reached = level;
    }
  }
  result.grade = static_cast<Grade>(reached);
  if (!input_.explain) return;
  std::array<std::string, 3> demands;
  for (std::size_t level = 0; level < kLevels.size(); ++level)
    if (limits[level]) demands[level] = sign(row.higher_is_better, row.strict) + limits[level]->text;
  result.reason = explained(reached, measured->str(), row.unit, demands);
}

/// The best level whose demands on every metric hold.
std::optional<std::size_t> Evaluator::level_of_metrics(const Prepared::Tables::OneRow& tables, const Quantity* metrics,
                                                       std::string_view field) {
  const auto& row = *tables.row;
  std::vector<Decimal> values;
  for (std::size_t i = 0; i < row.metrics.size(); ++i) {
    const auto pointer = field == "value" ? std::string(field) : std::string(field) + "/" + std::to_string(i);
    const auto value = converted(row, pointer, metrics[i], row.metrics[i].unit);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    bool all = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto& wanted = tables.metrics[i][level];
      if (!wanted) continue;
      const auto& limit = now(*wanted, row.rounded_value);
      if (!limit.known) return std::nullopt;
      all = all && meets(values[i], limit, row.metrics[i].higher_is_better, row.strict, row.rounded_value);
    }
    if (all) return level;
  }
  return kLevels.size();
}

void Evaluator::grade_text(Row& result, const Prepared::Tables::OneRow& tables, const Answer& answer) {
  const auto& row = *result.row;
  if (answer.value && answer.metrics.empty() && row.metrics.size() != 1)
    return complain(row.id, "value", "indicators.level_needed");
  if (answer.value && !answer.metrics.empty()) return complain(row.id, "value", "indicators.answer_twice");
  if (!answer.metrics.empty() && answer.metrics.size() != row.metrics.size())
    return complain(row.id, "metrics", "indicators.metrics_count", {{"count", std::to_string(row.metrics.size())}});
  const auto chosen = answer.level == "below" ? kLevels.size() : position_of(answer.level);
  if (!answer.level.empty() && answer.level != "below" && chosen == kLevels.size())
    return complain(row.id, "level", "indicators.level_choice");

  std::optional<std::size_t> by_choice, by_numbers;
  if (!answer.level.empty()) {
    by_choice = kLevels.size();
    for (std::size_t level = 0; level < kLevels.size() && *by_choice == kLevels.size(); ++level) {
      const auto answered = chosen_meets(tables, chosen, level);
      if (answered == Answered::unknown) return refuse(result, level);
      if (answered == Answered::yes) by_choice = level;
    }
  }
  if (answer.value || !answer.metrics.empty()) {
    by_numbers = level_of_metrics(tables, answer.value ? &*answer.value : answer.metrics.data(),
                                  answer.value ? "value" : "metrics");
    if (!by_numbers) return;
  }
  if (!by_choice && !by_numbers) return;
  const auto reached = std::max(by_choice.value_or(0), by_numbers.value_or(0));
  result.grade = static_cast<Grade>(reached);
  if (input_.explain) explain_text(result, tables, reached, by_choice, by_numbers);
}

void Evaluator::explain_text(Row& result, const Prepared::Tables::OneRow& row, std::size_t reached,
                             std::optional<std::size_t> by_choice, std::optional<std::size_t> by_numbers) const {
  const auto name = reached < kLevels.size() ? level_text(reached) : Text{"未达到Ⅲ级", "below level III"};
  const auto* benchmark = row.benchmarks[std::min(reached, kLevels.size() - 1)];
  auto demand = benchmark && benchmark->kind == Benchmark::Kind::text ? benchmark->text : Text{"", ""};
  if (demand.en.empty()) demand.en = demand.zh;
  const bool numbers_decide = by_numbers && (!by_choice || *by_numbers >= *by_choice);
  result.reason = numbers_decide ? Text{"按数值评定为" + name.zh, "graded by its numbers: " + name.en}
                                 : Text{"评定为" + name.zh, "assessed as " + name.en};
  if (by_choice && by_numbers && *by_choice < *by_numbers)
    result.reason = {result.reason.zh + "，低于所选的" + level_text(*by_choice).zh,
                     result.reason.en + ", worse than the chosen " + level_text(*by_choice).en};
  if (!demand.zh.empty()) result.reason = {result.reason.zh + "：" + demand.zh, result.reason.en + ": " + demand.en};
}

}  // namespace qy::engine::indicators
