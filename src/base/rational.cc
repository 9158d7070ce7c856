#include "base/rational.h"

#include <cassert>

namespace qy {
namespace {

using Big = boost::multiprecision::cpp_int;

Big power_of_ten(int n) { return boost::multiprecision::pow(Big(10), static_cast<unsigned>(n)); }

Big big(__int128 value) {
  const auto size = static_cast<unsigned __int128>(value < 0 ? -value : value);
  Big out = static_cast<std::uint64_t>(size >> 64);
  out <<= 64;
  out += static_cast<std::uint64_t>(size);
  return value < 0 ? Big(-out) : out;
}

/// numerator/denominator x 10^places, rounded half to even.
Big scaled(const boost::multiprecision::cpp_rational& value, int places) {
  const Big top = numerator(value) * power_of_ten(places), bottom = denominator(value);
  Big quotient = top / bottom;
  const Big twice = abs(Big(top % bottom)) * 2;
  if (twice > bottom || (twice == bottom && quotient % 2 != 0)) quotient += top < 0 ? -1 : 1;
  return quotient;
}

std::string written(const Big& scaled_value, int places) {
  auto digits = Big(abs(scaled_value)).str();
  if (digits.size() <= static_cast<std::size_t>(places))
    digits.insert(0, static_cast<std::size_t>(places) + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - static_cast<std::size_t>(places), ".");
  return scaled_value < 0 ? "-" + digits : digits;
}

/// Decimals needed to write a fraction of this denominator exactly, or -1 when it repeats.
int places_needed(Big denominator) {
  int twos = 0, fives = 0;
  for (; denominator % 2 == 0; denominator /= 2) ++twos;
  for (; denominator % 5 == 0; denominator /= 5) ++fives;
  return denominator == 1 ? std::max(twos, fives) : -1;
}

}  // namespace

Rational::Rational(const Decimal& decimal)
    : value_(boost::multiprecision::cpp_rational(big(decimal.coefficient()), power_of_ten(decimal.decimals()))) {}

Rational Rational::operator/(const Rational& o) const {
  assert(!o.is_zero());
  return Rational(boost::multiprecision::cpp_rational(value_ / o.value_));
}

std::string Rational::str(int places) const {
  const int needed = places_needed(denominator(value_));
  const int used = needed < 0 ? places : needed;
  return written(scaled(value_, used), used);
}

Decimal Rational::to_decimal(int places) const { return Decimal::of(written(scaled(value_, places), places)); }

}  // namespace qy
