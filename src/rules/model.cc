#include "rules/model.h"

#include <algorithm>

namespace qy::rules {

const char* to_string(Mark mark) {
  switch (mark) {
    case Mark::verified:
      return "verified";
    case Mark::secondary:
      return "secondary";
    case Mark::memory:
      return "memory";
    case Mark::hint:
      break;
  }
  return "hint";
}

const State* Procedure::find_state(std::string_view id) const {
  const auto found = std::find_if(states.begin(), states.end(), [&](const State& state) { return state.id == id; });
  return found == states.end() ? nullptr : &*found;
}

const ProcedureAction* Procedure::find_action(std::string_view id) const {
  const auto found =
      std::find_if(actions.begin(), actions.end(), [&](const ProcedureAction& action) { return action.id == id; });
  return found == actions.end() ? nullptr : &*found;
}

const IndicatorRow* IndicatorSystem::find_row(std::string_view id) const {
  for (const auto& group : groups)
    for (const auto& row : group.rows)
      if (row.id == id) return &row;
  return nullptr;
}

bool IndicatorSystem::has_all_weights() const {
  return std::all_of(groups.begin(), groups.end(), [](const IndicatorGroup& group) {
    return group.complete && group.weight &&
           std::all_of(group.rows.begin(), group.rows.end(),
                       [](const IndicatorRow& row) { return row.weight.has_value(); });
  });
}

}  // namespace qy::rules
