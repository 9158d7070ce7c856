#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <string>

#include "base/decimal.h"

namespace qy {

/// An exact fraction of unbounded size. Index sums are rationals: a sum of weights is never compared as a double.
/// Heavy header: include it in `.cc` files only.
class Rational {
 public:
  Rational() = default;
  Rational(std::int64_t whole) : value_(whole) {}  // NOLINT: whole numbers are rationals
  explicit Rational(const Decimal& decimal);

  Rational operator+(const Rational& o) const { return Rational(Exact(value_ + o.value_)); }
  Rational operator-(const Rational& o) const { return Rational(Exact(value_ - o.value_)); }
  Rational operator*(const Rational& o) const { return Rational(Exact(value_ * o.value_)); }
  /// The divisor must not be zero (asserts).
  Rational operator/(const Rational& o) const;

  bool is_zero() const { return value_ == 0; }
  bool operator==(const Rational& o) const { return value_ == o.value_; }
  bool operator<(const Rational& o) const { return value_ < o.value_; }
  bool operator<=(const Rational& o) const { return value_ <= o.value_; }
  bool operator>=(const Rational& o) const { return value_ >= o.value_; }

  /// Exact when the fraction ends ("56.75"), otherwise rounded half even to `places` ("33.3333333333").
  std::string str(int places = 10) const;
  /// Rounded half even to `places`.
  Decimal to_decimal(int places) const;

 private:
  using Exact = boost::multiprecision::cpp_rational;
  explicit Rational(Exact value) : value_(std::move(value)) {}
  Exact value_ = 0;
};

}  // namespace qy
