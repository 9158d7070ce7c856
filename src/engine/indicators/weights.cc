#include "engine/indicators/weights.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace qy::engine::indicators {
namespace {

const Rational kHundred(100);

}  // namespace

Rational Weights::index(const Sum& sum) const {
  if (fits_) return sum.units >= whole_ ? kHundred : Rational(sum.units, whole_) * kHundred;
  auto index = sum.exact * kHundred;
  return kHundred <= index ? kHundred : index;
}

bool Weights::index_reaches(const Sum& sum, const Rational& wanted) const {
  if (fits_)
    if (const auto parts = wanted.parts()) {
      const auto units = std::min(sum.units, whole_);
      return static_cast<__int128>(units) * 100 * parts->second >= static_cast<__int128>(parts->first) * whole_;
    }
  return wanted <= index(sum);
}

bool Weights::index_is(const Sum& sum, const Rational& wanted) const {
  if (fits_ && sum.units >= whole_) return wanted == kHundred;
  return index(sum) == wanted;
}

Rational Weights::percent(const Sum& part, const Sum& all) const {
  if (!fits_) return all.exact.is_zero() ? Rational() : part.exact * kHundred / all.exact;
  return all.units == 0 ? Rational() : Rational(part.units, all.units) * kHundred;
}

bool common_units(const std::vector<Rational>& fractions, std::vector<std::int64_t>& units, std::int64_t& whole) {
  whole = 1;
  for (const auto& fraction : fractions) {
    const auto parts = fraction.parts();
    if (!parts || parts->second > Weights::kMost) return false;
    if (whole % parts->second == 0) continue;
    const auto more = parts->second / std::gcd(whole, parts->second);
    if (whole > Weights::kMost / more) return false;
    whole *= more;
  }
  units.clear();
  for (const auto& fraction : fractions) {
    const auto [numerator, denominator] = *fraction.parts();
    const auto factor = whole / denominator;
    if (std::abs(numerator) > Weights::kMost / factor) return false;
    units.push_back(numerator * factor);
  }
  return true;
}

}  // namespace qy::engine::indicators
