#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// 统计函数: the distributions, robust measures and random numbers that several engines need. Pure functions of
/// doubles.
namespace qy::engine::statistics {

/// 正态分布: P(Z ≤ z), P(Z > z) and the z below which a share p lies (−∞ at 0, ∞ at 1).
double normal_cdf(double z);
double normal_survival(double z);
double normal_quantile(double p);

/// χ²分布 with `dof` > 0 degrees of freedom: lower tail, upper tail, and the value below which a share p lies. Both
/// tails keep their relative accuracy far out (a lower tail of 5.6e-25 is that, not 0).
double chi_squared_cdf(double x, double dof);
double chi_squared_survival(double x, double dof);
double chi_squared_quantile(double p, double dof);

/// t分布 with `dof` > 0 degrees of freedom.
double student_t_cdf(double t, double dof);
double student_t_quantile(double p, double dof);

/// 二项分布: P(X ≤ k) and P(X ≥ k) of `n` trials with chance `p` each; any k.
double binomial_cdf(std::int64_t k, std::int64_t n, double p);
double binomial_survival(std::int64_t k, std::int64_t n, double p);

struct Interval {
  double lower = 0, upper = 0;
};

/// Clopper–Pearson: the exact confidence interval of a share of which `k` of `n` ≥ 1 trials were seen.
Interval share_interval(std::int64_t k, std::int64_t n, double confidence);

/// Benjamini–Hochberg (1995): for each p the smallest false discovery rate at which it is still a discovery. `tests`:
/// how many tests were made in all, when the p-values are only those of the smallest; 0 = as many as there are
/// p-values.
std::vector<double> benjamini_hochberg(std::span<const double> p_values, std::size_t tests = 0);

/// Median: the mean of the two middle values of an even count. At least one value.
double median(std::vector<double> values);

/// 稳健离散度: how wide the middle of the data is, scaled to estimate σ of normal data.
///
/// mad: 1.4826 × median |x − median|. sn, qn: Rousseeuw & Croux (1993), with their corrections for small counts; both
/// need no centre and are more efficient; O(n log n). mean_deviation: 1.2533 × mean |x − median|, the resort when more
/// than half of the values are the same (Iglewicz & Hoaglin 1993). `sorted` is ascending; fewer than two values give 0.
double mad(std::span<const double> sorted);
double sn(std::span<const double> sorted);
double qn(std::span<const double> sorted);
double mean_deviation(std::span<const double> sorted);

enum class Spread { mad, sn, qn, mean_deviation, none };

/// Centre and width of data, by the first measure in the order of `Spread` that is not 0.
struct Robust {
  double centre = 0;
  double spread = 0;  ///< 0 only with Spread::none: all values are the same
  Spread by = Spread::none;
};
Robust robust(std::span<const double> sorted);

/// Numbers from a seed, the same on every machine (splitmix64; the standard library's distributions are not).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double uniform();                        ///< [0, 1)
  std::uint64_t below(std::uint64_t end);  ///< 0 … end − 1; end ≥ 1
  double normal();

 private:
  std::uint64_t state_;
};

/// A well-mixed 64-bit hash of a number: the finaliser of splitmix64.
std::uint64_t mixed(std::uint64_t value);

}  // namespace qy::engine::statistics
