#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <numeric>

#include "base/rational.h"
#include "engine/economics/measures.h"

namespace qy::engine::economics {
namespace {

using Big = boost::multiprecision::cpp_int;

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

int sign_changes(const std::vector<Decimal>& flows) {
  int changes = 0, last = 0;
  for (const auto& flow : flows) {
    if (flow.is_zero()) continue;
    const int sign = flow.is_negative() ? -1 : 1;
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

/// Brackets of the roots of a polynomial, given by Bernstein coefficients, inside (low, high). `before` is its sign
/// right above `low`, where it may be zero itself; 0: an even root, or one at `low` = `high`.
struct Bracket {
  double low, high;
  int before;
};

int first_sign(const std::vector<Big>& values) {
  for (const auto& value : values)
    if (!value.is_zero()) return value.sign();
  return 0;
}

void isolate(std::vector<Big> left, double low, double high, int depth, std::vector<Bracket>& found) {
  const int changes = sign_changes(left);
  if (changes == 0) return;
  constexpr int kDeepest =
      48;  // brackets of 4e-15: what is together there is one root of even order, or as good as one
  if (changes == 1) return found.push_back({low, high, first_sign(left)});
  if (depth == kDeepest) return found.push_back({low, high, 0});
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
  if (root_in_the_middle) found.push_back({middle, middle, 0});
  isolate(std::move(right), middle, high, depth + 1, found);
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
  for (const auto& [low, high, before] : brackets) {
    // Another root may stand at either end, where rounding could give any sign.
    const auto value = [&, low = low, high = high, before = before](double x) {
      return x <= low ? before : x >= high ? -before : polynomial(scaled, x);
    };
    roots.push_back(before == 0 ? (low + high) / 2 : bisect(low, high, value));
  }
  return roots;
}

/// The rates of flows that change their sign once: Descartes leaves one root, so no search is needed.
std::vector<double> only_rate(const std::vector<Decimal>& flows) {
  auto amounts = doubles(flows);
  while (amounts.front() == 0) amounts.erase(amounts.begin());
  while (amounts.back() == 0) amounts.pop_back();
  Rational total;
  for (const auto& flow : flows) total = total + Rational(flow);
  if (total.is_zero()) return {0};
  const auto by_factor = [&](double x) { return polynomial(amounts, x); };
  const auto between = [&](double low, double high) -> std::optional<double> {
    if ((by_factor(low) < 0) == (by_factor(high) < 0)) return std::nullopt;
    return bisect(low, high, by_factor);
  };
  if ((Rational(0) < total) == (amounts.back() > 0)) {  // g = 1/(1+r) below 1, the rate positive
    const auto g = between(1 / (1 + kHighestRate), 1);
    return g ? std::vector<double>{(1 - *g) / *g} : std::vector<double>{};
  }
  std::reverse(amounts.begin(), amounts.end());
  const auto x = between(1 + kLowestRate, 1);
  return x && *x > 1 + kLowestRate ? std::vector<double>{*x - 1} : std::vector<double>{};
}

}  // namespace

std::vector<double> internal_rates(const std::vector<Decimal>& flows) {
  const int changes = sign_changes(flows);
  if (changes == 0) return {};
  if (changes == 1) return only_rate(flows);
  auto powers = whole_numbers(flows);
  while (powers.back().is_zero()) powers.pop_back();
  while (powers.front().is_zero()) powers.erase(powers.begin());

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

}  // namespace qy::engine::economics
