#include "engine/plausibility/plausibility.h"

#include <algorithm>
#include <cmath>

#include "engine/plausibility/examination.h"
#include "engine/statistics/statistics.h"

namespace qy::engine::plausibility {

const char* name_of(Check check) {
  static constexpr std::array<const char*, kChecks> kNames{
      "sum",          "conversion", "ratio",       "contradiction", "limit",      "closed_too_well",   "gross_error",
      "unit_slip",    "year_jump",  "out_of_step", "scaled_year",   "duplicates", "scaled_duplicates", "first_digit",
      "second_digit", "last_digit", "heaping"};
  return kNames[static_cast<std::size_t>(check)];
}

const Rate& rate_of(Check check) {
  return *std::find_if(rates().begin(), rates().end(), [&](const auto& rate) { return rate.check == check; });
}

double Rate::false_alarm_bound() const { return honest ? statistics::share_interval(alarms, honest, 0.9).upper : 1; }

Decimal step_of(const Number& number) {
  if (number.step) return *number.step;
  return Decimal::of(number.value.decimals()
                         ? "0." + std::string(static_cast<std::size_t>(number.value.decimals() - 1), '0') + "1"
                         : "1");
}

std::string called(const Number& number) { return number.place.empty() ? number.id : number.place; }

std::string shown(double value) {
  if (value == 0) return "0";
  if (std::fabs(value) >= 1e15 || std::fabs(value) < 1e-4) {
    const int power = static_cast<int>(std::floor(std::log10(std::fabs(value))));
    return Decimal::from_double(value / std::pow(10, power), 2).shortest() + "e" + std::to_string(power);
  }
  const int before = static_cast<int>(std::floor(std::log10(std::fabs(value)))) + 1;
  return Decimal::from_double(value, std::clamp(6 - before, 0, 8)).shortest();
}

Examination::Examination(const Submission& submission) : submission_(submission) {
  for (std::size_t report = 0; report < submission.reports.size(); ++report)
    for (std::size_t number = 0; number < submission.reports[report].numbers.size(); ++number) {
      const auto& stated = submission.reports[report].numbers[number];
      if (!stated.quantity.empty())
        items_.push_back({{report, number}, &stated, stated.value.to_double(), step_of(stated).to_double()});
    }
}

Result<Answer> Examination::finished() && {
  if (!errors_.empty()) {
    const auto count = std::to_string(errors_.size());
    return Error{ErrorKind::invalid, "input.invalid", {{"count", count}}, std::move(errors_)};
  }
  std::vector<double> p_values;
  std::size_t tests = 0;
  for (const auto count : answer_.tested) tests += count;
  for (auto& finding : answer_.findings) {
    if (finding.p_is_measured) finding.p = rate_of(finding.check).false_alarm_bound();
    p_values.push_back(finding.p);
  }
  const auto q_values = statistics::benjamini_hochberg(p_values, tests);
  for (std::size_t i = 0; i < q_values.size(); ++i) answer_.findings[i].q = q_values[i];
  std::stable_sort(answer_.findings.begin(), answer_.findings.end(),
                   [](const auto& a, const auto& b) { return a.p < b.p; });
  return std::move(answer_);
}

Result<Answer> examine(const Submission& submission, const Watch& watch) {
  Examination examination(submission);
  static constexpr std::array kInOrder{check_arithmetic, check_contradictions, check_closures, check_units,
                                       check_years,      check_duplicates,     check_digits};
  for (std::size_t i = 0; i < kInOrder.size(); ++i) {
    if (!watch.go_on(static_cast<double>(i) / kInOrder.size())) return Watch::stopped();
    kInOrder[i](examination);
  }
  return std::move(examination).finished();
}

}  // namespace qy::engine::plausibility
