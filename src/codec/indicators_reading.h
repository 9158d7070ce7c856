#pragma once

#include "engine/indicators/indicators.h"
#include "json/json.h"
#include "rules/library.h"

/// What an enterprise answers to an indicator system, as documents write it.
namespace qy::codec {

/// Member "system"; null with a complaint when there is none of this name.
const rules::IndicatorSystem* read_system(const rules::Library& library, json::ObjectReader& in);
/// Members "on", "parameters", "values", "redistribute_empty_groups".
engine::indicators::Input read_answers(json::ObjectReader& in);
/// One row's answer.
engine::indicators::Answer read_answer(json::ObjectReader in);

}  // namespace qy::codec
