#include "base/decimal.h"

#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"

namespace qy {
namespace {

using Wide = __int128;
using Big = boost::multiprecision::cpp_int;

constexpr int kMaxDigits = 36, kMaxScale = 18;

constexpr auto kPowersOfTen = [] {
  std::array<Wide, 39> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

constexpr Wide power_of_ten(int n) { return n > 0 ? kPowersOfTen[static_cast<std::size_t>(n)] : 1; }

constexpr Wide kLimit = power_of_ten(kMaxDigits);

Wide magnitude(Wide x) { return x < 0 ? -x : x; }

Error overflow() { return {ErrorKind::invalid, "decimal.overflow"}; }

Error wrong(const char* code, std::string_view text) {
  return {ErrorKind::invalid, code, {{"text", prefix_of(is_utf8(text) ? text : std::string_view("?"), 40)}}};
}

/// `value` x 10^places, or nothing when it would need more than 36 digits.
bool shift(Wide& value, int places) {
  for (; places > 0 && value != 0; --places) {
    if (magnitude(value) >= kLimit / 10) return false;
    value *= 10;
  }
  return true;
}

Big big(Wide value) {
  const auto size = static_cast<unsigned __int128>(magnitude(value));
  Big out = static_cast<std::uint64_t>(size >> 64);
  out <<= 64;
  out += static_cast<std::uint64_t>(size);
  return value < 0 ? Big(-out) : out;
}

Wide narrow(const Big& value) {
  const Big size = abs(value);
  const auto high = static_cast<std::uint64_t>(size >> 64);
  const auto low = static_cast<std::uint64_t>(size & Big(~std::uint64_t{0}));
  const auto joined = static_cast<Wide>((static_cast<unsigned __int128>(high) << 64) | low);
  return value < 0 ? -joined : joined;
}

Wide round_half_even(Wide value, Wide unit) {
  Wide quotient = value / unit;
  const Wide twice = magnitude(value % unit) * 2;
  if (twice > unit || (twice == unit && quotient % 2 != 0)) quotient += value < 0 ? -1 : 1;
  return quotient;
}

Wide round_half_up(Wide value, Wide unit) {
  Wide quotient = value / unit;
  if (magnitude(value % unit) * 2 >= unit) quotient += value < 0 ? -1 : 1;
  return quotient;
}

std::string digits_of(Wide value) {
  if (value == 0) return "0";
  std::string out;
  for (auto rest = magnitude(value); rest != 0; rest /= 10) out += static_cast<char>('0' + static_cast<int>(rest % 10));
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

// The only place where parts become a Decimal; keeps the class' limits.
struct DecimalParts {
  static Result<Decimal> make(Wide coefficient, int scale) {
    while (scale > kMaxScale && coefficient % 10 == 0) coefficient /= 10, --scale;
    if (scale > kMaxScale || magnitude(coefficient) >= kLimit) return overflow();
    Decimal out;
    out.coefficient_ = coefficient;
    out.scale_ = scale;
    return out;
  }
};

Decimal::Decimal(std::int64_t whole) : coefficient_(whole) {}

Result<Decimal> Decimal::parse(std::string_view text) {
  std::size_t i = 0;
  const bool negative = i < text.size() && text[i] == '-';
  if (negative) ++i;
  Wide coefficient = 0;
  int scale = 0, seen = 0;
  bool point = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !point && seen > 0) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    if (coefficient >= kLimit / 10) return overflow();
    coefficient = coefficient * 10 + (c - '0');
    ++seen;
    if (point && ++scale > 60) return overflow();
  }
  if (seen == 0 || (point && scale == 0)) return wrong("decimal.format", text);
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    const bool down = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    const auto first = i;
    int exponent = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
      exponent = std::min(1000, exponent * 10 + (text[i] - '0'));
    if (i == first) return wrong("decimal.format", text);
    scale += down ? exponent : -exponent;
    if (scale < 0) {
      if (!shift(coefficient, -scale)) return overflow();
      scale = 0;
    }
    if (coefficient == 0) scale = std::min(scale, kMaxScale);
  }
  if (i != text.size()) return wrong("decimal.format", text);
  if (scale > 200) return overflow();
  return DecimalParts::make(negative ? -coefficient : coefficient, scale);
}

Result<Decimal> Decimal::parse_pasted(std::string_view text) {
  const auto plain = normalise_for_match(text);
  const auto wrong_format = [&] { return wrong("decimal.format", text); };
  std::string kept;
  const auto point = std::min(plain.find('.'), plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] != ',') {
      kept += plain[i];
      continue;
    }
    // A separator stands before a whole group of three digits: 1,234 and not 1,5 or 12,34.
    if (i == 0 || i > point || (point - i - 1) % 4 != 3 || plain[i - 1] < '0' || plain[i - 1] > '9')
      return wrong_format();
  }
  const auto first_comma = plain.find(',');
  if (first_comma != std::string::npos) {
    const auto start = plain.find_first_of("0123456789");
    if (first_comma - start > 3) return wrong_format();
    for (auto at = point; at > first_comma + 4; at -= 4)
      if (plain[at - 4] != ',') return wrong_format();
  }
  const auto parsed = parse(kept);
  if (!parsed && parsed.error().code == "decimal.format") return wrong_format();
  return parsed;
}

Result<Decimal> Decimal::of_parts(__int128 coefficient, int decimals) {
  return DecimalParts::make(coefficient, decimals);
}

Decimal Decimal::of(std::string_view text) {
  auto parsed = parse(text);
  assert(parsed);
  return *parsed;
}

Decimal Decimal::from_double(double value, int decimals) {
  assert(std::isfinite(value) && decimals >= 0 && decimals <= kMaxScale);
  char out[400];
  std::snprintf(out, sizeof out, "%.*f", decimals, value);
  return of(out);
}

double Decimal::to_double() const {
  // Both parts are exact as doubles then, so their quotient is rounded once, which is what strtod answers.
  constexpr Wide kExact = Wide{1} << 53;
  constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
  if (magnitude(coefficient_) <= kExact)
    return static_cast<double>(static_cast<std::int64_t>(coefficient_)) / kPowers[scale_];
  return std::strtod(str().c_str(), nullptr);
}

std::string Decimal::str() const {
  auto digits = digits_of(coefficient_);
  if (scale_ > 0) {
    if (digits.size() <= static_cast<std::size_t>(scale_))
      digits.insert(0, static_cast<std::size_t>(scale_) + 1 - digits.size(), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(scale_), ".");
  }
  return coefficient_ < 0 ? "-" + digits : digits;
}

std::string Decimal::shortest() const {
  auto out = str();
  if (scale_ == 0) return out;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string Decimal::grouped() const {
  auto out = str();
  const std::size_t start = out[0] == '-' ? 1 : 0;
  for (auto at = std::min(out.find('.'), out.size()); at > start + 3;) out.insert(at -= 3, ",");
  return out;
}

Decimal Decimal::operator-() const {
  auto out = *this;
  out.coefficient_ = -out.coefficient_;
  return out;
}

Decimal Decimal::operator+(const Decimal& other) const {
  auto sum = checked_add(*this, other);
  assert(sum);
  return *sum;
}

Decimal Decimal::operator-(const Decimal& other) const { return *this + -other; }

Decimal Decimal::operator*(const Decimal& other) const {
  auto product = checked_multiply(*this, other);
  assert(product);
  return *product;
}

Result<Decimal> Decimal::checked_add(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale_, b.scale_);
  Wide x = a.coefficient_, y = b.coefficient_;
  if (!shift(x, scale - a.scale_) || !shift(y, scale - b.scale_)) return overflow();
  return DecimalParts::make(x + y, scale);
}

Result<Decimal> Decimal::checked_multiply(const Decimal& a, const Decimal& b) {
  Big product = big(a.coefficient_) * big(b.coefficient_);
  int scale = a.scale_ + b.scale_;
  while (scale > kMaxScale && product % 10 == 0) product /= 10, --scale;
  if (scale > kMaxScale || abs(product) >= big(kLimit)) return overflow();
  return DecimalParts::make(narrow(product), scale);
}

Result<Decimal> Decimal::divide(const Decimal& a, const Decimal& b, int decimals) {
  assert(decimals >= 0 && decimals <= kMaxScale);
  if (b.is_zero()) return Error{ErrorKind::invalid, "decimal.division_by_zero"};
  const int places = decimals + b.scale_ - a.scale_;
  Big numerator = big(a.coefficient_), denominator = big(b.coefficient_);
  (places >= 0 ? numerator : denominator) *=
      boost::multiprecision::pow(Big(10), static_cast<unsigned>(std::abs(places)));
  if (denominator < 0) numerator = -numerator, denominator = -denominator;
  Big quotient = numerator / denominator;
  const Big twice = abs(Big(numerator % denominator)) * 2;
  if (twice > denominator || (twice == denominator && quotient % 2 != 0)) quotient += numerator < 0 ? -1 : 1;
  if (abs(quotient) >= big(kLimit)) return overflow();
  return DecimalParts::make(narrow(quotient), decimals);
}

Decimal Decimal::rounded_half_even(int decimals) const {
  if (decimals >= scale_) return *this;
  Decimal out;
  out.scale_ = std::max(decimals, 0);
  out.coefficient_ =
      scale_ - decimals > kMaxDigits ? 0 : round_half_even(coefficient_, power_of_ten(scale_ - decimals));
  if (decimals < 0) out.coefficient_ *= power_of_ten(std::min(-decimals, kMaxDigits));
  return out;
}

Decimal Decimal::rounded_half_up(int decimals) const {
  if (decimals >= scale_) return *this;
  Decimal out;
  out.scale_ = std::max(decimals, 0);
  out.coefficient_ = scale_ - decimals > kMaxDigits ? 0 : round_half_up(coefficient_, power_of_ten(scale_ - decimals));
  if (decimals < 0) out.coefficient_ *= power_of_ten(std::min(-decimals, kMaxDigits));
  return out;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  constexpr Wide kWord = Wide{1} << 63;
  if (scale_ == other.scale_) return coefficient_ <=> other.coefficient_;
  if (magnitude(coefficient_) < kWord && magnitude(other.coefficient_) < kWord) {  // 2^63 · 10^18 < 2^127
    if (scale_ < other.scale_) return coefficient_ * power_of_ten(other.scale_ - scale_) <=> other.coefficient_;
    return coefficient_ <=> other.coefficient_ * power_of_ten(scale_ - other.scale_);
  }
  const Wide unit = power_of_ten(scale_), other_unit = power_of_ten(other.scale_);
  const Wide whole = coefficient_ / unit, other_whole = other.coefficient_ / other_unit;
  if (whole != other_whole) return whole < other_whole ? std::strong_ordering::less : std::strong_ordering::greater;
  const Wide part = coefficient_ % unit * power_of_ten(kMaxScale - scale_);
  const Wide other_part = other.coefficient_ % other_unit * power_of_ten(kMaxScale - other.scale_);
  if (part == other_part) return std::strong_ordering::equal;
  return part < other_part ? std::strong_ordering::less : std::strong_ordering::greater;
}

Result<Money> Money::parse(std::string_view yuan) {
  const auto amount = Decimal::parse(yuan);
  if (!amount)
    return Error{ErrorKind::invalid, amount.error().code == "decimal.overflow" ? "money.overflow" : "money.format",
                 wrong("", yuan).params};
  if (amount->rounded_half_even(2) != *amount) return wrong("money.decimals", yuan);
  const auto fen = Decimal::checked_multiply(amount->rounded_half_even(2), Decimal(100));
  if (!fen || magnitude(fen->coefficient() / power_of_ten(fen->decimals())) >= power_of_ten(17))
    return wrong("money.overflow", yuan);
  return from_fen(static_cast<std::int64_t>(fen->coefficient() / power_of_ten(fen->decimals())));
}

Decimal Money::yuan() const { return *DecimalParts::make(fen_, 2); }
Decimal Money::wan() const { return *DecimalParts::make(fen_, 6); }
std::string Money::str() const { return yuan().str(); }

}  // namespace qy
