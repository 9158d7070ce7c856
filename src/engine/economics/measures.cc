#include "engine/economics/measures.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::economics {
namespace {

const Decimal kLargest = Decimal::of("1e15");

/// First moment at which a cumulative flow is no longer negative; `part` answers which part of a year brings a share of
/// its flow.
template <class Part>
std::optional<double> payback(const std::vector<double>& flows, const Part& part, bool& falls_again) {
  constexpr double kNothing = 1e-13;  // of all that flowed: what rounding leaves where exactly nothing is left
  double cumulated = 0, flowed = 0;
  bool begun = false;
  std::optional<double> first;
  for (std::size_t t = 0; t < flows.size(); ++t) {
    begun = begun || flows[t] != 0;
    if (!begun) continue;
    const double before = cumulated;
    cumulated += flows[t];
    flowed += std::fabs(flows[t]);
    if (std::fabs(cumulated) <= kNothing * flowed) cumulated = 0;
    if (!first && cumulated >= 0)
      first =
          before < 0 ? static_cast<double>(t - 1) + part(std::min(1.0, -before / flows[t])) : static_cast<double>(t);
    if (first && cumulated < 0) falls_again = true;
  }
  return first;
}

/// (FV of what comes in / PV of what goes out)^(1/n) − 1.
std::optional<double> modified_rate(const std::vector<double>& flows, double finance, double reinvestment) {
  double paid = 0, earned = 0;
  const auto n = flows.size() - 1;
  for (std::size_t t = 0; t <= n; ++t) {
    if (flows[t] < 0) paid -= flows[t] * std::pow(1 + finance, -static_cast<double>(t));
    if (flows[t] > 0) earned += flows[t] * std::pow(1 + reinvestment, static_cast<double>(n - t));
  }
  if (paid <= 0 || earned <= 0) return std::nullopt;
  return std::pow(earned / paid, 1.0 / static_cast<double>(n)) - 1;
}

}  // namespace

void Checks::add(std::string name, const char* code, Params params) {
  fields_.push_back({"#/" + std::move(name), code, std::move(params)});
}

void Checks::amount(const std::string& name, const Decimal& value) {
  if (kLargest <= value || value <= -kLargest) add(name, "economics.amount");
}

void Checks::at_least_zero(const std::string& name, const Decimal& value) {
  amount(name, value);
  if (value.is_negative()) add(name, "economics.negative");
}

void Checks::at_most(const std::string& name, const Decimal& value, const Decimal& most) {
  if (!most.is_negative() && most < value)
    add(name, "economics.more_than", {{"max", most.shortest()}, {"value", value.str()}});
}

void Checks::rate(const std::string& name, const Decimal& value, const Decimal& most) {
  if (value.is_negative() || most < value) add(name, "economics.rate", {{"max", most.str()}, {"value", value.str()}});
}

void Checks::years(const std::string& name, int value, int least, int most) {
  if (value < least || value > most)
    add(name, least == most ? "economics.years_fixed" : "economics.years",
        {{"min", std::to_string(least)}, {"max", std::to_string(most)}});
}

Result<void> Checks::done() {
  if (fields_.empty()) return {};
  return Error{ErrorKind::invalid, "input.invalid", {{"count", std::to_string(fields_.size())}}, std::move(fields_)};
}

double annuity_factor(double rate, double years) {
  return rate == 0 ? years : -std::expm1(-years * std::log1p(rate)) / rate;
}

double present_value(const std::vector<double>& flows, double rate) {
  double value = 0;
  for (auto t = flows.size(); t-- > 0;) value = value / (1 + rate) + flows[t];
  return value;
}

std::vector<double> doubles(const std::vector<Decimal>& flows) {
  std::vector<double> out;
  out.reserve(flows.size());
  for (const auto& flow : flows) out.push_back(flow.to_double());
  return out;
}

Measures measure(const std::vector<Decimal>& exact, const MeasureOf& how, bool& falls_again) {
  const auto flows = doubles(exact);
  const double rate = how.rate;
  Measures out;
  out.npv = present_value(flows, rate);
  out.nav = out.npv / annuity_factor(rate, static_cast<double>(flows.size() - 1));
  if (how.investment > 0) out.npvr = out.npv / how.investment;
  out.irr = internal_rates(exact);
  out.mirr = modified_rate(flows, how.finance_rate, how.reinvestment_rate);

  auto discounted = flows;
  double comes = 0, goes = 0;
  for (std::size_t t = 0; t < flows.size(); ++t) {
    const double factor = std::pow(1 + rate, -static_cast<double>(t));
    discounted[t] *= factor;
    (discounted[t] > 0 ? comes : goes) += discounted[t];
    const double end = t < how.end.size() ? how.end[t] : 0;
    const double earlier = t > how.building ? std::sqrt(1 + rate) : 1;
    out.npv_mid_year += ((flows[t] - end) * earlier + end) * factor;
  }
  if (goes < 0) out.benefit_cost = comes / -goes;
  out.static_payback_years = payback(
      flows, [](double share) { return share; }, falls_again);
  // Part f of a year is worth (1 − (1+i)⁻ᶠ)/(1 − (1+i)⁻¹) of the year's flow, so that equal flows give −ln(1 −
  // iI/F)/ln(1+i).
  const auto part = [&](double share) {
    return rate == 0 ? share : -std::log1p(-share * (1 - 1 / (1 + rate))) / std::log1p(rate);
  };
  out.dynamic_payback_years = payback(discounted, part, falls_again);
  return out;
}

}  // namespace qy::engine::economics
