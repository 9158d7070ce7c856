#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "regime/identity/identity.h"

/// 待我办理: what waits for the caller's own decision, whether or not a clock runs on it. Rooms above say what waits in
/// them; this room only gathers.
namespace qy::obligations {

struct Work {
  std::string id;          ///< what waits: "list_confirm", "case_evaluation" …; the web app has its words
  std::int64_t count = 0;  ///< how many
  std::string link;        ///< where they stand: a path in the web app
};

/// Adds what waits in one room for the caller; nothing when nothing does.
using WorkSource = void (*)(Tx& tx, const Premises& premises, const identity::Caller& caller, std::vector<Work>& found);

/// Called by `add_routes` of a room; a room's second call replaces its first.
void register_work(std::string_view room, WorkSource source);

/// In the order in which the rooms registered.
std::vector<Work> work_of(Tx& tx, const Premises& premises, const identity::Caller& caller);

}  // namespace qy::obligations
