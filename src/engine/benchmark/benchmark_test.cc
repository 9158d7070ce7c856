#include "engine/benchmark/benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

namespace qy::engine::benchmark {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<double> sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

// NIST/SEMATECH e-Handbook 7.2.6.2 (tests/cases/stat_percentile_nist.json).
TEST(Quantile, NamesItsDefinition) {
  const auto wafers = sorted(
      {95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.0610, 95.1591, 95.1195, 95.1065, 95.0925, 95.1990, 95.1682});
  EXPECT_NEAR(quantile(wafers, 0.9, 6), 95.19807, 1e-10);
  EXPECT_NEAR(quantile(wafers, 0.9, 7), 95.19568, 1e-10);
  EXPECT_NEAR(quantile(wafers, 0.9, 8), 95.19724333, 5e-9);
  EXPECT_EQ(quantile(wafers, 0.001, 8), 95.0610);
  EXPECT_EQ(quantile(wafers, 0.999, 8), 95.1990);
  EXPECT_EQ(quantile(std::vector<double>{3}, 0.5, 7), 3);
}

TEST(RankInterval, HoldsTheQuantileAsOftenAsItSays) {
  // Hahn & Meeker, 5.2: the median of 10 lies between the 2nd and the 9th with 97.9 %.
  const auto ten = rank_interval(10, 0.5, 0.95);
  EXPECT_EQ(ten.lower, 2u);
  EXPECT_EQ(ten.upper, 9u);
  EXPECT_NEAR(ten.coverage, 0.978515625, 1e-12);
  const auto few = rank_interval(10, 0.9, 0.95);
  EXPECT_EQ(few.upper, 11u);
  EXPECT_EQ(rank_interval(10, 0.1, 0.95).lower, 0u);

  statistics::Random random(11);
  const auto ranks = rank_interval(40, 0.75, 0.9);
  int held = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    std::vector<double> x(40);
    for (auto& value : x) value = random.uniform();
    x = sorted(x);
    held += x[ranks.lower - 1] <= 0.75 && 0.75 <= x[ranks.upper - 1];
  }
  EXPECT_GE(ranks.coverage, 0.9);
  EXPECT_NEAR(held / 4000.0, ranks.coverage, 0.02);
}

RC_GTEST_PROP(RankInterval, CoversWhatIsAsked, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 3000);
  const double p = *rc::gen::inRange(1, 100) / 100.0, confidence = *rc::gen::element(0.8, 0.9, 0.95, 0.99);
  const auto ranks = rank_interval(n, p, confidence);
  RC_ASSERT(ranks.lower < ranks.upper && ranks.upper <= n + 1);
  RC_ASSERT(ranks.coverage >= confidence - 1e-12);
}

// NIST/SEMATECH e-Handbook 1.3.5.17.1 (tests/cases/stat_grubbs_nist.json).
TEST(Outliers, GrubbsAndModifiedZOfTheMassSpectrometer) {
  const std::vector<double> masses{199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57};
  const auto one = grubbs(masses, 0.05, false);
  EXPECT_EQ(one.index, 7u);
  EXPECT_NEAR(one.statistic, 2.468764611, 5e-10);
  EXPECT_NEAR(one.critical, 2.031652002, 5e-10);
  EXPECT_NEAR(grubbs(masses, 0.05, true).critical, 2.126645087, 5e-10);
  const auto scores = modified_z(masses);
  EXPECT_NEAR(scores.centre.centre, 201.37, 1e-12);
  EXPECT_NEAR(scores.z[7], 29.96271357, 5e-9);
}

const std::vector<double> kRosner{-0.25, 0.68, 0.94, 1.15, 1.20, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56,
                                  1.58,  1.65, 1.69, 1.70, 1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.10,
                                  2.14,  2.15, 2.23, 2.24, 2.26, 2.35, 2.37, 2.40, 2.47, 2.54, 2.62, 2.64, 2.90, 2.92,
                                  2.92,  2.93, 3.21, 3.26, 3.30, 3.59, 3.68, 4.30, 4.64, 5.34, 5.42, 6.01};

// NIST/SEMATECH e-Handbook 1.3.5.17.3 (tests/cases/stat_esd_rosner.json): three outliers, which Grubbs's test does not
// see.
TEST(Outliers, RosnersThreeMaskEachOther) {
  const auto test = generalised_esd(kRosner, 10, 0.05);
  const double statistics[] = {3.118, 2.942, 3.179, 2.810, 2.815, 2.848, 2.279, 2.310, 2.101, 2.067};
  const double critical[] = {3.158, 3.151, 3.143, 3.136, 3.128, 3.120, 3.111, 3.103, 3.094, 3.085};
  ASSERT_THAT(test.steps, SizeIs(10));
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_NEAR(test.steps[i].statistic, statistics[i], 1e-3);
    EXPECT_NEAR(test.steps[i].critical, critical[i], 1e-3);
  }
  EXPECT_EQ(test.outliers, 3u);
  EXPECT_EQ(test.steps[2].index, 51u);
  const auto one = grubbs(kRosner, 0.05, true);
  EXPECT_LT(one.statistic, one.critical);
}

Survey survey_of(const std::vector<double>& values) {
  Survey asked;
  for (std::size_t i = 0; i < values.size(); ++i)
    asked.records.push_back({"e" + std::to_string(i), values[i], {}, {}, ""});
  return asked;
}

TEST(Survey, GroupsByStratumAndKeepsWhyARecordDoesNotCount) {
  Survey asked;
  for (int i = 1; i <= 12; ++i) {
    asked.records.push_back({"a" + std::to_string(i), 1 + i / 10.0, 100.0 * i, {"one"}, ""});
    if (i <= 5) asked.records.push_back({"b" + std::to_string(i), 2.0 * i, {}, {"two"}, ""});
    if (i <= 2) asked.records.push_back({"c" + std::to_string(i), 3.0 * i, {}, {"three"}, ""});
  }
  asked.records.push_back({"far", 1000, 1.0, {"one"}, ""});
  asked.records.push_back({"moved", 1.5, 1.0, {"one"}, "搬迁停产"});
  asked.standing = {{"a1", {}, {}}, {"far", {}, {}}, {"outside", 1.65, {"one"}}, {"b3", {}, {}}, {"c1", {}, {}}};
  const auto answer = survey(asked);
  ASSERT_TRUE(answer);
  ASSERT_THAT(*answer, SizeIs(3));

  const auto& one = (*answer)[0];
  EXPECT_EQ(one.shown, Shown::quantiles);
  EXPECT_EQ(one.count, 12u);
  ASSERT_THAT(one.excluded, SizeIs(2));
  EXPECT_EQ(one.excluded[0].code, "benchmark.excluded_by_hand");
  EXPECT_EQ(one.excluded[0].params[0].second, "搬迁停产");
  EXPECT_EQ(one.excluded[1].id, "far");
  EXPECT_EQ(one.excluded[1].code, "benchmark.outlier_z");
  EXPECT_NEAR(*one.mean, 1.65, 1e-12);
  EXPECT_NEAR(*one.weighted_mean,
              (1.1 * 1 + 1.2 * 2 + 1.3 * 3 + 1.4 * 4 + 1.5 * 5 + 1.6 * 6 + 1.7 * 7 + 1.8 * 8 + 1.9 * 9 + 2.0 * 10 +
               2.1 * 11 + 2.2 * 12) /
                  78,
              1e-12);
  EXPECT_EQ(*one.standing[0].better, 0u);
  EXPECT_EQ(*one.standing[0].worse, 11u);
  EXPECT_EQ(*one.standing[0].beats, 1);
  EXPECT_EQ(*one.standing[1].better, 12u);
  EXPECT_EQ(*one.standing[2].worse, 6u);
  EXPECT_NEAR(one.standing[2].above[2], 1.65 / std::sqrt(1.6 * 1.7) - 1, 1e-12);

  const auto& three = (*answer)[1];
  EXPECT_EQ(three.shown, Shown::withheld);
  EXPECT_THAT(three.points, IsEmpty());
  EXPECT_THAT(three.quantiles, IsEmpty());
  EXPECT_FALSE(three.standing[0].better);
  EXPECT_EQ(three.notes[0].code, "benchmark.withheld");

  const auto& two = (*answer)[2];
  EXPECT_EQ(two.shown, Shown::points);
  EXPECT_THAT(two.points, ElementsAre(2, 4, 6, 8, 10));
  EXPECT_THAT(two.quantiles, IsEmpty());
  EXPECT_EQ(*two.standing[0].better, 2u);
  EXPECT_FALSE(two.standing[0].beats);
  EXPECT_FALSE(two.mean);
}

TEST(Survey, SaysWhenHalfOfTheValuesAreTheSame) {
  auto asked = survey_of({5, 5, 5, 5, 5, 5, 5, 6, 7, 4, 5, 400});
  const auto answer = survey(asked);
  ASSERT_TRUE(answer);
  const auto& only = (*answer)[0];
  ASSERT_THAT(only.notes, SizeIs(1));
  EXPECT_EQ(only.notes[0].code, "benchmark.copied_values");
  EXPECT_EQ(only.notes[0].params[1].second, "8");
  ASSERT_THAT(only.excluded, SizeIs(1));
  EXPECT_EQ(only.excluded[0].id, "e11");
}

TEST(Survey, EsdOnALinearScaleTakesRosnersThree) {
  auto asked = survey_of(kRosner);
  asked.log_scale = false;
  asked.outliers = Outliers::generalised_esd;
  const auto answer = survey(asked);
  ASSERT_TRUE(answer);
  EXPECT_THAT((*answer)[0].excluded, SizeIs(3));
  EXPECT_EQ((*answer)[0].count, 51u);
}

TEST(Survey, RefusesWithEveryMistakeAtItsField) {
  auto asked = survey_of({1, 0, -2});
  asked.records[2].id = "e0";
  asked.standing = {{"nobody", {}, {}}};
  const auto answer = survey(asked);
  ASSERT_FALSE(answer);
  std::vector<std::string> fields;
  for (const auto& field : answer.error().fields) fields.push_back(field.pointer + " " + field.code);
  EXPECT_THAT(fields,
              ElementsAre("#/records/1/value benchmark.not_positive", "#/records/2/value benchmark.not_positive",
                          "#/records/2/id benchmark.duplicate_id", "#/standing/0/id benchmark.unknown_record"));
}

TEST(Survey, StopsWhenToldTo) {
  EXPECT_EQ(survey(survey_of({1, 2}), Watch([](double) { return false; })).error().code, "compute.stopped");
}

RC_GTEST_PROP(Survey, OrderAndUnitDoNotMatter, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(12, 60);
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(*rc::gen::inRange(1, 5000) / 7.0);
  auto asked = survey_of(values);
  const auto before = *survey(asked);
  std::rotate(asked.records.begin(), asked.records.begin() + static_cast<long>(n / 3), asked.records.end());
  for (auto& record : asked.records) record.value *= 1024;
  const auto after = *survey(asked);
  RC_ASSERT(before[0].count == after[0].count);
  for (std::size_t i = 0; i < before[0].quantiles.size(); ++i)
    RC_ASSERT(std::fabs(after[0].quantiles[i].value / before[0].quantiles[i].value / 1024 - 1) < 1e-12);
}

/// The largest error in rank of 99 quantiles.
double worst_rank_error(const Sketch& sketch, const std::vector<double>& all) {
  double worst = 0;
  for (int percent = 1; percent < 100; ++percent) {
    const auto value = sketch.quantile(percent / 100.0);
    const auto [first, last] = std::equal_range(all.begin(), all.end(), value);
    const auto n = static_cast<double>(all.size());
    const double low = static_cast<double>(first - all.begin()) / n, high = static_cast<double>(last - all.begin()) / n;
    const double p = percent / 100.0;
    worst = std::max(worst, p < low ? low - p : p > high ? p - high : 0);
  }
  return worst;
}

TEST(Sketch, RanksAreWithinTheBoundWhateverTheLawAndHoweverMerged) {
  int beyond = 0, runs = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    for (int law = 0; law < 3; ++law) {
      statistics::Random random(seed * 17);
      std::vector<Sketch> parts;
      for (std::uint64_t i = 0; i < 8; ++i) parts.emplace_back(200, seed * 100 + i);
      std::vector<double> all;
      for (int i = 0; i < 30000; ++i) {
        const double x = law == 0   ? std::exp(random.normal())
                         : law == 1 ? i  // ascending: the hardest order
                                    : static_cast<double>(random.below(20));
        all.push_back(x);
        parts[law == 1 ? static_cast<std::size_t>(i) * 8 / 30000 : random.below(8)].add(x);
      }
      for (std::size_t i = 1; i < parts.size(); ++i) parts[0].merge(parts[i]);
      std::sort(all.begin(), all.end());
      EXPECT_EQ(parts[0].count(), all.size());
      EXPECT_EQ(parts[0].quantile(0), all.front());
      EXPECT_EQ(parts[0].quantile(1), all.back());
      ++runs;
      beyond += worst_rank_error(parts[0], all) > parts[0].rank_error();
    }
  EXPECT_LE(beyond, runs / 30);
}

RC_GTEST_PROP(Sketch, KeepsTheCountAndSurvivesBeingWritten, (std::vector<double> values)) {
  Sketch sketch(8, 3);
  for (const auto value : values)
    if (std::isfinite(value)) sketch.add(value);
  RC_PRE(sketch.count() > 0u);
  std::uint64_t weight = 0;
  for (std::size_t level = 0; level < sketch.levels().size(); ++level) weight += sketch.levels()[level].size() << level;
  RC_ASSERT(weight == sketch.count());
  const auto again = Sketch::restored(8, 3, sketch.levels(), sketch.least(), sketch.most());
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->count() == sketch.count());
  RC_ASSERT(again->quantile(0.5) == sketch.quantile(0.5));
}

TEST(Sketch, RefusesWhatIsNone) {
  EXPECT_FALSE(Sketch::restored(4, 1, {{1}}, 1, 1));
  EXPECT_FALSE(Sketch::restored(200, 1, {}, 1, 1));
  EXPECT_FALSE(Sketch::restored(200, 1, {{}}, 1, 1));
  EXPECT_FALSE(Sketch::restored(200, 1, {{5}}, 1, 4));
  EXPECT_FALSE(Sketch::restored(200, 1, {{NAN}}, 1, 4));
  EXPECT_FALSE(Sketch::restored(8, 1, {std::vector<double>(300, 1.0)}, 1, 1));
  EXPECT_FALSE(Sketch::restored(200, 1, std::vector<std::vector<double>>(41), 1, 1));
}

TEST(Survey, MergesSketchesOfOtherPlaces) {
  statistics::Random random(5);
  auto asked = survey_of({});
  std::vector<double> all;
  for (int place = 0; place < 4; ++place) {
    Sketch sketch(200, static_cast<std::uint64_t>(place));
    for (int i = 0; i < 5000; ++i) {
      all.push_back(std::exp(random.normal()));
      sketch.add(all.back());
    }
    asked.summaries.push_back({{}, sketch});
  }
  asked.standing = {{"one", 1.0, {}}};
  asked.sketches = true;
  const auto answer = survey(asked);
  ASSERT_TRUE(answer);
  const auto& only = (*answer)[0];
  EXPECT_EQ(only.count, 20000u);
  EXPECT_NEAR(*only.rank_error, 0.0165, 1e-4);
  std::sort(all.begin(), all.end());
  for (const auto& each : only.quantiles) {
    EXPECT_LE(*each.lower, quantile(all, each.share, 8));
    EXPECT_GE(*each.upper, quantile(all, each.share, 8));
  }
  EXPECT_NEAR(*only.standing[0].beats, 0.5, 0.03);
  EXPECT_EQ(only.sketch->count(), 20000u);
}

}  // namespace
}  // namespace qy::engine::benchmark
