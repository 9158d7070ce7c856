#include <algorithm>
#include <cmath>

#include "engine/balance/balance.h"
#include "engine/balance/bounds.h"
#include "engine/balance/gross.h"
#include "engine/balance/meters.h"
#include "engine/statistics/statistics.h"

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

GlobalTest judged(double statistic, int dof, double confidence) {
  GlobalTest test;
  test.statistic = dof > 0 ? statistic : 0;
  test.dof = dof;
  if (dof == 0) return test;
  test.threshold = statistics::chi_squared_quantile(confidence, dof);
  test.p_value = statistics::chi_squared_survival(statistic, dof);
  test.lower_tail = statistics::chi_squared_cdf(statistic, dof);
  test.passed = statistic <= test.threshold;
  return test;
}

void explain_streams(const Model& model, const Options& options, const Estimator& estimator, Answer& answer) {
  const auto adjusting = estimator.adjustment_variances();
  const auto variance = estimator.variances();
  for (size_t j = 0; j < answer.streams.size(); ++j) {
    auto& out = answer.streams[j];
    const auto& stream = model.streams[j];
    if (out.kind == Class::fixed) {
      out.sd = 0;
      continue;
    }
    out.sd = std::sqrt(variance[j]);
    answer.variances_left_out = answer.variances_left_out || (out.kind == Class::observable && !std::isfinite(out.sd));
    if (out.kind != Class::redundant) continue;
    const double floor = options.z_floor * stream.sd * stream.sd;
    if (const double tested = std::max(adjusting[j], floor); tested > 0)
      out.z = (estimator.flow[j] - stream.value) / std::sqrt(tested);
  }
}

}  // namespace

Result<Answer> reconcile(const Model& model, const Options& options, const Watch& watch) {
  Answer answer;
  const auto free = Estimator::of(model, watch);
  answer.factorisations = 1;
  if (free->stopped || !watch.go_on(0.3)) return Watch::stopped();
  answer.status = free->status;
  answer.obstacle = free->obstacle;
  if (answer.status != Status::solved) return answer;

  answer.nodes = node_closures(model);
  answer.streams.resize(model.streams.size());
  for (size_t j = 0; j < model.streams.size(); ++j) {
    auto& out = answer.streams[j];
    out.kind = free->classes()[j];
    out.value = free->flow[j];
    if (model.streams[j].role == Role::measured) out.adjustment = out.value - model.streams[j].value;
  }
  answer.global = judged(free->objective, free->rank(), options.confidence);
  answer.closing = free->closing;
  answer.closing_relative = free->closing_relative;

  if (!free->has_variances()) {
    answer.variances_left_out = true;
  } else {
    free->select();
    if (!watch.go_on(0.4)) return Watch::stopped();
    explain_streams(model, options, *free, answer);
    answer.leverage_sum_minus_rank = free->leverage_sum() - free->rank();
    const auto power = free->nodal_max_power();
    for (size_t node = 0; node < power.size(); ++node) answer.nodes[node].z_max_power = power[node];

    QY_CHECK(value_meters(model, options, *free, answer, watch));
    const auto candidates = free->candidates();
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (candidates.kind[i] != Hypothesis::Kind::bias || !candidates.measured[i]) continue;
      double d = 0;
      for (const auto& [row, coefficient] : candidates.column(i)) d -= coefficient * free->multiplier[at(row)];
      answer.streams[at(candidates.index[i])].z_max_power = d / std::sqrt(candidates.energy[i]);
    }
    auto gross = find_gross_errors(*free, candidates, options, watch);
    if (!watch.go_on(0.7)) return Watch::stopped();
    answer.suspects = std::move(gross.suspects);
    answer.hypotheses = std::move(gross.strongest);
    if (!answer.suspects.empty()) {
      answer.without_suspects = judged(gross.objective, gross.dof, options.confidence);
      auto corrected = model;
      for (const auto& suspect : answer.suspects)
        if (suspect.kind == Hypothesis::Kind::bias) {
          corrected.streams[at(suspect.index)].value -= suspect.size;
        } else {
          corrected.streams.push_back({{suspect.index, kEnvironment}, Role::fixed, suspect.size});
        }
      const auto again = Estimator::of(corrected, watch);
      if (again->stopped) return Watch::stopped();
      if (again->status == Status::solved) {
        // From the corrected readings, not as γ less the suspects' T: the difference may have lost every digit.
        answer.without_suspects = judged(again->objective, gross.dof, options.confidence);
        answer.flow_without_suspects.assign(again->flow.begin(),
                                            again->flow.begin() + static_cast<std::ptrdiff_t>(model.streams.size()));
      }
    }
  }
  QY_CHECK(apply_bounds(model, *free, answer, watch));
  return answer;
}

}  // namespace qy::engine::balance
