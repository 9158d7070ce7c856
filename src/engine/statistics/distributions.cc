#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/statistics/statistics.h"

namespace qy::engine::statistics {
namespace {

namespace bm = boost::math;

/// Infinite and NaN answers instead of exceptions.
using Quiet = bm::policies::policy<
    bm::policies::domain_error<bm::policies::ignore_error>, bm::policies::overflow_error<bm::policies::ignore_error>,
    bm::policies::pole_error<bm::policies::ignore_error>, bm::policies::evaluation_error<bm::policies::ignore_error>>;
using Normal = bm::normal_distribution<double, Quiet>;
using ChiSquared = bm::chi_squared_distribution<double, Quiet>;
using StudentT = bm::students_t_distribution<double, Quiet>;
using Beta = bm::beta_distribution<double, Quiet>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Where a tail is 0 in double, and the series that would say so takes long.
bool far_out(double x, double dof) { return x > 1e8 && x > 10 * dof; }

}  // namespace

double normal_cdf(double z) { return bm::cdf(Normal(), z); }
double normal_survival(double z) { return bm::cdf(bm::complement(Normal(), z)); }
double normal_quantile(double p) {
  if (p <= 0) return -kInfinity;
  if (p >= 1) return kInfinity;
  return bm::quantile(Normal(), p);
}

double chi_squared_cdf(double x, double dof) {
  if (x <= 0) return 0;
  return far_out(x, dof) ? 1 : bm::cdf(ChiSquared(dof), x);
}
double chi_squared_survival(double x, double dof) {
  if (x <= 0) return 1;
  return far_out(x, dof) ? 0 : bm::cdf(bm::complement(ChiSquared(dof), x));
}
double chi_squared_quantile(double p, double dof) {
  if (p <= 0) return 0;
  if (p >= 1) return kInfinity;
  return bm::quantile(ChiSquared(dof), p);
}

double student_t_cdf(double t, double dof) { return bm::cdf(StudentT(dof), t); }
double student_t_quantile(double p, double dof) {
  if (p <= 0) return -kInfinity;
  if (p >= 1) return kInfinity;
  return bm::quantile(StudentT(dof), p);
}

double binomial_cdf(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  return bm::ibetac(static_cast<double>(k) + 1, static_cast<double>(n - k), p, Quiet());
}

double binomial_survival(std::int64_t k, std::int64_t n, double p) {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  return bm::ibeta(static_cast<double>(k), static_cast<double>(n - k) + 1, p, Quiet());
}

Interval share_interval(std::int64_t k, std::int64_t n, double confidence) {
  const double tail = (1 - confidence) / 2;
  const auto seen = static_cast<double>(k), rest = static_cast<double>(n - k);
  return {k == 0 ? 0 : bm::quantile(Beta(seen, rest + 1), tail),
          k == n ? 1 : bm::quantile(bm::complement(Beta(seen + 1, rest), tail))};
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values, std::size_t tests) {
  const auto all = static_cast<double>(std::max(tests, p_values.size()));
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const auto at = order[rank - 1];
    least = std::min(least, p_values[at] * all / static_cast<double>(rank));
    adjusted[at] = least;
  }
  return adjusted;
}

}  // namespace qy::engine::statistics
