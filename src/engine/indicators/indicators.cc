#include "engine/indicators/indicators.h"

#include "engine/indicators/evaluator.h"

namespace qy::engine::indicators {
namespace {

using rules::Amount;
using rules::Benchmark;
using rules::IndicatorRow;
using rules::IndicatorSystem;
using rules::LevelRule;

/// The benchmark of a level with `same_as` followed.
const Benchmark* benchmark_of(const IndicatorRow& row, std::size_t level) {
  const Benchmark* found = nullptr;
  auto name = std::string(kLevels[level]);
  for (std::size_t hops = 0; hops <= kLevels.size(); ++hops) {
    const auto at = row.benchmarks.find(name);
    found = at == row.benchmarks.end() ? nullptr : &at->second;
    if (!found || found->kind != Benchmark::Kind::same_as) return found;
    name = found->same_as;
  }
  return nullptr;
}

}  // namespace

Prepared::Tables::Tables(const IndicatorSystem& of, const LevelRule& by)
    : system(&of), rule(&by), has_all_weights(of.has_all_weights()) {
  std::vector<Rational> weights;
  std::vector<std::int64_t> units;
  for (std::size_t g = 0; g < of.groups.size(); ++g) {
    OneGroup group{rows.size(), rows.size(), of.groups[g].weight.has_value(), 1, {}};
    if (of.groups[g].weight) group.weight = Rational(*of.groups[g].weight);
    weights.clear();
    for (const auto& row : of.groups[g].rows) {
      add(row, g);
      group.constant = group.constant && rows.back().weight && row.product_group.empty();
      weights.push_back(rows.back().weight.value_or(Rational()));
    }
    group.end = rows.size();
    group.constant = group.constant && common_units(weights, units, group.whole);
    for (auto i = group.first; i < group.end && group.constant; ++i) rows[i].units = units[i - group.first];
    groups.push_back(group);
  }
  for (const auto& level : by.levels)
    levels.push_back({position_of(level.id), position_of(level.limiting),
                      level.others.empty() ? kLevels.size() : position_of(level.others), Rational(level.index)});
  for (std::size_t i = 0; i < rows.size(); ++i) by_id.emplace_back(rows[i].row->id, i);
  std::sort(by_id.begin(), by_id.end());
}

std::size_t Prepared::Tables::number_of(const std::string& expression) {
  const auto [at, is_new] = numbers_.try_emplace(expression, expressions.size());
  if (is_new) expressions.push_back(Expression::read(expression));
  return at->second;
}

Limit Prepared::Tables::limit_of(const Amount& amount) {
  Limit limit;
  limit.known = true;
  if (!amount.expression.empty()) {
    limit.expression = number_of(amount.expression);
    return limit;
  }
  limit.decimal = amount.value;
  limit.text = amount.value.str();
  limit.decimals = amount.value.decimals();
  return limit;
}

void Prepared::Tables::add(const IndicatorRow& row, std::size_t group) {
  OneRow out{&row, group, {}, {}, {}, {}, kNotWritten, 0};
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    const auto* benchmark = out.benchmarks[level] = benchmark_of(row, level);
    if (benchmark && benchmark->kind == Benchmark::Kind::number)
      out.limits[level] = limit_of(benchmark->number);
    else
      out.limits[level].any = benchmark && benchmark->kind == Benchmark::Kind::none;
  }
  for (const auto& metric : row.metrics) {
    auto& limits = out.metrics.emplace_back();
    for (std::size_t level = 0; level < kLevels.size(); ++level)
      if (const auto wanted = metric.levels.find(std::string(kLevels[level])); wanted != metric.levels.end())
        limits[level] = limit_of(wanted->second);
  }
  if (row.weight && row.weight->expression.empty())
    out.weight = Rational(row.weight->value);
  else if (row.weight)
    out.weight_expression = number_of(row.weight->expression);
  rows.push_back(std::move(out));
}

Prepared::Prepared(const IndicatorSystem& system, const LevelRule& rule)
    : tables_(std::make_unique<const Tables>(system, rule)) {}
Prepared::Prepared(Prepared&&) noexcept = default;
Prepared::~Prepared() = default;

Result<Evaluation> Prepared::evaluate(const Input& input) const { return Evaluator(*tables_, input).run(); }

Result<Evaluation> Evaluator::run() {
  match_answers();
  check_parameters();
  const auto count = tables_.rows.size();
  out_.rows.reserve(count);
  if (input_.explain) out_.reasons.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    out_.rows.push_back({tables_.rows[i].row, tables_.rows[i].group});
    grade(i);
  }
  weigh();
  if (!complaints_.empty())
    return Error{
        ErrorKind::invalid, "input.invalid", {{"count", std::to_string(complaints_.size())}}, std::move(complaints_)};

  for (const auto& row : out_.rows) {
    const bool unweighted = row.output_missing && tables_.has_all_weights;
    if (row.grade == Grade::missing || row.grade == Grade::unread || unweighted) out_.missing.push_back(row.row->id);
    if (row.grade == Grade::unread) out_.unread.push_back(row.row->id);
  }
  if (!system_.in_force.covers(input_.on))
    warn("indicator_system.not_in_force", {{"system", system_.id}, {"day", input_.on.str()}});
  judge_limiting();
  if (tables_.has_all_weights) {
    add_up();
    decide();
  } else {
    out_.index_refused = Error{ErrorKind::invalid,
                               "indicator_system.no_weights",
                               {{"system.zh", system_.title.zh}, {"system.en", system_.title.en}}};
  }
  return std::move(out_);
}

std::optional<Rational> Evaluation::index(Grade level) const {
  if (index_refused || position_of(level) >= sums.size()) return std::nullopt;
  return weights.index(sums[position_of(level)]);
}

std::optional<Rational> Evaluation::group_index(std::size_t group, Grade level) const {
  if (index_refused || position_of(level) >= sums.size()) return std::nullopt;
  if (groups[group].index) return (*groups[group].index)[position_of(level)];
  Weights::Sum reached, all;
  if (groups[group].known)
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].group != group || rows[i].grade == Grade::not_applicable) continue;
      weights.add(all, i);
      if (position_of(rows[i].grade) <= position_of(level)) weights.add(reached, i);
    }
  return weights.percent(reached, all);
}

std::optional<Rational> Evaluation::weight(std::size_t row) const {
  if (rows[row].grade == Grade::not_applicable) return Rational();
  if (!groups[rows[row].group].known) return std::nullopt;
  return weights.of(row);
}

Grade grade_of(std::string_view level) { return static_cast<Grade>(position_of(level)); }

std::string to_string(NextLevel::Why why) {
  switch (why) {
    case NextLevel::Why::limiting:
      return "limiting";
    case NextLevel::Why::others:
      return "others";
    case NextLevel::Why::index:
      break;
  }
  return "index";
}

std::string to_string(Grade grade) {
  switch (grade) {
    case Grade::one:
      return "I";
    case Grade::two:
      return "II";
    case Grade::three:
      return "III";
    case Grade::below:
      return "below";
    case Grade::not_applicable:
      return "not_applicable";
    case Grade::missing:
    case Grade::unread:
      break;
  }
  return "missing";
}

Result<Evaluation> evaluate(const IndicatorSystem& system, const LevelRule& rule, const Input& input) {
  return Prepared(system, rule).evaluate(input);
}

}  // namespace qy::engine::indicators
