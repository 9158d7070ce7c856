#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/statistics/statistics.h"

namespace qy::engine::benchmark {

/// 分位数草图: the quantiles of a set too large to keep, in a few kilobytes; sketches of provinces merge into one of
/// the nation that is as good as if it had seen every value. KLL: Karnin, Lang & Liberty (2016).
///
/// A value's rank is right to ± rank_error() of the count, for all values of a sketch at once, in 99 of 100 sketches;
/// the test measures it. Up to k values the sketch is exact. Which values survive is drawn from the seed.
class Sketch {
 public:
  static constexpr int kSmallest = 8, kLargest = 4096;

  explicit Sketch(int k = 200, std::uint64_t seed = 1);

  /// A sketch written out earlier: level h holds values that stand for 2^h each. Nothing when it cannot be one: k out
  /// of range, more than 40 levels, values not finite or outside [least, most], more values than such a sketch holds.
  static std::optional<Sketch> restored(int k, std::uint64_t seed, std::vector<std::vector<double>> levels,
                                        double least, double most);

  void add(double value);  ///< finite
  void merge(const Sketch& other);

  std::uint64_t count() const { return count_; }
  bool is_exact() const { return levels_.size() == 1; }
  int k() const { return k_; }
  double least() const { return least_; }
  double most() const { return most_; }
  const std::vector<std::vector<double>>& levels() const { return levels_; }

  /// The value below which a share p lies; the least and the most are exact. count() ≥ 1.
  double quantile(double p) const;
  /// The share of values at most `value`.
  double rank(double value) const;
  double rank_error() const;

 private:
  std::size_t room_at(std::size_t level) const;
  void measure();
  void compress();

  int k_;
  statistics::Random random_;
  std::uint64_t count_ = 0;
  double least_ = 0, most_ = 0;
  std::vector<std::vector<double>> levels_{1};
  std::size_t held_ = 0, room_ = 0;  ///< values kept, and how many may be
};

}  // namespace qy::engine::benchmark
