#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/result.h"
#include "rules/model.h"

/// 程序: the state of a case as a fold over its actions, and who may do what in it. Pure: no clock, no database.
namespace qy::engine::procedure {

/// Who wants to act, in the words of the procedure packs.
struct Actor {
  std::string party;       ///< office | enterprise | consultancy | expert | system …
  std::string role;        ///< officer, chief, filler, signatory …
  std::string level;       ///< of an office: county | city | province | nation
  std::string line;        ///< of an office
  bool is_lead = false;    ///< of the case's lead line
  bool is_cosign = false;  ///< of the case's co-signing line
};

/// The state after `actions`, in order. Names the procedure does not know belong to rooms with actions of their own and
/// are passed over; a known action in a state it may not happen in is a broken log. Errors: procedure.broken_log
/// {action, state, position}.
Result<std::string> fold(const rules::Procedure& procedure, std::span<const std::string> actions);

/// Whether `actor` is one of those the action names.
bool may_perform(const rules::ProcedureAction& action, const Actor& actor);

/// The action if it may happen in `state` by `actor`.
/// Errors: procedure.unknown_action {action}; procedure.wrong_state {action, action_en, state, state_en, from,
/// from_en}; procedure.wrong_actor {action, action_en, who, who_en}.
Result<const rules::ProcedureAction*> check(const rules::Procedure& procedure, std::string_view state,
                                            std::string_view action, const Actor& actor);

/// The state `action` leads to from `state`.
std::string next_state(const rules::ProcedureAction& action, std::string_view state);

/// Ids of the actions `actor` may perform in `state`, in the procedure's order.
std::vector<std::string> allowed(const rules::Procedure& procedure, std::string_view state, const Actor& actor);

/// Who may perform an action, for people: "牵头部门负责人，或企业授权签字人".
Text who_may(const rules::ProcedureAction& action);

}  // namespace qy::engine::procedure

namespace qy {
std::span<const Sentence> procedure_messages();
}
