#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/exchange/exchange.h"
#include "engine/exchange/sharing.h"
#include "engine/milp/milp.h"

namespace qy::engine::exchange {

/// Ends a program that is too hard when nobody else does.
inline constexpr std::int64_t kPivots = 300'000;

using CostOfGroup = std::function<std::optional<double>(const Group&)>;

/// Fills `answer.members` with what each pays alone and, as asked, its share of `answer.cost`; says in the notes why
/// there are no shares. `worst` is needed for the nucleolus of more than kMostShapley members.
void share(Answer& answer, const std::vector<std::string>& members, Sharing sharing, const CostOfGroup& cost,
           const Oracle& worst, const Watch& watch);

/// Solves a program whose first columns are the members of a group, leaving out nobody, everybody and the known groups.
std::optional<Worst> worst_group(milp::Model model, std::size_t members, const std::vector<Group>& known,
                                 const Watch& watch, const CostOfGroup& cost);

}  // namespace qy::engine::exchange
