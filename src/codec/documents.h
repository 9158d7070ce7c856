#pragma once

#include "base/watch.h"
#include "codec/law.h"

/// One function for each document of `compute`, and what they share.
namespace qy::codec {

Result<json::Value> compute_indicators(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_economics(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_balance(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_clock(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_benchmark(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_plausibility(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_similarity(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_portfolio(const rules::Library& library, const json::Value& input, const Watch& watch);
Result<json::Value> compute_exchange(const rules::Library& library, const json::Value& input, const Watch& watch);

/// A result of floating point as a JSON number of at most ten decimals.
json::Value rounded_number(double value);
/// Both sentences of a code: {"zh", "en"}.
json::Value both_sentences(std::string_view code, const Params& params);
/// {"code", "zh", "en"}: a warning or note.
json::Value remark(std::string_view code, const Params& params);

/// The numbers of an array of numbers, each complaining at its place; absent gives none.
std::vector<Decimal> decimals(json::ObjectReader& in, std::string_view name, std::size_t max);
/// Every mistake that reading found, and beside them those that only the engine sees (its pointers count the elements
/// read, so they are left out where elements of a list could not be read at all).
Error both_complaints(Error reading, const Error& engine);

}  // namespace qy::codec
