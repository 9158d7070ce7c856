#include <cstdlib>
#include <numeric>

#include "engine/indicators/evaluator.h"

namespace qy::engine::indicators {
namespace {

const Rational kHundred(100);

}  // namespace

/// Output share of a row inside its product group; 1 when it is the only one made.
std::optional<Rational> Evaluator::share_of(std::size_t i) {
  auto& row = out_.rows[i];
  Rational total(0), own(0);
  std::size_t made = 0;
  bool all_told = true;
  const auto& group = tables_.groups[row.group];
  for (auto k = group.first; k < group.end; ++k) {
    const auto& other = out_.rows[k];
    if (other.row->product_group != row.row->product_group || !applies(other)) continue;
    ++made;
    const auto* output = answers_[k] && answers_[k]->output ? &*answers_[k]->output : nullptr;
    all_told = all_told && output;
    if (output) total = total + Rational(*output);
    if (output && k == i) own = Rational(*output);
  }
  if (made == 1) {
    explain(row, [](Reason& reason) {
      reason.sharing = {"本组只有这一种产品，权重不分摊", "the only product of its group, so the weight is not shared"};
    });
    return Rational(1);
  }
  if (!all_told || total.is_zero()) return std::nullopt;
  explain(row, [&](Reason& reason) {
    const auto percent = (own * kHundred / total).str(2) + "%";
    reason.sharing = {
        "产量" + own.str() + "，占本组产量" + total.str() + "的" + percent + "，权重按此分摊",
        "output " + own.str() + " of the group's " + total.str() + " (" + percent + "), by which the weight is shared"};
  });
  return own / total;
}

/// Rows of a product group need the outputs of their products as soon as two of them are answered.
void Evaluator::check_outputs() {
  for (std::size_t i = 0; i < out_.rows.size(); ++i) {
    if (!answers_[i]) continue;
    auto& row = out_.rows[i];
    const auto& output = answers_[i]->output;
    if (output && (output->is_negative() || output->is_zero()))
      complain(row.row->id, "output", "indicators.output_sign");
    if (output && row.row->product_group.empty()) complain(row.row->id, "output", "indicators.output_not_asked");
    if (output || row.row->product_group.empty() || !applies(row) || row.grade == Grade::missing) continue;
    const bool alone = std::none_of(out_.rows.begin(), out_.rows.end(), [&](const Row& other) {
      return &other != &row && other.group == row.group && other.row->product_group == row.row->product_group &&
             applies(other) && other.grade != Grade::missing;
    });
    row.output_missing = !alone;
    if (row.output_missing && !input_.unfinished) complain(row.row->id, "output", "indicators.output_missing");
  }
}

/// The weights inside a group that a parameter or outputs decide, and their sum. False when one of them is not known.
bool Evaluator::add_raw(std::size_t g) {
  const auto& group = tables_.groups[g];
  auto& part = parts_[g];
  if (raw_.empty()) raw_.resize(out_.rows.size());
  bool known = true, negative = false;
  for (auto i = group.first; i < group.end; ++i) {
    const auto& row = tables_.rows[i];
    if (!applies(out_.rows[i])) continue;
    const auto* own = row.weight                             ? &*row.weight
                      : row.weight_expression == kNotWritten ? nullptr
                                                             : value_of(row.weight_expression);
    const bool shared = !row.row->product_group.empty();
    const auto share = own && shared ? share_of(i) : std::optional<Rational>();
    if (!own || (shared && !share)) {
      known = false;
      continue;
    }
    if (*own < Rational()) negative = true;
    raw_[i] = shared ? *own * *share : *own;
  }
  if (negative)
    warn("indicators.weight_negative",
         {{"group.zh", system_.groups[g].name.zh}, {"group.en", system_.groups[g].name.en}});
  if (!known) return false;
  const std::vector<Rational> raw(raw_.begin() + static_cast<std::ptrdiff_t>(group.first),
                                  raw_.begin() + static_cast<std::ptrdiff_t>(group.end));
  std::vector<std::int64_t> units;
  part.in_units = common_units(raw, units, part.whole);
  if (part.in_units)
    std::copy(units.begin(), units.end(), units_.begin() + static_cast<std::ptrdiff_t>(group.first));
  else
    for (const auto& weight : raw) part.sum = part.sum + weight;
  return true;
}

/// Gives every row its exact part of the whole: w_i · w_ij / Σ w_ij over the applicable rows (formula 5-3).
void Evaluator::weigh() {
  check_outputs();
  const auto groups = tables_.groups.size();
  units_.assign(out_.rows.size(), 0);
  parts_.resize(groups);
  out_.groups.resize(groups);
  Rational lost, kept;
  for (std::size_t g = 0; g < groups; ++g) {
    const auto& table = tables_.groups[g];
    const auto& group = system_.groups[g];
    auto& part = parts_[g];
    bool filled = false;
    for (auto i = table.first; i < table.end; ++i) {
      if (!applies(out_.rows[i])) continue;
      filled = true;
      units_[i] = tables_.rows[i].units;
    }
    part.whole = table.whole;
    part.weight = table.weight;
    part.known = (table.constant || add_raw(g)) && group.weight;
    if (part.in_units)
      part.all =
          std::accumulate(&units_[table.first], &units_[table.first] + (table.end - table.first), std::int64_t{0});
    out_.groups[g] = {&group, !filled, part.known, {}};
    if (!group.weight) continue;
    if (!group.bonus) (filled ? kept : lost) = (filled ? kept : lost) + part.weight;
    if (!filled)
      warn(input_.redistribute_empty_groups ? "indicators.group_redistributed" : "indicators.group_empty",
           {{"group.zh", group.name.zh}, {"group.en", group.name.en}, {"weight", group.weight->shortest()}});
    if (part.known && (part.in_units ? part.whole < part.all : Rational(1) < part.sum))
      warn("indicators.weights_over_one",
           {{"group.zh", group.name.zh},
            {"group.en", group.name.en},
            {"sum", (part.in_units ? Rational(part.all, part.whole) : part.sum).str(6)}});
  }
  if (input_.redistribute_empty_groups && !lost.is_zero()) give_away(lost, kept);
  settle();
}

/// 无适用指标的一级指标: their weight goes to the others in proportion.
void Evaluator::give_away(const Rational& lost, const Rational& kept) {
  for (std::size_t g = 0; g < parts_.size(); ++g)
    if (!out_.groups[g].empty && !system_.groups[g].bonus && !kept.is_zero())
      parts_[g].weight = parts_[g].weight * (kept + lost) / kept;
}

/// One unit for the rows of all groups, when there is one.
void Evaluator::settle() {
  std::int64_t whole = 1;
  bool fits = true;
  for (std::size_t g = 0; g < parts_.size(); ++g) {
    auto& part = parts_[g];
    if (part.known && part.weight.is_zero()) index_of_nothing(g);
    fits = fits && (part.in_units || !part.known);
    if (!part.known || !part.in_units || part.all == 0) continue;
    part.factor = part.weight / Rational(part.all);
    const auto parts = part.factor.parts();
    if (!parts || parts->second > Weights::kMost) fits = false;
    if (!fits || whole % parts->second == 0) continue;
    const auto more = parts->second / std::gcd(whole, parts->second);
    fits = whole <= Weights::kMost / more;
    if (fits) whole *= more;
  }
  std::vector<std::int64_t> units(fits ? units_.size() : 0);
  for (std::size_t g = 0; g < parts_.size() && fits; ++g) {
    if (!parts_[g].known || parts_[g].all == 0) continue;
    const auto [numerator, denominator] = *parts_[g].factor.parts();
    std::int64_t times = 0;
    fits = !__builtin_mul_overflow(numerator, whole / denominator, &times);
    for (auto i = tables_.groups[g].first; i < tables_.groups[g].end && fits; ++i)
      fits = !__builtin_mul_overflow(units_[i], times, &units[i]) && std::abs(units[i]) <= Weights::kMost;
  }
  if (fits) return void(out_.weights = Weights(std::move(units), whole));

  std::vector<Rational> exact(units_.size());
  for (std::size_t g = 0; g < parts_.size(); ++g) {
    const auto& part = parts_[g];
    if (!part.known) continue;
    for (auto i = tables_.groups[g].first; i < tables_.groups[g].end; ++i)
      if (part.in_units)
        exact[i] = Rational(units_[i]) * part.factor;
      else if (applies(out_.rows[i]) && !part.sum.is_zero())
        exact[i] = part.weight * (raw_[i] / part.sum);
  }
  out_.weights = Weights(std::move(exact));
}

/// A group that weighs nothing in the whole still has an index of its own.
void Evaluator::index_of_nothing(std::size_t g) {
  const auto& part = parts_[g];
  auto& index = out_.groups[g].index.emplace();
  for (std::size_t level = 0; level < index.size(); ++level) {
    Rational sum;
    for (auto i = tables_.groups[g].first; i < tables_.groups[g].end; ++i)
      if (applies(out_.rows[i]) && reaches(out_.rows[i], level))
        sum = sum + (part.in_units ? Rational(units_[i]) : raw_[i]);
    const auto all = part.in_units ? Rational(part.all) : part.sum;
    if (!all.is_zero()) index[level] = sum * kHundred / all;
  }
}

}  // namespace qy::engine::indicators
