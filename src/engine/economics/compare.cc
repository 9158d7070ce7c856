#include "engine/economics/compare.h"

#include <algorithm>
#include <numeric>

#include "base/rational.h"
#include "engine/economics/measures.h"

namespace qy::engine::economics {
namespace {

constexpr int kMostStudyYears = 2 * kMostYears;

struct Contender {
  Comparison::Option option;
  std::vector<Decimal> study;  ///< its flow over the study period
};

/// Each repetition begins in the year in which the one before ends.
std::vector<Decimal> repeated(const std::vector<Decimal>& flows, int study_years) {
  const int life = static_cast<int>(flows.size()) - 1;
  if (life == study_years) return flows;
  std::vector<Rational> sums(static_cast<std::size_t>(study_years) + 1);
  for (int begin = 0; begin < study_years; begin += life)
    for (int t = 0; t <= life; ++t) {
      auto& year = sums[static_cast<std::size_t>(begin + t)];
      year = year + Rational(flows[static_cast<std::size_t>(t)]);
    }
  std::vector<Decimal> out;
  for (const auto& value : sums) out.push_back(Decimal::of(value.to_decimal(12).shortest()));
  return out;
}

std::vector<Decimal> difference(const std::vector<Decimal>& more, const std::vector<Decimal>& less) {
  std::vector<Decimal> out;
  for (std::size_t t = 0; t < more.size(); ++t)
    out.push_back(Decimal::of((Rational(more[t]) - Rational(less[t])).to_decimal(12).shortest()));
  return out;
}

double first_cost(const std::vector<Decimal>& flows, double rate) {
  double value = 0, factor = 1;
  for (const auto& flow : flows) {
    if (Decimal(0) < flow) break;
    value -= flow.to_double() * factor;
    factor /= 1 + rate;
  }
  return value;
}

int common_period(const std::vector<Alternative>& alternatives) {
  std::int64_t period = 1;
  for (const auto& alternative : alternatives) {
    period = std::lcm(period, static_cast<std::int64_t>(alternative.flows.size()) - 1);
    if (period > kMostStudyYears) return 0;
  }
  return static_cast<int>(period);
}

Comparison::Step step_between(const Contender* from, const Contender& to, int study_years, double rate) {
  Comparison::Step step;
  if (from) step.from = from->option.id;
  step.to = to.option.id;
  step.nav = to.option.nav - (from ? from->option.nav : 0);
  if (study_years > 0) {
    step.flows = from ? difference(to.study, from->study) : to.study;
    step.npv = present_value(doubles(step.flows), rate);
    step.nav = step.npv / annuity_factor(rate, study_years);
    step.irr = internal_rates(step.flows);
  }
  step.accepted = step.nav > 0;
  return step;
}

void note_rates(Comparison& out) {
  const Comparison::Option* highest = nullptr;
  for (const auto& option : out.options)
    if (option.irr.size() == 1 && (!highest || highest->irr[0] < option.irr[0])) highest = &option;
  if (highest && !out.chosen.empty() && highest->id != out.chosen)
    out.notes.push_back({"economics.irr_disagrees", {{"by_irr", highest->id}, {"by_npv", out.chosen}}});
}

}  // namespace

Comparison compare(const std::vector<Alternative>& alternatives, const Decimal& discount_rate, bool must_choose) {
  const double rate = discount_rate.to_double();
  Comparison out;
  out.study_years = common_period(alternatives);
  std::vector<Contender> contenders;
  bool unequal = false;
  for (const auto& alternative : alternatives) {
    unequal = unequal || alternative.flows.size() != alternatives.front().flows.size();
    Contender contender;
    contender.option.id = alternative.id;
    contender.option.years = static_cast<int>(alternative.flows.size()) - 1;
    contender.option.first_cost = first_cost(alternative.flows, rate);
    contender.option.npv = present_value(doubles(alternative.flows), rate);
    contender.option.nav = contender.option.npv / annuity_factor(rate, contender.option.years);
    contender.option.irr = internal_rates(alternative.flows);
    if (out.study_years > 0) {
      contender.study = repeated(alternative.flows, out.study_years);
      contender.option.npv_study = present_value(doubles(contender.study), rate);
    }
    contenders.push_back(std::move(contender));
  }
  std::stable_sort(contenders.begin(), contenders.end(),
                   [](const Contender& a, const Contender& b) { return a.option.first_cost < b.option.first_cost; });

  const Contender* best = must_choose ? &contenders.front() : nullptr;
  for (const auto& contender : contenders) {
    if (&contender == best) continue;
    out.steps.push_back(step_between(best, contender, out.study_years, rate));
    if (out.steps.back().accepted) best = &contender;
  }
  if (best) out.chosen = best->option.id;

  std::vector<const Contender*> order;
  for (const auto& contender : contenders) {
    out.options.push_back(contender.option);
    order.push_back(&contender);
  }
  std::stable_sort(order.begin(), order.end(), [](const Contender* a, const Contender* b) {
    return a->option.npv_study.value_or(a->option.nav) > b->option.npv_study.value_or(b->option.nav);
  });
  for (const auto* contender : order) out.by_npv.push_back(contender->option.id);

  if (unequal && out.study_years > 0)
    out.notes.push_back({"economics.lives_repeated", {{"years", std::to_string(out.study_years)}}});
  if (out.study_years == 0) out.notes.push_back({"economics.nav_decides", {{"max", std::to_string(kMostStudyYears)}}});
  if (!best) out.notes.push_back({"economics.none_worth_it", {}});
  note_rates(out);
  return out;
}

}  // namespace qy::engine::economics
