#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/decimal.h"

namespace qy {

/// An exact fraction of unbounded size. Index sums are rationals: a sum of weights is never compared as a double.
/// Always in lowest terms. Two machine words hold it while it fits them; only what does not lies elsewhere.
class Rational {
 public:
  Rational() = default;                                        ///< 0
  Rational(std::int64_t whole);                                // NOLINT: whole numbers are rationals
  Rational(std::int64_t numerator, std::int64_t denominator);  ///< the denominator must be positive (asserts)
  explicit Rational(const Decimal& decimal);

  Rational operator+(const Rational& o) const;
  Rational operator-(const Rational& o) const;
  Rational operator*(const Rational& o) const;
  /// The divisor must not be zero (asserts).
  Rational operator/(const Rational& o) const;

  /// Numerator and denominator in lowest terms while they fit machine words.
  std::optional<std::pair<std::int64_t, std::int64_t>> parts() const {
    if (big_) return std::nullopt;
    return std::pair(numerator_, denominator_);
  }

  bool is_zero() const { return !big_ && numerator_ == 0; }
  bool operator==(const Rational& o) const;
  bool operator<(const Rational& o) const;
  bool operator<=(const Rational& o) const { return !(o < *this); }
  bool operator>=(const Rational& o) const { return !(*this < o); }

  /// Exact when the fraction ends ("56.75"), otherwise rounded half even to `places` ("33.3333333333").
  std::string str(int places = 10) const;
  /// Rounded half even to `places`.
  Decimal to_decimal(int places) const;
  /// The nearest double, up to one unit in its last place.
  double to_double() const;

 private:
  struct Exact;
  static Rational of(const Exact& value);
  static Rational of(__int128 numerator, __int128 denominator);  ///< in lowest terms already
  Exact exact() const;

  friend std::strong_ordering compare(const Decimal& decimal, const Rational& fraction);
  std::int64_t numerator_ = 0, denominator_ = 1;
  std::shared_ptr<const Exact> big_;  ///< set when the parts do not fit; never changed, so copies share it
};

/// Exactly, without a fraction of the decimal in between while machine words do.
std::strong_ordering compare(const Decimal& decimal, const Rational& fraction);

}  // namespace qy
