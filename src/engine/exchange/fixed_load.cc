#include <algorithm>
#include <cmath>
#include <set>

#include "engine/exchange/exchange.h"
#include "engine/exchange/parts.h"
#include "engine/milp/milp.h"

namespace qy::engine::exchange {
namespace {

constexpr double kGramsPerKilogram = 1000;

double limiting_flow(const Operation& operation) {
  return kGramsPerKilogram * operation.load / (operation.out_max - operation.in_max);
}

double load_below(const Operation& operation, double c) {
  const auto part = (std::min(c, operation.out_max) - operation.in_max) / (operation.out_max - operation.in_max);
  return operation.load * std::clamp(part, 0.0, 1.0);
}

/// Concentrations at which the composite curve can touch its line.
std::set<double> corners(const std::vector<Operation>& operations, double fresh) {
  std::set<double> all;
  for (const auto& operation : operations)
    for (const auto c : {operation.in_max, operation.out_max})
      if (c > fresh) all.insert(c);
  return all;
}

/// The linear program with outlets at their greatest concentration, and where its flows are.
struct Program {
  milp::Model model;
  struct Pipe {
    std::string from, to;
    int column;
  };
  std::vector<Pipe> pipes;
  std::vector<int> fresh;  ///< of each operation
  struct Unit {
    std::vector<int> in, out;
    int built;
  };
  std::vector<Unit> units;
};

Program program(const FixedLoad& problem) {
  Program out;
  auto& model = out.model;
  const auto& operations = problem.operations;
  const auto n = operations.size();
  double most = 0;
  for (const auto& operation : operations) most += limiting_flow(operation);

  struct Inflow {
    int column;
    double quality;
  };
  std::vector<std::vector<Inflow>> into(n);
  std::vector<std::vector<int>> leaving(n);
  const auto pipe = [&](const std::string& from, const std::string& to, double cost) {
    const int column = model.add({cost, 0, milp::kInfinity, false});
    out.pipes.push_back({from, to, column});
    return column;
  };
  for (std::size_t i = 0; i < n; ++i) {
    out.fresh.push_back(pipe("fresh", operations[i].id, problem.fresh_cost));
    into[i].push_back({out.fresh.back(), problem.fresh_quality});
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      // What is dirtier than the outlet's limit can only be mixed in where the inlet's limit leaves room.
      if (i == j || operations[j].in_max <= 0) continue;
      const int column = pipe(operations[i].id, operations[j].id, 0);
      into[j].push_back({column, operations[i].out_max});
      leaving[i].push_back(column);
    }
  for (const auto& regenerator : problem.regenerators) {
    Program::Unit unit;
    const auto cap = std::min(most / regenerator.recovery, regenerator.max_flow.value_or(milp::kInfinity));
    unit.built = model.add({regenerator.fixed_cost, 0, 1, regenerator.fixed_cost > 0 || regenerator.min_flow > 0});
    milp::Row balance{.terms = {}, .upper = 0}, inlet{.terms = {}, .upper = 0},
        high{.terms = {{unit.built, -cap}}, .upper = 0},
        low{.terms = {{unit.built, -regenerator.min_flow}}, .lower = 0};
    const auto limit = regenerator.inlet_max.find("");
    for (std::size_t i = 0; i < n; ++i) {
      const int in = pipe(operations[i].id, regenerator.id, regenerator.unit_cost);
      unit.in.push_back(in);
      leaving[i].push_back(in);
      balance.terms.emplace_back(in, -regenerator.recovery);
      high.terms.emplace_back(in, 1);
      low.terms.emplace_back(in, 1);
      if (limit != regenerator.inlet_max.end()) inlet.terms.emplace_back(in, operations[i].out_max - limit->second);
      const int from = pipe(regenerator.id, operations[i].id, 0);
      unit.out.push_back(from);
      into[i].push_back({from, regenerator.outlet.at("")});
      balance.terms.emplace_back(from, 1);
    }
    for (auto* row : {&balance, &inlet, &high, &low})
      if (!row->terms.empty()) model.add(*row);
    out.units.push_back(std::move(unit));
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto& operation = operations[i];
    milp::Row outlet{
        .terms = {}, .lower = -kGramsPerKilogram * operation.load, .upper = -kGramsPerKilogram * operation.load},
        inlet{.terms = {}, .upper = 0}, flow{.terms = {}, .upper = 0};
    for (const auto& [column, quality] : into[i]) {
      outlet.terms.emplace_back(column, quality - operation.out_max);
      inlet.terms.emplace_back(column, quality - operation.in_max);
      flow.terms.emplace_back(column, -1);
    }
    for (const int column : leaving[i]) flow.terms.emplace_back(column, 1);
    for (auto* row : {&outlet, &inlet, &flow}) model.add(std::move(*row));
  }
  return out;
}

/// What enters an operation, or leaves a regenerator, and goes nowhere else.
void discharge(const FixedLoad& problem, std::vector<Match>& matches) {
  const auto left = [&](const std::string& id, double recovery) {
    double rest = 0;
    for (const auto& match : matches)
      rest += (match.to == id ? recovery * match.flow : 0) - (match.from == id ? match.flow : 0);
    return rest;
  };
  std::vector<Match> gone;
  for (const auto& operation : problem.operations) gone.push_back({operation.id, "waste", left(operation.id, 1)});
  for (const auto& unit : problem.regenerators) gone.push_back({unit.id, "waste", left(unit.id, unit.recovery)});
  for (auto& match : gone)
    if (match.flow > 1e-6) matches.push_back(std::move(match));
}

/// What the operations of some members cost together, and what all groups of them do.
class Members {
 public:
  explicit Members(const FixedLoad& problem) : problem_(problem) {
    std::set<std::string> names;
    for (const auto& operation : problem.operations)
      if (!operation.member.empty()) names.insert(operation.member);
    names_.assign(names.begin(), names.end());
  }

  const std::vector<std::string>& names() const { return names_; }

  FixedLoad part(const Group& group) const {
    FixedLoad part = problem_;
    const auto gone = [&](const std::string& member) {
      const auto at = std::lower_bound(names_.begin(), names_.end(), member);
      return at != names_.end() && *at == member && !group[static_cast<std::size_t>(at - names_.begin())];
    };
    std::erase_if(part.operations, [&](const Operation& operation) { return gone(operation.member); });
    std::erase_if(part.regenerators, [&](const Regenerator& unit) { return gone(unit.member); });
    return part;
  }

  std::optional<double> cost(const Group& group, const Watch& watch) const {
    const auto subset = part(group);
    if (subset.operations.empty()) return 0;
    if (subset.regenerators.empty())
      return pinch_target(subset.operations, subset.fresh_quality).fresh * subset.fresh_cost;
    const auto made = program(subset);
    const auto solved = milp::solve(made.model, {.nodes = 2000, .pivots = most_pivots(made.model), .watch = watch});
    if (solved.status != milp::Status::optimal) return std::nullopt;
    return solved.objective;
  }

  /// Σ share − price·target is greatest: whole members, the target above every corner of their curve.
  Oracle targets(const Watch& watch) const {
    return [this, &watch](const std::vector<double>& shares, const std::vector<Group>& known) -> std::optional<Worst> {
      milp::Model model{.maximise = true};
      for (const auto share : shares) model.add({share, 0, 1, true});
      const int target = model.add({-problem_.fresh_cost, 0, milp::kInfinity, false});
      for (const auto c : corners(problem_.operations, problem_.fresh_quality)) {
        milp::Row row{.terms = {{target, 1}}, .lower = 0};
        for (std::size_t m = 0; m < names_.size(); ++m) {
          double load = 0;
          for (const auto& operation : problem_.operations)
            if (operation.member == names_[m]) load += load_below(operation, c);
          row.terms.emplace_back(static_cast<int>(m), -kGramsPerKilogram * load / (c - problem_.fresh_quality));
        }
        model.add(std::move(row));
      }
      return worst_group(std::move(model), names_.size(), known, watch,
                         [&](const Group& group) { return cost(group, watch); });
    };
  }

 private:
  const FixedLoad& problem_;
  std::vector<std::string> names_;
};

}  // namespace

Target pinch_target(const std::vector<Operation>& operations, double fresh_quality) {
  Target best;
  for (const auto c : corners(operations, fresh_quality)) {
    double load = 0;
    for (const auto& operation : operations) load += load_below(operation, c);
    const auto flow = kGramsPerKilogram * load / (c - fresh_quality);
    // The least concentration where it is reached, whatever the rounding.
    if (flow > best.fresh * (1 + 1e-12)) best = {flow, c};
  }
  return best;
}

Result<Answer> design(const FixedLoad& problem, Sharing sharing, const Watch& watch) {
  QY_CHECK(check(problem, sharing));
  const auto made = program(problem);
  const auto solved = milp::solve(made.model, {.nodes = 20'000, .pivots = most_pivots(made.model), .watch = watch});
  if (!solved.found()) return Watch::stopped();
  Answer out;
  out.status = solved.status == milp::Status::optimal ? Status::optimal : Status::feasible;
  out.cost = solved.objective;
  out.bound = solved.bound;
  for (const int column : made.fresh) out.fresh += solved.values[static_cast<std::size_t>(column)];
  out.waste = out.fresh;
  for (const auto& pipe : made.pipes)
    if (const auto flow = solved.values[static_cast<std::size_t>(pipe.column)]; flow > 1e-7)
      out.matches.push_back({pipe.from, pipe.to, flow});
  discharge(problem, out.matches);
  for (std::size_t u = 0; u < made.units.size(); ++u) {
    double through = 0;
    for (const int column : made.units[u].in) through += solved.values[static_cast<std::size_t>(column)];
    if (through > 1e-7) out.built.push_back(problem.regenerators[u].id);
  }
  const auto target = pinch_target(problem.operations, problem.fresh_quality);
  out.target = target.fresh;
  out.pinch = target.pinch;
  double alone = 0;
  for (const auto& operation : problem.operations)
    alone += kGramsPerKilogram * operation.load / (operation.out_max - problem.fresh_quality);
  out.no_reuse = alone;

  if (sharing == Sharing::none) return out;
  const Members members(problem);
  share(
      out, members.names(), sharing, [&](const Group& group) { return members.cost(group, watch); },
      problem.regenerators.empty() ? members.targets(watch) : Oracle(), watch);
  return out;
}

}  // namespace qy::engine::exchange
