#include <cassert>

#include "base/text.h"
#include "engine/indicators/evaluator.h"
#include "engine/indicators/expression.h"

namespace qy::engine::indicators {
namespace {

using rules::Benchmark;
using rules::IndicatorRow;

enum class Answered { yes, no, unknown };

/// A name inside a JSON pointer (RFC 6901).
std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
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

Text explained(const Prepared::Tables::OneRow& row, std::size_t reached, std::optional<std::size_t> by_choice,
               std::optional<std::size_t> by_numbers) {
  const auto name = reached < kLevels.size() ? level_text(reached) : Text{"未达到Ⅲ级", "below level III"};
  const auto* benchmark = row.benchmarks[std::min(reached, kLevels.size() - 1)];
  auto demand = benchmark && benchmark->kind == Benchmark::Kind::text ? benchmark->text : Text{"", ""};
  if (demand.en.empty()) demand.en = demand.zh;
  const bool numbers_decide = by_numbers && (!by_choice || *by_numbers >= *by_choice);
  auto reason = numbers_decide ? Text{"按数值评定为" + name.zh, "graded by its numbers: " + name.en}
                               : Text{"评定为" + name.zh, "assessed as " + name.en};
  if (by_choice && by_numbers && *by_choice < *by_numbers)
    reason = {reason.zh + "，低于所选的" + level_text(*by_choice).zh,
              reason.en + ", worse than the chosen " + level_text(*by_choice).en};
  if (!demand.zh.empty()) reason = {reason.zh + "：" + demand.zh, reason.en + ": " + demand.en};
  return reason;
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
  auto pointer = "#/values/" + escaped(row);
  if (!field.empty()) pointer += "/" + std::string(field);
  complaints_.push_back({std::move(pointer), code, std::move(params)});
}

/// Both are sorted by id.
void Evaluator::match_answers() {
  answers_.assign(tables_.rows.size(), nullptr);
  auto row = tables_.by_id.begin();
  const auto end = tables_.by_id.end();
  for (const auto& [id, answer] : input_.answers) {
    int order = 1;
    while (row != end && (order = row->first.compare(id)) < 0) ++row;
    if (row != end && order == 0)
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
      complaints_.push_back({"#/parameters/" + escaped(name),
                             "indicators.unknown_parameter",
                             {{"name", prefix_of(name, 30)}, {"known", join(names, ", ")}}});
    }
  for (const auto& parameter : system_.parameters)
    if (!input_.parameters.contains(parameter.id))
      complaints_.push_back(
          {"#/parameters/" + escaped(parameter.id), "indicators.parameter_missing", {{"name", parameter.id}}});
}

const Rational* Evaluator::value_of(std::size_t expression) {
  if (values_.empty()) values_.resize(tables_.expressions.size());
  auto& [asked, known] = values_[expression];
  if (!std::exchange(asked, true)) {
    const auto& read = tables_.expressions[expression];
    const auto value = read ? read->value(input_.parameters) : Result<Rational>(read.error());
    if (value) {
      known = *value;
    } else if (value.error().code != "indicators.parameter_missing") {  // that is said once by check_parameters
      const FieldError field{"#/parameters", value.error().code, value.error().params};
      if (std::find(complaints_.begin(), complaints_.end(), field) == complaints_.end()) complaints_.push_back(field);
    }
  }
  return known ? &*known : nullptr;
}

void Evaluator::grade(std::size_t i) {
  auto& result = out_.rows[i];
  const auto& row = *result.row;
  const auto* answer = answers_[i];
  if (answer && !answer->not_applicable.empty()) {
    if (answer->value || !answer->level.empty() || !answer->metrics.empty())
      complain(row.id, "not_applicable", "indicators.answer_twice");
    result.grade = Grade::not_applicable;
    explain(result, [&](Reason& reason) {
      reason.grade = {"不适用：" + answer->not_applicable, "not applicable: " + answer->not_applicable};
    });
  } else if (answer && row.quantitative) {
    if (!answer->level.empty() || !answer->metrics.empty())
      complain(row.id, answer->level.empty() ? "metrics" : "level", "indicators.value_needed", {{"unit", row.unit}});
    else if (answer->value)
      grade_value(result, tables_.rows[i], *answer->value);
  } else if (answer) {
    grade_text(result, tables_.rows[i], *answer);
  }
  if (result.grade == Grade::missing) explain(result, [](Reason& reason) { reason.grade = {"未填报", "no answer"}; });
}

void Evaluator::refuse(Row& result, std::size_t level) {
  result.grade = Grade::unread;
  explain(result, [&](Reason& reason) {
    const auto name = level_text(level);
    reason.grade = {name.zh + "基准值未收录，无法评定",
                    "the benchmark of " + name.en + " is not known, so the row cannot be graded"};
  });
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

/// A limit as it is written, or under the parameters of this evaluation.
std::string Evaluator::text_of(const Limit& limit) {
  return limit.expression == kNotWritten ? limit.text : value_of(limit.expression)->str(6);
}

bool Evaluator::known(const Limit& limit) {
  return limit.known && (limit.expression == kNotWritten || value_of(limit.expression));
}

/// 修约值比较法 rounds to the decimals this limit is written with; limits may differ in them.
bool Evaluator::meets(const Decimal& measured, const Limit& limit, const IndicatorRow& row, bool higher_is_better) {
  std::strong_ordering order = std::strong_ordering::equal;
  if (limit.decimal) {
    order = (row.rounded_value ? measured.rounded_half_even(limit.decimals) : measured) <=> *limit.decimal;
  } else {
    const auto& wanted = *value_of(limit.expression);
    auto value = measured;
    if (row.rounded_value) {
      const auto text = text_of(limit);
      const auto point = text.find('.');
      value = value.rounded_half_even(point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1));
    }
    order = compare(value, wanted);
  }
  if (order == 0) return !row.strict;
  return higher_is_better ? order > 0 : order < 0;
}

void Evaluator::grade_value(Row& result, const Prepared::Tables::OneRow& tables, const Quantity& quantity) {
  const auto& row = *result.row;
  const auto measured = converted(row, "value", quantity, row.unit);
  if (!measured) return;
  std::size_t reached = 0;
  for (; reached < kLevels.size(); ++reached) {
    const auto& limit = tables.limits[reached];
    if (limit.any) break;
    if (!known(limit)) return refuse(result, reached);
    if (meets(*measured, limit, row, row.higher_is_better)) break;
  }
  result.grade = static_cast<Grade>(reached);
  explain(result, [&](Reason& reason) {
    std::array<std::string, 3> demands;
    for (std::size_t level = 0; level < kLevels.size() && level <= reached; ++level)
      if (!tables.limits[level].any)
        demands[level] = sign(row.higher_is_better, row.strict) + text_of(tables.limits[level]);
    reason.grade = explained(reached, measured->str(), row.unit, demands);
  });
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
      if (!known(*wanted)) return std::nullopt;
      all = all && meets(values[i], *wanted, row, row.metrics[i].higher_is_better);
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
  explain(result, [&](Reason& reason) { reason.grade = explained(tables, reached, by_choice, by_numbers); });
}

}  // namespace qy::engine::indicators
