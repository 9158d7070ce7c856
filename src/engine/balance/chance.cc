#include "engine/balance/chance.h"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace qy::engine::balance {
namespace {

using Policy =
    boost::math::policies::policy<boost::math::policies::promote_double<false>,
                                  boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;
constexpr double kFarOut = 1e8;  // beyond it a probability is 0 or 1 in double

}  // namespace

double chi_square_below(double x, int dof) {
  if (!(x > 0)) return 0;
  return x > kFarOut && x > 10.0 * dof ? 1.0 : boost::math::gamma_p(0.5 * dof, 0.5 * x, Policy());
}

double chi_square_above(double x, int dof) {
  if (!(x > 0)) return 1;
  return x > kFarOut && x > 10.0 * dof ? 0.0 : boost::math::gamma_q(0.5 * dof, 0.5 * x, Policy());
}

double chi_square_quantile(double probability, int dof) {
  return 2 * boost::math::gamma_p_inv(0.5 * dof, probability, Policy());
}

double sidak_confidence(double confidence, int count) { return std::pow(confidence, 1.0 / std::max(1, count)); }

}  // namespace qy::engine::balance
