#include "engine/exchange/parts.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::exchange {

std::optional<Worst> worst_group(milp::Model model, std::size_t members, const std::vector<Group>& known,
                                 const Watch& watch, const CostOfGroup& cost) {
  milp::Row size{.terms = {}, .lower = 1, .upper = static_cast<double>(members) - 1};
  for (std::size_t m = 0; m < members; ++m) size.terms.emplace_back(static_cast<int>(m), 1);
  model.add(std::move(size));
  for (const auto& group : known) {
    milp::Row other{.terms = {}, .lower = 1};
    for (std::size_t m = 0; m < members; ++m) {
      other.terms.emplace_back(static_cast<int>(m), group[m] ? -1 : 1);
      if (group[m]) other.lower -= 1;
    }
    model.add(std::move(other));
  }
  const auto solved = milp::solve(model, {.nodes = 20'000, .pivots = most_pivots(model), .watch = watch});
  if (!solved.found()) return std::nullopt;
  Worst worst{Group(members, 0), 0};
  for (std::size_t m = 0; m < members; ++m) worst.group[m] = solved.values[m] > 0.5;
  const auto exact = cost(worst.group);
  if (!exact) return std::nullopt;
  worst.cost = *exact;
  return worst;
}

void share(Answer& answer, const std::vector<std::string>& members, Sharing sharing, const CostOfGroup& cost,
           const Oracle& worst, const Watch& watch) {
  const auto n = members.size();
  for (std::size_t m = 0; m < n; ++m) {
    Group only(n, 0);
    only[m] = 1;
    const auto old = std::find_if(answer.members.begin(), answer.members.end(),
                                  [&](const Member& member) { return member.id == members[m]; });
    if (old == answer.members.end()) answer.members.push_back({members[m], cost(only), std::nullopt, std::nullopt});
  }
  if (sharing == Sharing::none || n == 0) return;
  const auto give = [&](const std::vector<double>& shares) {
    for (std::size_t m = 0; m < n; ++m)
      std::find_if(answer.members.begin(), answer.members.end(), [&](const Member& member) {
        return member.id == members[m];
      })->share = shares[m];
  };
  if (n > kMostShapley) {
    if (!worst)
      return answer.notes.push_back({"exchange.too_many_to_share", {{"limit", std::to_string(kMostShapley)}}});
    const auto shares = nucleolus(static_cast<int>(n), answer.cost, worst, watch);
    if (!shares) return answer.notes.push_back({"exchange.sharing_stopped", {}});
    return give(*shares);
  }
  std::vector<double> costs(std::size_t{1} << n, 0);
  for (std::size_t mask = 1; mask + 1 < costs.size(); ++mask) {
    Group group(n, 0);
    for (std::size_t m = 0; m < n; ++m) group[m] = mask >> m & 1;
    const auto value = watch.go_on(0.5 + 0.5 * static_cast<double>(mask) / static_cast<double>(costs.size()))
                           ? cost(group)
                           : std::nullopt;
    if (!value) return answer.notes.push_back({"exchange.sharing_stopped", {}});
    costs[mask] = *value;
  }
  costs.back() = answer.cost;
  if (sharing == Sharing::shapley) return give(shapley(static_cast<int>(n), costs));
  const auto shares = nucleolus(static_cast<int>(n), answer.cost, listed(static_cast<int>(n), costs), watch);
  if (!shares) return answer.notes.push_back({"exchange.sharing_stopped", {}});
  give(*shares);
}

}  // namespace qy::engine::exchange
