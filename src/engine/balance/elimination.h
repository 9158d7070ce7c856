#pragma once

#include <vector>

#include "base/watch.h"
#include "engine/balance/linear.h"

namespace qy::engine::balance {

/// a + factor·b of sparse rows in ascending order of variables; what cancels to rounding is left out.
std::vector<Term> combined(const std::vector<Term>& a, const std::vector<Term>& b, double factor);

/// A row while it is worked on.
struct WorkingRow {
  std::vector<Term> terms;
  std::vector<Term> combination;  ///< of the rows it came from
  double equals = 0;
  double size = 0;  ///< of what went into `equals`
  bool used = false;
};

struct Pivoted {
  int row;
  int variable;
  double coefficient;
};

/// Sparse Gauss elimination of the variables marked in `wanted`, with pivots that are large in their scaled column and
/// cause little fill. Used rows keep their form at the time; the others lose every wanted variable. Gives up, with an
/// empty optional-like flag, when the fill passes `limit` entries.
struct Elimination {
  std::vector<Pivoted> pivots;
  bool too_large = false;
  bool stopped = false;
};
Elimination eliminate(std::vector<WorkingRow>& rows, const std::vector<char>& wanted, const std::vector<double>& scale,
                      const Watch& watch);

}  // namespace qy::engine::balance
