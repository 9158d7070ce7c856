#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/exchange/exchange.h"
#include "engine/exchange/sharing.h"
#include "engine/milp/milp.h"

namespace qy::engine::exchange {

/// Pivots after which a program is too hard when nobody else ends it: about a minute, since one takes longer in a
/// greater program.
inline std::int64_t most_pivots(const milp::Model& model) {
  constexpr std::int64_t kWork = 500'000'000;
  return kWork / static_cast<std::int64_t>(100 + model.columns.size() + model.rows.size());
}

/// The network as it is written down, each used pair with the least bound on its flow that its ends allow: what the
/// benchmark gives to the plain solver.
milp::Model plain_program(const Network& problem);

using CostOfGroup = std::function<std::optional<double>(const Group&)>;

/// Fills `answer.members` with what each pays alone and, as asked, its share of `answer.cost`; says in the notes why
/// there are no shares. `worst` is needed for the nucleolus of more than kMostShapley members.
void share(Answer& answer, const std::vector<std::string>& members, Sharing sharing, const CostOfGroup& cost,
           const Oracle& worst, const Watch& watch);

/// Solves a program whose first columns are the members of a group, leaving out nobody, everybody and the known groups.
std::optional<Worst> worst_group(milp::Model model, std::size_t members, const std::vector<Group>& known,
                                 const Watch& watch, const CostOfGroup& cost);

}  // namespace qy::engine::exchange
