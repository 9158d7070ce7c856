#pragma once

#include <cstdint>
#include <vector>

#include "base/rational.h"

namespace qy::engine::indicators {

/// 权重: the exact part of every row in the whole index. Whole numbers of one common unit while sums of them fit a
/// machine word, fractions otherwise; a row whose part is not known has 0.
class Weights {
 public:
  struct Sum {
    std::int64_t units = 0;
    Rational exact;
  };

  Weights() = default;
  /// Row i is units[i]/whole.
  Weights(std::vector<std::int64_t> units, std::int64_t whole) : units_(std::move(units)), whole_(whole) {}
  explicit Weights(std::vector<Rational> exact) : exact_(std::move(exact)), fits_(false) {}

  /// Larger units do not fit: sums of a thousand still do.
  static constexpr std::int64_t kMost = std::int64_t{1} << 52;

  Rational of(std::size_t row) const { return fits_ ? Rational(units_[row], whole_) : exact_[row]; }
  void add(Sum& sum, std::size_t row, int sign = 1) const {
    if (fits_)
      sum.units += sign * units_[row];
    else
      sum.exact = sign > 0 ? sum.exact + exact_[row] : sum.exact - exact_[row];
  }
  bool heavier(std::size_t a, std::size_t b) const { return fits_ ? units_[b] < units_[a] : exact_[b] < exact_[a]; }

  /// Y of a sum: per cents, capped at 100.
  Rational index(const Sum& sum) const;
  bool index_reaches(const Sum& sum, const Rational& wanted) const;
  bool index_is(const Sum& sum, const Rational& wanted) const;
  /// `part` in per cents of `all`; 0 when `all` is nothing.
  Rational percent(const Sum& part, const Sum& all) const;

 private:
  std::vector<std::int64_t> units_;
  std::vector<Rational> exact_;
  std::int64_t whole_ = 1;
  bool fits_ = true;
};

/// Fractions as multiples of 1/whole; false when they do not fit.
bool common_units(const std::vector<Rational>& fractions, std::vector<std::int64_t>& units, std::int64_t& whole);

}  // namespace qy::engine::indicators
