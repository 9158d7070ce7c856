// The balance document against the published cases of tests/cases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "codec/compute.h"

namespace qy::codec {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const rules::Library& packs() {
  static const auto loaded = rules::Library::load(QY_SOURCE_DIR "/packs");
  return *loaded.library;
}

json::Object case_of(const std::string& name) {
  std::ifstream file(QY_SOURCE_DIR "/tests/cases/" + name + ".json");
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str())->as_object();
}

/// The input document of a linear case: streams with "measured" and "sd" beside them.
json::Object input_of(const json::Object& file) {
  json::Array streams;
  for (std::size_t j = 0; j < file.at("streams").as_array().size(); ++j) {
    auto stream = file.at("streams").as_array()[j].as_object();
    if (!file.at("measured").as_array()[j].is_null()) {
      stream["measured"] = file.at("measured").as_array()[j];
      stream["sd"] = file.at("sd").as_array()[j];
    }
    streams.push_back(stream);
  }
  return {{"nodes", file.at("nodes")}, {"streams", streams}};
}

json::Object answer_to(const json::Value& input) {
  const auto answer = compute(packs(), "balance", input);
  EXPECT_TRUE(answer) << json::dump(input);
  if (!answer)
    for (const auto& field : answer.error().fields) ADD_FAILURE() << field.pointer << " " << field.code;
  return answer ? answer->as_object() : json::Object();
}
json::Object answer_to(std::string_view text) { return answer_to(*json::parse(text)); }

double number(const json::Value& value) { return json::decimal_of(value)->to_double(); }

void expect_number(const json::Value& got, const json::Value& printed, const std::string& what) {
  if (printed.is_null()) {
    EXPECT_TRUE(got.is_null()) << what;
    return;
  }
  ASSERT_FALSE(got.is_null()) << what;
  const double wanted = number(printed);
  EXPECT_NEAR(number(got), wanted, 6e-10 * std::max(std::fabs(wanted), 1e-3)) << what;
}

std::vector<std::string> codes(const json::Object& answer) {
  std::vector<std::string> out;
  for (const auto& note : answer.at("notes").as_array()) out.emplace_back(note.at("code").as_string());
  return out;
}

class PublishedBalance : public testing::TestWithParam<const char*> {};

TEST_P(PublishedBalance, IsReproducedToThePrintedDigits) {
  const auto file = case_of(GetParam());
  const auto answer = answer_to(input_of(file));
  const auto& wanted = file.at("recomputed").as_object();
  ASSERT_EQ(answer.at("status"), "solved");
  const auto& streams = answer.at("streams").as_array();
  std::size_t metered = 0;
  for (std::size_t j = 0; j < streams.size(); ++j) {
    const auto& stream = streams[j].as_object();
    const std::string id(stream.at("id").as_string());
    expect_number(stream.at("value"), wanted.at("reconciled").as_array()[j], "value " + id);
    expect_number(stream.at("sd"), wanted.at("sd_reconciled").as_array()[j], "sd " + id);
    if (file.at("measured").as_array()[j].is_null()) continue;
    const auto& z = wanted.at("measurement_test_z").as_array()[metered];
    EXPECT_EQ(stream.at("class") == "redundant", wanted.at("redundant").as_array()[metered].as_bool()) << id;
    ++metered;
    EXPECT_EQ(stream.at("z").is_null(), z.is_null()) << id;
    if (z.is_null()) continue;
    EXPECT_NEAR(std::fabs(number(stream.at("z"))), number(z), 6e-10 * (1 + number(z))) << id;
    EXPECT_EQ(number(stream.at("z")) < 0, number(stream.at("adjustment")) < 0) << id;
  }
  const auto& global = answer.at("global_test").as_object();
  EXPECT_NEAR(number(global.at("statistic")), number(wanted.at("objective_chi2")),
              6e-10 * number(wanted.at("objective_chi2")));
  EXPECT_EQ(global.at("dof"), wanted.at("dof"));
  expect_number(global.at("threshold"), wanted.at("chi2_crit_95"), "threshold");
  expect_number(global.at("p_value"), wanted.at("p_value"), "p");
  EXPECT_NEAR(number(answer.at("self_test").at("leverage_sum_minus_rank")), 0, 1e-9);
  EXPECT_LT(number(answer.at("self_test").at("closing_relative")), 1e-12);

  if (const auto* residuals = wanted.if_contains("node_residual_before"))
    for (std::size_t i = 0; i < residuals->as_array().size(); ++i) {
      const auto& node = answer.at("nodes").as_array()[i];
      expect_number(node.at("difference"), residuals->as_array()[i], "difference");
      EXPECT_NEAR(std::fabs(number(node.at("z"))), std::fabs(number(wanted.at("nodal_test_z").as_array()[i])), 1e-9);
      EXPECT_NEAR(number(node.at("z_max_power")), number(wanted.at("nodal_test_z_max_power").as_array()[i]), 1e-9);
    }
  if (const auto* best = wanted.if_contains("glr_top5"))
    for (std::size_t i = 0; i < best->as_array().size(); ++i) {
      const auto& printed = best->as_array()[i].as_object();
      const auto& name =
          (printed.at("type") == "bias"
               ? file.at("streams").as_array()
               : file.at("nodes").as_array())[static_cast<std::size_t>(printed.at("index").as_int64()) - 1];
      const auto& id = name.is_object() ? name.at("id") : name;
      bool found = false;
      for (const auto& hypothesis : answer.at("hypotheses").as_array()) {
        if (hypothesis.at("kind") != printed.at("type") || hypothesis.at("id") != id) continue;
        found = true;
        expect_number(hypothesis.at("statistic"), printed.at("T"), "T");
        expect_number(hypothesis.at("size"), printed.at("magnitude"), "magnitude");
      }
      EXPECT_TRUE(found) << json::dump(best->as_array()[i]);
    }

  const auto& elimination = wanted.at("serial_elimination_95").as_object();
  const auto& removed = elimination.at("removed").as_array();
  const auto& suspects = answer.at("suspects").as_array();
  ASSERT_EQ(suspects.size(), removed.size());
  if (removed.empty()) return;
  EXPECT_EQ(suspects[0].at("kind"), "bias");
  EXPECT_EQ(suspects[0].at("id"),
            file.at("streams").as_array()[static_cast<std::size_t>(removed[0].as_int64()) - 1].at("id"));
  std::vector<std::string> set{std::string(suspects[0].at("id").as_string())};
  for (const auto& id : suspects[0].at("equivalent").as_array()) set.emplace_back(id.as_string());
  const auto& printed = elimination.at("history").as_array()[0].at("suspects").as_array();
  ASSERT_EQ(set.size(), printed.size());
  for (const auto& index : printed) EXPECT_THAT(set, Contains(std::to_string(index.as_int64())));
  const auto& values = answer.at("without_suspects").at("values").as_object();
  for (std::size_t j = 0; j < streams.size(); ++j)
    expect_number(values.at(streams[j].at("id").as_string()), elimination.at("final_reconciled").as_array()[j],
                  "without");
}

INSTANTIATE_TEST_SUITE_P(Cases, PublishedBalance,
                         testing::Values("dr_lin_mixer_splitter_unmeasured", "dr_lin_nj_bypass_all",
                                         "dr_lin_nj_bypass_partial", "dr_lin_serth_heenan_1986"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Balance, ClassesOfTheBypassAreThePublishedOnes) {
  const auto file = case_of("dr_lin_nj_bypass_partial");
  const auto answer = answer_to(input_of(file));
  const auto& published = file.at("published").at("classification_published").as_object();
  for (const auto& group : published)
    for (const auto& index : group.value().as_array())
      EXPECT_EQ(answer.at("streams").as_array()[static_cast<std::size_t>(index.as_int64()) - 1].at("class"),
                group.key());
}

}  // namespace
}  // namespace qy::codec
