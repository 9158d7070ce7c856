#pragma once

#include <string_view>

#include "engine/procedure/procedure.h"
#include "regime/identity/identity.h"

namespace qy::identity {

/// The caller in the words of the procedure packs, towards a case of these lines ("" = none).
inline engine::procedure::Actor actor_of(const Caller& caller, std::string_view lead_line,
                                         std::string_view cosign_line) {
  engine::procedure::Actor actor;
  actor.party = caller.party == Party::none ? "system" : to_string(caller.party);
  actor.role = to_string(caller.role);
  if (caller.is_office()) {
    actor.level = to_string(caller.level);
    actor.line = to_string(caller.line);
    actor.is_lead = actor.line == lead_line;
    actor.is_cosign = !cosign_line.empty() && actor.line == cosign_line;
  }
  return actor;
}

/// 条线 as people call it.
inline Text title_of(Line line) {
  switch (line) {
    case Line::ecology:
      return {"生态环境", "Ecology and environment"};
    case Line::development_reform:
      return {"发展改革", "Development and reform"};
    case Line::industry:
      return {"工业和信息化", "Industry"};
    case Line::none:
      break;
  }
  return {};
}

}  // namespace qy::identity
