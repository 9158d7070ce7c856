#include <numeric>

#include "engine/indicators/evaluator.h"

namespace qy::engine::indicators {
namespace {

const Rational kHundred(100);

/// Larger sums of weights stay below a machine word.
constexpr std::int64_t kMostUnits = std::int64_t{1} << 52;

}  // namespace

void Weights::assign(std::vector<Rational> weights) {
  weights_ = std::move(weights);
  units_.assign(weights_.size(), 0);
  whole_ = 1;
  fits_ = true;
  for (const auto& weight : weights_) {
    const auto parts = weight.parts();
    if (!parts || parts->second > kMostUnits) return void(fits_ = false);
    if (whole_ % parts->second == 0) continue;
    const auto more = parts->second / std::gcd(whole_, parts->second);
    if (whole_ > kMostUnits / more) return void(fits_ = false);
    whole_ *= more;
  }
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    const auto [numerator, denominator] = *weights_[i].parts();
    const auto factor = whole_ / denominator;
    if (std::abs(numerator) > kMostUnits / factor) return void(fits_ = false);
    units_[i] = numerator * factor;
  }
}

Rational Weights::index(const Sum& sum) const {
  if (fits_) return sum.units >= whole_ ? kHundred : Rational(sum.units, whole_) * kHundred;
  const auto index = sum.exact * kHundred;
  return kHundred <= index ? kHundred : index;
}

std::string Weights::percent(const Sum& part, const Sum& all) const {
  if (!fits_) return all.exact.is_zero() ? "0" : (part.exact * kHundred / all.exact).str();
  if (part.units == 0 || all.units == 0) return "0";
  if (part.units == all.units) return "100";
  return (Rational(part.units, all.units) * kHundred).str();
}

bool Weights::index_reaches(const Sum& sum, const Rational& wanted) const {
  if (fits_)
    if (const auto parts = wanted.parts()) {
      const auto units = std::min(sum.units, whole_);
      return static_cast<__int128>(units) * 100 * parts->second >= static_cast<__int128>(parts->first) * whole_;
    }
  return wanted <= index(sum);
}

bool Weights::index_is(const Sum& sum, const Rational& wanted) const {
  if (fits_ && sum.units >= whole_) return wanted == kHundred;
  return index(sum) == wanted;
}

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
    if (input_.explain)
      row.sharing = {"本组只有这一种产品，权重不分摊", "the only product of its group, so the weight is not shared"};
    return Rational(1);
  }
  if (!all_told || total.is_zero()) return std::nullopt;
  if (input_.explain) {
    const auto percent = (own * kHundred / total).str(2) + "%";
    row.sharing = {
        "产量" + own.str() + "，占本组产量" + total.str() + "的" + percent + "，权重按此分摊",
        "output " + own.str() + " of the group's " + total.str() + " (" + percent + "), by which the weight is shared"};
  }
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

/// A group whose rows all apply weighs as it was prepared.
void Evaluator::weigh_usually(std::size_t g, std::vector<Rational>& weights) {
  const auto& group = tables_.groups[g];
  for (auto i = group.first; i < group.end; ++i) {
    weights[i] = tables_.rows[i].weight_of_whole;
    out_.rows[i].weight = tables_.rows[i].weight_text;
  }
}

/// The parts of one group's rows in the whole: w_i · w_ij / Σ w_ij over the applicable rows (formula 5-3).
void Evaluator::weigh_anew(std::size_t g, std::vector<Rational>& weights) {
  const auto& group = tables_.groups[g];
  auto before = group.end;  // neighbours often weigh the same
  for (auto i = group.first; i < group.end; ++i) {
    auto& row = out_.rows[i];
    if (!applies(row)) continue;
    if (before != group.end && raw_[before] == raw_[i]) {
      weights[i] = weights[before];
      row.weight = out_.rows[before].weight;
    } else {
      if (!group_sums_[g].is_zero()) weights[i] = group_weights_[g] * (raw_[i] / group_sums_[g]);
      row.weight = weights[i].str();
    }
    before = i;
  }
}

/// The weights inside a group, product shares included, and their sum. False when one of them is not known.
bool Evaluator::add_raw(std::size_t g) {
  bool known = true;
  group_sums_[g] = Rational();
  for (auto i = tables_.groups[g].first; i < tables_.groups[g].end; ++i) {
    const auto& row = *tables_.rows[i].row;
    if (!applies(out_.rows[i])) continue;
    auto own = tables_.rows[i].weight;
    if (!own && row.weight) own = amount(*row.weight);
    const bool shared = !row.product_group.empty();
    const auto share = own && shared ? share_of(i) : std::optional<Rational>();
    if (!own || (shared && !share)) {
      known = false;
      continue;
    }
    raw_[i] = shared ? *own * *share : *own;
    group_sums_[g] = group_sums_[g] + raw_[i];
  }
  return known;
}

/// Gives every row its exact part of the whole.
void Evaluator::weigh() {
  check_outputs();
  const auto count = out_.rows.size(), groups = system_.groups.size();
  raw_.assign(count, Rational());
  group_sums_.assign(groups, Rational());
  group_weights_.assign(groups, Rational());
  std::vector<Rational> weights(count);
  known_.assign(groups, true);
  std::vector<bool> filled(groups, false), whole(groups, true);
  Rational lost, kept;
  out_.groups.reserve(groups);
  for (std::size_t g = 0; g < groups; ++g) {
    const auto& group = system_.groups[g];
    const auto& table = tables_.groups[g];
    for (auto i = table.first; i < table.end; ++i) {
      if (applies(out_.rows[i])) {
        filled[g] = true;
      } else {
        whole[g] = false;
        out_.rows[i].weight = "0";
      }
    }
    if (table.constant && whole[g])
      group_sums_[g] = table.sum;
    else
      known_[g] = add_raw(g);
    out_.groups.push_back({&group, {}, !filled[g]});
    if (!group.weight) {
      known_[g] = false;
      continue;
    }
    group_weights_[g] = Rational(*group.weight);
    if (!group.bonus) (filled[g] ? kept : lost) = (filled[g] ? kept : lost) + group_weights_[g];
    if (!filled[g])
      warn(input_.redistribute_empty_groups ? "indicators.group_redistributed" : "indicators.group_empty",
           {{"group.zh", group.name.zh}, {"group.en", group.name.en}, {"weight", group.weight->shortest()}});
    if (known_[g] && Rational(1) < group_sums_[g])
      warn("indicators.weights_over_one",
           {{"group.zh", group.name.zh}, {"group.en", group.name.en}, {"sum", group_sums_[g].str(6)}});
  }
  const bool moved = input_.redistribute_empty_groups && !lost.is_zero();
  for (std::size_t g = 0; g < groups; ++g)
    if (moved && filled[g] && !system_.groups[g].bonus && !kept.is_zero())
      group_weights_[g] = group_weights_[g] * (kept + lost) / kept;
  for (std::size_t g = 0; g < groups; ++g) {
    if (!known_[g]) continue;
    const bool as_prepared = tables_.groups[g].constant && whole[g];
    if (as_prepared && moved) known_[g] = add_raw(g);
    if (as_prepared && !moved)
      weigh_usually(g, weights);
    else
      weigh_anew(g, weights);
  }
  weights_.assign(std::move(weights));
}

}  // namespace qy::engine::indicators
