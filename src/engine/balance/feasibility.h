#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/balance/balance.h"

namespace qy::engine::balance {

/// Whether a network can balance within its bounds (fixed streams: at their value): maximal flow with lower bounds
/// (Dinic 1970; Hoffman 1960). Nothing when it can; else the part that cannot: what enters it at most and must leave it
/// at least, or the other way round. Constraints and readings play no part.
std::optional<Obstacle> network_obstacle(const Model& model);

/// For a network that can balance within its bounds: −1 for streams that the balances and the bounds together hold at
/// their lower bound, whatever the readings, 1 at their upper, 0 for all others. A stream at a bound in one balance can
/// leave it when a cycle of what is still free leads through it: when its ends lie in one strong component.
std::vector<signed char> held_by_network(const Model& model);

/// As network_obstacle, with the streams that have a number in `flow` held there: can the others carry the rest?
std::optional<Obstacle> rest_obstacle(const Model& model, std::span<const double> flow);

}  // namespace qy::engine::balance
