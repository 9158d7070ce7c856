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

/// Asks the watch now and then during the pivots.
class Pivots : public ClpEventHandler {
 public:
  explicit Pivots(const Watch* watch) : watch_(watch) {}
  int event(Event which) override;
  ClpEventHandler* clone() const override { return new Pivots(*this); }

 private:
  const Watch* watch_;
  int asked_ = 0;
};

/// The relaxation of `model`, silent.
void load(OsiClpSolverInterface& solver, const Model& model);

}  // namespace qy::engine::milp
