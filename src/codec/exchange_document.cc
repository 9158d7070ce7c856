#include "codec/documents.h"
#include "engine/exchange/exchange.h"

namespace qy::codec {
namespace {

namespace exchange = engine::exchange;

double number(json::ObjectReader& in, std::string_view name) { return required_double(in, name); }

double number(json::ObjectReader& in, std::string_view name, double absent) {
  return optional_double(in, name).value_or(absent);
}

std::optional<int> optional_count(json::ObjectReader& in, std::string_view name) {
  const auto value = in.optional_integer(name, 0, 1'000'000);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

/// {"cod": 50}
std::map<std::string, double> read_quality(json::ObjectReader& parent, std::string_view name) {
  constexpr std::size_t kMost = 50;
  std::map<std::string, double> out;
  auto in = parent.object(name, false);
  const auto keys = in.keys();
  if (keys.size() > kMost) {
    parent.complain(name, "field.too_many", {{"limit", std::to_string(kMost)}});
    return out;
  }
  for (const auto& key : keys) out[key] = number(in, key);
  return out;
}

std::vector<exchange::Regenerator> read_regenerators(json::ObjectReader& in, bool one_substance) {
  std::vector<exchange::Regenerator> out;
  for (auto& unit : in.objects("regenerators", 20)) {
    exchange::Regenerator read;
    read.id = unit.text("id", 100);
    if (one_substance) {
      read.outlet[""] = number(unit, "outlet");
      if (const auto limit = optional_double(unit, "inlet_max")) read.inlet_max[""] = *limit;
    } else {
      read.outlet = read_quality(unit, "outlet");
      read.inlet_max = read_quality(unit, "inlet_max");
    }
    read.recovery = number(unit, "recovery", 1);
    read.fixed_cost = number(unit, "fixed_cost", 0);
    read.unit_cost = number(unit, "unit_cost", 0);
    read.min_flow = number(unit, "min_flow", 0);
    read.max_flow = optional_double(unit, "max_flow");
    read.member = unit.optional_text("member", 100).value_or("");
    out.push_back(std::move(read));
  }
  return out;
}

exchange::FixedLoad read_fixed_load(json::ObjectReader& in) {
  exchange::FixedLoad problem;
  for (auto& operation : in.objects("operations", 200, true))
    problem.operations.push_back({operation.text("id", 100), number(operation, "load"), number(operation, "in_max"),
                                  number(operation, "out_max"), operation.optional_text("member", 100).value_or("")});
  problem.fresh_quality = number(in, "fresh_quality", 0);
  problem.fresh_cost = number(in, "fresh_cost", 1);
  problem.regenerators = read_regenerators(in, true);
  return problem;
}

exchange::Network read_network(json::ObjectReader& in) {
  exchange::Network problem;
  for (auto& source : in.objects("sources", 300)) {
    exchange::Source read;
    read.id = source.text("id", 100);
    read.flow = number(source, "flow");
    read.quality = read_quality(source, "quality");
    read.cost = number(source, "cost", 0);
    read.member = source.optional_text("member", 100).value_or("");
    read.max_partners = optional_count(source, "max_partners");
    problem.sources.push_back(std::move(read));
  }
  for (auto& sink : in.objects("sinks", 300, true)) {
    exchange::Sink read;
    read.id = sink.text("id", 100);
    read.flow = number(sink, "flow");
    read.flow_max = optional_double(sink, "flow_max");
    read.value = number(sink, "value", 0);
    read.max = read_quality(sink, "max");
    read.member = sink.optional_text("member", 100).value_or("");
    read.max_partners = optional_count(sink, "max_partners");
    problem.sinks.push_back(std::move(read));
  }
  if (in.has("fresh")) {
    auto fresh = in.object("fresh");
    problem.fresh =
        exchange::Fresh{read_quality(fresh, "quality"), number(fresh, "cost", 1), optional_double(fresh, "max_flow")};
  }
  if (in.has("waste")) {
    auto waste = in.object("waste");
    problem.waste_cost = number(waste, "cost", 0);
  }
  for (auto& arc : in.objects("arcs", 20'000)) {
    exchange::Arc read;
    read.from = arc.text("from", 100);
    read.to = arc.text("to", 100);
    read.fixed_cost = number(arc, "fixed_cost", 0);
    read.unit_cost = number(arc, "unit_cost", 0);
    read.min_flow = number(arc, "min", 0);
    read.max_flow = optional_double(arc, "max");
    read.forbidden = arc.flag("forbidden");
    problem.arcs.push_back(std::move(read));
  }
  problem.only_listed_arcs = in.flag("only_listed_arcs");
  problem.regenerators = read_regenerators(in, false);
  problem.individual_rationality = in.flag("individual_rationality");
  problem.nodes = in.optional_integer("nodes", 1, 10'000'000).value_or(problem.nodes);
  return problem;
}

/// As asked; otherwise by the number of members, when there are any.
exchange::Sharing read_sharing(json::ObjectReader& in, const std::vector<std::string>& members) {
  const auto asked = in.optional_choice("sharing", {"none", "shapley", "nucleolus"});
  auto distinct = members;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const bool any = !distinct.empty() && !distinct.front().empty();
  if (!asked && !any) return exchange::Sharing::none;
  if (!asked)
    return distinct.size() <= exchange::kMostShapley ? exchange::Sharing::shapley : exchange::Sharing::nucleolus;
  if (*asked == "none") return exchange::Sharing::none;
  return *asked == "shapley" ? exchange::Sharing::shapley : exchange::Sharing::nucleolus;
}

/// Flows and costs in any unit; what is left of a flow that is none is zero.
json::Value amount_of(double value) { return scaled_number(value, 1e-12); }

json::Value optional_written(const std::optional<double>& value) {
  return value ? amount_of(*value) : json::Value(nullptr);
}

json::Value written(const exchange::Answer& answer, bool fixed_load) {
  const bool none = answer.status == exchange::Status::infeasible;
  const auto amount = [&](double value) { return none ? json::Value(nullptr) : amount_of(value); };
  json::Array matches, members, notes;
  for (const auto& match : answer.matches)
    matches.push_back(json::Object{{"from", match.from}, {"to", match.to}, {"flow", amount_of(match.flow)}});
  for (const auto& member : answer.members)
    members.push_back(json::Object{{"id", member.id},
                                   {"stand_alone", optional_written(member.alone)},
                                   {"direct", optional_written(member.direct)},
                                   {"share", optional_written(member.share)}});
  for (const auto& note : answer.notes) notes.push_back(remark(note.code, note.params));
  json::Object out{{"status", none                                         ? "infeasible"
                              : answer.status == exchange::Status::optimal ? "optimal"
                                                                           : "feasible"},
                   {"fresh", amount(answer.fresh)},
                   {"waste", amount(answer.waste)},
                   {"cost", amount(answer.cost)},
                   {"bound", amount(answer.bound)},
                   {"matches", matches},
                   {"regenerators_built", json::texts(answer.built)},
                   {"members", members},
                   {"blocking", json::texts(answer.blocking)},
                   {"notes", notes}};
  if (fixed_load) {
    out["target"] = optional_written(answer.target);
    out["no_reuse"] = optional_written(answer.no_reuse);
    out["pinch"] = optional_written(answer.pinch);
  }
  return out;
}

template <class Problem>
Result<json::Value> answered(json::ObjectReader& in, const Problem& problem, const Result<void>& checked,
                             exchange::Sharing sharing, const Watch& watch, bool fixed_load) {
  if (const auto read = in.done(); !read)
    return checked ? read.error() : both_complaints(read.error(), checked.error());
  QY_CHECK(checked);
  QY_TRY(const auto answer, exchange::design(problem, sharing, watch));
  return written(answer, fixed_load);
}

}  // namespace

Result<json::Value> compute_exchange(const rules::Library&, const json::Value& input, const Watch& watch) {
  json::ObjectReader in(input);
  std::vector<std::string> members;
  if (in.has("operations")) {
    const auto problem = read_fixed_load(in);
    for (const auto& operation : problem.operations) members.push_back(operation.member);
    const auto sharing = read_sharing(in, members);
    return answered(in, problem, exchange::check(problem, sharing), sharing, watch, true);
  }
  const auto problem = read_network(in);
  for (const auto& source : problem.sources) members.push_back(source.member);
  for (const auto& sink : problem.sinks) members.push_back(sink.member);
  const auto sharing = read_sharing(in, members);
  return answered(in, problem, exchange::check(problem, sharing), sharing, watch, false);
}

}  // namespace qy::codec
