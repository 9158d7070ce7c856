// Digits of many numbers together: Benford's law, last digits, heaping. Never of one report.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include "engine/plausibility/examination.h"
#include "engine/statistics/statistics.h"

namespace qy::engine::plausibility {
namespace {

constexpr std::size_t kFewestBenford = 100, kFewestLast = 50;

using Counts = std::array<std::size_t, 10>;
using Law = std::array<double, 10>;  ///< chance of each digit

Law benford_first() {
  Law law{};
  for (int digit = 1; digit <= 9; ++digit) law[static_cast<std::size_t>(digit)] = std::log10(1 + 1.0 / digit);
  return law;
}

Law benford_second() {
  Law law{};
  for (int first = 1; first <= 9; ++first)
    for (int digit = 0; digit <= 9; ++digit)
      law[static_cast<std::size_t>(digit)] += std::log10(1 + 1.0 / (10 * first + digit));
  return law;
}

Law uniform() {
  Law law;
  law.fill(0.1);
  return law;
}

double chi_squared(const Counts& counts, const Law& law, std::size_t n) {
  double sum = 0;
  for (std::size_t digit = 0; digit < 10; ++digit) {
    const double expected = law[digit] * static_cast<double>(n);
    if (expected > 0)
      sum +=
          (static_cast<double>(counts[digit]) - expected) * (static_cast<double>(counts[digit]) - expected) / expected;
  }
  return sum;
}

double mean_deviation(const Counts& counts, const Law& law, std::size_t n) {
  double sum = 0;
  std::size_t digits = 0;
  for (std::size_t digit = 0; digit < 10; ++digit) {
    if (law[digit] == 0) continue;
    sum += std::fabs(static_cast<double>(counts[digit]) / static_cast<double>(n) - law[digit]);
    ++digits;
  }
  return sum / static_cast<double>(digits);
}

/// Sets of n digits drawn from the law: how often their χ² is at least the one seen, and their usual mean deviation.
struct Simulated {
  double p, usual_deviation;
};
Simulated simulated(const Law& law, std::size_t n, double seen, std::uint64_t seed) {
  statistics::Random random(seed);
  std::array<std::uint8_t, 1024> quick{};  // most draws are decided by their first ten bits
  Law below{};
  std::partial_sum(law.begin(), law.end(), below.begin());
  for (std::size_t cell = 0; cell < quick.size(); ++cell) {
    const auto low = std::upper_bound(below.begin(), below.end() - 1, static_cast<double>(cell) / 1024);
    quick[cell] = static_cast<std::uint8_t>(low - below.begin());
  }
  const auto draws = std::clamp<std::size_t>(5000000 / n, 199, 9999);
  std::size_t as_far = 0;
  double deviations = 0;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    Counts counts{};
    for (std::size_t i = 0; i < n; ++i) {
      const double u = random.uniform();
      auto digit = quick[static_cast<std::size_t>(u * 1024)];
      while (digit < 9 && u >= below[digit]) ++digit;
      ++counts[digit];
    }
    as_far += chi_squared(counts, law, n) >= seen;
    deviations += mean_deviation(counts, law, n);
  }
  return {static_cast<double>(as_far + 1) / static_cast<double>(draws + 1), deviations / static_cast<double>(draws)};
}

/// All digits as written, without zeros in front.
std::string digits_of(const Decimal& value) {
  std::string out;
  for (const char c : value.str())
    if (c >= '0' && c <= '9' && !(out.empty() && c == '0')) out += c;
  return out;
}

std::string percentages(const Counts& counts, std::size_t n) {
  std::string out;
  for (std::size_t digit = 0; digit < 10; ++digit)
    if (counts[digit])
      out += (out.empty() ? "" : ", ") + std::to_string(digit) + ": " +
             Decimal::from_double(100.0 * static_cast<double>(counts[digit]) / static_cast<double>(n), 1).str() + " %";
  return out;
}

struct Asked {
  Check check;
  bool wanted;
  Law law;
  std::size_t fewest, shortest;  ///< numbers of a batch, digits of a number
  std::size_t (*which)(const std::string& digits);
};

void check_batch(Examination& examination, const Batch& batch, const Asked& asked, std::uint64_t seed) {
  if (!asked.wanted) return;
  Counts counts{};
  std::size_t n = 0;
  for (const auto& value : batch.values) {
    const auto digits = digits_of(value);
    if (digits.size() < asked.shortest) continue;
    ++counts[asked.which(digits)];
    ++n;
  }
  if (n < asked.fewest) {
    examination.note("plausibility.small_batch",
                     {{"batch", batch.id}, {"count", std::to_string(n)}, {"limit", std::to_string(asked.fewest)}});
    return;
  }
  examination.tested(asked.check);
  auto finding =
      finding_of(asked.check, std::string("plausibility.") + name_of(asked.check), {}, {}, percentages(counts, n));
  finding.params = {{"batch", batch.id}, {"count", std::to_string(n)}, {"shares", finding.arithmetic}};
  if (asked.check == Check::heaping) {
    const auto heaped = static_cast<std::int64_t>(counts[0] + counts[5]);
    finding.p = statistics::binomial_survival(heaped, static_cast<std::int64_t>(n), 0.2);
    finding.params.push_back({"heaped", std::to_string(heaped)});
  } else {
    const double seen = chi_squared(counts, asked.law, n);
    const auto [p, usual] = simulated(asked.law, n, seen, seed);
    finding.p = p;
    finding.params.push_back({"statistic", shown(seen)});
    finding.params.push_back({"deviation", Decimal::from_double(mean_deviation(counts, asked.law, n), 4).str()});
    finding.params.push_back({"usual", Decimal::from_double(usual, 4).str()});
  }
  finding.params.push_back({"p", shown(finding.p)});
  if (finding.p < kDigitLevel) examination.found(std::move(finding));
}

}  // namespace

void check_digits(Examination& examination) {
  static const auto first = benford_first(), second = benford_second();
  auto seed = examination.submission().seed;
  for (const auto& batch : examination.submission().batches) {
    const auto last = [](const std::string& digits) { return static_cast<std::size_t>(digits.back() - '0'); };
    const Asked all[] = {
        {Check::first_digit, batch.first_digit, first, kFewestBenford, 1,
         [](const std::string& d) { return static_cast<std::size_t>(d[0] - '0'); }},
        {Check::second_digit, batch.second_digit, second, kFewestBenford, 2,
         [](const std::string& d) { return static_cast<std::size_t>(d[1] - '0'); }},
        {Check::last_digit, batch.last_digit, uniform(), kFewestLast, 3, last},
        {Check::heaping, batch.heaping, uniform(), kFewestLast, 3, last},
    };
    for (const auto& asked : all) check_batch(examination, batch, asked, ++seed);
  }
}

}  // namespace qy::engine::plausibility
