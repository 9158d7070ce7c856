// The same numbers, or the same numbers in one ratio, in reports of two enterprises.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "engine/plausibility/examination.h"
#include "engine/statistics/statistics.h"

namespace qy::engine::plausibility {
namespace {

constexpr std::size_t kFewestDigits = 4, kFewestScaled = 8;
constexpr double kScore = 12;             ///< −log10 of the chance
constexpr std::size_t kMostHolders = 50;  ///< a number in more reports is a common one and leads to nobody

/// Significant digits without zeros at the end: 12500 has three, 0.01204 four.
std::string significant(const Decimal& value) {
  std::string out;
  for (const char c : value.shortest())
    if (c >= '0' && c <= '9' && !(out.empty() && c == '0')) out += c;
  while (out.ends_with('0')) out.pop_back();
  return out;
}

std::uint64_t pair_of(std::size_t a, std::size_t b) {
  return static_cast<std::uint64_t>(std::min(a, b)) << 32 | std::max(a, b);
}

/// What the checks of pairs know of all reports.
class Reports {
 public:
  explicit Reports(const Examination& examination) : examination_(examination) {
    const auto& reports = examination.submission().reports;
    std::map<std::string, std::vector<double>> logs;
    std::map<std::string, std::size_t> enterprises;
    by_quantity_.resize(reports.size());
    for (const auto& report : reports) ++enterprises[report.enterprise];
    enterprises_ = enterprises.size();
    std::size_t same = 0;
    for (const auto& [enterprise, count] : enterprises) same += count * (count - 1) / 2;
    pairs_ = reports.size() * (reports.size() - 1) / 2 - same;
    for (const auto& item : examination.items()) {
      if (item.number->fixed || item.value == 0) continue;
      logs[item.number->quantity].push_back(std::log10(std::fabs(item.value)));
      by_quantity_[item.at.report][item.number->quantity].push_back(&item);
    }
    for (auto& [quantity, values] : logs) {
      std::sort(values.begin(), values.end());
      spread_[quantity] = values.size() >= 10 ? std::clamp(statistics::robust(values).spread, 0.02, 1.0) : 0.1;
    }
  }

  const std::string& enterprise(std::size_t report) const {
    return examination_.submission().reports[report].enterprise;
  }
  std::size_t enterprises() const { return enterprises_; }
  std::size_t pairs() const { return pairs_; }  ///< of reports of different enterprises
  const std::map<std::string, std::vector<const Item*>>& of(std::size_t report) const { return by_quantity_[report]; }

  /// The chance that an honest number of the quantity has just these digits: the width of the number on a logarithmic
  /// scale times how closely the industry's values lie.
  double chance(const std::string& quantity, const std::string& digits) const {
    const double mantissa = std::stod(digits.substr(0, 15));
    return std::log10(1 + 1 / mantissa) * std::max(1.0, 0.4 / spread_.at(quantity));
  }

 private:
  const Examination& examination_;
  std::size_t enterprises_ = 0, pairs_ = 0;
  std::map<std::string, double> spread_;
  std::vector<std::map<std::string, std::vector<const Item*>>> by_quantity_;
};

struct Matches {
  double score = 0;
  std::vector<std::pair<const Item*, const Item*>> numbers;
};

std::string sides(const Examination& examination, const std::vector<std::pair<Reference, Reference>>& numbers,
                  const char* between) {
  std::string out;
  for (std::size_t i = 0; i < numbers.size() && i < 4; ++i)
    out += (i ? "; " : "") + examination.number(numbers[i].second).value.str() + between +
           examination.number(numbers[i].first).value.str();
  return out + (numbers.size() > 4 ? "; …" : "");
}

Finding pair_finding(const Examination& examination, Check check, const char* code, std::size_t a, std::size_t b,
                     const std::vector<std::pair<Reference, Reference>>& numbers) {
  auto finding = finding_of(check, code, {a, b});
  for (const auto& [first, second] : numbers)
    if (finding.numbers.size() < 40) finding.numbers.insert(finding.numbers.end(), {first, second});
  const auto& reports = examination.submission().reports;
  finding.params = {{"a", reports[a].id}, {"b", reports[b].id}, {"count", std::to_string(numbers.size())}};
  return finding;
}

void check_same_numbers(Examination& examination, const Reports& reports) {
  std::map<std::pair<std::string, std::string>, std::vector<const Item*>> holders;  // quantity, digits
  for (const auto& item : examination.items()) {
    if (item.number->fixed) continue;
    auto digits = significant(item.number->value);
    if (digits.size() >= kFewestDigits) holders[{item.number->quantity, std::move(digits)}].push_back(&item);
  }
  std::unordered_map<std::uint64_t, Matches> pairs;
  for (const auto& [key, items] : holders) {
    std::map<std::size_t, const Item*> by_report;
    std::set<std::string> enterprises;
    for (const auto* item : items) {
      by_report.try_emplace(item->at.report, item);
      enterprises.insert(reports.enterprise(item->at.report));
    }
    if (enterprises.size() < 2 || by_report.size() > kMostHolders) continue;
    // Where others have the number too, it is as common as they show.
    const double others = static_cast<double>(enterprises.size() - 2) /
                          static_cast<double>(std::max<std::size_t>(1, reports.enterprises() - 2));
    const double one = std::max(reports.chance(key.first, key.second), others);
    for (auto a = by_report.begin(); a != by_report.end(); ++a)
      for (auto b = std::next(a); b != by_report.end(); ++b) {
        if (reports.enterprise(a->first) == reports.enterprise(b->first)) continue;
        const auto tries = reports.of(a->first).at(key.first).size() * reports.of(b->first).at(key.first).size();
        auto& matches = pairs[pair_of(a->first, b->first)];
        matches.score -= std::log10(std::min(1.0, one * static_cast<double>(tries)));
        matches.numbers.emplace_back(a->second, b->second);
      }
  }
  examination.tested(Check::duplicates, reports.pairs());
  std::map<std::uint64_t, Matches> ordered(pairs.begin(), pairs.end());
  for (const auto& [pair, matches] : ordered) {
    if (matches.score < kScore) continue;
    const auto a = static_cast<std::size_t>(pair >> 32), b = static_cast<std::size_t>(pair & 0xffffffff);
    std::size_t comparable = 0;
    for (const auto& [quantity, items] : reports.of(a))
      comparable += reports.of(b).contains(quantity) ? items.size() : 0;
    std::vector<std::pair<Reference, Reference>> numbers;
    for (const auto& [first, second] : matches.numbers) numbers.emplace_back(first->at, second->at);
    auto finding = pair_finding(examination, Check::duplicates, "plausibility.duplicates", a, b, numbers);
    finding.arithmetic = sides(examination, numbers, " = ");
    finding.params.push_back({"score", shown(matches.score)});
    finding.params.push_back({"arithmetic", finding.arithmetic});
    // Which of the comparable numbers agree was not fixed before.
    finding.p =
        std::min(1.0, std::pow(10, log10_choose(std::max(comparable, numbers.size()), numbers.size()) - matches.score));
    examination.found(std::move(finding));
  }
}

/// Ratios of neighbouring quantities of one report: they stay when a report is scaled.
std::map<std::uint64_t, std::vector<std::size_t>> reports_by_ratio(const Examination& examination,
                                                                   const Reports& reports) {
  std::map<std::uint64_t, std::vector<std::size_t>> out;
  for (std::size_t report = 0; report < examination.submission().reports.size(); ++report) {
    std::vector<std::pair<std::uint64_t, double>> values;
    for (const auto& [quantity, items] : reports.of(report)) {
      std::uint64_t name = 0;
      for (const char c : quantity) name = statistics::mixed(name + static_cast<unsigned char>(c));
      if (items.size() == 1 && items[0]->value > 0) values.emplace_back(name, std::log(items[0]->value));
    }
    for (std::size_t i = 0; i < values.size(); ++i)
      for (std::size_t away = 1; away <= 2 && i + away < values.size(); ++away) {
        const auto& [other, log] = values[i + away];
        const auto cell = std::llround(std::floor((log - values[i].second) / 0.002));
        for (const auto near : {cell, cell + 1})
          out[statistics::mixed(statistics::mixed(values[i].first + 1) ^ other) + static_cast<std::uint64_t>(near)]
              .push_back(report);
      }
  }
  return out;
}

void check_scaled_numbers(Examination& examination, const Reports& reports) {
  std::unordered_map<std::uint64_t, int> met;
  for (auto& [key, holders] : reports_by_ratio(examination, reports)) {
    const std::set<std::size_t> once(holders.begin(), holders.end());
    if (once.size() > kMostHolders) continue;
    for (auto a = once.begin(); a != once.end(); ++a)
      for (auto b = std::next(a); b != once.end(); ++b)
        if (reports.enterprise(*a) != reports.enterprise(*b)) ++met[pair_of(*a, *b)];
  }
  examination.tested(Check::scaled_duplicates, reports.pairs());
  const std::map<std::uint64_t, int> ordered(met.begin(), met.end());
  for (const auto& [pair, times] : ordered) {
    if (times < 4) continue;
    const auto a = static_cast<std::size_t>(pair >> 32), b = static_cast<std::size_t>(pair & 0xffffffff);
    std::vector<RatioInterval> intervals;
    for (const auto& [quantity, items] : reports.of(a)) {
      const auto others = reports.of(b).find(quantity);
      if (others == reports.of(b).end() || items.size() != 1 || others->second.size() != 1) continue;
      const auto &x = *items[0], &y = *others->second[0];
      if (x.value > x.step && y.value > y.step)
        intervals.push_back({std::log((y.value - y.step / 2) / (x.value + x.step / 2)),
                             std::log((y.value + y.step / 2) / (x.value - x.step / 2)), x.at, y.at});
    }
    const auto common = common_ratio(intervals);
    const double power = std::log10(common.ratio);
    const bool only_unit = std::fabs(power - std::round(power)) < 1e-4;  // the other check's
    if (common.members.size() < kFewestScaled || common.log10_chance > -kScore || only_unit) continue;
    std::vector<std::pair<Reference, Reference>> numbers;
    for (const auto member : common.members) numbers.emplace_back(intervals[member].first, intervals[member].second);
    auto finding = pair_finding(examination, Check::scaled_duplicates, "plausibility.scaled_duplicates", a, b, numbers);
    finding.arithmetic = sides(examination, numbers, " ÷ ") + " = " + ratio_text(common.ratio);
    finding.params.push_back({"ratio", ratio_text(common.ratio)});
    finding.params.push_back({"arithmetic", finding.arithmetic});
    finding.params.push_back({"total", std::to_string(intervals.size())});
    finding.p = std::pow(10, common.log10_chance);
    examination.found(std::move(finding));
  }
}

}  // namespace

void check_duplicates(Examination& examination) {
  if (examination.submission().reports.size() < 2) return;
  const Reports reports(examination);
  check_same_numbers(examination, reports);
  check_scaled_numbers(examination, reports);
}

}  // namespace qy::engine::plausibility
