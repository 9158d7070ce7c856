#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/rational.h"
#include "base/result.h"

namespace qy::engine::indicators {

using Parameters = std::map<std::string, Decimal>;

/// The exact value of an amount written in parameters: "0.5+0.3*n", "0.8/n". Numbers, names, + - * / and brackets.
///
/// Errors: indicators.expression {expression} when it cannot be read; indicators.parameter_missing {name};
/// indicators.parameter_zero {expression} when it divides by zero.
Result<Rational> evaluate(std::string_view expression, const Parameters& parameters);

}  // namespace qy::engine::indicators
