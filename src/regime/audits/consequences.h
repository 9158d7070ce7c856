#pragma once

#include "engine/clock/clock.h"
#include "regime/audits/audits.h"

/// What every action of a case entails in the same transaction: deadlines, tally, search, messages.
namespace qy::audits {

/// The case's deadlines as of a day, from the clocks of its jurisdiction and its events.
std::vector<engine::clock::Deadline> deadlines_of(Tx& tx, const Premises& premises, const Audit& audit, Date as_of);

/// Recomputes obligations, writes the tally deltas of `before` → `after` (no before: a new case) and tells the next
/// holder.
void settle(Tx& tx, const Premises& premises, const identity::Act& act, const Audit* before, const Audit& after,
            const Text& what_happened);

}  // namespace qy::audits
