#include "engine/economics/economics.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <numeric>

#include "base/rational.h"

namespace qy::engine::economics {
namespace {

using Big = boost::multiprecision::cpp_int;

constexpr double kLowestRate = -0.99, kHighestRate = 1000;
constexpr int kMostYears = 100;

double present_value(const std::vector<double>& flows, double rate) {
  double value = 0;
  for (auto t = flows.size(); t-- > 0;) value = value / (1 + rate) + flows[t];
  return value;
}

std::vector<double> doubles(const std::vector<Decimal>& flows) {
  std::vector<double> out;
  for (const auto& flow : flows) out.push_back(flow.to_double());
  return out;
}

int sign_changes(const std::vector<Big>& values) {
  int changes = 0, last = 0;
  for (const auto& value : values) {
    if (value.is_zero()) continue;
    const int sign = value.sign();
    if (last != 0 && sign != last) ++changes;
    last = sign;
  }
  return changes;
}

/// The flows as whole numbers of their smallest decimal.
std::vector<Big> whole_numbers(const std::vector<Decimal>& flows) {
  int scale = 0;
  for (const auto& flow : flows) scale = std::max(scale, flow.decimals());
  std::vector<Big> out;
  for (const auto& flow : flows) {
    const auto coefficient = flow.coefficient();
    const auto size = static_cast<unsigned __int128>(coefficient < 0 ? -coefficient : coefficient);
    Big value = static_cast<std::uint64_t>(size >> 64);
    value <<= 64;
    value += static_cast<std::uint64_t>(size);
    value *= boost::multiprecision::pow(Big(10), static_cast<unsigned>(scale - flow.decimals()));
    out.push_back(coefficient < 0 ? Big(-value) : value);
  }
  return out;
}

/// Bernstein coefficients on [0, 1] of Σ a_k g^k, times n!: b_i = Σ_k C(i,k)/C(n,k) a_k.
std::vector<Big> bernstein(const std::vector<Big>& powers) {
  const auto n = powers.size() - 1;
  std::vector<Big> factorial(n + 1, 1);
  for (std::size_t k = 1; k <= n; ++k) factorial[k] = factorial[k - 1] * k;
  std::vector<Big> out(n + 1, 0);
  for (std::size_t i = 0; i <= n; ++i)
    for (std::size_t k = 0; k <= i; ++k) out[i] += powers[k] * (factorial[i] / factorial[i - k]) * factorial[n - k];
  return out;
}

/// Brackets of the roots of a polynomial, given by Bernstein coefficients, inside (low, high).
struct Bracket {
  double low, high;
};

void isolate(std::vector<Big> left, double low, double high, int depth, std::vector<Bracket>& found) {
  const int changes = sign_changes(left);
  if (changes == 0) return;
  constexpr int kDeepest =
      48;  // brackets of 4e-15: what is together there is one root of even order, or as good as one
  if (changes == 1 || depth == kDeepest) return found.push_back({low, high});
  // De Casteljau at the middle, without its divisions by two: level j carries a factor 2^j, evened out to 2^n.
  const auto n = left.size() - 1;
  std::vector<Big> right(n + 1);
  std::vector<Big> row = left;
  for (std::size_t j = 0; j <= n; ++j) {
    left[j] = row.front() << (n - j);
    right[n - j] = row.back() << (n - j);
    for (std::size_t i = 0; i + 1 < row.size(); ++i) row[i] += row[i + 1];
    row.pop_back();
  }
  const double middle = (low + high) / 2;
  const bool root_in_the_middle = left[n].is_zero();
  isolate(std::move(left), low, middle, depth + 1, found);
  if (root_in_the_middle) found.push_back({middle, middle});
  isolate(std::move(right), middle, high, depth + 1, found);
}

/// The root of `value` between two arguments of different sign, by bisection to the last digit of a double.
template <class Function>
double bisect(double low, double high, const Function& value) {
  const bool rising = value(low) < 0;
  for (int step = 0; step < 200; ++step) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    const double there = value(middle);
    if (there == 0) return middle;
    (((there < 0) == rising) ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

/// Polynomial in x at `x`, coefficients by rising power.
double polynomial(const std::vector<double>& coefficients, double x) {
  double value = 0;
  for (auto k = coefficients.size(); k-- > 0;) value = value * x + coefficients[k];
  return value;
}

/// Positive roots up to 1 of Σ a_k x^k.
std::vector<double> roots_to_one(const std::vector<Big>& powers) {
  std::vector<Bracket> brackets;
  isolate(bernstein(powers), 0, 1, 0, brackets);
  const auto largest =
      std::max_element(powers.begin(), powers.end(), [](const Big& a, const Big& b) { return abs(a) < abs(b); });
  std::vector<double> scaled;
  for (const auto& power : powers)
    scaled.push_back(static_cast<double>(boost::multiprecision::cpp_rational(power, abs(*largest))));
  std::vector<double> roots;
  for (const auto& [low, high] : brackets)
    roots.push_back(low == high || polynomial(scaled, low) * polynomial(scaled, high) > 0
                        ? (low + high) / 2
                        : bisect(low, high, [&](double x) { return polynomial(scaled, x); }));
  return roots;
}

/// First moment at which a cumulative flow is no longer negative; `part` answers which part of a year covers the rest.
template <class Part>
std::optional<double> payback(const std::vector<double>& flows, const Part& part, bool& falls_again) {
  double cumulated = 0;
  std::optional<double> first;
  for (std::size_t t = 0; t < flows.size(); ++t) {
    const double before = cumulated;
    cumulated += flows[t];
    if (!first && cumulated >= 0) first = t == 0 ? 0 : static_cast<double>(t - 1) + part(-before, flows[t]);
    if (first && cumulated < 0) falls_again = true;
  }
  return first;
}

/// (FV of what comes in / PV of what goes out)^(1/n) − 1.
std::optional<double> modified_rate(const std::vector<double>& flows, double rate) {
  double paid = 0, earned = 0;
  const auto n = flows.size() - 1;
  for (std::size_t t = 0; t <= n; ++t) {
    if (flows[t] < 0) paid -= flows[t] * std::pow(1 + rate, -static_cast<double>(t));
    if (flows[t] > 0) earned += flows[t] * std::pow(1 + rate, static_cast<double>(n - t));
  }
  if (paid <= 0 || earned <= 0) return std::nullopt;
  return std::pow(earned / paid, 1.0 / static_cast<double>(n)) - 1;
}

Engineering engineer(const std::vector<Decimal>& exact, double rate, std::vector<Note>& notes) {
  const auto flows = doubles(exact);
  const auto years = static_cast<double>(flows.size() - 1);
  Engineering out;
  out.npv = present_value(flows, rate);
  out.nav = out.npv / annuity_factor(rate, years);
  out.irr = internal_rates(exact);
  out.mirr = modified_rate(flows, rate);

  bool falls_again = false;
  out.static_payback_years = payback(
      flows, [](double rest, double flow) { return rest / flow; }, falls_again);
  auto discounted = flows;
  for (std::size_t t = 0; t < flows.size(); ++t) discounted[t] *= std::pow(1 + rate, -static_cast<double>(t));
  // Part f of a year is worth (1 − (1+i)⁻ᶠ)/(1 − (1+i)⁻¹) of the year's flow, so that equal flows give −ln(1 −
  // iI/F)/ln(1+i).
  const auto part = [&](double rest, double flow) {
    const double share = rest / flow;
    return rate == 0 ? share : -std::log1p(-share * (1 - 1 / (1 + rate))) / std::log1p(rate);
  };
  out.dynamic_payback_years = payback(discounted, part, falls_again);

  if (out.irr.empty()) notes.push_back({"economics.no_irr", {}});
  if (out.irr.size() > 1) notes.push_back({"economics.several_irr", {{"count", std::to_string(out.irr.size())}}});
  if (!out.static_payback_years) notes.push_back({"economics.never_paid_back", {}});
  if (out.static_payback_years && !out.dynamic_payback_years)
    notes.push_back({"economics.never_paid_back_discounted", {}});
  if (falls_again) notes.push_back({"economics.falls_again", {}});
  return out;
}

/// N, NPV, NPVR and both IRR of the handbook from I and F.
void complete(Handbook& book, const Rational& investment, const Rational& flow, int years, double rate) {
  const double i = investment.to_decimal(18).to_double(), f = flow.to_decimal(18).to_double();
  const auto npv_at = [&](double r) { return f * annuity_factor(r, years) - i; };
  book.net_cash_flow = flow.str();
  book.npv = npv_at(rate);
  if (Rational(0) < investment) book.npvr = book.npv / i;
  if (flow <= Rational(0)) return;
  book.payback_years = (investment / flow).str();
  if (investment <= Rational(0) || npv_at(kLowestRate) < 0 || npv_at(kHighestRate) > 0) return;
  book.irr = bisect(kLowestRate, kHighestRate, npv_at);
  if (*book.irr < 0) return;
  // The two neighbouring rates of a table in whole per cents; on a table rate the interpolation answers that rate.
  const double i1 = std::floor(*book.irr * 100 + 1e-9) / 100, i2 = i1 + 0.01;
  const double above = npv_at(i1), below = npv_at(i2);
  book.irr_interpolated = i1 + above * (i2 - i1) / (above + std::fabs(below));
}

class Checks {
 public:
  void at_least_zero(const char* name, const Decimal& value) {
    if (value.is_negative()) add(name, "economics.negative", {});
  }
  void rate(const char* name, const Decimal& value, const Decimal& most) {
    if (value.is_negative() || most < value) add(name, "economics.rate", {{"max", most.str()}, {"value", value.str()}});
  }
  void years(const char* name, int value) {
    if (value < 1 || value > kMostYears) add(name, "economics.years", {{"max", std::to_string(kMostYears)}});
  }
  void add(const char* name, const char* code, Params params) {
    fields_.push_back({std::string("#/") + name, code, std::move(params)});
  }
  Result<void> done() {
    if (fields_.empty()) return {};
    return Error{ErrorKind::invalid, "input.invalid", {{"count", std::to_string(fields_.size())}}, fields_};
  }

 private:
  std::vector<FieldError> fields_;
};

}  // namespace

double annuity_factor(double rate, double years) {
  return rate == 0 ? years : -std::expm1(-years * std::log1p(rate)) / rate;
}

std::vector<double> internal_rates(const std::vector<Decimal>& flows) {
  auto powers = whole_numbers(flows);
  while (!powers.empty() && powers.back().is_zero()) powers.pop_back();
  while (!powers.empty() && powers.front().is_zero()) powers.erase(powers.begin());
  if (sign_changes(powers) == 0) return {};

  // Present value = Σ c_t g^t with g = 1/(1+r): roots g ≤ 1 are rates ≥ 0; the mirrored polynomial in 1/g gives the
  // negative ones.
  std::vector<double> rates;
  for (const auto g : roots_to_one(powers))
    if (g > 0) rates.push_back((1 - g) / g);
  const Big at_one = std::accumulate(powers.begin(), powers.end(), Big(0));
  if (at_one.is_zero()) rates.push_back(0);
  std::reverse(powers.begin(), powers.end());
  for (const auto x : roots_to_one(powers)) rates.push_back(x - 1);
  std::erase_if(rates, [](double rate) { return rate <= kLowestRate || rate > kHighestRate; });
  std::sort(rates.begin(), rates.end());
  rates.erase(std::unique(rates.begin(), rates.end(),
                          [](double a, double b) { return std::fabs(a - b) <= 1e-12 * (1 + std::fabs(a)); }),
              rates.end());
  return rates;
}

Result<Appraisal> appraise(const Proposal& proposal) {
  Checks checks;
  checks.at_least_zero("investment", proposal.investment);
  checks.at_least_zero("subsidy", proposal.subsidy);
  checks.years("depreciation_years", proposal.depreciation_years);
  checks.rate("tax_rate", proposal.tax_rate, 1);
  checks.years("years", proposal.years);
  checks.rate("discount_rate", proposal.discount_rate, 10);
  QY_CHECK(checks.done());

  const Rational investment = Rational(proposal.investment) - Rational(proposal.subsidy),
                 saving(proposal.annual_saving), tax(proposal.tax_rate);
  const Rational depreciation = investment / Rational(proposal.depreciation_years);
  const auto after_tax = [&](const Rational& profit) {
    return Rational(0) < profit ? profit * (Rational(1) - tax) : profit;
  };
  const Rational taxable = saving - depreciation, profit = after_tax(taxable), flow = profit + depreciation;
  const double rate = proposal.discount_rate.to_double();

  Appraisal out;
  Handbook book;
  book.depreciation = depreciation.str();
  book.taxable_profit = taxable.str();
  book.net_profit = profit.str();
  complete(book, investment, flow, proposal.years, rate);
  if (taxable < Rational(0)) out.notes.push_back({"economics.loss_not_taxed", {}});
  if (investment <= Rational(0)) out.notes.push_back({"economics.no_net_investment", {}});
  if (flow <= Rational(0)) out.notes.push_back({"economics.no_cash_flow", {}});
  out.handbook = std::move(book);

  std::vector<Decimal> flows{(Rational(0) - investment).to_decimal(12)};
  for (int year = 1; year <= proposal.years; ++year) {
    const auto written_off = year <= proposal.depreciation_years ? depreciation : Rational(0);
    flows.push_back((after_tax(saving - written_off) + written_off).to_decimal(12));
  }
  if (proposal.years > proposal.depreciation_years && !proposal.tax_rate.is_zero())
    out.notes.push_back({"economics.depreciation_ends", {{"years", std::to_string(proposal.depreciation_years)}}});
  out.engineering = engineer(flows, rate, out.notes);
  return out;
}

Result<Appraisal> appraise(const CashFlows& cash) {
  Checks checks;
  if (cash.flows.size() < 2 || cash.flows.size() > 2 * kMostYears + 1)
    checks.add("cash_flows", "economics.flow_count", {{"max", std::to_string(2 * kMostYears + 1)}});
  checks.rate("discount_rate", cash.discount_rate, 10);
  QY_CHECK(checks.done());

  Appraisal out;
  const double rate = cash.discount_rate.to_double();
  const auto equal = [&](const Decimal& flow) { return flow == cash.flows[1]; };
  if (cash.flows[0].is_negative() && std::all_of(cash.flows.begin() + 1, cash.flows.end(), equal)) {
    Handbook book;
    complete(book, Rational(-cash.flows[0]), Rational(cash.flows[1]), static_cast<int>(cash.flows.size()) - 1, rate);
    out.handbook = std::move(book);
  }
  out.engineering = engineer(cash.flows, rate, out.notes);
  return out;
}

}  // namespace qy::engine::economics
