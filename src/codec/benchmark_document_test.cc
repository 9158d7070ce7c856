// The document of `compute benchmark`: published cases, and its mistakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/testing.h"

namespace qy::codec {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

json::Object records_of(const json::Value& data) {
  json::Array records;
  for (const auto& value : data.as_array())
    records.push_back(json::Object{{"id", "e" + std::to_string(records.size() + 1)}, {"value", value}});
  return {{"records", records}, {"scale", "linear"}};
}

// NIST/SEMATECH e-Handbook 7.2.6.2.
TEST(Benchmark, PercentileUnderThreeDefinitions) {
  const auto file = case_file("stat_percentile_nist.json").as_object();
  const auto& recomputed = file.at("recomputed").as_object();
  auto input = records_of(file.at("data"));
  input["quantiles"] = json::Array{file.at("p")};
  for (const auto& [type, name] : {std::pair(6, "type6_weibull"), {7, "type7_linear"}, {8, "type8_median_unbiased"}}) {
    input["quantile_type"] = type;
    const auto answer = answer_of("benchmark", input);
    const auto& quantile = answer.at("strata").at(0).at("quantiles").at(0);
    EXPECT_NEAR(number_of(quantile.at("value")), number_of(recomputed.at(name)), 5e-9) << name;
    EXPECT_EQ(quantile.at("type"), type);
  }
}

// NIST/SEMATECH e-Handbook 1.3.5.17.1: eight masses, one of them far off; fewer than ten keep all and show the points.
TEST(Benchmark, OutlierOfTheMassSpectrometer) {
  const auto file = case_file("stat_grubbs_nist.json").as_object();
  auto input = records_of(file.at("data"));
  input["minimum_group"] = 10;
  const auto few = answer_of("benchmark", input);
  EXPECT_EQ(few.at("strata").at(0).at("shown"), "points");
  EXPECT_THAT(few.at("strata").at(0).at("points").as_array(), SizeIs(8));
  EXPECT_THAT(few.at("strata").at(0).at("excluded").as_array(), IsEmpty());
}

// NIST/SEMATECH e-Handbook 1.3.5.17.3.
TEST(Benchmark, RosnersThreeOutliers) {
  const auto file = case_file("stat_esd_rosner.json").as_object();
  auto input = records_of(file.at("data"));
  input["outliers"] = json::Object{{"method", "generalised_esd"}};
  const auto answer = answer_of("benchmark", input);
  std::vector<std::string> out;
  for (const auto& each : answer.at("strata").at(0).at("excluded").as_array())
    out.push_back(json::dump(each.at("value")));
  EXPECT_THAT(out, ElementsAre("6.01", "5.42", "5.34"));
}

TEST(Benchmark, StrataClassesAndStanding) {
  json::Array records;
  for (int i = 0; i < 24; ++i)
    records.push_back(json::Object{{"id", "e" + std::to_string(i)},
                                   {"value", 1.0 + 0.1 * i},
                                   {"strata", json::Object{{"route", "湿法"}, {"capacity", i < 12 ? 80 : 100}}}});
  const json::Object input{
      {"records", records},
      {"stratify_by", json::Array{json::Object{{"by", "route"}},
                                  json::Object{{"by", "capacity"}, {"cuts", json::Array{"50", "100"}}}}},
      {"standing",
       json::Array{
           json::Object{{"id", "e3"}},
           json::Object{{"id", "new"}, {"value", "9"}, {"strata", json::Object{{"route", "干法"}, {"capacity", 7}}}}}},
      {"sketch", true}};
  const auto answer = answer_of("benchmark", read(json::dump(input)));
  const auto& strata = answer.at("strata").as_array();
  ASSERT_THAT(strata, SizeIs(3));
  EXPECT_EQ(json::dump(strata[0].at("strata")), R"({"route":"干法","capacity":"< 50"})");
  EXPECT_EQ(strata[0].at("shown"), "withheld");
  EXPECT_EQ(json::dump(strata[1].at("strata")), R"({"route":"湿法","capacity":"50–100"})");
  EXPECT_EQ(json::dump(strata[2].at("strata")), R"({"route":"湿法","capacity":"≥ 100"})");
  EXPECT_EQ(strata[1].at("standing").at(0).at("worse").as_int64(), 8);

  // A sketch that was written merges again.
  const json::Object merging{{"sketches", json::Array{json::Object{{"sketch", strata[1].at("sketch")}},
                                                      json::Object{{"sketch", strata[2].at("sketch")}}}}};
  const auto merged = answer_of("benchmark", read(json::dump(merging)));
  EXPECT_EQ(number_of(merged.at("strata").at(0).at("count")), 24);
  EXPECT_TRUE(merged.at("strata").at(0).at("rank_error").is_null());
}

TEST(Benchmark, SmallIntensitiesKeepTheirDigits) {
  const auto answer = answer_of("benchmark", read(R"({"records": [{"id": "a", "value": 1.2345678901234567e-07},
      {"id": "b", "value": "0.00000023456789012345678"}, {"id": "c", "value": 3.3e-20}]})"));
  const auto& points = answer.at("strata").at(0).at("points").as_array();
  EXPECT_EQ(std::stod(json::dump(points[0])), 3.3e-20);
  EXPECT_EQ(std::stod(json::dump(points[1])), 1.23456789e-07);
  EXPECT_EQ(std::stod(json::dump(points[2])), 2.345678901e-07);
}

TEST(Benchmark, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(
          "benchmark",
          R"({"quantile_type": 5, "scale": "logg", "quantiles": [0.5, 1, "x"], "confidence": 2, "stratify_by": [{"by": "a", "cuts": [3, 2]}, {"by": "b"}],
              "records": [{"id": "1", "value": "NaN", "strata": {"a": 1, "b": "x"}}, {"id": "1", "value": -1, "weight": 0, "strata": {"b": 2, "c": 3}}],
              "standing": [{"id": "7"}], "sketches": [{"strata": {"a": "x", "b": "y"}, "sketch": {"k": 200, "least": 1, "most": 0, "levels": [{"values": [1]}]}}]})"),
      ElementsAre("#/scale field.choice", "#/quantile_type field.range", "#/quantiles/2 decimal.format",
                  "#/quantiles/1 field.range", "#/confidence field.range", "#/stratify_by/0/cuts benchmark.class_cuts",
                  "#/records/0/value decimal.format", "#/records/1/weight benchmark.weight",
                  "#/records/1/strata/a field.required", "#/records/1/strata/b field.type",
                  "#/sketches/0/sketch benchmark.sketch", "#/records/1/strata/c field.unknown",
                  "#/records/1/value benchmark.not_positive", "#/records/1/id benchmark.duplicate_id",
                  "#/standing/0/id benchmark.unknown_record"));
  EXPECT_THAT(complaints("benchmark", "{}"), ElementsAre("#/records field.required"));
  EXPECT_THAT(complaints("benchmark", R"({"records": [1, {"id": "a", "value": -1}]})"),
              ElementsAre("#/records/0 field.type"));
}

}  // namespace
}  // namespace qy::codec
