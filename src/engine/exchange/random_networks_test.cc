// Small networks against every choice of their pairs and units, each a linear program written down anew, and their
// members against every group.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "engine/exchange/parts.h"

namespace qy::engine::exchange {
namespace {

constexpr double kEqual = 1e-5;

/// The least cost when exactly the arcs of `on` and the units of `built` may be used; nothing when that cannot be.
std::optional<double> least(const Network& problem, unsigned on, unsigned built) {
  milp::Model model;
  struct Flow {
    std::string from, to;
    int column;
    double quality(const Network& problem, const std::string& substance) const {
      if (from == "fresh") return problem.fresh->quality.at(substance);
      for (const auto& source : problem.sources)
        if (source.id == from) return source.quality.at(substance);
      for (const auto& unit : problem.regenerators)
        if (unit.id == from) return unit.outlet.at(substance);
      return 0;
    }
  };
  std::vector<Flow> flows;
  double fixed = 0;
  const auto flow = [&](const std::string& from, const std::string& to, double price) {
    milp::Column column{price, 0, milp::kInfinity, false};
    for (std::size_t a = 0; a < problem.arcs.size(); ++a) {
      const auto& arc = problem.arcs[a];
      if (arc.from != from || arc.to != to) continue;
      if (arc.forbidden) return;
      column.objective += arc.unit_cost;
      if (arc.max_flow) column.upper = *arc.max_flow;
      if (on >> a & 1) {
        column.lower = arc.min_flow;
        fixed += arc.fixed_cost;
      } else {
        column.upper = 0;
      }
    }
    flows.push_back({from, to, model.add(column)});
  };
  for (const auto& sink : problem.sinks) {
    if (problem.fresh) flow("fresh", sink.id, problem.fresh->cost - sink.value);
    for (const auto& source : problem.sources) flow(source.id, sink.id, source.cost - sink.value);
    for (const auto& unit : problem.regenerators) flow(unit.id, sink.id, -sink.value);
  }
  for (const auto& source : problem.sources) {
    flow(source.id, "waste", problem.waste_cost);
    for (const auto& unit : problem.regenerators)
      flow(source.id, unit.id, source.cost + unit.unit_cost + (1 - unit.recovery) * problem.waste_cost);
  }
  for (const auto& unit : problem.regenerators) flow(unit.id, "waste", problem.waste_cost);

  const auto row = [&](double low, double high, auto&& coefficient) {
    milp::Row out{.terms = {}, .lower = low, .upper = high};
    for (const auto& f : flows)
      if (const auto c = coefficient(f); c != 0) out.terms.emplace_back(f.column, c);
    model.add(out);
  };
  for (const auto& source : problem.sources)
    row(source.flow, source.flow, [&](const Flow& f) { return f.from == source.id ? 1.0 : 0.0; });
  if (problem.fresh && problem.fresh->max_flow)
    row(0, *problem.fresh->max_flow, [&](const Flow& f) { return f.from == "fresh" ? 1.0 : 0.0; });
  for (const auto& sink : problem.sinks) {
    row(sink.flow, sink.flow_max.value_or(sink.flow), [&](const Flow& f) { return f.to == sink.id ? 1.0 : 0.0; });
    for (const auto& [substance, max] : sink.max)
      row(-milp::kInfinity, 0, [&, &substance = substance, max = max](const Flow& f) {
        return f.to == sink.id ? f.quality(problem, substance) - max : 0.0;
      });
  }
  for (std::size_t u = 0; u < problem.regenerators.size(); ++u) {
    const auto& unit = problem.regenerators[u];
    row(0, 0, [&](const Flow& f) { return f.to == unit.id ? unit.recovery : f.from == unit.id ? -1.0 : 0.0; });
    const bool stands = built >> u & 1;
    if (stands) fixed += unit.fixed_cost;
    row(stands ? unit.min_flow : 0, stands ? unit.max_flow.value_or(1e6) : 0,
        [&](const Flow& f) { return f.to == unit.id ? 1.0 : 0.0; });
    for (const auto& [substance, max] : unit.inlet_max)
      row(-milp::kInfinity, 0, [&, &substance = substance, max = max](const Flow& f) {
        return f.to == unit.id ? f.quality(problem, substance) - max : 0.0;
      });
  }
  milp::Lp lp(model);
  if (lp.solve() != milp::Status::optimal) return std::nullopt;
  return lp.objective() + fixed;
}

/// Sources and sinks of which some pairs are dear, bounded or forbidden.
Network drawn(int sources, int sinks, std::size_t arcs, bool members) {
  const auto number = [](int low, int high) { return static_cast<double>(*rc::gen::inRange(low, high)); };
  Network problem;
  const auto owner = [&] { return members ? std::string(1, static_cast<char>('A' + *rc::gen::inRange(0, 3))) : ""; };
  for (int s = 0; s < sources; ++s) {
    problem.sources.push_back({.id = "S" + std::to_string(s), .flow = number(1, 60), .cost = number(-1, 3)});
    problem.sources.back().quality = {{"cod", number(0, 300)}, {"salt", number(0, 300)}};
    problem.sources.back().member = owner();
  }
  for (int k = 0; k < sinks; ++k) {
    problem.sinks.push_back({.id = "K" + std::to_string(k), .flow = number(1, 60), .value = number(0, 2)});
    auto& sink = problem.sinks.back();
    sink.max["cod"] = number(0, 250);
    if (*rc::gen::arbitrary<bool>()) sink.max["salt"] = number(0, 250);
    if (*rc::gen::inRange(0, 3) == 0) sink.flow_max = sink.flow + number(0, 30);
    sink.member = owner();
  }
  if (members || *rc::gen::inRange(0, 6)) {
    problem.fresh = Fresh{{{"cod", 0}, {"salt", 0}}, number(1, 8), std::nullopt};
    if (!members && *rc::gen::inRange(0, 4) == 0) problem.fresh->max_flow = number(0, 100);
  }
  problem.waste_cost = number(0, 5);
  if (*rc::gen::inRange(0, 2)) {
    problem.regenerators.push_back({.id = "R", .outlet = {{"cod", number(0, 60)}, {"salt", number(0, 120)}}});
    auto& unit = problem.regenerators.back();
    unit.recovery = number(5, 11) / 10;
    unit.fixed_cost = number(0, 80);
    unit.unit_cost = number(0, 2);
    unit.min_flow = number(0, 10);
    if (*rc::gen::arbitrary<bool>()) unit.max_flow = unit.min_flow + number(0, 60);
    if (*rc::gen::arbitrary<bool>()) unit.inlet_max["cod"] = number(50, 300);
  }
  for (int tries = 0; tries < 20 && problem.arcs.size() < arcs; ++tries) {
    Arc arc;
    const auto s = *rc::gen::inRange(0, sources), k = *rc::gen::inRange(0, sinks);
    const auto kind = problem.regenerators.empty() ? 0 : *rc::gen::inRange(0, 4);
    arc.from = kind == 1 ? "R" : "S" + std::to_string(s);
    arc.to = kind == 2 ? "R" : *rc::gen::inRange(0, 12) == 0 ? "waste" : "K" + std::to_string(k);
    if (std::any_of(problem.arcs.begin(), problem.arcs.end(),
                    [&](const Arc& a) { return a.from == arc.from && a.to == arc.to; }))
      continue;
    arc.fixed_cost = number(0, 90);
    arc.unit_cost = number(0, 2);
    if (*rc::gen::inRange(0, 3) == 0) arc.min_flow = number(0, 15);
    if (*rc::gen::inRange(0, 3) == 0) arc.max_flow = arc.min_flow + number(0, 30);
    arc.forbidden = *rc::gen::inRange(0, 6) == 0;
    problem.arcs.push_back(arc);
  }
  return problem;
}

double between(const Answer& answer, const std::string& from, const std::string& to) {
  double sum = 0;
  for (const auto& match : answer.matches)
    if ((from.empty() || match.from == from) && (to.empty() || match.to == to)) sum += match.flow;
  return sum;
}

RC_GTEST_PROP(Drawn, TheCostIsTheLeastOfEveryChoiceOfPairsAndUnits, ()) {
  const auto problem = drawn(*rc::gen::inRange(1, 4), *rc::gen::inRange(1, 4), 6, false);
  std::optional<double> wanted;
  for (unsigned on = 0; on < 1u << problem.arcs.size(); ++on)
    for (unsigned built = 0; built < 1u << problem.regenerators.size(); ++built)
      if (const auto cost = least(problem, on, built); cost && (!wanted || *cost < *wanted)) wanted = cost;
  const auto answer = design(problem, Sharing::none);
  RC_ASSERT(!answer.has_error());
  if (!wanted) {
    RC_ASSERT(answer->status == Status::infeasible);
    RC_ASSERT(!answer->blocking.empty());
    return;
  }
  RC_ASSERT(answer->status == Status::optimal);
  RC_ASSERT(std::fabs(answer->cost - *wanted) < kEqual * (1 + std::fabs(*wanted)));
  RC_ASSERT(std::fabs(answer->bound - answer->cost) < kEqual * (1 + std::fabs(*wanted)));
  for (const auto& arc : problem.arcs) {
    const auto flow = between(*answer, arc.from, arc.to);
    if (arc.forbidden) RC_ASSERT(flow == 0);
    if (flow > 0 && !arc.forbidden) {
      RC_ASSERT(flow >= arc.min_flow - kEqual);
      RC_ASSERT(flow <= arc.max_flow.value_or(1e9) + kEqual);
    }
  }
  for (const auto& source : problem.sources)
    RC_ASSERT(std::fabs(between(*answer, source.id, "") - source.flow) < kEqual);
  for (const auto& unit : problem.regenerators) {
    const auto in = between(*answer, "", unit.id);
    RC_ASSERT(std::fabs(in * unit.recovery - between(*answer, unit.id, "")) < kEqual);
    if (in > kEqual) {
      RC_ASSERT(in >= unit.min_flow - kEqual);
      RC_ASSERT(in <= unit.max_flow.value_or(1e9) + kEqual);
      RC_ASSERT(answer->built == std::vector<std::string>{unit.id});
    }
  }
}

RC_GTEST_PROP(Drawn, PartnersAreCounted, ()) {
  auto problem = drawn(3, 3, 0, false);
  problem.regenerators.clear();
  const auto free_cost = design(problem, Sharing::none);
  for (auto& source : problem.sources) source.max_partners = *rc::gen::inRange(0, 3);
  for (auto& sink : problem.sinks) sink.max_partners = *rc::gen::inRange(0, 3);
  // A pair is used or not: every choice that keeps the counts.
  std::optional<double> wanted;
  auto listed = problem;
  for (const auto& source : problem.sources)
    for (const auto& sink : problem.sinks) listed.arcs.push_back({.from = source.id, .to = sink.id});
  for (unsigned on = 0; on < 1u << 9; ++on) {
    bool fits = true;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto from = std::popcount(on >> (3 * i) & 7u), to = std::popcount(on & (0b001001001u << i));
      fits = fits && from <= *problem.sources[i].max_partners && to <= *problem.sinks[i].max_partners;
    }
    if (!fits) continue;
    if (const auto cost = least(listed, on, 0); cost && (!wanted || *cost < *wanted)) wanted = cost;
  }
  const auto answer = design(problem, Sharing::none);
  RC_ASSERT(!answer.has_error());
  RC_ASSERT((answer->status == Status::optimal) == wanted.has_value());
  if (!wanted) return;
  RC_ASSERT(std::fabs(answer->cost - *wanted) < kEqual * (1 + std::fabs(*wanted)));
  RC_ASSERT(answer->cost >= free_cost->cost - kEqual);
}

/// Whatever some members pay when they stand alone, by the engine itself on what they own.
std::vector<double> groups(const Network& problem, const std::vector<std::string>& members) {
  std::vector<double> out(std::size_t{1} << members.size(), 0);
  for (std::size_t mask = 1; mask < out.size(); ++mask) {
    auto part = problem;
    const auto gone = [&](const auto& item) {
      for (std::size_t m = 0; m < members.size(); ++m)
        if (item.member == members[m]) return !(mask >> m & 1);
      return false;
    };
    std::erase_if(part.sources, gone);
    std::erase_if(part.sinks, gone);
    std::erase_if(part.arcs, [&](const Arc& arc) {
      const auto stays = [&](const std::string& id) {
        const auto same = [&](const auto& item) { return item.id == id; };
        return id == "fresh" || id == "waste" || id == "R" ||
               std::any_of(part.sources.begin(), part.sources.end(), same) ||
               std::any_of(part.sinks.begin(), part.sinks.end(), same);
      };
      return !stays(arc.from) || !stays(arc.to);
    });
    out[mask] = milp::solve(plain_program(part)).objective;
  }
  return out;
}

RC_GTEST_PROP(Drawn, SharesAddUpAndAreWhatTheirNamesSay, ()) {
  auto problem = drawn(3, 3, 4, true);
  problem.regenerators.clear();
  std::erase_if(problem.arcs, [](const Arc& arc) { return arc.to == "waste" || arc.from == "R" || arc.to == "R"; });
  const auto answer = design(problem, Sharing::shapley), core = design(problem, Sharing::nucleolus);
  RC_ASSERT(!answer.has_error() && !core.has_error());
  if (answer->status != Status::optimal) return;
  std::vector<std::string> members;
  for (const auto& member : answer->members) members.push_back(member.id);
  const auto cost = groups(problem, members);
  const auto n = members.size();
  if (!std::all_of(answer->members.begin(), answer->members.end(),
                   [](const Member& m) { return m.share.has_value(); })) {
    RC_ASSERT(!answer->notes.empty());
    return;
  }
  const auto near = [&](double a, double b) { return std::fabs(a - b) < 1e-4 * (1 + std::fabs(answer->cost)); };

  // 夏普利值: the mean of what each adds over all orders in which they come.
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::vector<double> mean(n, 0);
  double orders = 0;
  do {
    std::size_t mask = 0;
    for (const auto m : order) {
      mean[m] += cost[mask | std::size_t{1} << m] - cost[mask];
      mask |= std::size_t{1} << m;
    }
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  double sum = 0, nucleus = 0;
  for (std::size_t m = 0; m < n; ++m) {
    RC_ASSERT(near(*answer->members[m].share, mean[m] / orders));
    RC_ASSERT(near(*answer->members[m].alone, cost[std::size_t{1} << m]));
    sum += *answer->members[m].share;
    nucleus += *core->members[m].share;
  }
  RC_ASSERT(near(sum, answer->cost));
  RC_ASSERT(near(nucleus, answer->cost));

  // 核仁: its least content group is as content as any sharing can make it.
  if (n < 2) return;
  milp::Model model{.maximise = true};
  for (std::size_t m = 0; m < n; ++m) model.add({0, -1e6, 1e6, false});
  const int e = model.add({1, -1e6, 1e6, false});
  double worst = milp::kInfinity;
  for (std::size_t mask = 1; mask < cost.size(); ++mask) {
    milp::Row row{.terms = {}, .upper = cost[mask]};
    double rest = cost[mask];
    for (std::size_t m = 0; m < n; ++m)
      if (mask >> m & 1) {
        row.terms.emplace_back(static_cast<int>(m), 1);
        rest -= *core->members[m].share;
      }
    if (mask + 1 == cost.size()) {
      row.lower = row.upper = answer->cost;
    } else {
      row.terms.emplace_back(e, 1);
      worst = std::min(worst, rest);
    }
    model.add(row);
  }
  milp::Lp lp(model);
  RC_ASSERT(lp.solve() == milp::Status::optimal);
  RC_ASSERT(near(worst, lp.objective()));
}

RC_GTEST_PROP(Drawn, NobodyPaysMoreThanAloneWhenThatIsAsked, ()) {
  auto problem = drawn(3, 3, 5, true);
  problem.regenerators.clear();
  std::erase_if(problem.arcs, [](const Arc& arc) { return arc.to == "waste" || arc.from == "R" || arc.to == "R"; });
  const auto together = design(problem, Sharing::none);
  problem.individual_rationality = true;
  const auto answer = design(problem, Sharing::none);
  RC_ASSERT(!answer.has_error());
  if (answer->status != Status::optimal) return;
  RC_ASSERT(answer->cost >= together->cost - kEqual * (1 + std::fabs(together->cost)));
  double direct = 0, alone = 0;
  bool all = true;
  for (const auto& member : answer->members) {
    if (member.alone) RC_ASSERT(*member.direct <= *member.alone + 1e-4 * (1 + std::fabs(*member.alone)));
    direct += *member.direct;
    all = all && member.alone;
    alone += member.alone.value_or(0);
  }
  RC_ASSERT(std::fabs(direct - answer->cost) < 1e-4 * (1 + std::fabs(answer->cost)));
  if (all) RC_ASSERT(answer->cost <= alone + 1e-4 * (1 + std::fabs(alone)));
}

// More than 250 dear pairs go the long way: slope scaling, cuts, fixing, and a program of what is left.
TEST(Drawn, ManyDearPairsReachTheOptimumOfThePlainProgram) {
  std::uint32_t seed = 7;
  const auto next = [&](int below) {
    seed = seed * 1664525u + 1013904223u;
    return static_cast<double>((seed >> 16) % static_cast<unsigned>(below));
  };
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE(round);
    Network problem;
    for (int s = 0; s < 17; ++s) {
      problem.sources.push_back({.id = "S" + std::to_string(s), .flow = 5 + next(40)});
      problem.sources.back().quality["cod"] = 20 + next(300);
    }
    for (int k = 0; k < 16; ++k)
      problem.sinks.push_back({.id = "K" + std::to_string(k), .flow = 5 + next(40), .max = {{"cod", 40 + next(250)}}});
    problem.fresh = Fresh{{{"cod", 0}}, 4, std::nullopt};
    problem.waste_cost = 1;
    for (const auto& source : problem.sources)
      for (const auto& sink : problem.sinks)
        problem.arcs.push_back({.from = source.id, .to = sink.id, .fixed_cost = 70 + next(90)});
    const auto answer = design(problem, Sharing::none);
    const auto plain = milp::solve(plain_program(problem));
    ASSERT_TRUE(answer);
    ASSERT_EQ(plain.status, milp::Status::optimal);
    EXPECT_EQ(answer->status, Status::optimal);
    EXPECT_NEAR(answer->cost, plain.objective, 1e-4 * plain.objective);
    EXPECT_LE(answer->bound, plain.objective * (1 + 1e-6));
  }
}

RC_GTEST_PROP(FixedLoad, RegenerationKeepsTheBalanceAndNeverCostsMore, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 6);
  FixedLoad problem;
  for (std::size_t i = 0; i < n; ++i) {
    const double in = *rc::gen::inRange(0, 60) * 5;
    problem.operations.push_back(
        {std::to_string(i), *rc::gen::inRange(1, 300) / 10.0, in, in + *rc::gen::inRange(1, 100) * 5, ""});
  }
  const auto without = design(problem, Sharing::none);
  Regenerator unit;
  unit.id = "R";
  unit.outlet[""] = *rc::gen::inRange(0, 100);
  if (*rc::gen::arbitrary<bool>()) unit.inlet_max[""] = *rc::gen::inRange(50, 500);
  unit.recovery = *rc::gen::inRange(5, 11) / 10.0;
  unit.fixed_cost = *rc::gen::inRange(0, 20);
  unit.unit_cost = *rc::gen::inRange(0, 10) / 10.0;
  unit.min_flow = *rc::gen::inRange(0, 10);
  problem.regenerators = {unit};
  const auto answer = design(problem, Sharing::none);
  RC_ASSERT(!without.has_error() && !answer.has_error());
  RC_ASSERT(answer->status == Status::optimal);
  RC_ASSERT(answer->cost <= without->cost + kEqual * (1 + without->cost));
  for (const auto& operation : problem.operations) {
    const auto in = between(*answer, "", operation.id);
    RC_ASSERT(std::fabs(in - between(*answer, operation.id, "")) < 1e-4 * (1 + in));
  }
  const auto in = between(*answer, "", "R"), out = between(*answer, "R", "");
  RC_ASSERT(std::fabs(out - unit.recovery * in) < 1e-4 * (1 + in));
  if (in > kEqual) RC_ASSERT(in >= unit.min_flow - kEqual);
  const auto lost = (1 - unit.recovery) * in;
  RC_ASSERT(std::fabs(between(*answer, "", "waste") + lost - answer->waste) < 1e-4 * (1 + answer->waste));
}

}  // namespace
}  // namespace qy::engine::exchange
