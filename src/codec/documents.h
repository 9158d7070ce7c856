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
/// The same for what comes in units of any size: never fewer than ten significant digits, unless it is below `noise`.
json::Value scaled_number(double value, double noise = 0);
/// So many significant digits, whatever the size. NaN and infinities are null.
json::Value significant(double value, int digits = 12);
/// Both sentences of a code: {"zh", "en"}.
json::Value both_sentences(std::string_view code, const Params& params);
/// {"code", "zh", "en"}: a warning or note.
json::Value remark(std::string_view code, const Params& params);

/// A number for a floating-point engine: the nearest double, also where it has more digits than a Decimal. Absent or
/// wrong: nothing.
std::optional<double> optional_double(json::ObjectReader& in, std::string_view name);
/// The same of a field that is required; 0 when it is absent or wrong.
double required_double(json::ObjectReader& in, std::string_view name);
/// The nearest double of a value. Errors: those of json::decimal_of.
Result<double> double_of(const json::Value& value);

/// The choice that decides which of `others` belong to an object. When it is wrong or missing it is "", and none of the
/// others is complained of.
std::string chosen(json::ObjectReader& in, std::string_view name, std::initializer_list<std::string_view> choices,
                   std::initializer_list<std::string_view> others);

/// The numbers of an array of numbers, each complaining at its place; absent gives none. One that is wrong keeps its
/// place: 0, or nothing.
std::vector<std::optional<Decimal>> optional_decimals(json::ObjectReader& in, std::string_view name, std::size_t max);
std::vector<Decimal> decimals(json::ObjectReader& in, std::string_view name, std::size_t max);
/// Every mistake that reading found, and beside them those that only the engine sees: not where something above or
/// below could not be read, and none at all where elements of a list were no objects, for the engine counts what was
/// read. `has_lists` false: the document names things instead of counting them.
Error both_complaints(Error reading, const Error& engine, bool has_lists = true);

}  // namespace qy::codec
