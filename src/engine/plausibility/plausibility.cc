#include "engine/plausibility/plausibility.h"

#include <algorithm>
#include <cmath>
#include <iterator>

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

double Rate::chance(double distance) const {
  int seen = alarms;
  for (std::size_t i = 0; i < kDistances.size(); ++i)
    if (distance >= kDistances[i]) seen = beyond[i];
  return (seen + 0.5) / (honest + 1);
}

namespace {

/// What the measured rates make of a finding's p.
void calibrate(Finding& finding) {
  const auto& rate = rate_of(finding.check);
  const bool of_digits = finding.check >= Check::first_digit;
  double measured = 0;
  if (finding.p_is_measured)
    measured = rate.chance(0);
  else if (finding.distance > 0)
    measured = rate.chance(finding.distance);
  else if (of_digits)
    measured = std::min(1.0, finding.p * std::max(1.0, rate.chance(0) / kDigitLevel));
  if (finding.p_is_measured || measured > finding.p) {
    finding.p = measured;
    finding.p_is_measured = true;
  }
}

}  // namespace

Finding finding_of(Check check, std::string code, std::vector<std::size_t> reports, std::vector<Reference> numbers,
                   std::string arithmetic) {
  Finding finding;
  finding.check = check;
  finding.code = std::move(code);
  finding.reports = std::move(reports);
  finding.numbers = std::move(numbers);
  finding.arithmetic = std::move(arithmetic);
  return finding;
}

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
  // By name: which of two statements is taken first must not hang on the order they came in.
  std::stable_sort(items_.begin(), items_.end(), [&](const auto& a, const auto& b) {
    return submission.reports[a.at.report].id < submission.reports[b.at.report].id;
  });
}

void Examination::found(Finding finding) {
  const auto check = static_cast<std::size_t>(finding.check);
  found_[check].push_back(std::move(finding));
  if (found_[check].size() >= 2 * kMostFindings) keep_least_likely(check);
}

void Examination::keep_least_likely(std::size_t check) {
  auto& findings = found_[check];
  if (findings.size() <= kMostFindings) return;
  std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) { return a.p < b.p; });
  dropped_[check] += findings.size() - kMostFindings;
  findings.erase(findings.begin() + kMostFindings, findings.end());
}

Result<Answer> Examination::finished() && {
  if (!errors_.empty()) {
    const auto count = std::to_string(errors_.size());
    return Error{ErrorKind::invalid, "input.invalid", {{"count", count}}, std::move(errors_)};
  }
  for (std::size_t check = 0; check < kChecks; ++check) {
    keep_least_likely(check);
    std::move(found_[check].begin(), found_[check].end(), std::back_inserter(answer_.findings));
    if (dropped_[check])
      answer_.notes.push_back({"plausibility.more_findings",
                               {{"check", name_of(static_cast<Check>(check))},
                                {"count", std::to_string(dropped_[check])},
                                {"limit", std::to_string(kMostFindings)}}});
  }
  // Weighted as Genovese, Roeder & Wasserman (2006): each check made has the same weight, so that the many pairs of
  // reports do not drown the few sums of a page.
  std::size_t tests = 0, checks = 0;
  for (const auto count : answer_.tested) {
    tests += count;
    checks += count > 0;
  }
  std::vector<double> p_values;
  for (auto& finding : answer_.findings) {
    calibrate(finding);
    const auto of_check = static_cast<double>(answer_.tested[static_cast<std::size_t>(finding.check)]);
    p_values.push_back(finding.p * of_check * static_cast<double>(checks) / static_cast<double>(tests));
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
