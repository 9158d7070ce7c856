// portfolio and exchange as documents: the published cases, the documents of docs/compute, every mistake at its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "codec/compute.h"

namespace qy::codec {
namespace {

using testing::ElementsAre;

const rules::Library& packs() {
  static const auto loaded = rules::Library::load(QY_SOURCE_DIR "/packs");
  return *loaded.library;
}

std::string file_text(const std::string& path) {
  std::ifstream file(QY_SOURCE_DIR "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

json::Value read(std::string_view text) {
  const auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

json::Object case_file(const std::string& name) { return read(file_text("tests/cases/" + name + ".json")).as_object(); }

json::Object answer_of(std::string_view name, const json::Value& input) {
  const auto answer = compute(packs(), name, input);
  EXPECT_TRUE(answer) << json::dump(input);
  if (!answer)
    for (const auto& field : answer.error().fields) ADD_FAILURE() << field.pointer << " " << field.code;
  return answer ? answer->as_object() : json::Object();
}

std::vector<std::string> complaints(std::string_view name, std::string_view input) {
  const auto answer = compute(packs(), name, read(input));
  std::vector<std::string> out;
  if (!answer)
    for (const auto& field : answer.error().fields) out.push_back(field.pointer + " " + field.code);
  return out;
}

double number_of(const json::Value& value) {
  if (value.is_double()) return value.as_double();
  return json::decimal_of(value)->to_double();
}

/// Every value of `wanted` is in `got`; numbers up to 1e-9.
void holds(const json::Value& got, const json::Value& wanted, const std::string& at) {
  SCOPED_TRACE(at);
  if (const auto* object = wanted.if_object()) {
    ASSERT_TRUE(got.is_object());
    for (const auto& [key, value] : *object) {
      const auto* there = got.as_object().if_contains(key);
      ASSERT_TRUE(there) << key;
      holds(*there, value, at + "/" + std::string(key));
    }
  } else if (const auto* list = wanted.if_array()) {
    ASSERT_TRUE(got.is_array());
    ASSERT_EQ(got.as_array().size(), list->size());
    for (std::size_t i = 0; i < list->size(); ++i) holds(got.as_array()[i], (*list)[i], at + "/" + std::to_string(i));
  } else if (json::is_number(wanted)) {
    EXPECT_NEAR(number_of(got), number_of(wanted), 1e-9 * (1 + std::fabs(number_of(wanted))));
  } else {
    EXPECT_EQ(got, wanted);
  }
}

/// The document of a case with "value", "use" and "budget": options "1", "2" …
json::Object portfolio_of(const json::Object& file) {
  json::Array options;
  for (std::size_t k = 0; k < file.at("value").as_array().size(); ++k) {
    json::Array cost;
    for (const auto& row : file.at("use").as_array()) cost.push_back(row.as_array()[k]);
    options.push_back(
        json::Object{{"id", std::to_string(k + 1)}, {"value", file.at("value").as_array()[k]}, {"cost", cost}});
  }
  return {{"options", options}, {"budget", file.at("budget")}};
}

std::string sets_of(const json::Value& sets) {
  std::string out;
  for (const auto& set : sets.as_array()) {
    for (const auto& id : set.as_array())
      out += (json::is_text(id) ? std::string(id.as_string()) : json::dump(id)) + " ";
    out += "; ";
  }
  return out;
}

TEST(Portfolio, PublishedCases) {
  for (const auto* name :
       {"port_lorie_savage_9", "port_stockco", "port_petersen_1", "port_petersen_2", "port_petersen_3",
        "port_petersen_4", "port_petersen_5", "port_petersen_6", "port_petersen_7"}) {
    SCOPED_TRACE(name);
    const auto file = case_file(name);
    const auto answer = answer_of("portfolio", portfolio_of(file));
    const auto& recomputed = file.at("recomputed").as_object();
    EXPECT_EQ(answer.at("status"), "optimal");
    EXPECT_EQ(number_of(answer.at("objective")), number_of(file.at("published").at("ip_optimum")));
    EXPECT_EQ(number_of(answer.at("bound")), number_of(answer.at("objective")));
    EXPECT_EQ(sets_of(answer.at("optima")), sets_of(recomputed.at("all_optimal_sets")));
    if (recomputed.if_contains("lp_relaxation")) {
      EXPECT_NEAR(number_of(answer.at("lp_bound")), number_of(recomputed.at("lp_relaxation")), 5e-9);
    }
  }
}

TEST(Portfolio, ModificationsOfStockco) {
  const auto file = case_file("port_stockco");
  const auto& extensions = file.at("extensions").as_object();
  const auto check = [&](const char* extension, const json::Object& input) {
    SCOPED_TRACE(extension);
    const auto answer = answer_of("portfolio", input);
    const auto& wanted = extensions.at(extension).as_object();
    EXPECT_EQ(number_of(answer.at("objective")), number_of(wanted.at("optimum")));
    EXPECT_EQ(sets_of(answer.at("optima")), sets_of(wanted.at("selected")));
  };
  auto input = portfolio_of(file);
  input["max_selected"] = 2;
  check("at_most_two", input);
  input = portfolio_of(file);
  input["options"].as_array()[1].as_object()["requires"] = json::Array{"1"};
  check("2_requires_1", input);
  input = portfolio_of(file);
  input["options"].as_array()[1].as_object()["excludes"] = json::Array{"4"};
  check("2_excludes_4", input);
}

TEST(Portfolio, TheContractsExampleIsReadAsItStands) {
  const auto answer = answer_of(
      "portfolio",
      read(
          R"({"options": [{"id": "1", "value": "7.5", "cost": [5, 0], "effects": {"water_t": 100}, "requires": ["a"], "excludes": ["b"]},
        {"id": "a", "value": 1, "cost": [2, 1], "effects": {}}, {"id": "b", "value": 9, "cost": [4, 1], "effects": {"water_t": 70}}],
        "budget": [14, 3], "targets": {"water_t": 80}, "max_selected": 2, "carry_over": false})"));
  EXPECT_EQ(json::dump(answer.at("selected")), R"(["1","a"])");
  EXPECT_EQ(number_of(answer.at("objective")), 8.5);
  EXPECT_EQ(json::dump(answer.at("spent")), R"(["7","1"])");
  EXPECT_EQ(number_of(answer.at("effects").at("water_t")), 100);
}

TEST(Portfolio, TheYearOfBuildingIsChosen) {
  const auto answer = answer_of(
      "portfolio",
      read(R"({"options": [{"id": "a", "value": 10, "cost": [6], "starts": [{"year": 1}, {"year": 2, "value": 9}]},
        {"id": "b", "value": 8, "cost": [6], "starts": [{"year": 1}, {"year": 2, "value": 5}]},
        {"id": "c", "value": 3, "cost": [1], "requires": ["a"], "starts": [{"year": 1}]}], "budget": [6, 6]})"));
  EXPECT_EQ(number_of(answer.at("objective")), 17);
  EXPECT_EQ(json::dump(answer.at("starts")), R"({"a":2,"b":1})");
}

TEST(Portfolio, TheCheapestWayToALevel) {
  const auto answer = answer_of("portfolio", read(file_text("src/codec/testdata/compute_fuzz/portfolio_level.json")));
  EXPECT_EQ(answer.at("status"), "optimal");
  EXPECT_EQ(number_of(answer.at("objective")), 55);
  holds(answer.at("level"), read(R"({"from": "none", "to": "II", "index_now": "78", "index_then": "88",
      "rows": [{"id": "5", "from": "below", "to": "II", "limiting": true, "options": ["counter"]}]})"),
        "#");
}

TEST(Portfolio, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(
          "portfolio",
          R"({"options": [{"id": "1", "value": "x", "cost": [5, "y"], "requires": ["q"], "savings": {"s": 2}}, {"id": "1", "cost": [1, 2]},
                 {"id": "3", "value": 1, "starts": [{"year": 0}], "rows": {"5": {"value": 1}}}],
                 "budget": [-4], "overlaps": [{"options": ["1"]}], "colour": 1})"),
      testing::UnorderedElementsAre(
          "#/options/0/value decimal.format", "#/options/0/cost/1 decimal.format", "#/options/1/value field.required",
          "#/options/2/starts/0/year field.range", "#/overlaps/0/options portfolio.two_options",
          "#/colour field.unknown", "#/options/1/id portfolio.duplicate", "#/budget/0 portfolio.negative",
          "#/options/1/cost portfolio.cost_years", "#/options/2/rows portfolio.rows_without_level",
          "#/options/0/requires/0 portfolio.unknown_option", "#/options/0/savings/s portfolio.unknown_stream",
          "#/options/0/savings/s portfolio.share"));
  EXPECT_THAT(complaints("portfolio", R"({"options": []})"), ElementsAre("#/options field.empty"));
  EXPECT_THAT(complaints("portfolio", "{}"), ElementsAre("#/options field.required"));
  EXPECT_THAT(
      complaints(
          "portfolio",
          R"({"options": [{"id": "a", "value": 1e13}], "level": {"system": "x", "on": "2026-06-30", "target": "IV"}})"),
      testing::IsSupersetOf({"#/level/system indicator_system.unknown", "#/level/target field.choice"}));
  EXPECT_THAT(complaints("portfolio", "[]"), ElementsAre("# field.type"));
}

TEST(Exchange, PublishedFixedLoads) {
  for (const auto* name : {"water_wang_smith_1994", "water_eip_company_1", "water_eip_company_2", "water_eip_company_3",
                           "water_eip_park", "water_bagajewicz_savelski_10"}) {
    SCOPED_TRACE(name);
    const auto file = case_file(name);
    json::Array operations;
    for (const auto& row : file.at("operations").as_array())
      operations.push_back(json::Object{{"id", std::to_string(operations.size() + 1)},
                                        {"load", row.at("load_kg_h")},
                                        {"in_max", row.at("cin_max")},
                                        {"out_max", row.at("cout_max")}});
    const auto answer = answer_of("exchange", json::Object{{"operations", operations}, {"fresh_quality", 0}});
    const auto& recomputed = file.at("recomputed").as_object();
    const auto target = number_of(recomputed.at("min_freshwater_composite_curve"));
    EXPECT_NEAR(number_of(answer.at("fresh")), target, 1e-6);
    EXPECT_NEAR(number_of(answer.at("target")), target, 5e-8);
    EXPECT_NEAR(number_of(answer.at("bound")), target, 1e-6);
    EXPECT_NEAR(target, number_of(file.at("published").at("min_freshwater")), 0.005);
    EXPECT_NEAR(number_of(answer.at("no_reuse")), number_of(recomputed.at("no_reuse")), 1e-6);
    EXPECT_EQ(number_of(answer.at("pinch")), number_of(recomputed.at("pinch_ppm")));
  }
}

TEST(Exchange, PublishedSourcesAndSinks) {
  for (const auto* name :
       {"water_polley_2000", "water_acrylonitrile", "water_sorin_bedard_1999", "water_specialty_chemical_1995"}) {
    SCOPED_TRACE(name);
    const auto file = case_file(name);
    json::Array sources, sinks;
    for (const auto& row : file.at("sources").as_array())
      sources.push_back(json::Object{{"id", "S" + std::to_string(sources.size() + 1)},
                                     {"flow", row.at("flow")},
                                     {"quality", json::Object{{"c", row.at("quality")}}}});
    for (const auto& row : file.at("sinks").as_array())
      sinks.push_back(json::Object{{"id", "D" + std::to_string(sinks.size() + 1)},
                                   {"flow", row.at("flow")},
                                   {"max", json::Object{{"c", row.at("max_quality")}}}});
    const auto answer =
        answer_of("exchange", json::Object{{"sources", sources},
                                           {"sinks", sinks},
                                           {"fresh", json::Object{{"quality", json::Object{{"c", 0}}}, {"cost", 1}}}});
    EXPECT_NEAR(number_of(answer.at("fresh")), number_of(file.at("recomputed").at("freshwater_cascade")), 1e-6);
    const auto* digits = file.if_contains("printed_to");
    const auto within = digits ? number_of(*digits) : 5e-4;
    EXPECT_NEAR(number_of(answer.at("fresh")), number_of(file.at("published").at("freshwater")), within);
    EXPECT_NEAR(number_of(answer.at("waste")), number_of(file.at("published").at("wastewater")), within);
    EXPECT_NEAR(number_of(answer.at("bound")), number_of(answer.at("cost")), 1e-6);
  }
}

TEST(Exchange, RegeneratedWaterLeavesWhatOnlyFreshWaterCanDo) {
  const auto file = case_file("water_wang_smith_1994_regeneration");
  json::Array operations;
  for (const auto& row : file.at("operations").as_array())
    operations.push_back(json::Object{{"id", std::to_string(operations.size() + 1)},
                                      {"load", row.at("load_kg_h")},
                                      {"in_max", row.at("cin_max")},
                                      {"out_max", row.at("cout_max")}});
  const auto answer = answer_of(
      "exchange", json::Object{{"operations", operations},
                               {"fresh_quality", 0},
                               {"regenerators", json::Array{json::Object{{"id", "R"},
                                                                         {"outlet", file.at("regeneration_outlet_ppm")},
                                                                         {"unit_cost", 0.01}}}}});
  const auto& recomputed = file.at("recomputed").as_object();
  double regenerated = 0;
  for (const auto& match : answer.at("matches").as_array())
    if (match.at("from") == "R") regenerated += number_of(match.at("flow"));
  EXPECT_NEAR(number_of(answer.at("fresh")), number_of(recomputed.at("min_freshwater")), 1e-6);
  EXPECT_NEAR(number_of(answer.at("fresh")), number_of(file.at("published").at("min_freshwater")), 1e-6);
  EXPECT_NEAR(regenerated, number_of(recomputed.at("regenerated")), 1e-5);
  EXPECT_NEAR(regenerated, number_of(file.at("published").at("regenerated")), 0.005);
}

TEST(Exchange, TheParkIsSharedByItsCompanies) {
  const auto file = case_file("water_eip_park");
  json::Array operations;
  for (const auto& row : file.at("operations").as_array())
    operations.push_back(json::Object{{"id", std::to_string(operations.size() + 1)},
                                      {"load", row.at("load_kg_h")},
                                      {"in_max", row.at("cin_max")},
                                      {"out_max", row.at("cout_max")},
                                      {"member", "company " + std::to_string(operations.size() / 5 + 1)}});
  const auto answer = answer_of("exchange", json::Object{{"operations", operations}});
  double sum = 0;
  for (const auto& member : answer.at("members").as_array()) {
    EXPECT_LE(number_of(member.at("share")), number_of(member.at("stand_alone")) + 1e-6);
    sum += number_of(member.at("share"));
  }
  EXPECT_NEAR(sum, 314.35515873, 1e-6);
  EXPECT_NEAR(number_of(answer.at("members").as_array()[1].at("stand_alone")), 54.64285714, 1e-6);
}

TEST(Exchange, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints(
          "exchange",
          R"({"operations": [{"id": "1", "load": -2, "in_max": 0, "out_max": 100}, {"id": "1", "load": 2, "in_max": 100, "out_max": 100},
      {"id": "fresh", "load": "NaN", "in_max": 0, "out_max": 1}], "fresh_quality": 1, "sharing": "equal"})"),
      testing::UnorderedElementsAre(
          "#/operations/2/load decimal.format", "#/sharing field.choice", "#/operations/0/load exchange.not_positive",
          "#/operations/0/in_max exchange.fresh_too_dirty", "#/operations/1/id exchange.duplicate",
          "#/operations/1/out_max exchange.no_rise", "#/operations/2/id exchange.reserved",
          "#/operations/2/in_max exchange.fresh_too_dirty"));
  EXPECT_THAT(
      complaints(
          "exchange",
          R"({"sources": [{"id": "1", "flow": 5}], "sinks": [{"id": "1", "flow": 3, "max": {"cod": 1}, "flow_max": 2}],
                 "arcs": [{"from": "q", "to": "1"}, {"from": "1", "to": "1", "min": 3, "max": 2}], "fresh": {"cost": 1}, "individual_rationality": true})"),
      testing::UnorderedElementsAre(
          "#/sources/0/quality/cod exchange.quality_missing", "#/sources/0/member exchange.member_missing",
          "#/sinks/0/flow_max exchange.range_turned", "#/sinks/0/member exchange.member_missing",
          "#/fresh/quality/cod exchange.quality_missing", "#/arcs/0/from exchange.unknown_from",
          "#/arcs/1/max exchange.range_turned"));
  EXPECT_THAT(complaints("exchange", "{}"), ElementsAre("#/sinks field.required"));
  EXPECT_THAT(complaints("exchange", R"({"sinks": []})"), ElementsAre("#/sinks field.empty"));
  const auto refused =
      compute(packs(), "exchange", read(R"({"operations": [{"id": "1", "load": 1, "in_max": -1, "out_max": 100}]})"));
  EXPECT_EQ(refused.error().fields.at(0).params.back().second, "1 000 000 000");
}

TEST(Portfolio, AStartHasOneYearOrSeveral) {
  const auto complaint = [](const char* budget) {
    return complaints("portfolio", R"({"options": [{"id": "a", "value": 1, "cost": [1], "starts": [{"year": 3}]}],
      "budget": )" + std::string(budget) +
                                       "}");
  };
  EXPECT_THAT(complaint("[5]"), ElementsAre("#/options/0/starts/0/year portfolio.only_year"));
  EXPECT_THAT(complaint("[5, 5]"), ElementsAre("#/options/0/starts/0/year portfolio.start_year"));
}

TEST(Programs, StoppedAtOnceTheySaySo) {
  const Watch none([](double) { return false; });
  for (const auto* name : {"portfolio", "exchange"}) {
    const auto answer =
        compute(packs(), name, read(file_text("src/codec/examples/" + std::string(name) + ".json")), none);
    if (answer)
      EXPECT_EQ(answer->at("status"), "feasible") << name;
    else
      EXPECT_EQ(answer.error().code, "compute.stopped") << name;
  }
}

TEST(Programs, TheDocumentsAnswerAsTheyAreWritten) {
  for (const std::string name : {"portfolio", "exchange"}) {
    const auto text = file_text("docs/compute/" + name + ".md");
    std::size_t at = 0, ran = 0;
    while ((at = text.find("```json input\n", at)) != std::string::npos) {
      const auto begin = text.find('\n', at) + 1, end = text.find("```", begin);
      const auto output = text.find("```json output\n", end), from = text.find('\n', output) + 1;
      holds(answer_of(name, read(text.substr(begin, end - begin))),
            read(text.substr(from, text.find("```", from) - from)), name + " " + std::to_string(++ran));
      at = from;
    }
    EXPECT_GE(ran, 2u) << name;
    answer_of(name, read(file_text("src/codec/examples/" + name + ".json")));
  }
}

}  // namespace
}  // namespace qy::codec
