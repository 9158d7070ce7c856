#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/watch.h"

/// 费用分摊: parts of a common cost by what groups of members would pay alone.
namespace qy::engine::exchange {

/// A group of members, one flag each.
using Group = std::vector<char>;

/// 夏普利值 of costs by mask, 2ⁿ of them; cost[0] = 0.
std::vector<double> shapley(int members, const std::vector<double>& cost);

/// Finds the group with the greatest Σ share − cost(group) among all but none, everybody and `known` ones, with the
/// cost; nothing when there is none left or it was stopped.
struct Worst {
  Group group;
  double cost = 0;
};
using Oracle = std::function<std::optional<Worst>(const std::vector<double>& shares, const std::vector<Group>& known)>;

/// 核仁: the shares that make the worst-off groups as content as possible, one after another, by linear programs whose
/// rows an oracle finds. `total` is the cost of everybody. Nothing when stopped.
std::optional<std::vector<double>> nucleolus(int members, double total, const Oracle& worst, const Watch& watch);

/// An oracle over costs by mask.
Oracle listed(int members, const std::vector<double>& cost);

}  // namespace qy::engine::exchange
