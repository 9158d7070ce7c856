#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "regime/audits/audits.h"
#include "regime/obligations/work.h"

/// 待办: what a case can wait for from the department. "evaluation" and "acceptance": the department holds it in that
/// phase of its procedure; "publication": acceptance was concluded and the result is not yet published; the rest is
/// told by rooms above.
namespace qy::audits {

struct Waiting {
  std::string_view name;
  bool (*in_state)(const rules::Procedure& procedure, const rules::State& state);  ///< only cases that stand there
  std::string_view cases;                                                          ///< SELECT of ids of cases
};

/// Called by `add_routes` of a room above; a second call with the same name replaces the first.
void register_waiting(const Waiting& waiting);
const Waiting* find_waiting(std::string_view name);
std::vector<std::string> waiting_kinds();

/// The filter for what waits in the cases the caller's line leads, narrowed to the states in which the procedures let
/// it be done; nothing when there is none, as for the publication of results by a level that does not publish.
std::optional<Filter> waiting_filter(const Premises& premises, const identity::Caller& caller, std::string_view kind);

/// The room's part of what waits for an office (obligations::register_work).
void work_of(Tx& tx, const Premises& premises, const identity::Caller& caller, std::vector<obligations::Work>& found);

}  // namespace qy::audits
