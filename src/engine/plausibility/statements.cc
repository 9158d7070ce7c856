// One number beside others that say the same: contradictions, closures, peers.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "engine/plausibility/examination.h"
#include "engine/statistics/statistics.h"

namespace qy::engine::plausibility {
namespace {

constexpr std::size_t kFewestPeers = 10;
constexpr double kBeyond = 3.5,
                 kWithin = 1.5;  ///< robust σ: a slip is beyond the first, and within the second once undone

struct Same {
  Reference at;
  double low, high;  ///< in the unit of the first
};

struct KnownFactor {
  double factor;
  const char *zh, *en;
};
constexpr std::array<KnownFactor, 7> kFactors{{
    {3.6, "千瓦时与兆焦（3.6）", "kWh and MJ (3.6)"},
    {4.1868, "千卡与千焦（4.1868）", "kcal and kJ (4.1868)"},
    {29.3076, "千克标准煤与兆焦（29.3076）", "kgce and MJ (29.3076)"},
    {8.14, "千克标准煤与千瓦时（8.14，即1÷0.1229）", "kgce and kWh (8.14, which is 1 ÷ 0.1229)"},
    {7, "吨标准煤与兆卡（7）", "kgce and Mcal (7)"},
    {2, "千克与斤（2）", "kilograms and jin (2)"},
    {15, "公顷与亩（15）", "hectares and mu (15)"},
}};

struct Slip {
  double log10_factor;
  Text meaning;
};

std::vector<Slip> slips_of(const Submission& submission) {
  std::vector<Slip> out;
  const auto both_ways = [&](double factor, const Text& meaning) {
    out.push_back({std::log10(factor), meaning});
    out.push_back({-std::log10(factor), meaning});
  };
  for (int power = 1; power <= 8; ++power) {
    const auto text = "10^" + std::to_string(power);
    both_ways(std::pow(10, power), {text + "倍", "a factor of " + text});
  }
  for (const auto& [factor, zh, en] : kFactors) both_ways(factor, {zh, en});
  for (const auto& [factor, meaning] : submission.slips) both_ways(factor, meaning);
  return out;
}

void check_slip(Examination& examination, const Item& item, const Peers& peers, const statistics::Robust& logs,
                const std::vector<Slip>& slips) {
  const auto converted = item.number->unit ? Quantity{item.number->value, *item.number->unit}.in(peers.unit)
                                           : Result<Quantity>(Quantity{item.number->value, peers.unit});
  if (!converted || !(converted->value > Decimal(0))) return;
  examination.tested(Check::unit_slip);
  const double away = std::log10(converted->value.to_double()) - logs.centre;
  const auto n = static_cast<double>(peers.values.size());
  const double spread = std::max(logs.spread, 0.02) * std::sqrt(1 + 1 / n);
  if (std::fabs(away) <= kBeyond * spread) return;
  const auto nearest = std::min_element(slips.begin(), slips.end(), [&](const auto& a, const auto& b) {
    return std::fabs(away - a.log10_factor) < std::fabs(away - b.log10_factor);
  });
  if (std::fabs(away - nearest->log10_factor) > kWithin * spread) return;
  auto finding = finding_of(Check::unit_slip, "plausibility.unit_slip", {item.at.report}, {item.at});
  finding.stated = item.number->value.str();
  const double median = std::pow(10, logs.centre), ratio = std::pow(10, away);
  finding.arithmetic = shown(converted->value.to_double()) + " ÷ " + shown(median) + " = " + shown(ratio);
  finding.params = {{"number", called(*item.number)},    {"stated", finding.stated},
                    {"arithmetic", finding.arithmetic},  {"count", std::to_string(peers.values.size())},
                    {"meaning.zh", nearest->meaning.zh}, {"meaning.en", nearest->meaning.en}};
  finding.distance = std::fabs(away) / spread;
  finding.p = 2 * statistics::student_t_cdf(-finding.distance, n - 1);
  examination.found(std::move(finding));
}

}  // namespace

void check_contradictions(Examination& examination) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::vector<const Item*>> groups;
  for (const auto& item : examination.items())
    if (!item.number->period.empty())
      groups[{examination.submission().reports[item.at.report].enterprise, item.number->quantity, item.number->period,
              item.number->boundary}]
          .push_back(&item);
  for (const auto& [key, group] : groups) {
    if (group.size() < 2) continue;
    // Without a unit a number says nothing beside one that has one: "5.62" is not 5.62 m³.
    const auto with_unit =
        std::find_if(group.begin(), group.end(), [](const auto* item) { return item->number->unit.has_value(); });
    const auto unit = with_unit == group.end() ? std::nullopt : (*with_unit)->number->unit;
    std::vector<Same> same;
    for (const auto* item : group) {
      if (unit && !item->number->unit) {
        examination.note("plausibility.unit_missing", {{"report", examination.submission().reports[item->at.report].id},
                                                       {"place", called(*item->number)},
                                                       {"value", item->number->value.str()},
                                                       {"other", called(*(*with_unit)->number)},
                                                       {"unit", unit->plain()}});
        continue;
      }
      double value = item->value, step = item->step;
      if (unit && !(*unit == *item->number->unit)) {
        const auto converted = Quantity{item->number->value, *item->number->unit}.in(*unit);
        const auto converted_step = Quantity{step_of(*item->number), *item->number->unit}.in(*unit);
        if (!converted || !converted_step) {
          examination.wrong(
              "#/reports/" + std::to_string(item->at.report) + "/numbers/" + std::to_string(item->at.number) + "/unit",
              converted ? converted_step.error() : converted.error());
          continue;
        }
        value = converted->value.to_double();
        step = converted_step->value.to_double();
      }
      const double hair = 1e-12 * std::fabs(value);
      same.push_back({item->at, value - step - hair, value + step + hair});
    }
    if (same.size() < 2) continue;
    examination.tested(Check::contradiction);
    const auto lowest = std::min_element(same.begin(), same.end(), [](auto& a, auto& b) { return a.high < b.high; });
    const auto highest = std::max_element(same.begin(), same.end(), [](auto& a, auto& b) { return a.low < b.low; });
    if (highest->low <= lowest->high) continue;
    const auto &a = examination.number(lowest->at), &b = examination.number(highest->at);
    auto finding =
        finding_of(Check::contradiction, "plausibility.contradiction", {lowest->at.report}, {lowest->at, highest->at});
    finding.p_is_measured = true;
    if (highest->at.report != lowest->at.report) finding.reports.push_back(highest->at.report);
    const auto written = [](const Number& number) {
      return number.value.str() + (number.unit && !number.unit->str().empty() ? " " + number.unit->plain() : "");
    };
    finding.stated = written(a);
    finding.computed = written(b);
    finding.arithmetic = written(a) + " ≠ " + written(b);
    finding.params = {{"quantity", a.quantity},
                      {"period", a.period},
                      {"first", written(a)},
                      {"second", written(b)},
                      {"first_place", called(a)},
                      {"second_place", called(b)},
                      {"first_report", examination.submission().reports[lowest->at.report].id},
                      {"second_report", examination.submission().reports[highest->at.report].id}};
    examination.found(std::move(finding));
  }
}

void check_closures(Examination& examination) {
  const auto& reports = examination.submission().reports;
  for (std::size_t at = 0; at < reports.size(); ++at)
    for (const auto& closure : reports[at].closures) {
      const double lower = statistics::chi_squared_cdf(closure.statistic, closure.dof);
      const double upper = statistics::chi_squared_survival(closure.statistic, closure.dof);
      const Params params{
          {"place", closure.place}, {"statistic", shown(closure.statistic)}, {"dof", std::to_string(closure.dof)}};
      const auto text = "χ²(" + std::to_string(closure.dof) + ") = " + shown(closure.statistic);
      const auto find = [&](Check check, const char* code, double p) {
        auto finding = finding_of(check, code, {at}, {}, text);
        finding.params = params;
        finding.p = p;
        examination.found(std::move(finding));
      };
      examination.tested(Check::gross_error);
      if (upper < 0.01) find(Check::gross_error, "plausibility.gross_error", upper);
      if (!closure.independent) {
        examination.note("plausibility.by_difference", {{"report", reports[at].id}, {"place", closure.place}});
        continue;
      }
      examination.tested(Check::closed_too_well);
      if (lower < 0.001) find(Check::closed_too_well, "plausibility.closed_too_well", lower);
    }
}

void check_units(Examination& examination) {
  const auto slips = slips_of(examination.submission());
  for (const auto& peers : examination.submission().peers) {
    if (peers.values.size() < kFewestPeers) {
      examination.note("plausibility.few_peers", {{"quantity", peers.quantity},
                                                  {"count", std::to_string(peers.values.size())},
                                                  {"limit", std::to_string(kFewestPeers)}});
      continue;
    }
    std::vector<double> logs;
    for (const auto value : peers.values) logs.push_back(std::log10(value));
    std::sort(logs.begin(), logs.end());
    const auto robust = statistics::robust(logs);
    for (const auto& item : examination.items())
      if (item.number->quantity == peers.quantity) check_slip(examination, item, peers, robust, slips);
  }
}

}  // namespace qy::engine::plausibility
