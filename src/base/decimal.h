#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qy {

/// An exact decimal number: what people type and what rules state. Up to 36 significant digits, 0–18 of them after
/// the point. Remembers how many decimals it was written with ("1.60" has 2); comparison ignores that.
///
/// Arithmetic is exact or refuses: the operators assert on overflow; `checked_*` report decimal.overflow for
/// values that come from people.
class Decimal {
 public:
  Decimal() = default;          ///< 0
  Decimal(std::int64_t whole);  // NOLINT: whole numbers are decimals

  /// Reads "12", "-0.50", "1.2e3"; not "1,200", "", " 1". Errors: decimal.format, decimal.overflow.
  static Result<Decimal> parse(std::string_view text);

  /// Reads what people paste: blanks around, thousands separators (1,234.5 or １２３４), full-width digits and point.
  /// Errors as `parse`.
  static Result<Decimal> parse_pasted(std::string_view text);

  /// coefficient / 10^decimals. Errors: decimal.overflow.
  static Result<Decimal> of_parts(__int128 coefficient, int decimals);

  /// A literal known to be right (asserts).
  static Decimal of(std::string_view text);

  /// Nearest decimal of a binary double with `decimals` places, half to even; for results of `engine/`.
  static Decimal from_double(double value, int decimals);
  double to_double() const;

  /// Plain notation, never an exponent, with the decimals it carries: "1.60".
  std::string str() const;
  /// Without trailing zeros: "1.6".
  std::string shortest() const;
  /// With thousands separators: "12,345.60".
  std::string grouped() const;

  int decimals() const { return scale_; }
  bool is_zero() const { return coefficient_ == 0; }
  bool is_negative() const { return coefficient_ < 0; }

  Decimal operator-() const;
  Decimal operator+(const Decimal& other) const;
  Decimal operator-(const Decimal& other) const;
  Decimal operator*(const Decimal& other) const;

  static Result<Decimal> checked_add(const Decimal& a, const Decimal& b);
  static Result<Decimal> checked_multiply(const Decimal& a, const Decimal& b);

  /// a / b to `decimals` places, half to even (GB/T 8170). Errors: decimal.division_by_zero, decimal.overflow.
  static Result<Decimal> divide(const Decimal& a, const Decimal& b, int decimals);

  /// 修约: GB/T 8170, half to even, to `decimals` places (-2: to hundreds). Fewer decimals than asked for stay as they
  /// are.
  Decimal rounded_half_even(int decimals) const;
  /// 四舍五入: half away from zero; money and printed tables.
  Decimal rounded_half_up(int decimals) const;

  /// Numerical: 1.60 == 1.6.
  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const { return (*this <=> other) == 0; }

  __int128 coefficient() const { return coefficient_; }  ///< value = coefficient / 10^decimals

 private:
  friend struct DecimalParts;
  __int128 coefficient_ = 0;
  int scale_ = 0;
};

/// 金额: an amount of money in fen (0.01 yuan).
class Money {
 public:
  Money() = default;
  static Money from_fen(std::int64_t fen) {
    Money m;
    m.fen_ = fen;
    return m;
  }
  /// Reads yuan with at most two decimals: "12000000.00". Errors: money.format, money.decimals, money.overflow.
  static Result<Money> parse(std::string_view yuan);
  std::int64_t fen() const { return fen_; }
  std::string str() const;  ///< yuan, two decimals
  Decimal yuan() const;
  Decimal wan() const;  ///< 万元, exact
  Money operator+(Money other) const { return from_fen(fen_ + other.fen_); }
  Money operator-(Money other) const { return from_fen(fen_ - other.fen_); }
  auto operator<=>(const Money&) const = default;

 private:
  std::int64_t fen_ = 0;
};

}  // namespace qy
