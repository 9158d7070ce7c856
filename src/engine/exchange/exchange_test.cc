#include "engine/exchange/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "engine/exchange/sharing.h"

namespace qy::engine::exchange {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

FixedLoad loads(std::vector<Operation> operations) {
  FixedLoad problem;
  problem.operations = std::move(operations);
  for (std::size_t i = 0; i < problem.operations.size(); ++i) problem.operations[i].id = std::to_string(i + 1);
  return problem;
}

/// Wang & Smith 1994 (tests/cases/water_wang_smith_1994.json).
FixedLoad wang_smith() { return loads({{"", 2, 0, 100}, {"", 5, 50, 100}, {"", 30, 50, 800}, {"", 4, 400, 800}}); }

/// What leaves and enters every operation of a fixed-load answer, checked from outside the program.
void flows_hold(const FixedLoad& problem, const Answer& answer) {
  const auto quality = [&](const std::string& id) {
    if (id == "fresh") return problem.fresh_quality;
    for (const auto& unit : problem.regenerators)
      if (unit.id == id) return unit.outlet.at("");
    return std::find_if(problem.operations.begin(), problem.operations.end(), [&](auto& o) { return o.id == id; })
        ->out_max;
  };
  for (const auto& operation : problem.operations) {
    double in = 0, mass = 0, out = 0;
    for (const auto& match : answer.matches) {
      if (match.to == operation.id) {
        in += match.flow;
        mass += match.flow * quality(match.from);
      }
      if (match.from == operation.id) out += match.flow;
    }
    EXPECT_LE(mass, in * operation.in_max + 1e-4) << operation.id;
    EXPECT_NEAR(mass + 1000 * operation.load, in * operation.out_max, 1e-4 * (1 + in * operation.out_max));
    EXPECT_LE(out, in + 1e-5);
  }
}

TEST(FixedLoad, WangAndSmith) {
  const auto answer = design(wang_smith(), Sharing::none);
  ASSERT_TRUE(answer);
  EXPECT_NEAR(answer->fresh, 90, 1e-6);
  EXPECT_NEAR(*answer->target, 90, 1e-9);
  EXPECT_NEAR(*answer->no_reuse, 112.5, 1e-9);
  EXPECT_EQ(answer->pinch, 100);
  EXPECT_NEAR(answer->bound, 90, 1e-6);
  flows_hold(wang_smith(), *answer);
}

TEST(FixedLoad, WhatEntersAnOperationLeavesItAgain) {
  const auto answer = design(wang_smith(), Sharing::none);
  ASSERT_TRUE(answer);
  double waste = 0;
  for (const auto& operation : wang_smith().operations) {
    double rest = 0;
    for (const auto& match : answer->matches)
      rest += (match.to == operation.id ? match.flow : 0) - (match.from == operation.id ? match.flow : 0);
    EXPECT_NEAR(rest, 0, 1e-5) << operation.id;
  }
  for (const auto& match : answer->matches)
    if (match.to == "waste") waste += match.flow;
  EXPECT_NEAR(waste, answer->waste, 1e-5);
}

TEST(FixedLoad, NamesEveryMistakeOfAnOperation) {
  const auto checked = check(loads({{"", -1, -5, 2e9}}), Sharing::none);
  ASSERT_FALSE(checked);
  std::vector<std::string> pointers;
  for (const auto& field : checked.error().fields) pointers.push_back(field.pointer);
  EXPECT_THAT(pointers, ElementsAre("#/operations/0/load", "#/operations/0/in_max", "#/operations/0/out_max"));
}

TEST(FixedLoad, FlowsBeyondEveryPlantAreRefusedAndThoseBelowAreSolved) {
  const auto with = [](double out_max) { return loads({{"", 2, 0, out_max}, {"", 5, 50, 100}, {"", 30, 50, 800}}); };
  const auto refused = check(with(1e-12), Sharing::none);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fields.at(0).pointer, "#/operations/0/out_max");
  EXPECT_EQ(refused.error().fields.at(0).code, "exchange.flow_too_large");
  for (const double out_max : {3e-6, 1e-4, 1e-2, 1.0}) {
    const auto answer = design(with(out_max), Sharing::none);
    ASSERT_TRUE(answer) << out_max;
    EXPECT_NEAR(answer->fresh, *answer->target, 1e-5 * *answer->target) << out_max;
  }
}

TEST(FixedLoad, RegenerationIsBuiltWhenItPays) {
  auto problem = wang_smith();
  Regenerator unit;
  unit.id = "R";
  unit.outlet[""] = 5;
  unit.unit_cost = 0.2;
  problem.regenerators = {unit};
  const auto with = design(problem, Sharing::none);
  ASSERT_TRUE(with);
  EXPECT_LT(with->fresh, 90 - 1);
  EXPECT_LT(with->cost, 90 - 1);
  EXPECT_THAT(with->built, ElementsAre("R"));
  flows_hold(problem, *with);
  // The first operation admits fresh water only: 20 t/h whatever is regenerated.
  EXPECT_GE(with->fresh, 20 - 1e-6);

  problem.regenerators[0].fixed_cost = 1000;
  const auto dear = design(problem, Sharing::none);
  EXPECT_NEAR(dear->cost, 90, 1e-6);
  EXPECT_THAT(dear->built, IsEmpty());
}

RC_GTEST_PROP(FixedLoad, TheNetworkReachesThePinchTarget, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 9);
  FixedLoad problem;
  problem.fresh_quality = *rc::gen::element(0.0, 0.0, 5.0);
  for (std::size_t i = 0; i < n; ++i) {
    const auto in = problem.fresh_quality + *rc::gen::inRange(0, 80) * 5;
    problem.operations.push_back(
        {std::to_string(i), *rc::gen::inRange(1, 400) / 10.0, in, in + *rc::gen::inRange(1, 100) * 5, ""});
  }
  const auto answer = design(problem, Sharing::none);
  RC_ASSERT(!answer.has_error());
  RC_ASSERT(std::fabs(answer->fresh - *answer->target) < 1e-5 * (1 + *answer->target));
  RC_ASSERT(*answer->target <= *answer->no_reuse + 1e-9);
  // The order of the operations and the units of the loads change nothing.
  auto turned = problem;
  std::reverse(turned.operations.begin(), turned.operations.end());
  for (auto& operation : turned.operations) operation.load *= 3;
  const auto other = design(turned, Sharing::none);
  RC_ASSERT(std::fabs(other->fresh - 3 * answer->fresh) < 1e-4 * (1 + *answer->target));
}

/// Polley & Polley 2000 (tests/cases/water_polley_2000.json): 70 t/h of fresh water, 50 t/h of waste.
Network polley() {
  Network problem;
  const double flows[] = {50, 100, 70, 60}, qualities[] = {50, 100, 150, 250};
  const double needs[] = {50, 100, 80, 70}, limits[] = {20, 50, 100, 200};
  for (int i = 0; i < 4; ++i) {
    const auto id = std::to_string(i + 1);
    problem.sources.push_back({.id = "S" + id, .flow = flows[i], .quality = {{"c", qualities[i]}}});
    problem.sinks.push_back({.id = "D" + id, .flow = needs[i], .max = {{"c", limits[i]}}});
  }
  problem.fresh = Fresh{{{"c", 0}}, 1, std::nullopt};
  return problem;
}

void network_holds(const Network& problem, const Answer& answer) {
  for (const auto& sink : problem.sinks) {
    double in = 0;
    std::map<std::string, double> mass;
    for (const auto& match : answer.matches) {
      if (match.to != sink.id) continue;
      in += match.flow;
      for (const auto& [substance, max] : sink.max) {
        if (match.from == "fresh") mass[substance] += match.flow * problem.fresh->quality.at(substance);
        for (const auto& source : problem.sources)
          if (source.id == match.from) mass[substance] += match.flow * source.quality.at(substance);
        for (const auto& unit : problem.regenerators)
          if (unit.id == match.from) mass[substance] += match.flow * unit.outlet.at(substance);
      }
    }
    EXPECT_GE(in, sink.flow - 1e-6) << sink.id;
    EXPECT_LE(in, sink.flow_max.value_or(sink.flow) + 1e-6) << sink.id;
    for (const auto& [substance, max] : sink.max) EXPECT_LE(mass[substance], in * max + 1e-4) << sink.id << substance;
  }
  for (const auto& source : problem.sources) {
    double out = 0;
    for (const auto& match : answer.matches)
      if (match.from == source.id) out += match.flow;
    EXPECT_NEAR(out, source.flow, 1e-6) << source.id;
  }
}

TEST(Network, Polley) {
  const auto answer = design(polley(), Sharing::none);
  ASSERT_TRUE(answer);
  EXPECT_NEAR(answer->fresh, 70, 1e-6);
  EXPECT_NEAR(answer->waste, 50, 1e-6);
  EXPECT_NEAR(answer->bound, 70, 1e-6);
  network_holds(polley(), *answer);
}

TEST(Network, SeveralQualityLimitsHoldTogether) {
  auto problem = polley();
  for (auto& source : problem.sources) source.quality["salt"] = 400;
  for (auto& sink : problem.sinks) sink.max["salt"] = 300;
  problem.fresh->quality["salt"] = 100;
  const auto answer = design(problem, Sharing::none);
  ASSERT_TRUE(answer);
  // A third of every sink is fresh water at least, and 30 of D1 for its other limit.
  EXPECT_GE(answer->fresh, 30 + 250.0 / 3 - 1e-6);
  network_holds(problem, *answer);
}

TEST(Network, PairsMayBeForbiddenDearOrBounded) {
  auto problem = polley();
  const auto used = [](const Answer& answer, const std::string& from, const std::string& to) {
    double flow = 0;
    for (const auto& match : answer.matches)
      if (match.from == from && match.to == to) flow += match.flow;
    return flow;
  };
  for (const auto* sink : {"D1", "D2", "D3", "D4"})
    problem.arcs.push_back({.from = "S1", .to = sink, .forbidden = true});
  auto answer = design(problem, Sharing::none);
  EXPECT_NEAR(used(*answer, "S1", "waste"), 50, 1e-6);
  EXPECT_GT(answer->fresh, 70 + 1);

  problem.arcs.clear();
  for (const auto* source : {"S1", "S2", "S3", "S4"})
    for (const auto* sink : {"D1", "D2", "D3", "D4"})
      problem.arcs.push_back({.from = source, .to = sink, .fixed_cost = 8});
  answer = design(problem, Sharing::none);
  std::size_t pipes = 0;
  for (const auto& match : answer->matches) pipes += match.from != "fresh" && match.to != "waste";
  EXPECT_EQ(answer->status, Status::optimal);
  EXPECT_NEAR(answer->cost, answer->fresh + 8.0 * static_cast<double>(pipes), 1e-6);
  EXPECT_NEAR(answer->bound, answer->cost, 1e-6);
  network_holds(problem, *answer);

  problem = polley();
  problem.arcs = {{.from = "S2", .to = "D2", .min_flow = 45, .max_flow = 60}};
  answer = design(problem, Sharing::none);
  const auto flow = used(*answer, "S2", "D2");
  EXPECT_TRUE(flow < 1e-6 || (flow > 45 - 1e-6 && flow < 60 + 1e-6)) << flow;

  problem = polley();
  for (auto& sink : problem.sinks) sink.max_partners = 1;
  answer = design(problem, Sharing::none);
  for (const auto& sink : problem.sinks) {
    std::size_t partners = 0;
    for (const auto& match : answer->matches) partners += match.to == sink.id && match.from != "fresh";
    EXPECT_LE(partners, 1u);
  }
  network_holds(problem, *answer);

  problem = polley();
  problem.only_listed_arcs = true;
  answer = design(problem, Sharing::none);
  EXPECT_NEAR(answer->fresh, 300, 1e-6);
  EXPECT_NEAR(answer->waste, 280, 1e-6);
}

TEST(Network, RegenerationHasAFixedOutletAndLosesWater) {
  auto problem = polley();
  problem.regenerators = {{.id = "R", .outlet = {{"c", 10}}, .recovery = 0.9, .fixed_cost = 2, .unit_cost = 0.1}};
  const auto answer = design(problem, Sharing::none);
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->built, ElementsAre("R"));
  EXPECT_LT(answer->cost, 70 - 1);
  network_holds(problem, *answer);
  double in = 0, out = 0;
  for (const auto& match : answer->matches) {
    if (match.to == "R") in += match.flow;
    if (match.from == "R") out += match.flow;
  }
  EXPECT_NEAR(out, 0.9 * in, 1e-6);
  EXPECT_NEAR(answer->fresh - answer->waste, 300 - 280, 1e-6);

  problem.regenerators[0].inlet_max["c"] = 20;
  EXPECT_THAT(design(problem, Sharing::none)->built, IsEmpty());
}

TEST(Network, ByProductsAreTakenWhereTheyAreWorthIt) {
  Network problem;
  problem.sources = {{.id = "slag", .flow = 100, .cost = 3}};
  problem.sinks = {{.id = "cement", .flow = 0, .flow_max = 80, .value = 10}};
  problem.waste_cost = 4;
  const auto answer = design(problem, Sharing::none);
  ASSERT_TRUE(answer);
  EXPECT_NEAR(answer->cost, 80 * (3 - 10) + 20 * 4, 1e-6);
}

TEST(Network, NamesWhatCannotBe) {
  auto problem = polley();
  problem.fresh.reset();
  problem.sinks[0].max["c"] = 20;
  const auto answer = design(problem, Sharing::none);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, Status::infeasible);
  EXPECT_THAT(answer->blocking, testing::Contains("sink D1"));
}

/// Two firms: A discharges what B could use, and B pays for the pipe.
Network neighbours() {
  Network problem;
  problem.sources = {{.id = "a-out", .flow = 50, .quality = {{"c", 10}}, .member = "A"},
                     {.id = "b-out", .flow = 10, .quality = {{"c", 500}}, .member = "B"}};
  problem.sinks = {{.id = "a-in", .flow = 20, .max = {{"c", 0}}, .member = "A"},
                   {.id = "b-in", .flow = 40, .max = {{"c", 50}}, .member = "B"}};
  problem.fresh = Fresh{{{"c", 0}}, 3, std::nullopt};
  problem.waste_cost = 1;
  problem.arcs = {{.from = "a-out", .to = "b-in", .fixed_cost = 110, .unit_cost = 0.5}};
  return problem;
}

TEST(Members, NobodyLosesWhenThatIsAsked) {
  auto problem = neighbours();
  auto answer = design(problem, Sharing::shapley);
  ASSERT_TRUE(answer);
  // Alone: A 20·3 + 50·1 = 110; B mixes 4 of its own into 40 (40·50/500): 36·3 + 6·1 = 114.
  ASSERT_EQ(answer->members.size(), 2u);
  EXPECT_NEAR(*answer->members[0].alone, 110, 1e-6);
  EXPECT_NEAR(*answer->members[1].alone, 114, 1e-6);
  // Together all 40 come from A's outlet, save what B's own leaves room for.
  EXPECT_LT(answer->cost, 224 - 1);
  EXPECT_GT(*answer->members[1].direct, 114 + 1);  // B pays the pipe and would lose without a transfer
  EXPECT_NEAR(*answer->members[0].share + *answer->members[1].share, answer->cost, 1e-6);
  EXPECT_NEAR(110 - *answer->members[0].share, 114 - *answer->members[1].share, 1e-6);  // two share the gain in halves

  problem.individual_rationality = true;
  answer = design(problem, Sharing::none);
  EXPECT_LE(*answer->members[0].direct, 110 + 1e-3);
  EXPECT_LE(*answer->members[1].direct, 114 + 1e-3);
}

TEST(Sharing, ShapleyOfTheAirport) {
  // Littlechild & Owen 1973: runways of 1, 2, 3: each part is shared by those who need it.
  std::vector<double> cost(8, 0);
  for (std::size_t mask = 1; mask < 8; ++mask) cost[mask] = mask & 4 ? 3 : mask & 2 ? 2 : 1;
  EXPECT_THAT(shapley(3, cost),
              ElementsAre(DoubleNear(1.0 / 3, 1e-12), DoubleNear(5.0 / 6, 1e-12), DoubleNear(11.0 / 6, 1e-12)));
  // The nucleolus of an airport game (Littlechild 1974): min over k of c_k/(k+1) first: 1/2, then (2 − 1/2)/2, the
  // rest.
  const auto nucleus = nucleolus(3, 3, listed(3, cost), {});
  ASSERT_TRUE(nucleus);
  EXPECT_THAT(*nucleus, ElementsAre(DoubleNear(0.5, 1e-6), DoubleNear(0.75, 1e-6), DoubleNear(1.75, 1e-6)));
}

TEST(Sharing, NucleolusOfABankruptcy) {
  // Aumann & Maschler 1985: estates of 100, 200, 300 for claims of 100, 200, 300, as in the Talmud. v(S) = what the
  // others leave; costs are −v.
  const double claims[] = {100, 200, 300};
  const double shares[3][3] = {{33.333333, 33.333333, 33.333333}, {50, 75, 75}, {50, 100, 150}};
  for (int k = 0; k < 3; ++k) {
    const double estate = 100 * (k + 1);
    std::vector<double> cost(8, 0);
    for (std::size_t mask = 1; mask < 8; ++mask) {
      double others = 0;
      for (std::size_t i = 0; i < 3; ++i)
        if (!(mask >> i & 1)) others += claims[i];
      cost[mask] = -std::max(0.0, estate - others);
    }
    const auto nucleus = nucleolus(3, -estate, listed(3, cost), {});
    ASSERT_TRUE(nucleus);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(-(*nucleus)[i], shares[k][i], 1e-4) << estate;
  }
}

TEST(Members, ManyShareByTheNucleolus) {
  FixedLoad problem = wang_smith();
  for (auto& operation : problem.operations) operation.member = "M" + operation.id;
  auto answer = design(problem, Sharing::nucleolus);
  ASSERT_TRUE(answer);
  std::vector<double> few;
  for (const auto& member : answer->members) few.push_back(*member.share);

  // The same four again and again: fourteen members, whose groups are found by a program.
  FixedLoad many;
  for (int k = 0; k < 14; ++k) {
    auto operation = problem.operations[static_cast<std::size_t>(k % 4)];
    operation.id = operation.member = "M" + std::to_string(100 + k);
    many.operations.push_back(operation);
  }
  answer = design(many, Sharing::nucleolus);
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->notes, IsEmpty());
  double sum = 0;
  for (const auto& member : answer->members) {
    ASSERT_TRUE(member.share);
    EXPECT_LE(*member.share, *member.alone + 1e-4);
    sum += *member.share;
  }
  EXPECT_NEAR(sum, answer->cost, 1e-4);
  // Equal members pay the same.
  EXPECT_NEAR(*answer->members[0].share, *answer->members[4].share, 1e-3);
}

TEST(Watched, AnswersOrSaysThatItWasStopped) {
  const auto answer = design(polley(), Sharing::none, Watch([](double) { return false; }));
  EXPECT_TRUE(answer || answer.error().code == "compute.stopped");
}

}  // namespace
}  // namespace qy::engine::exchange
