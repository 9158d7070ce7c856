#pragma once

#include <span>
#include <string_view>

#include "base/catalogue.h"
#include "base/watch.h"
#include "json/json.h"
#include "rules/library.h"

/// The engines as documents: JSON in, JSON out, the same for the program (`qingyuan compute`) and for POST
/// /api/v1/compute/<name>.
namespace qy::codec {

/// One engine that can be asked.
struct Computation {
  const char* name;  ///< "indicators"
  Text title;
};

/// In the order of help.
std::span<const Computation> computations();

/// A document to begin with: src/codec/examples/<name>.json, as it is written there. "" when there is none.
std::string_view example_of(std::string_view name);

/// Reads the input strictly, runs the engine, and writes its whole answer, or answers with every mistake of the input
/// at its pointer.
///
/// Decimals may be JSON numbers or texts on input. In the answer exact results are texts, results of floating-point
/// engines are numbers, texts for people are {"zh", "en"}. Errors: compute.unknown {name, known} (not_found);
/// input.invalid with the codes of json, units and the engine; compute.stopped (unavailable) when the watch said so.
Result<json::Value> compute(const rules::Library& library, std::string_view name, const json::Value& input,
                            const Watch& watch = {});

std::span<const Sentence> codec_messages();

}  // namespace qy::codec
