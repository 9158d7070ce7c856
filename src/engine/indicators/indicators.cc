#include "engine/indicators/indicators.h"

#include "engine/indicators/evaluator.h"

namespace qy::engine::indicators {
namespace {

using rules::Amount;
using rules::Benchmark;
using rules::IndicatorRow;
using rules::IndicatorSystem;
using rules::LevelRule;

Limit limit_of(const Amount& amount) {
  Limit limit;
  limit.known = true;
  if (!amount.expression.empty()) {
    limit.written = &amount;
    return limit;
  }
  limit.decimal = amount.value;
  limit.value = Rational(amount.value);
  limit.text = amount.value.str();
  limit.decimals = amount.value.decimals();
  return limit;
}

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

Limit benchmark_limit(const Benchmark* benchmark) {
  if (benchmark && benchmark->kind == Benchmark::Kind::number) return limit_of(benchmark->number);
  Limit limit;
  limit.any = benchmark && benchmark->kind == Benchmark::Kind::none;
  return limit;
}

Prepared::Tables::OneRow row_of(const IndicatorRow& row, std::size_t group) {
  Prepared::Tables::OneRow out{&row, group, {}, {}, {}, {}, {}, {}};
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    out.benchmarks[level] = benchmark_of(row, level);
    out.limits[level] = benchmark_limit(out.benchmarks[level]);
  }
  for (const auto& metric : row.metrics) {
    auto& limits = out.metrics.emplace_back();
    for (std::size_t level = 0; level < kLevels.size(); ++level)
      if (const auto wanted = metric.levels.find(std::string(kLevels[level])); wanted != metric.levels.end())
        limits[level] = limit_of(wanted->second);
  }
  if (row.weight && row.weight->expression.empty()) out.weight = Rational(row.weight->value);
  return out;
}

}  // namespace

Prepared::Tables::Tables(const IndicatorSystem& of, const LevelRule& by)
    : system(&of), rule(&by), has_all_weights(of.has_all_weights()) {
  for (std::size_t g = 0; g < of.groups.size(); ++g) {
    OneGroup group{rows.size(), rows.size(), of.groups[g].weight.has_value(), {}};
    for (const auto& row : of.groups[g].rows) {
      rows.push_back(row_of(row, g));
      group.constant = group.constant && rows.back().weight && row.product_group.empty();
      if (rows.back().weight) group.sum = group.sum + *rows.back().weight;
    }
    group.end = rows.size();
    group.constant = group.constant && !group.sum.is_zero();
    for (auto i = group.first; i < group.end && group.constant; ++i) {
      rows[i].weight_of_whole = Rational(*of.groups[g].weight) * (*rows[i].weight / group.sum);
      rows[i].weight_text = rows[i].weight_of_whole.str();
    }
    groups.push_back(group);
  }
  for (const auto& level : by.levels)
    levels.push_back({position_of(level.id), position_of(level.limiting),
                      level.others.empty() ? kLevels.size() : position_of(level.others), Rational(level.index),
                      level.index.shortest()});
  for (std::size_t i = 0; i < rows.size(); ++i) by_id.emplace_back(rows[i].row->id, i);
  std::sort(by_id.begin(), by_id.end());
}

Prepared::Prepared(const IndicatorSystem& system, const LevelRule& rule)
    : tables_(std::make_unique<const Tables>(system, rule)) {}
Prepared::Prepared(Prepared&&) noexcept = default;
Prepared::~Prepared() = default;

Result<Evaluation> Prepared::evaluate(const Input& input) const { return Evaluator(*tables_, input).run(); }

Result<Evaluation> Evaluator::run() {
  match_answers();
  check_parameters();
  out_.rows.resize(tables_.rows.size());
  for (std::size_t i = 0; i < tables_.rows.size(); ++i) {
    out_.rows[i].row = tables_.rows[i].row;
    out_.rows[i].group = tables_.rows[i].group;
    grade(out_.rows[i], i);
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
