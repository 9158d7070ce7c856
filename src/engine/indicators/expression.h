#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/rational.h"
#include "base/result.h"

namespace qy::engine::indicators {

using Parameters = std::map<std::string, Decimal>;

/// An amount written in parameters, "0.5+0.3*n" or "0.8/n", read once. Numbers, names, + - * / and brackets.
class Expression {
 public:
  /// Errors: indicators.expression {expression} when it cannot be read.
  static Result<Expression> read(std::string_view text);

  /// The exact value. Errors: indicators.parameter_missing {name}; indicators.parameter_zero {expression} when it
  /// divides by zero.
  Result<Rational> value(const Parameters& parameters) const;

 private:
  friend class ExpressionReader;
  struct Step {
    char sign;         ///< + - * / of the last two values; 0: a number; 'p': a parameter
    Rational number;   ///< with 0
    std::string name;  ///< with 'p'
  };
  std::string text_;
  std::vector<Step> steps_;  ///< in reverse Polish notation
};

/// Reads and calculates in one go; the errors of both.
Result<Rational> evaluate(std::string_view expression, const Parameters& parameters);

}  // namespace qy::engine::indicators
