#include <cmath>
#include <set>

#include "base/text.h"
#include "engine/exchange/exchange.h"

namespace qy::engine::exchange {
namespace {

constexpr double kMost = 1e9;
constexpr const char* kMostText = "1 000 000 000";

class Check {
 public:
  Result<void> run(const FixedLoad& problem, Sharing sharing) {
    fresh_ = problem.fresh_quality;
    amount("#/fresh_quality", fresh_);
    amount("#/fresh_cost", problem.fresh_cost);
    if (problem.operations.empty()) complain("#/operations", "exchange.nothing");
    many("#/operations", problem.operations.size(), 200);
    for (std::size_t i = 0; i < problem.operations.size(); ++i) {
      const auto& operation = problem.operations[i];
      const auto at = "#/operations/" + std::to_string(i);
      id(at, operation.id, true, true);
      positive(at + "/load", operation.load);
      const bool in = amount(at + "/in_max", operation.in_max), out = amount(at + "/out_max", operation.out_max);
      if (in && out) {
        const auto rise = operation.out_max - operation.in_max;
        if (rise <= 0)
          complain(at + "/out_max", "exchange.no_rise");
        else if (1000 * operation.load > kMost * rise)
          complain(at + "/out_max", "exchange.flow_too_large", {{"limit", kMostText}});
        if (operation.in_max < fresh_) complain(at + "/in_max", "exchange.fresh_too_dirty");
      }
      member(at, operation.member, sharing != Sharing::none);
    }
    regenerators(problem.regenerators, {""});
    many_members(sharing);
    return done();
  }

  Result<void> run(const Network& problem, Sharing sharing) {
    if (problem.sinks.empty()) complain("#/sinks", "exchange.nothing");
    many("#/sources", problem.sources.size(), 300);
    many("#/sinks", problem.sinks.size(), 300);
    amount("#/waste_cost", problem.waste_cost, true);
    std::set<std::string> limited, entering;
    for (const auto& sink : problem.sinks)
      for (const auto& [substance, max] : sink.max) limited.insert(substance);
    for (const auto& unit : problem.regenerators)
      for (const auto& [substance, max] : unit.inlet_max) entering.insert(substance);
    auto both = limited;
    both.insert(entering.begin(), entering.end());
    const bool owned = sharing != Sharing::none || problem.individual_rationality;
    for (std::size_t i = 0; i < problem.sources.size(); ++i) {
      const auto& source = problem.sources[i];
      const auto at = "#/sources/" + std::to_string(i);
      id(at, source.id, true, false);
      positive(at + "/flow", source.flow);
      amount(at + "/cost", source.cost, true);
      qualities(at + "/quality", source.quality, both);
      member(at, source.member, owned);
    }
    for (std::size_t i = 0; i < problem.sinks.size(); ++i) {
      const auto& sink = problem.sinks[i];
      const auto at = "#/sinks/" + std::to_string(i);
      id(at, sink.id, false, true);
      if (sink.flow_max) {
        amount(at + "/flow", sink.flow);
        if (positive(at + "/flow_max", *sink.flow_max) && *sink.flow_max < sink.flow)
          complain(at + "/flow_max", "exchange.range_turned");
      } else {
        positive(at + "/flow", sink.flow);
      }
      amount(at + "/value", sink.value, true);
      for (const auto& [substance, max] : sink.max) amount(at + "/max/" + substance, max);
      member(at, sink.member, owned);
    }
    if (problem.fresh) {
      amount("#/fresh/cost", problem.fresh->cost, true);
      if (problem.fresh->max_flow) amount("#/fresh/max_flow", *problem.fresh->max_flow);
      qualities("#/fresh/quality", problem.fresh->quality, limited);
    }
    regenerators(problem.regenerators, limited);
    arcs(problem);
    if (owned) many_members(sharing);
    choices(problem);
    return done();
  }

 private:
  void complain(std::string pointer, const char* code, Params params = {}) {
    if (complaints_.size() < 1000) complaints_.push_back({std::move(pointer), code, std::move(params)});
  }

  void many(const std::string& pointer, std::size_t count, std::size_t limit) {
    if (count > limit) complain(pointer, "exchange.too_many", {{"limit", std::to_string(limit)}});
  }

  bool amount(const std::string& pointer, double value, bool signed_too = false) {
    if (std::isfinite(value) && value <= kMost && value >= (signed_too ? -kMost : 0)) return true;
    complain(pointer, signed_too ? "exchange.size" : "exchange.range", {{"limit", kMostText}});
    return false;
  }

  bool positive(const std::string& pointer, double value) {
    // Less than a millionth of a unit is lost in the tolerance of the solver.
    if (std::isfinite(value) && value >= 1e-6 && value <= kMost) return true;
    complain(pointer, "exchange.not_positive", {{"least", "0.000001"}, {"limit", kMostText}});
    return false;
  }

  /// A source and a sink may have one id, two that flows come from may not, nor two that they go to.
  void id(const std::string& at, const std::string& id, bool gives, bool takes) {
    if (id == "fresh" || id == "waste") return complain(at + "/id", "exchange.reserved", {{"id", id}});
    const bool given = gives && !givers_.insert(id).second, taken = takes && !takers_.insert(id).second;
    if (given || taken) complain(at + "/id", "exchange.duplicate", {{"id", prefix_of(id, 40)}});
  }

  void member(const std::string& at, const std::string& member, bool owned) {
    if (!member.empty())
      members_.insert(member);
    else if (owned)
      complain(at + "/member", "exchange.member_missing");
  }

  void qualities(const std::string& at, const std::map<std::string, double>& quality,
                 const std::set<std::string>& needed) {
    for (const auto& [substance, value] : quality) amount(at + "/" + substance, value);
    for (const auto& substance : needed)
      if (!quality.contains(substance))
        complain(at + "/" + substance, "exchange.quality_missing", {{"substance", prefix_of(substance, 40)}});
  }

  void many_members(Sharing sharing) {
    if (members_.size() > kMostMembers)
      complain("#", "exchange.too_many_members", {{"limit", std::to_string(kMostMembers)}});
    if (sharing == Sharing::shapley && members_.size() > kMostShapley)
      complain("#/sharing", "exchange.too_many_for_shapley", {{"limit", std::to_string(kMostShapley)}});
  }

  void regenerators(const std::vector<Regenerator>& units, const std::set<std::string>& limited) {
    many("#/regenerators", units.size(), 20);
    for (std::size_t i = 0; i < units.size(); ++i) {
      const auto& unit = units[i];
      const auto at = "#/regenerators/" + std::to_string(i);
      id(at, unit.id, true, true);
      const bool plain = limited.contains("");
      for (const auto& [substance, value] : unit.outlet) amount(at + "/outlet" + (plain ? "" : "/" + substance), value);
      for (const auto& substance : limited)
        if (!unit.outlet.contains(substance))
          complain(at + "/outlet" + (plain ? "" : "/" + substance), "exchange.quality_missing",
                   {{"substance", prefix_of(substance, 40)}});
      for (const auto& [substance, value] : unit.inlet_max)
        amount(at + "/inlet_max" + (plain ? "" : "/" + substance), value);
      if (!(unit.recovery > 0 && unit.recovery <= 1)) complain(at + "/recovery", "exchange.recovery");
      amount(at + "/fixed_cost", unit.fixed_cost);
      amount(at + "/unit_cost", unit.unit_cost, true);
      amount(at + "/min_flow", unit.min_flow);
      if (unit.max_flow && amount(at + "/max_flow", *unit.max_flow) && *unit.max_flow < unit.min_flow)
        complain(at + "/max_flow", "exchange.range_turned");
      if (!unit.member.empty()) members_.insert(unit.member);
    }
  }

  void arcs(const Network& problem) {
    many("#/arcs", problem.arcs.size(), 20'000);
    std::set<std::string> from{"fresh"}, to{"waste"}, units;
    for (const auto& source : problem.sources) from.insert(source.id);
    for (const auto& sink : problem.sinks) to.insert(sink.id);
    for (const auto& unit : problem.regenerators) {
      from.insert(unit.id);
      to.insert(unit.id);
      units.insert(unit.id);
    }
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < problem.arcs.size(); ++i) {
      const auto& arc = problem.arcs[i];
      const auto at = "#/arcs/" + std::to_string(i);
      if (!from.contains(arc.from)) complain(at + "/from", "exchange.unknown_from", {{"id", prefix_of(arc.from, 40)}});
      if (!to.contains(arc.to)) complain(at + "/to", "exchange.unknown_to", {{"id", prefix_of(arc.to, 40)}});
      const bool from_fresh = arc.from == "fresh", from_unit = units.contains(arc.from),
                 to_unit = units.contains(arc.to);
      if ((from_fresh && (to_unit || arc.to == "waste")) || (from_unit && to_unit))
        complain(at + "/to", "exchange.no_such_pair");
      if (!seen.emplace(arc.from, arc.to).second)
        complain(at + "/to", "exchange.duplicate", {{"id", prefix_of(arc.to, 40)}});
      amount(at + "/fixed_cost", arc.fixed_cost);
      amount(at + "/unit_cost", arc.unit_cost, true);
      amount(at + "/min", arc.min_flow);
      if (arc.max_flow && amount(at + "/max", *arc.max_flow) && *arc.max_flow < arc.min_flow)
        complain(at + "/max", "exchange.range_turned");
    }
  }

  /// Pairs that are either used or not are what makes a network hard.
  void choices(const Network& problem) {
    constexpr std::size_t kMostChoices = 2000;
    std::size_t count = 0;
    for (const auto& arc : problem.arcs) count += arc.fixed_cost > 0 || arc.min_flow > 0;
    for (const auto& source : problem.sources)
      if (source.max_partners) count += problem.sinks.size() + problem.regenerators.size();
    for (const auto& sink : problem.sinks)
      if (sink.max_partners) count += problem.sources.size() + problem.regenerators.size();
    if (count > kMostChoices) complain("#", "exchange.too_many_choices", {{"limit", std::to_string(kMostChoices)}});
  }

  Result<void> done() {
    if (complaints_.empty()) return {};
    return Error{
        ErrorKind::invalid, "input.invalid", {{"count", std::to_string(complaints_.size())}}, std::move(complaints_)};
  }

  double fresh_ = 0;
  std::set<std::string> givers_, takers_, members_;
  std::vector<FieldError> complaints_;
};

}  // namespace

Result<void> check(const FixedLoad& problem, Sharing sharing) { return Check().run(problem, sharing); }
Result<void> check(const Network& problem, Sharing sharing) { return Check().run(problem, sharing); }

}  // namespace qy::engine::exchange
