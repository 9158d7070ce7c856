#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/decimal.h"
#include "base/result.h"

namespace qy {

/// 计量单位: a unit that knows what it measures, and of what: "m3{water}/t{product}", "kg{COD}/t", "万kWh", "kgce/t".
///
///   unit    = product ["/" product]          product = factor {"·" factor} | "(" product ")"
///   factor  = [number | 万 | 亿 | 百万] symbol ["{" of what "}"]
///
/// Common spellings are read too: m³, 吨, 立方米, 度, kg/t钢 (= kg/t{steel}), tCO2 (= t{CO2}), Nm3 (its own kind of
/// volume). Two units are commensurable when they have the same kinds of quantity above and below the line and never
/// name different things: m3/t goes with m3{water}/t{product}, kg{COD}/t does not go with kg{NH3-N}/t. A kind above and
/// the same kind below do not cancel: kg/t is not %. 标准煤 (tce, kgce) is a kind of its own: energy becomes standard
/// coal by a factor with a year, not by a unit.
class Unit {
 public:
  /// 1: a pure number.
  Unit() = default;

  /// Errors: unit.unknown {text, part, hint} when a symbol is not in the register, unit.format {text}.
  static Result<Unit> parse(std::string_view text);

  /// A literal known to be right (asserts).
  static Unit of(std::string_view text);

  /// The canonical spelling, "m3{water}/t{product}"; "" for a pure number.
  const std::string& str() const { return text_; }

  /// For people: "m³/t", without of what.
  std::string plain() const;

  bool commensurable_with(const Unit& other) const;

  bool operator==(const Unit& other) const { return text_ == other.text_; }

 private:
  friend struct UnitParser;
  friend struct Quantity;
  struct Term {
    std::string kind;  ///< mass, volume, energy …
    std::string of;    ///< "" = not said
  };
  static bool match(std::vector<Term> a, std::vector<Term> b);

  std::string text_;
  std::vector<Term> above_, below_;
  Decimal numerator_ = 1, denominator_ = 1;  ///< value in base units = value × numerator / denominator
};

/// 量: a number with its unit.
struct Quantity {
  Decimal value;
  Unit unit;

  /// The same quantity in another unit; exact, or rounded half to even to 18 decimals where the fraction repeats.
  /// Errors: unit.incommensurable {from, to}; decimal.overflow.
  Result<Quantity> in(const Unit& target) const;

  /// "2.04 m3/t"
  std::string str() const;
};

/// Reads "2.04 m3/t", "85%", "1,200 t"; a bare number is a pure number. Errors: those of Decimal and Unit.
Result<Quantity> parse_quantity(std::string_view text);

/// Every symbol of the register, for suggestions and choice lists.
const std::vector<std::string>& known_unit_symbols();

std::span<const Sentence> units_messages();

}  // namespace qy
