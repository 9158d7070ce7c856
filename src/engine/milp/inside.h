#pragma once

#include <ClpEventHandler.hpp>
#include <ClpSimplex.hpp>
#include <CoinFinite.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>

#include "engine/milp/milp.h"

/// What the files of this folder share of COIN-OR.
namespace qy::engine::milp {

inline double coin(double bound) {
  if (bound == kInfinity) return COIN_DBL_MAX;
  return bound == -kInfinity ? -COIN_DBL_MAX : bound;
}

/// A model as COIN-OR wants it, always minimised: the objective's sign is turned when it should be maximised.
struct Loaded {
  explicit Loaded(const Model& model);

  CoinPackedMatrix matrix;
  std::vector<double> lower, upper, cost, row_lower, row_upper;
};

/// What the parts of one call share: whether to go on. Once stopped, every linear program of the call ends at once.
struct Run {
  const Watch& watch;
  std::int64_t pivots_left = std::numeric_limits<std::int64_t>::max();
  bool stopped = false;
  double share = 0;

  bool go_on() {
    if (!stopped && (pivots_left < 0 || !watch.go_on(share))) stopped = true;
    return !stopped;
  }
};

/// Counts pivots and asks the watch now and then.
class Pivots : public ClpEventHandler {
 public:
  explicit Pivots(Run* run) : run_(run) {}
  int event(Event which) override;
  ClpEventHandler* clone() const override { return new Pivots(*this); }

 private:
  Run* run_;
};

/// The relaxation of `model`, silent.
void load(OsiClpSolverInterface& solver, const Model& model);

}  // namespace qy::engine::milp
