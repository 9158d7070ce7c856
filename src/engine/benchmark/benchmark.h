#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/result.h"
#include "base/watch.h"
#include "engine/benchmark/sketch.h"

/// 对标统计: where the enterprises of an industry stand on one quantity, and where one of them stands among its like.
namespace qy::engine::benchmark {

/// 分位数 of ascending values, 0 ≤ p ≤ 1, by definition 6, 7 or 8 of Hyndman & Fan (1996): position (n + 1)p, (n − 1)p
/// + 1 or (n + 1/3)p + 1/3, linear between neighbours. 8 is the one they recommend; 6 is NIST's and PERCENTILE.EXC, 7
/// is NumPy's and PERCENTILE.INC. Which one was used is part of the number. At least one value.
double quantile(std::span<const double> sorted, double p, int type);

/// 次序统计量置信区间: ranks between which the quantile of the population lies, whatever its law (continuous), with at
/// least `confidence` where both ends exist. Rank 0 and rank n + 1 say that there is no such end: too few values.
/// Source: Hahn & Meeker, Statistical Intervals, 5.2.
struct Ranks {
  std::size_t lower = 0, upper = 0;
  double coverage = 0;  ///< what the interval holds exactly, ends that do not exist counted as infinite
};
Ranks rank_interval(std::size_t n, double p, double confidence);

/// 修正z分数: 0.6745 (x − median)/MAD (Iglewicz & Hoaglin 1993), with Sn, Qn or the mean deviation in MAD's place when
/// that is 0. In the order given; all 0 when every value is the same.
struct Scores {
  std::vector<double> z;
  statistics::Robust centre;
};
Scores modified_z(std::span<const double> values);

/// 广义ESD检验 (Rosner 1983): up to `at_most` outliers of roughly normal values, which mask each other from Grubbs's
/// test.
struct EsdStep {
  std::size_t index;  ///< of the value taken out in this step
  double statistic, critical;
};
struct Esd {
  std::vector<EsdStep> steps;
  std::size_t outliers = 0;  ///< the first so many steps are outliers
};
Esd generalised_esd(std::span<const double> values, std::size_t at_most, double alpha);

/// Grubbs's statistic max |x − mean|/s and its critical value for one or two sides. At least three values.
struct Grubbs {
  std::size_t index;
  double statistic, critical;
};
Grubbs grubbs(std::span<const double> values, double alpha, bool two_sided);

/// One enterprise's value of the quantity.
struct Record {
  std::string id;
  double value = 0;
  std::optional<double> weight;      ///< output, for the weighted mean; > 0
  std::vector<std::string> stratum;  ///< 分层: process route, capacity class, age …; one label for each stratifier
  std::string excluded;              ///< why a person leaves it out; "" = it counts
};

/// Values of other places, known only by their sketch.
struct Summary {
  std::vector<std::string> stratum;
  Sketch sketch;
};

/// An enterprise that asks where it stands: one of the records (by id), or a value from outside.
struct Asking {
  std::string id;
  std::optional<double> value;
  std::vector<std::string> stratum;  ///< with `value` only
};

enum class Outliers { none, modified_z, generalised_esd };

struct Survey {
  std::vector<Record> records;  ///< ids differ
  std::vector<Summary> summaries;
  std::vector<Asking> standing;
  bool log_scale = true;  ///< intensities are log-normal: quantiles and outliers in logarithms; values > 0
  bool lower_is_better = true;
  int quantile_type = 8;
  std::vector<double> shares{0.1, 0.25, 0.5, 0.75, 0.9};  ///< of the quantiles; 0 < p < 1
  double confidence = 0.95;
  std::size_t minimum_group = 10;   ///< fewer: the points, no quantiles
  std::size_t privacy_minimum = 3;  ///< fewer: nothing
  Outliers outliers = Outliers::modified_z;
  double cut = 3.5;          ///< of the modified z
  double alpha = 0.05;       ///< of the ESD test
  std::size_t at_most = 10;  ///< outliers the ESD test looks for
  bool sketches = false;     ///< give each stratum's sketch
  std::uint64_t seed = 1;    ///< of the sketches
};

struct Quantile {
  double share = 0, value = 0;
  std::optional<double> lower, upper;  ///< nothing: too few values for that end
  double coverage = 0;
};

/// A record that does not count, and why: a person's reason, or an outlier with its score.
struct Exclusion {
  std::string id;
  std::optional<double> value;  ///< nothing where the group is withheld
  std::string code;             ///< benchmark.excluded_by_hand, benchmark.outlier_z, benchmark.outlier_esd
  Params params;
};

enum class Shown { quantiles, points, withheld };

struct Note {
  std::string code;
  Params params;
};

struct Standing {
  std::string id;
  double value = 0;
  std::optional<std::size_t> better, equal, worse;  ///< of the others that count; nothing where the group is withheld
  std::optional<double> beats;                      ///< (worse + equal/2)/others; nothing below the minimum group
  std::optional<statistics::Interval> beats_interval;
  std::vector<double> above;  ///< value ÷ quantile − 1 for each share; empty without quantiles
};

struct Stratum {
  std::vector<std::string> labels;
  Shown shown = Shown::withheld;
  std::uint64_t count = 0;  ///< values that count
  std::vector<Quantile> quantiles;
  std::optional<double> rank_error;  ///< of quantiles from merged sketches; nothing when they are exact
  std::vector<double> points;        ///< ascending, without names; when shown as points
  std::optional<double> mean, geometric_mean, weighted_mean,
      spread;  ///< spread: robust, of the logarithms on a log scale
  std::vector<Exclusion> excluded;
  std::vector<Standing> standing;
  std::vector<Note> notes;
  std::optional<Sketch> sketch;
};

/// Computes every stratum, in the order of its labels. Groups below the minimum keep their outliers: a test of so few
/// values says nothing. Errors: input.invalid with benchmark.not_positive, benchmark.duplicate_id,
/// benchmark.unknown_record at
/// "#/records/i/…", "#/standing/i/…"; compute.stopped.
Result<std::vector<Stratum>> survey(const Survey& asked, const Watch& watch = {});

std::span<const Sentence> benchmark_messages();

}  // namespace qy::engine::benchmark
