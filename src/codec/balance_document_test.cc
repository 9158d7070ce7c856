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
using testing::IsEmpty;
using testing::UnorderedElementsAre;

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
  json::Object input{{"nodes", file.at("nodes")}, {"streams", streams}};
  for (const auto* key : {"constraints", "covariances", "targets"})
    if (const auto* given = file.if_contains(key)) input[key] = *given;
  return input;
}

json::Object answer_to(const json::Value& input) {
  const auto answer = compute(packs(), "balance", input);
  EXPECT_TRUE(answer) << json::dump(input);
  if (!answer)
    for (const auto& field : answer.error().fields) ADD_FAILURE() << field.pointer << " " << field.code;
  return answer ? answer->as_object() : json::Object();
}
json::Object answer_to_text(std::string_view text) { return answer_to(*json::parse(text)); }

double number(const json::Value& value) {
  return value.is_double() ? value.as_double() : json::decimal_of(value)->to_double();
}

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

/// What every case has: the streams, the global test, the nodes and the single hypotheses.
void expect_recomputed(const json::Object& file, const json::Object& answer) {
  const auto& wanted = file.at("recomputed").as_object();
  ASSERT_EQ(answer.at("status"), "solved");
  const auto& streams = answer.at("streams").as_array();
  std::size_t metered = 0;
  for (std::size_t j = 0; j < streams.size(); ++j) {
    const auto& stream = streams[j].as_object();
    const std::string id(stream.at("id").as_string());
    expect_number(stream.at("value"), wanted.at("reconciled").as_array()[j], "value " + id);
    expect_number(stream.at("sd"), wanted.at("sd_reconciled").as_array()[j], "sd " + id);
    if (const auto* classes = wanted.if_contains("class")) {
      EXPECT_EQ(stream.at("class"), classes->as_array()[j]) << id;
    }
    if (file.at("measured").as_array()[j].is_null()) continue;
    const auto& z = wanted.at("measurement_test_z").as_array()[metered];
    EXPECT_EQ(stream.at("class") == "redundant", wanted.at("redundant").as_array()[metered].as_bool()) << id;
    ++metered;
    EXPECT_EQ(stream.at("z").is_null(), z.is_null()) << id;
    if (z.is_null()) continue;
    EXPECT_NEAR(std::fabs(number(stream.at("z"))), number(z), 6e-10 * (1 + number(z))) << id;
    EXPECT_EQ(number(stream.at("z")) < 0, number(stream.at("adjustment")) < 0) << id;
    const auto power = number(wanted.at("measurement_test_z_max_power").as_array()[metered - 1]);
    EXPECT_NEAR(std::fabs(number(stream.at("z_max_power"))), power, 6e-10 * (1 + power)) << id;
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
}

class PublishedBalance : public testing::TestWithParam<const char*> {};

TEST_P(PublishedBalance, IsReproducedToThePrintedDigits) {
  const auto file = case_of(GetParam());
  const auto answer = answer_to(input_of(file));
  expect_recomputed(file, answer);
  const auto& streams = answer.at("streams").as_array();
  const auto& elimination = file.at("recomputed").at("serial_elimination_95").as_object();
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

/// "bias 3", "leak N1" of {"type": "bias", "index": 3}.
std::string name_of(const json::Object& file, const json::Value& hypothesis) {
  const auto index = static_cast<std::size_t>(hypothesis.at("index").as_int64()) - 1;
  const auto& id = hypothesis.at("type") == "bias" ? file.at("streams").as_array()[index].at("id")
                                                   : file.at("nodes").as_array()[index];
  return std::string(hypothesis.at("type").as_string()) + " " + std::string(id.as_string());
}

class FurtherBalance : public testing::TestWithParam<const char*> {};

TEST_P(FurtherBalance, IsReproducedAndItsGrossErrorsAreFound) {
  const auto file = case_of(GetParam());
  const auto answer = answer_to(input_of(file));
  expect_recomputed(file, answer);
  const auto& elimination = file.at("recomputed").at("serial_elimination_95").as_object();
  const auto& history = elimination.at("history").as_array();
  std::map<std::string, double> wanted, got;
  for (const auto& removed : elimination.at("removed").as_array())
    wanted[name_of(file, removed)] = number(removed.at("size"));
  for (const auto& suspect : answer.at("suspects").as_array())
    got[std::string(suspect.at("kind").as_string()) + " " + std::string(suspect.at("id").as_string())] =
        number(suspect.at("size"));
  ASSERT_EQ(got.size(), wanted.size());
  for (const auto& [name, size] : wanted) {
    ASSERT_TRUE(got.contains(name)) << name;
    EXPECT_NEAR(got.at(name), size, 1e-9 * (1 + std::fabs(size))) << name;
  }
  if (wanted.empty()) return;
  const auto& first = answer.at("suspects").as_array()[0];
  std::vector<std::string> alike, printed;
  for (const auto& id : first.at("equivalent").as_array()) alike.push_back("bias " + std::string(id.as_string()));
  for (const auto& id : first.at("equivalent_leaks").as_array()) alike.push_back("leak " + std::string(id.as_string()));
  for (const auto& equivalent : history[0].at("equivalent").as_array()) printed.push_back(name_of(file, equivalent));
  EXPECT_THAT(alike, testing::UnorderedElementsAreArray(printed));
  const auto& without = answer.at("without_suspects").as_object();
  EXPECT_EQ(without.at("global_test").at("dof"), history.back().at("dof"));
  EXPECT_NEAR(number(without.at("global_test").at("statistic")), number(history.back().at("chi2")),
              1e-9 * number(history.front().at("chi2")));
  const auto& values = elimination.at("final_reconciled").as_array();
  for (std::size_t j = 0; j < values.size(); ++j)
    if (!values[j].is_null())
      expect_number(without.at("values").at(file.at("streams").as_array()[j].at("id").as_string()), values[j],
                    "without");
}

INSTANTIATE_TEST_SUITE_P(Cases, FurtherBalance,
                         testing::Values("dr_lin_alhaj_dibo_2008", "dr_lin_ethylene_50x26", "dr_lin_mandel_1998",
                                         "dr_lin_martins_2010_water", "dr_lin_mitsas_2010",
                                         "dr_lin_nj_bypass_gross_error", "dr_lin_nj_bypass_unobservable",
                                         "dr_lin_ripps_1965", "dr_lin_rosenberg_1987", "dr_lin_valle_10x6",
                                         "dr_lin_valle_24x14", "dr_lin_vdi2048_run1", "dr_lin_vdi2048_run2",
                                         "dr_lin_yang_1995", "dr_lin_zhang_atmospheric_2010"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Balance, ClassesAreThePublishedOnes) {
  for (const auto* name : {"dr_lin_nj_bypass_partial", "dr_lin_nj_bypass_unobservable",
                           "dr_lin_namp_cooling_water_outside", "dr_lin_namp_cooling_water_partial"}) {
    const auto file = case_of(name);
    const auto answer = answer_to(input_of(file));
    const auto& published = file.at("published").at("classification_published").as_object();
    for (const auto& group : published)
      for (const auto& index : group.value().as_array())
        EXPECT_EQ(answer.at("streams").as_array()[static_cast<std::size_t>(index.as_int64()) - 1].at("class"),
                  group.key())
            << name;
  }
}

TEST(Balance, PrintedFlowsAndVariancesComeOut) {
  for (const auto& [name, digit] : {std::pair("dr_lin_nj_bypass_all", 0.01),
                                    {"dr_lin_nj_bypass_gross_error", 0.01},
                                    {"dr_lin_namp_cooling_water_all", 1e-8},
                                    {"dr_lin_namp_cooling_water_partial", 0.01}}) {
    SCOPED_TRACE(name);
    const auto file = case_of(name);
    const auto& published = file.at("published").as_object();
    const auto answer = answer_to(input_of(file));
    for (std::size_t j = 0; j < 6; ++j) {
      const auto& stream = answer.at("streams").as_array()[j].as_object();
      EXPECT_NEAR(number(stream.at("value")), number(published.at("reconciled_published").as_array()[j]), digit / 2);
      if (const auto* variances = published.if_contains("variance_published")) {
        EXPECT_NEAR(std::pow(number(stream.at("sd")), 2), number(variances->as_array()[j]), 5e-5);
      }
    }
  }
}

TEST(Balance, ABypassMeterThatIsOffShowsInThePrintedStatistics) {
  const auto file = case_of("dr_lin_nj_bypass_gross_error");
  const auto& published = file.at("published").as_object();
  const auto answer = answer_to(input_of(file));
  EXPECT_NEAR(number(answer.at("global_test").at("statistic")), number(published.at("global_test")), 5e-4);
  for (const auto& hypothesis : answer.at("hypotheses").as_array())
    if (hypothesis.at("kind") == "bias" && hypothesis.at("id") == "2") {
      EXPECT_NEAR(number(hypothesis.at("statistic")), number(published.at("difference")), 5e-4);
    }
  auto without = file;
  without["measured"].as_array()[1] = nullptr;
  EXPECT_NEAR(number(answer_to(input_of(without)).at("global_test").at("statistic")),
              number(published.at("global_test_without_2")), 5e-4);
}

// VDI 2048, Annex A: correlated meters, balances with coefficients, sums with their uncertainty.
TEST(Balance, TheGuidelinesHeatCircuit) {
  for (const auto* name : {"dr_lin_vdi2048_run1", "dr_lin_vdi2048_run2"}) {
    SCOPED_TRACE(name);
    const auto file = case_of(name);
    const auto& recomputed = file.at("recomputed").as_object();
    const auto answer = answer_to(input_of(file));
    for (const auto& target : answer.at("targets").as_array()) {
      const auto& wanted = recomputed.at("targets").at(target.at("id").as_string()).as_array();
      expect_number(target.at("value"), wanted[0], "target");
      expect_number(target.at("sd"), wanted[1], "target's sd");
    }
    EXPECT_EQ(answer.at("targets").as_array().size(), 4u);
    auto floored = input_of(file);
    floored["z_floor"] = 0.1;
    const auto tested = answer_to(floored);
    const auto& floors = recomputed.at("measurement_test_z_floor_0.1").as_array();
    for (std::size_t j = 0; j < floors.size(); ++j)
      if (!floors[j].is_null()) {
        EXPECT_NEAR(std::fabs(number(tested.at("streams").as_array()[j].at("z"))), number(floors[j]), 1e-9) << j;
      }
  }
  const auto first = case_of("dr_lin_vdi2048_run1"), second = case_of("dr_lin_vdi2048_run2");
  const auto answer = answer_to(input_of(first));
  const auto& published = first.at("published").as_object();
  for (std::size_t j = 0; j < 11; ++j) {
    const auto& stream = answer.at("streams").as_array()[j].as_object();
    const auto value = number(published.at("reconciled").as_array()[j]);
    EXPECT_NEAR(number(stream.at("value")), value, 1e-11 * value);
    EXPECT_NEAR(1.96 * number(stream.at("sd")), number(published.at("half_width").as_array()[j]), 1e-11);
  }
  EXPECT_EQ(answer.at("global_test").at("passed"), false);
  const auto again = answer_to(input_of(second));
  EXPECT_EQ(again.at("global_test").at("passed"), second.at("published").at("global_test_passed"));
  EXPECT_NEAR(number(again.at("global_test").at("threshold")), number(second.at("published").at("chi2_crit_95")), 5e-6);
}

// Three component balances with compositions that are known: as constraints, and as components.
TEST(Balance, KnownCompositionsAreTheSameAsConstraints) {
  const auto file = case_of("dr_lin_ripps_1965");
  const auto& recomputed = file.at("recomputed").as_object();
  auto input = input_of(file);
  input.erase("constraints");
  input["components"] = file.at("components");
  for (std::size_t j = 0; j < 4; ++j) {
    json::Object fractions;
    for (std::size_t c = 0; c < 3; ++c)
      fractions[file.at("components").as_array()[c].as_string()] =
          json::Object{{"fixed", file.at("fractions").as_array()[j].as_array()[c]}};
    input["streams"].as_array()[j].as_object()["fractions"] = fractions;
  }
  const auto answer = answer_to(input);
  EXPECT_EQ(answer.at("status"), "solved");
  for (std::size_t j = 0; j < 4; ++j) {
    const auto& stream = answer.at("streams").as_array()[j].as_object();
    expect_number(stream.at("value"), recomputed.at("reconciled").as_array()[j], "value");
    expect_number(stream.at("sd"), recomputed.at("sd_reconciled").as_array()[j], "sd");
  }
  expect_number(answer.at("global_test").at("statistic"), recomputed.at("objective_chi2"), "γ");
  EXPECT_EQ(answer.at("global_test").at("dof"), recomputed.at("dof"));
}

/// The input document of a bilinear case.
json::Object components_of(const json::Object& file) {
  auto input = input_of(file);
  for (const auto* key : {"components", "complete_composition"})
    if (const auto* given = file.if_contains(key)) input[key] = *given;
  const auto& components = file.at("components").as_array();
  for (std::size_t j = 0; j < input.at("streams").as_array().size(); ++j) {
    auto& stream = input.at("streams").as_array()[j].as_object();
    json::Object fractions;
    for (std::size_t c = 0; c < components.size(); ++c)
      fractions[components[c].as_string()] =
          json::Object{{"measured", file.at("fractions").as_array()[j].as_array()[c]},
                       {"sd", file.at("fractions_sd").as_array()[j].as_array()[c]}};
    stream["fractions"] = fractions;
  }
  return input;
}

TEST(Balance, FlowsAreSeenThroughTheirComposition) {
  for (const auto* name : {"dr_bil_rao_narasimhan_1996_juice", "dr_bil_namp_column"}) {
    SCOPED_TRACE(name);
    const auto file = case_of(name);
    const auto& recomputed = file.at("recomputed").as_object();
    const auto& components = file.at("components").as_array();
    const auto answer = answer_to(components_of(file));
    EXPECT_EQ(answer.at("status"), "solved");
    for (std::size_t j = 0; j < file.at("streams").as_array().size(); ++j) {
      const auto& stream = answer.at("streams").as_array()[j].as_object();
      const auto value = number(recomputed.at("flows").as_array()[j]);
      const auto sd = number(recomputed.at("sd_flows").as_array()[j]);
      EXPECT_NEAR(number(stream.at("value")), value, 1e-7 * value) << j;
      EXPECT_NEAR(number(stream.at("sd")), sd, 1e-6 * sd) << j;
      for (std::size_t c = 0; c < components.size(); ++c)
        EXPECT_NEAR(number(stream.at("fractions").at(components[c].as_string()).at("value")),
                    number(recomputed.at("fractions").as_array()[j].as_array()[c]), 1e-9)
            << j << " " << c;
    }
    EXPECT_NEAR(number(answer.at("global_test").at("statistic")), number(recomputed.at("objective_chi2")), 1e-6);
    EXPECT_EQ(answer.at("global_test").at("dof"), recomputed.at("dof"));
  }
}

std::vector<std::string> complaints(std::string_view input) {
  const auto answer = compute(packs(), "balance", *json::parse(input));
  std::vector<std::string> out;
  if (!answer)
    for (const auto& field : answer.error().fields) out.push_back(field.pointer + " " + field.code);
  return out;
}

TEST(Balance, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(R"({"nodes": ["A", "A", "ENV"], "streams": [
      {"id": "1", "from": "ENV", "to": "B", "measured": 1, "sd": -1},
      {"id": "1", "from": "A", "to": "A", "measured": "NaN", "sd": 1, "fixed": 2},
      {"id": "3", "from": "A", "to": "ENV", "lower": 5, "upper": 4, "sd": 1},
      {"id": "4", "from": "A", "measured": 1e20, "sd": 0, "colour": "red"},
      {"id": "5", "from": "A", "to": "ENV", "fixed": -5}], "confidence": 2})"),
      UnorderedElementsAre("#/nodes/1 balance.duplicate", "#/nodes/2 balance.environment_is_no_node",
                           "#/streams/0/to balance.unknown_node", "#/streams/0/sd balance.sd_not_positive",
                           "#/streams/1/id balance.duplicate", "#/streams/1/to balance.same_ends",
                           "#/streams/1/measured decimal.format", "#/streams/1/fixed balance.measured_and_fixed",
                           "#/streams/2/upper balance.bounds_crossed", "#/streams/2/sd balance.sd_without_measured",
                           "#/streams/3/to field.required", "#/streams/3/measured balance.range",
                           "#/streams/3/sd balance.sd_not_positive", "#/streams/3/colour field.unknown",
                           "#/streams/4/fixed balance.fixed_outside", "#/confidence balance.confidence"));
  EXPECT_THAT(complaints(R"({"nodes": [], "streams": []})"),
              ElementsAre("#/nodes balance.empty", "#/streams balance.empty"));
  EXPECT_THAT(complaints(R"({})"), UnorderedElementsAre("#/nodes field.required", "#/streams field.required"));
  EXPECT_THAT(complaints("[]"), ElementsAre("# field.type"));
  EXPECT_THAT(complaints(R"({"nodes": "A", "streams": [1, {"id": 7}]})"), Contains("#/streams/0 field.type"));
  EXPECT_THAT(complaints(R"({"nodes": ["A"], "components": ["Cu"], "splitters": ["B"], "streams": [
      {"id": "1", "from": "ENV", "to": "A", "measured": 1, "sd": 1, "fractions": {"Zn": {"fixed": 0}, "Cu": {"measured": 2, "sd": 1}}},
      {"id": "2", "from": "A", "to": "ENV"}],
      "constraints": [{"terms": {"9": 1, "1": "x"}}, {"terms": {}, "equals": 0}],
      "covariances": [["1", "2", 1], ["1", "1", 0], 3],
      "transfers": [{"node": "A", "component": "Cu", "stream": "1", "coefficient": 1.5}],
      "targets": [{"id": "t", "terms": {"8": 1}}], "meters": [{"stream": "7", "sd": 0}]})"),
              UnorderedElementsAre(
                  "#/streams/0/fractions/Zn balance.unknown_component",
                  "#/streams/0/fractions/Cu/measured balance.fraction_range", "#/splitters/0 balance.unknown_node",
                  "#/constraints/0/equals field.required", "#/constraints/0/terms/9 balance.unknown_stream",
                  "#/constraints/0/terms/1 decimal.format", "#/constraints/1/terms balance.no_terms",
                  "#/covariances/0/1 balance.covariance_unmeasured", "#/covariances/1 balance.covariance_form",
                  "#/covariances/2 balance.covariance_form", "#/transfers/0/stream balance.transfer_leaves",
                  "#/transfers/0/coefficient balance.fraction_range", "#/targets/0/terms/8 balance.unknown_stream",
                  "#/meters/0/sd balance.sd_not_positive", "#/meters/0/stream balance.unknown_stream"));
}

TEST(Balance, AComponentListedTwiceOrWrongLeavesTheOthersTheirPlaces) {
  for (const auto* components : {R"(["Cu", "Cu", "Fe"])", R"([1, "Cu", "Fe"])", R"(["", "ENV", "Fe"])"}) {
    std::string text = R"({"nodes": ["A"], "streams": [
        {"id": "1", "from": "ENV", "to": "A", "measured": 1, "sd": 1, "fractions": {"Fe": {"measured": 0.5, "sd": 0.1}}},
        {"id": "2", "from": "A", "to": "ENV", "fractions": {"Fe": {"measured": 2, "sd": 0.1}}}],
        "components": )";
    EXPECT_THAT(complaints(text + components + "}"),
                Contains("#/streams/1/fractions/Fe/measured balance.fraction_range"))
        << components;
  }
}

TEST(Balance, CovariancesThatNoMetersCanHaveAreRefused) {
  const auto three = [](const char* covariance) {
    std::string text = R"({"nodes": ["A"], "streams": [{"id": "1", "from": "ENV", "to": "A", "measured": 1, "sd": 1},
      {"id": "2", "from": "A", "to": "ENV", "measured": 1, "sd": 1}, {"id": "3", "from": "A", "to": "ENV", "measured": 1, "sd": 1}],
      "covariances": [["1", "2", -0.9], ["2", "3", -0.9], ["1", "3", )";
    return text + covariance + "]]}";
  };
  EXPECT_THAT(complaints(three("-0.9")), ElementsAre("#/covariances/0 balance.covariance_not_positive"));
  EXPECT_THAT(complaints(three("0.8")), IsEmpty());
}

TEST(Balance, BoundsThatCannotHoldAnswerWithThePartOfTheNetwork) {
  const auto answer = answer_to_text(R"({"nodes": ["A", "B"], "streams": [
      {"id": "in", "from": "ENV", "to": "A", "measured": 10, "sd": 1, "upper": 20},
      {"id": "ab", "from": "A", "to": "B"}, {"id": "out", "from": "B", "to": "ENV", "fixed": 30}]})");
  EXPECT_EQ(answer.at("status"), "infeasible");
  const auto& reason = answer.at("reason").as_object();
  EXPECT_EQ(reason.at("code"), "balance.infeasible_short");
  EXPECT_EQ(json::dump(reason.at("nodes")), R"(["A","B"])");
  EXPECT_FALSE(answer.contains("streams"));
}

TEST(Balance, TheContractsExampleIsReadAsItStands) {
  const auto answer = answer_to_text(R"({"nodes": ["N1", "N2"],
      "streams": [{"id": "1", "from": "ENV", "to": "N1", "measured": 101.91, "sd": 0.8},
                  {"id": "2", "from": "N1", "to": "N2"},
                  {"id": "3", "from": "N2", "to": "ENV", "fixed": 99.0, "lower": 0, "upper": 200}],
      "constraints": [{"terms": {"1": 1, "2": -0.5}, "equals": 0}], "covariances": [["1", "3", 0.2]],
      "components": ["Cu"], "confidence": 0.95})");
  EXPECT_EQ(answer.at("status"), "contradictory");  // 1 = 2 = 3 = 99 and 1 = 2/2
}

TEST(Balance, ACovarianceOfWhatHasNoErrorIsLeftOutAndSaidToBe) {
  const auto answer = answer_to_text(R"({"nodes": ["N"],
      "streams": [{"id": "a", "from": "ENV", "to": "N", "measured": 10, "sd": 1},
                  {"id": "b", "from": "N", "to": "ENV", "fixed": 4}, {"id": "c", "from": "N", "to": "ENV", "measured": 5, "sd": 1},
                  {"id": "d", "from": "N", "to": "ENV", "measured": 1, "sd": 1, "by_difference": true}],
      "covariances": [["a", "b", 0.2], ["c", "d", 0.1]]})");
  EXPECT_THAT(codes(answer), Contains("balance.covariance_idle"));
  EXPECT_THAT(complaints(R"({"nodes": ["N"],
      "streams": [{"id": "a", "from": "ENV", "to": "N", "measured": 10, "sd": 1}, {"id": "b", "from": "N", "to": "ENV", "fixed": 4},
                  {"id": "c", "from": "N", "to": "ENV", "measured": 5, "sd": 1}, {"id": "d", "from": "N", "to": "ENV"}],
      "covariances": [["a", "b", 0.2], ["a", "c", 7], ["a", "d", 1]]})"),
              ElementsAre("#/covariances/2/1 balance.covariance_unmeasured",
                          "#/covariances/1 balance.covariance_not_positive"));
}

TEST(Balance, SmallFlowsKeepTheirDigits) {
  // The numbers as a binary float prints them: seventeen digits, more decimals than a Decimal has.
  const auto answer = answer_to_text(R"({"nodes": ["N"],
      "streams": [{"id": "a", "from": "ENV", "to": "N", "measured": 1.0123456789012345e-09, "sd": 1.0000000000000001e-11},
                  {"id": "b", "from": "N", "to": "ENV", "measured": "9.0000000000000003e-10", "sd": 3.0000000000000001e-11}]})");
  const auto& first = answer.at("streams").as_array()[0].as_object();
  EXPECT_NEAR(std::stod(json::dump(first.at("value"))), 1.0123456789012345e-09 - 0.1 * 1.123456789012345e-10, 1e-20);
  EXPECT_NEAR(std::stod(json::dump(first.at("sd"))), 1e-11 * std::sqrt(0.9), 1e-21);
}

TEST(Balance, FixedFlowsThatContradictAreNamed) {
  const auto answer = answer_to_text(R"({"nodes": ["A", "B"], "streams": [
      {"id": "in", "from": "ENV", "to": "A", "fixed": 10}, {"id": "ab", "from": "A", "to": "B", "measured": 9, "sd": 1},
      {"id": "out", "from": "B", "to": "ENV", "fixed": 7}]})");
  EXPECT_EQ(answer.at("status"), "contradictory");
  EXPECT_EQ(answer.at("reason").at("code"), "balance.contradictory");
}

// Four balances of a chain that close to a hair: independent meters never do.
TEST(Balance, NumbersThatCloseTooWellAreSaidToBeSo) {
  json::Array nodes, streams;
  for (int i = 0; i < 5; ++i) {
    if (i < 4) nodes.push_back(json::Value(std::to_string(i)));
    streams.push_back(json::Object{{"id", std::to_string(i)},
                                   {"from", i == 0 ? "ENV" : std::to_string(i - 1)},
                                   {"to", i == 4 ? "ENV" : std::to_string(i)},
                                   {"measured", i % 2 ? "100.01" : "100"},
                                   {"sd", 1}});
  }
  const auto answer = answer_to(json::Object{{"nodes", nodes}, {"streams", streams}});
  EXPECT_THAT(codes(answer), Contains("balance.closed_too_well"));
  EXPECT_EQ(answer.at("global_test").at("passed"), true);
}

TEST(Balance, WhatWasFoundByDifferenceIsNeverVerified) {
  auto text =
      std::string(R"({"nodes": ["A"], "streams": [{"id": "in", "from": "ENV", "to": "A", "measured": 100, "sd": 1},
      {"id": "out", "from": "A", "to": "ENV", "measured": 60, "sd": 1},
      {"id": "loss", "from": "A", "to": "ENV", "measured": 40, "sd": 1, "by_difference": false}]})");
  const auto measured = answer_to_text(text);
  for (const auto& stream : measured.at("streams").as_array()) EXPECT_EQ(stream.at("verified"), true);
  text.replace(text.find("false"), 5, "true");
  const auto answer = answer_to_text(text);
  for (const auto& stream : answer.at("streams").as_array()) EXPECT_EQ(stream.at("verified"), false);
  EXPECT_EQ(answer.at("streams").as_array()[2].at("class"), "observable");
  EXPECT_EQ(answer.at("global_test").at("dof"), 0);
  EXPECT_TRUE(answer.at("global_test").at("passed").is_null());
  EXPECT_THAT(codes(answer), Contains("balance.declared_by_difference"));
  EXPECT_THAT(codes(answer), Contains("balance.no_redundancy"));
}

TEST(Balance, StopsWhenItIsTold) {
  const Watch never([](double) { return false; });
  const auto answer = compute(packs(), "balance", *json::parse(R"({"nodes": ["A"], "streams": [
      {"id": "in", "from": "ENV", "to": "A", "measured": 100, "sd": 1}, {"id": "out", "from": "A", "to": "ENV"}]})"),
                              never);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "compute.stopped");
}

}  // namespace
}  // namespace qy::codec
