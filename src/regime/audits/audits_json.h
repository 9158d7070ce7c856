#pragma once

#include "engine/clock/clock.h"
#include "regime/audits/audits.h"

/// Cases and deadlines as resources, for this room's routes and for higher rooms that show them.
namespace qy::audits {

/// The case with the titles of its codes in both languages.
json::Object audit_json(const Premises& premises, const Audit& audit);

/// As in the `compute clock` contract, with title, started_on, mark and days_left.
json::Object deadline_json(const Premises& premises, const engine::clock::Deadline& deadline);

}  // namespace qy::audits
