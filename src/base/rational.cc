#include "base/rational.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <cassert>
#include <limits>
#include <numeric>

namespace qy {
namespace {

using Big = boost::multiprecision::cpp_int;
using Fraction = boost::multiprecision::cpp_rational;
using Wide = __int128;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr int kMostPlaces = 18;

Big power_of_ten(int n) { return boost::multiprecision::pow(Big(10), static_cast<unsigned>(n)); }

std::int64_t small_power_of_ten(int n) {
  std::int64_t power = 1;
  for (; n > 0; --n) power *= 10;
  return power;
}

Big big(Wide value) {
  const auto size = static_cast<unsigned __int128>(value < 0 ? -value : value);
  Big out = static_cast<std::uint64_t>(size >> 64);
  out <<= 64;
  out += static_cast<std::uint64_t>(size);
  return value < 0 ? Big(-out) : out;
}

bool fits(Wide value) { return -kMost <= value && value <= kMost; }

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? static_cast<std::uint64_t>(-value) : static_cast<std::uint64_t>(value);
}

std::int64_t common(std::int64_t value, std::int64_t positive) {
  return static_cast<std::int64_t>(std::gcd(magnitude(value), magnitude(positive)));
}

/// numerator/denominator x 10^places, rounded half to even.
Big scaled(const Fraction& value, int places) {
  const Big top = numerator(value) * power_of_ten(places), bottom = denominator(value);
  Big quotient = top / bottom;
  const Big twice = abs(Big(top % bottom)) * 2;
  if (twice > bottom || (twice == bottom && quotient % 2 != 0)) quotient += top < 0 ? -1 : 1;
  return quotient;
}

/// The same within machine words; `places` at most 18.
Wide scaled(std::int64_t numerator, std::int64_t denominator, int places) {
  if (denominator == 1) return static_cast<Wide>(numerator) * small_power_of_ten(places);
  const auto top =
      static_cast<unsigned __int128>(magnitude(numerator)) * static_cast<unsigned __int128>(small_power_of_ten(places));
  const auto bottom = static_cast<std::uint64_t>(denominator);
  unsigned __int128 quotient;
  std::uint64_t rest;
  if (top >> 64 == 0) {
    quotient = static_cast<std::uint64_t>(top) / bottom;
    rest = static_cast<std::uint64_t>(top) % bottom;
  } else {
    quotient = top / bottom;
    rest = static_cast<std::uint64_t>(top - quotient * bottom);
  }
  const auto other_half = bottom - rest;
  if (rest > other_half || (rest == other_half && (quotient & 1) != 0)) ++quotient;
  return numerator < 0 ? -static_cast<Wide>(quotient) : static_cast<Wide>(quotient);
}

std::string with_point(std::string digits, bool negative, int places) {
  if (digits.size() <= static_cast<std::size_t>(places))
    digits.insert(0, static_cast<std::size_t>(places) + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
  if (negative) digits.insert(0, 1, '-');
  return digits;
}

std::string written(const Big& scaled_value, int places) {
  return with_point(Big(abs(scaled_value)).str(), scaled_value < 0, places);
}

/// Decimals needed to write a fraction of this denominator exactly, or -1 when it repeats.
int places_needed(Big denominator) {
  int twos = 0, fives = 0;
  for (; denominator % 2 == 0; denominator /= 2) ++twos;
  for (; denominator % 5 == 0; denominator /= 5) ++fives;
  return denominator == 1 ? std::max(twos, fives) : -1;
}

int places_needed(std::int64_t denominator) {
  const int twos = __builtin_ctzll(static_cast<std::uint64_t>(denominator));
  denominator >>= twos;
  int fives = 0;
  for (; denominator % 5 == 0; denominator /= 5) ++fives;
  return denominator == 1 ? std::max(twos, fives) : -1;
}

}  // namespace

struct Rational::Exact {
  Fraction value;
};

Rational Rational::of(const Exact& value) {
  const auto& top = numerator(value.value);
  const auto& bottom = denominator(value.value);
  Rational out;
  if (abs(Big(top)) <= kMost && bottom <= kMost) {
    out.numerator_ = static_cast<std::int64_t>(top);
    out.denominator_ = static_cast<std::int64_t>(bottom);
  } else {
    out.big_ = std::make_shared<const Exact>(value);
  }
  return out;
}

Rational Rational::of(Wide numerator, Wide denominator) {
  if (!fits(numerator) || !fits(denominator)) return of(Exact{Fraction(big(numerator), big(denominator))});
  Rational out;
  out.numerator_ = static_cast<std::int64_t>(numerator);
  out.denominator_ = static_cast<std::int64_t>(denominator);
  return out;
}

Rational::Exact Rational::exact() const { return big_ ? *big_ : Exact{Fraction(Big(numerator_), Big(denominator_))}; }

Rational::Rational(std::int64_t whole) : numerator_(whole) {
  if (!fits(whole)) *this = of(Exact{Fraction(Big(whole))});
}

Rational::Rational(std::int64_t numerator, std::int64_t denominator) {
  assert(denominator > 0 && fits(numerator));
  const auto divisor = common(numerator, denominator);
  numerator_ = numerator / divisor;
  denominator_ = denominator / divisor;
}

Rational::Rational(const Decimal& decimal) {
  if (fits(decimal.coefficient()))
    *this = Rational(static_cast<std::int64_t>(decimal.coefficient()), small_power_of_ten(decimal.decimals()));
  else
    *this = of(Exact{Fraction(big(decimal.coefficient()), power_of_ten(decimal.decimals()))});
}

// Knuth, The Art of Computer Programming 4.5.1: with both operands in lowest terms, only small common divisors are left
// to look for.
Rational Rational::operator+(const Rational& o) const {
  if (big_ || o.big_) return of(Exact{Fraction(exact().value + o.exact().value)});
  const auto shared = denominator_ == o.denominator_ ? denominator_ : common(denominator_, o.denominator_);
  const auto mine = denominator_ / shared, others = o.denominator_ / shared;
  const Wide top = static_cast<Wide>(numerator_) * others + static_cast<Wide>(o.numerator_) * mine;
  if (top == 0) return {};
  if (shared == 1) return of(top, static_cast<Wide>(denominator_) * o.denominator_);
  const auto left = fits(top) ? static_cast<std::int64_t>(top) % shared : static_cast<std::int64_t>(top % shared);
  const auto rest = common(left, shared);
  return of(top / rest, static_cast<Wide>(mine) * (o.denominator_ / rest));
}

Rational Rational::operator-(const Rational& o) const {
  if (o.big_) return of(Exact{Fraction(exact().value - o.exact().value)});
  auto negative = o;
  negative.numerator_ = -o.numerator_;
  return *this + negative;
}

Rational Rational::operator*(const Rational& o) const {
  if (big_ || o.big_) return of(Exact{Fraction(exact().value * o.exact().value)});
  const auto across = common(numerator_, o.denominator_), back = common(o.numerator_, denominator_);
  return of(static_cast<Wide>(numerator_ / across) * (o.numerator_ / back),
            static_cast<Wide>(denominator_ / back) * (o.denominator_ / across));
}

Rational Rational::operator/(const Rational& o) const {
  assert(!o.is_zero());
  if (big_ || o.big_) return of(Exact{Fraction(exact().value / o.exact().value)});
  Rational inverse;
  inverse.numerator_ = o.numerator_ < 0 ? -o.denominator_ : o.denominator_;
  inverse.denominator_ = o.numerator_ < 0 ? -o.numerator_ : o.numerator_;
  return *this * inverse;
}

bool Rational::operator==(const Rational& o) const {
  if (big_ || o.big_) return big_ && o.big_ && big_->value == o.big_->value;
  return numerator_ == o.numerator_ && denominator_ == o.denominator_;
}

bool Rational::operator<(const Rational& o) const {
  if (big_ || o.big_) return exact().value < o.exact().value;
  return static_cast<Wide>(numerator_) * o.denominator_ < static_cast<Wide>(o.numerator_) * denominator_;
}

std::strong_ordering compare(const Decimal& decimal, const Rational& fraction) {
  const auto coefficient = decimal.coefficient();
  if (!fraction.big_ && fits(coefficient))
    return coefficient * fraction.denominator_ <=>
           static_cast<Wide>(fraction.numerator_) * small_power_of_ten(decimal.decimals());
  const Rational exact(decimal);
  if (exact == fraction) return std::strong_ordering::equal;
  return exact < fraction ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::string Rational::str(int places) const {
  if (big_) {
    const int needed = places_needed(denominator(big_->value));
    const int used = needed < 0 ? places : needed;
    return written(scaled(big_->value, used), used);
  }
  const int needed = places_needed(denominator_);
  const int used = needed < 0 ? places : needed;
  if (used > kMostPlaces) return written(scaled(exact().value, used), used);
  const auto value = scaled(numerator_, denominator_, used);
  char digits[40];
  char* begin = digits + sizeof digits;
  auto rest = static_cast<unsigned __int128>(value < 0 ? -value : value);
  for (; rest >> 64 != 0; rest /= 10) *--begin = static_cast<char>('0' + static_cast<int>(rest % 10));
  for (auto low = static_cast<std::uint64_t>(rest); low != 0 || begin == digits + sizeof digits; low /= 10)
    *--begin = static_cast<char>('0' + low % 10);
  return with_point(std::string(begin, digits + sizeof digits), value < 0, used);
}

Decimal Rational::to_decimal(int places) const {
  if (big_ || places > kMostPlaces) return Decimal::of(written(scaled(exact().value, places), places));
  return *Decimal::of_parts(scaled(numerator_, denominator_, places), places);
}

double Rational::to_double() const {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if (big_) return static_cast<double>(big_->value);
  if (-kExact <= numerator_ && numerator_ <= kExact && denominator_ <= kExact)
    return static_cast<double>(numerator_) / static_cast<double>(denominator_);
  return static_cast<double>(static_cast<long double>(numerator_) / static_cast<long double>(denominator_));
}

}  // namespace qy
