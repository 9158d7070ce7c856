#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/portfolio/instance.h"

namespace qy::engine::portfolio {

struct Found {
  Taken taken;
  Rational value;
  double estimate = 0;
};

struct Outcome {
  bool infeasible = false;  ///< the relaxation or the whole tree has nothing
  bool proven = false;      ///< `best` is best
  std::optional<Found> best;
  double bound = 0;     ///< of what is maximised
  double lp_bound = 0;  ///< of the relaxation without cuts
  std::vector<double> budget_duals;
  std::vector<Taken> optima;    ///< all when `listed`
  bool listed = false;          ///< optima and second are all that there is
  bool more_optima = false;     ///< more than kMostOptima
  std::optional<Found> second;  ///< best below the best
  bool second_proven = false;
  std::int64_t nodes = 0;
};

/// 分支定界: bounds by the linear relaxation with cuts, fixes by reduced costs, and enumerates what is left of a node
/// by the penalties of its dual solution. First the best set, then every other one as good and the next best.
Outcome search(const Instance& instance, const Watch& watch);

}  // namespace qy::engine::portfolio
