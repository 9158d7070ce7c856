// Year over year: jumps, numbers that do not follow what drives them, last year's report scaled.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "engine/plausibility/examination.h"
#include "engine/statistics/statistics.h"

namespace qy::engine::plausibility {
namespace {

constexpr std::size_t kFewest = 10;    ///< enterprises that make a year of an industry
constexpr double kBeyond = 4;          ///< robust σ
constexpr double kLeastSpread = 0.01;  ///< of growth: rounding alone is no law
constexpr std::size_t kFewestScaled = 8;
constexpr double kScaledChance = -6;  ///< log10

/// The year a period is, when it is a whole one.
std::optional<int> year_of(const std::string& period) {
  int year = 0;
  const auto end = period.data() + period.size();
  const auto [stop, wrong] = std::from_chars(period.data(), end, year);
  if (wrong != std::errc{} || stop != end || year < 1900 || year > 2200) return std::nullopt;
  return year;
}

/// A quantity of an enterprise in two years running.
struct Growth {
  const Item *before, *after;
  double log_growth;
};
using Series = std::tuple<std::string, std::string, std::string>;  ///< quantity, boundary, unit
struct Key {
  Series series;
  int year;
  auto operator<=>(const Key&) const = default;
};
using ByEnterprise = std::map<std::string, Growth>;

std::string unit_of(const Item& item) { return item.number->unit ? item.number->unit->str() : ""; }

std::map<Key, ByEnterprise> growths_of(const Examination& examination) {
  std::map<std::pair<std::string, Series>, std::map<int, const Item*>> series;
  for (const auto& item : examination.items()) {
    const auto year = year_of(item.number->period);
    if (!year || item.number->fixed || item.value <= 0) continue;
    const auto& enterprise = examination.submission().reports[item.at.report].enterprise;
    series[{enterprise, {item.number->quantity, item.number->boundary, unit_of(item)}}].try_emplace(*year, &item);
  }
  std::map<Key, ByEnterprise> out;
  for (const auto& [key, years] : series)
    for (const auto& [year, after] : years)
      if (const auto before = years.find(year - 1); before != years.end())
        out[{key.second, year}].try_emplace(
            key.first, Growth{before->second, after, std::log(after->value / before->second->value)});
  return out;
}

std::vector<std::size_t> reports_of(const Growth& growth) {
  if (growth.before->at.report == growth.after->at.report) return {growth.after->at.report};
  return {growth.after->at.report, growth.before->at.report};
}

std::string growth_text(const Growth& growth) {
  return growth.after->number->value.str() + " ÷ " + growth.before->number->value.str() + " = " +
         shown(std::exp(growth.log_growth));
}

void check_jumps(Examination& examination, const Key& key, const ByEnterprise& growths) {
  if (growths.size() < kFewest) return;
  std::vector<double> logs;
  for (const auto& [enterprise, growth] : growths) logs.push_back(growth.log_growth);
  std::sort(logs.begin(), logs.end());
  const auto robust = statistics::robust(logs);
  const double spread = std::max(robust.spread, kLeastSpread);
  const auto n = static_cast<double>(logs.size());
  for (const auto& [enterprise, growth] : growths) {
    examination.tested(Check::year_jump);
    const double z = (growth.log_growth - robust.centre) / spread;
    if (std::fabs(z) <= kBeyond) continue;
    auto finding = finding_of(Check::year_jump, "plausibility.year_jump", reports_of(growth),
                              {growth.before->at, growth.after->at}, growth_text(growth));
    finding.distance = std::fabs(z);
    finding.p = 2 * statistics::student_t_cdf(-finding.distance, n - 1);
    finding.params = {{"quantity", std::get<0>(key.series)},  {"year", std::to_string(key.year)},
                      {"arithmetic", finding.arithmetic},     {"median", shown(std::exp(robust.centre))},
                      {"count", std::to_string(logs.size())}, {"z", shown(z)}};
    examination.found(std::move(finding));
  }
}

/// Theil–Sen: the median of the slopes of all pairs, which outliers cannot turn.
double slope_of(const std::vector<std::pair<double, double>>& points) {
  std::vector<double> slopes;
  // Of many points every pair a fixed number of places apart is enough.
  const auto stride = std::max<std::size_t>(1, points.size() / 64);
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = i + 1; j < points.size(); j += stride)
      if (std::fabs(points[j].first - points[i].first) > 1e-9)
        slopes.push_back((points[j].second - points[i].second) / (points[j].first - points[i].first));
  return slopes.empty() ? 0 : statistics::median(std::move(slopes));
}

/// Growth by quantity, boundary and year, in the first of its units.
using Leaders = std::map<std::tuple<std::string, std::string, int>, const ByEnterprise*>;

void check_steps(Examination& examination, const Driver& driver, const std::map<Key, ByEnterprise>& growths,
                 const Leaders& leaders) {
  for (const auto& [key, moved] : growths) {
    if (std::get<0>(key.series) != driver.quantity) continue;
    const auto leading = leaders.find({driver.driver, std::get<1>(key.series), key.year});
    if (leading == leaders.end()) continue;
    std::vector<std::pair<double, double>> points;
    std::vector<std::pair<const Growth*, const Growth*>> both;
    for (const auto& [enterprise, growth] : moved)
      if (const auto lead = leading->second->find(enterprise); lead != leading->second->end()) {
        points.emplace_back(lead->second.log_growth, growth.log_growth);
        both.emplace_back(&lead->second, &growth);
      }
    if (points.size() < kFewest) continue;
    const double slope = slope_of(points);
    std::vector<double> residuals;
    for (const auto& [x, y] : points) residuals.push_back(y - slope * x);
    auto sorted = residuals;
    std::sort(sorted.begin(), sorted.end());
    const auto robust = statistics::robust(sorted);
    const double spread = std::max(robust.spread, kLeastSpread);
    const auto n = static_cast<double>(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      examination.tested(Check::out_of_step);
      const double z = (residuals[i] - robust.centre) / spread;
      if (std::fabs(z) <= kBeyond) continue;
      const auto& [lead, growth] = both[i];
      auto finding = finding_of(Check::out_of_step, "plausibility.out_of_step", reports_of(*growth),
                                {growth->before->at, growth->after->at, lead->before->at, lead->after->at},
                                growth_text(*growth) + "; " + growth_text(*lead));
      finding.distance = std::fabs(z);
      finding.p = 2 * statistics::student_t_cdf(-finding.distance, n - 2);
      finding.params = {{"quantity", driver.quantity},
                        {"driver", driver.driver},
                        {"year", std::to_string(key.year)},
                        {"growth", shown(std::exp(growth->log_growth))},
                        {"driver_growth", shown(std::exp(lead->log_growth))},
                        {"expected", shown(std::exp(robust.centre + slope * lead->log_growth))},
                        {"count", std::to_string(points.size())},
                        {"z", shown(z)}};
      examination.found(std::move(finding));
    }
  }
}

void check_scaled(Examination& examination, const std::map<Key, ByEnterprise>& growths) {
  std::map<std::pair<std::string, int>, std::vector<RatioInterval>> pairs;
  for (const auto& [key, by_enterprise] : growths)
    for (const auto& [enterprise, growth] : by_enterprise) {
      const auto &a = *growth.before, &b = *growth.after;
      if (a.value <= a.step || b.value <= b.step) continue;
      pairs[{enterprise, key.year}].push_back({std::log((b.value - b.step / 2) / (a.value + a.step / 2)),
                                               std::log((b.value + b.step / 2) / (a.value - a.step / 2)), a.at, b.at});
    }
  for (const auto& [key, intervals] : pairs) {
    if (intervals.size() < kFewestScaled) continue;
    examination.tested(Check::scaled_year);
    const auto common = common_ratio(intervals);
    const auto count = common.members.size();
    if (count < kFewestScaled || common.log10_chance > kScaledChance) continue;
    const bool repeated = std::fabs(std::log(common.ratio)) < 1e-4;
    auto finding =
        finding_of(Check::scaled_year, repeated ? "plausibility.repeated_year" : "plausibility.scaled_year", {});
    finding.p = std::pow(10, common.log10_chance);
    std::set<std::size_t> reports;
    for (const auto member : common.members) {
      const auto& [low, high, before, after] = intervals[member];
      reports.insert({before.report, after.report});
      if (finding.numbers.size() < 40) finding.numbers.insert(finding.numbers.end(), {before, after});
      if (finding.numbers.size() <= 8)
        finding.arithmetic += (finding.arithmetic.empty() ? "" : "; ") + examination.number(after).value.str() + " ÷ " +
                              examination.number(before).value.str();
    }
    finding.arithmetic += " = " + ratio_text(common.ratio);
    finding.reports.assign(reports.begin(), reports.end());
    finding.params = {{"year", std::to_string(key.second)},
                      {"count", std::to_string(count)},
                      {"total", std::to_string(intervals.size())},
                      {"ratio", ratio_text(common.ratio)},
                      {"arithmetic", finding.arithmetic}};
    examination.found(std::move(finding));
  }
}

}  // namespace

void check_years(Examination& examination) {
  const auto growths = growths_of(examination);
  for (const auto& [key, by_enterprise] : growths) check_jumps(examination, key, by_enterprise);
  Leaders leaders;
  for (const auto& [key, by_enterprise] : growths)
    leaders.try_emplace({std::get<0>(key.series), std::get<1>(key.series), key.year}, &by_enterprise);
  for (const auto& driver : examination.submission().drivers) check_steps(examination, driver, growths, leaders);
  check_scaled(examination, growths);
}

}  // namespace qy::engine::plausibility
