#pragma once

#include "base/watch.h"
#include "codec/law.h"

/// One function for each document of `compute`, and what they share.
namespace qy::codec {

Result<json::Value> compute_indicators(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_economics(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_balance(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_clock(const rules::Library& library, const json::Value& input, const Watch& watch);

/// A result of floating point as a JSON number of at most ten decimals.
json::Value rounded_number(double value);
/// Both sentences of a code: {"zh", "en"}.
json::Value both_sentences(std::string_view code, const Params& params);
/// {"code", "zh", "en"}: a warning or note.
json::Value remark(std::string_view code, const Params& params);

}  // namespace qy::codec
