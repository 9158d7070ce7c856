#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qy::rules {

/// Checks an amount written in parameters: numbers, names, + - * / and brackets, at most 200 characters. Answers the
/// names it uses.
///
/// Errors: expression.syntax {expression, position}. Evaluation is the engine's, in exact fractions.
Result<std::set<std::string>> names_in_expression(std::string_view expression);

}  // namespace qy::rules
