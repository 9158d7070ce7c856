#include "engine/balance/meters.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

bool known(const std::vector<Term>& terms, std::span<const double> values) {
  return std::all_of(terms.begin(), terms.end(), [&](const Term& t) { return std::isfinite(values[at(t.variable)]); });
}

double total(const std::vector<Term>& terms, std::span<const double> values) {
  double sum = 0;
  for (const auto& [variable, coefficient] : terms) sum += coefficient * values[at(variable)];
  return sum;
}

/// A target as a linear combination: a ratio N/D has the slopes (n − t·d)/D at the reconciled values.
struct Linear {
  bool known = false;
  double value = kNone;
  std::vector<double> slope;
};

Linear linear(const Target& target, std::span<const double> flow) {
  Linear out;
  out.known = known(target.terms, flow) && known(target.per, flow);
  if (!out.known) return out;
  out.slope.assign(flow.size(), 0.0);
  const double numerator = total(target.terms, flow), denominator = target.per.empty() ? 1 : total(target.per, flow);
  if (denominator == 0) {
    out.known = false;
    return out;
  }
  out.value = numerator / denominator;
  for (const auto& [variable, coefficient] : target.terms) out.slope[at(variable)] += coefficient / denominator;
  for (const auto& [variable, coefficient] : target.per)
    out.slope[at(variable)] -= out.value * coefficient / denominator;
  return out;
}

/// What cancels to less than rounding leaves of the readings' own variances is zero.
double variance_of(const Linear& target, std::span<const double> covariance, const Model& model) {
  double sum = 0, size = 0;
  for (size_t j = 0; j < covariance.size(); ++j) {
    if (target.slope[j] == 0) continue;
    const double part = target.slope[j] * covariance[j];
    const double reading = model.streams[j].role == Role::measured ? model.streams[j].sd : 0;
    sum += part;
    size += std::max(std::fabs(part), std::pow(target.slope[j] * reading, 2));
  }
  return sum > 1e-13 * size ? sum : 0;
}

}  // namespace

Result<void> value_meters(const Model& model, const Options& options, const Estimator& estimator, Answer& answer,
                          const Watch& watch) {
  for (size_t t = 0; t < options.targets.size(); ++t) {
    const auto target = linear(options.targets[t], estimator.flow);
    std::vector<double> covariance;
    TargetAnswer before{target.value, kNone};
    if (target.known) {
      covariance = estimator.covariance_with(target.slope);
      before.sd = std::sqrt(variance_of(target, covariance, model));
    }
    answer.targets.push_back(before);
    std::vector<MeterValue> values;
    for (size_t m = 0; m < options.meters.size(); ++m) {
      if (!watch.go_on(0.6)) return Watch::stopped();
      const auto& meter = options.meters[m];
      MeterValue value{static_cast<int>(m), static_cast<int>(t), before.sd, before.sd, 0};
      const double shared = target.known ? covariance[at(meter.stream)] : kNone;
      if (target.known && std::isfinite(shared)) {
        const double own = std::pow(answer.streams[at(meter.stream)].sd, 2);
        const double variance = before.sd * before.sd;
        value.sd_after = std::sqrt(std::max(0.0, variance - shared * shared / (own + meter.sd * meter.sd)));
        value.reduction = variance > 0 ? 1 - value.sd_after * value.sd_after / variance : 0;
      } else if (!target.known && model.streams[at(meter.stream)].role == Role::unmeasured) {
        auto metered = model;
        auto& stream = metered.streams[at(meter.stream)];
        stream.role = Role::measured;
        stream.sd = meter.sd;
        stream.value = answer.streams[at(meter.stream)].value;
        if (!std::isfinite(stream.value)) stream.value = 0;
        const auto after = Estimator::of(metered, watch);
        if (after->stopped) return Watch::stopped();
        if (after->status != Status::solved || !after->has_variances()) continue;
        // Without a reading yet, only a plain sum has an uncertainty that does not depend on it.
        if (!options.targets[t].per.empty()) continue;
        const auto made = linear(options.targets[t], after->flow);
        if (!made.known) continue;
        after->select();
        value.sd_after = std::sqrt(variance_of(made, after->covariance_with(made.slope), metered));
        value.reduction = 1;
      }
      if (value.reduction > 1e-12) values.push_back(value);
    }
    std::stable_sort(values.begin(), values.end(), [](const MeterValue& a, const MeterValue& b) {
      return a.reduction != b.reduction ? a.reduction > b.reduction : a.sd_after < b.sd_after;
    });
    answer.meters.insert(answer.meters.end(), values.begin(), values.end());
  }
  return {};
}

}  // namespace qy::engine::balance
