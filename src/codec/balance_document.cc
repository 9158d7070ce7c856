#include <cmath>

#include "base/text.h"
#include "codec/balance_input.h"

namespace qy::codec {
namespace {

namespace balance = engine::balance;

const char* word(balance::Class kind) {
  switch (kind) {
    case balance::Class::redundant:
      return "redundant";
    case balance::Class::nonredundant:
      return "nonredundant";
    case balance::Class::observable:
      return "observable";
    case balance::Class::unobservable:
      return "unobservable";
    case balance::Class::fixed:
      break;
  }
  return "fixed";
}

/// At most a dozen names, then how many more.
std::string some(const std::vector<int>& indices, const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 12;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(kMost, indices.size()); ++i)
    shown.push_back(names[static_cast<std::size_t>(indices[i])]);
  auto text = join(shown, ", ");
  if (indices.size() > kMost) text += " … (" + std::to_string(indices.size()) + ")";
  return text;
}

std::string plain(double value) {
  const auto written = significant(value, 6);
  return written.is_null() ? "" : json::dump(written);
}

json::Array ids(const std::vector<int>& indices, const std::vector<std::string>& names) {
  json::Array out;
  for (const int index : indices) out.push_back(json::Value(names[static_cast<std::size_t>(index)]));
  return out;
}

json::Value written(const balance::GlobalTest& test) {
  return json::Object{{"statistic", significant(test.statistic)},
                      {"dof", test.dof},
                      {"threshold", significant(test.threshold)},
                      {"p_value", significant(test.p_value)},
                      {"lower_tail", significant(test.lower_tail)},
                      {"passed", test.passed ? json::Value(*test.passed) : json::Value(nullptr)}};
}

/// Name of a variable: a stream, or "stream/component" of a fraction.
std::string variable_name(int index, const BalanceInput& input) {
  const auto at = static_cast<std::size_t>(index);
  if (at < input.streams.size()) return input.streams[at];
  const auto fraction = at - input.streams.size();
  return input.streams[fraction / input.components.size()] + "/" + input.components[fraction % input.components.size()];
}

json::Object written(const balance::Hypothesis& h, const BalanceInput& input) {
  const bool bias = h.kind == balance::Hypothesis::Kind::bias;
  return {{"kind", bias ? "bias" : "leak"},
          {"id", bias ? variable_name(h.index, input) : input.nodes[static_cast<std::size_t>(h.index)]},
          {"size", significant(h.size)},
          {"statistic", significant(h.statistic)},
          {"p_value", significant(h.p_value)},
          {"significant", h.significant}};
}

json::Value fraction_written(const balance::StreamAnswer& answer, double detection_limit) {
  return json::Object{{"value", significant(answer.value)},
                      {"sd", significant(answer.sd)},
                      {"adjustment", significant(answer.adjustment)},
                      {"class", word(answer.kind)},
                      {"z", significant(answer.z)},
                      {"at_bound", answer.at_bound},
                      {"below_detection", detection_limit > 0 && answer.value < detection_limit}};
}

json::Value written(const balance::StreamAnswer& answer, const std::string& id, bool verified) {
  return json::Object{{"id", id},
                      {"value", significant(answer.value)},
                      {"sd", significant(answer.sd)},
                      {"adjustment", significant(answer.adjustment)},
                      {"class", word(answer.kind)},
                      {"z", significant(answer.z)},
                      {"z_max_power", significant(answer.z_max_power)},
                      {"at_bound", answer.at_bound},
                      {"verified", verified}};
}

/// Why there is no solution: {"code", "zh", "en", "nodes", "constraints"}.
json::Value obstacle(const balance::Answer& answer, const BalanceInput& input) {
  const auto& o = answer.obstacle;
  const auto nodes = some(o.nodes, input.nodes), constraints = some(o.constraints, input.constraints);
  json::Object out;
  if (answer.status == balance::Status::too_large)
    out = remark("balance.too_large", {}).as_object();
  else if (answer.status == balance::Status::contradictory && o.constraints.empty())
    out = remark("balance.contradictory", {{"nodes", nodes}, {"sum", plain(o.needed)}}).as_object();
  else if (answer.status == balance::Status::contradictory)
    out = remark("balance.contradictory_constraints",
                 {{"nodes", nodes.empty() ? "-" : nodes}, {"constraints", constraints}, {"sum", plain(o.needed)}})
              .as_object();
  else if (!o.constraints.empty())
    out =
        remark("balance.infeasible_constraints", {{"nodes", nodes.empty() ? "-" : nodes}, {"constraints", constraints}})
            .as_object();
  else if (o.entering)
    out = remark("balance.infeasible_short",
                 {{"nodes", nodes}, {"available", plain(o.available)}, {"needed", plain(o.needed)}})
              .as_object();
  else
    out = remark("balance.infeasible_surplus",
                 {{"nodes", nodes}, {"available", plain(o.available)}, {"needed", plain(o.needed)}})
              .as_object();
  out["nodes"] = ids(o.nodes, input.nodes);
  out["constraints"] = ids(o.constraints, input.constraints);
  return out;
}

json::Array notes_of(const balance::Answer& answer, const BalanceInput& input, const std::vector<int>& unobservable) {
  constexpr double kTooWell = 1e-3, kIllClosing = 1e-9, kIllFoster = 1e-6;
  json::Array notes;
  const auto note = [&](std::string_view code, const Params& params) { notes.push_back(remark(code, params)); };
  const auto& global = answer.global;
  if (global.dof == 0) note("balance.no_redundancy", {});
  if (global.passed && !*global.passed)
    note("balance.global_failed", {{"statistic", plain(global.statistic)},
                                   {"threshold", plain(global.threshold)},
                                   {"dof", std::to_string(global.dof)}});
  if (global.passed && !*global.passed)
    note("balance.scale", {{"factor", plain(std::sqrt(global.statistic / global.dof))}});
  if (global.dof > 0 && global.lower_tail < kTooWell)
    note("balance.closed_too_well", {{"probability", plain(global.lower_tail)}, {"dof", std::to_string(global.dof)}});
  std::vector<int> computed, unchecked;
  for (std::size_t j = 0; j < input.streams.size(); ++j) {
    if (answer.streams[j].kind == balance::Class::observable) computed.push_back(static_cast<int>(j));
    if (answer.streams[j].kind == balance::Class::nonredundant) unchecked.push_back(static_cast<int>(j));
  }
  if (!computed.empty()) note("balance.by_difference", {{"streams", some(computed, input.streams)}});
  if (!unchecked.empty()) note("balance.unchecked", {{"streams", some(unchecked, input.streams)}});
  if (!input.by_difference.empty())
    note("balance.declared_by_difference", {{"streams", some(input.by_difference, input.streams)}});
  if (!input.idle_covariances.empty())
    note("balance.covariance_idle", {{"count", std::to_string(input.idle_covariances.size())}});
  if (!unobservable.empty()) note("balance.unobservable", {{"streams", some(unobservable, input.streams)}});
  if (answer.active_bounds > 0) note("balance.at_bound", {{"count", std::to_string(answer.active_bounds)}});
  if (answer.variances_left_out) note("balance.variances_left_out", {});
  if (answer.closing_relative > kIllClosing ||
      std::fabs(answer.leverage_sum_minus_rank) > kIllFoster * (1 + global.dof))
    note("balance.ill_conditioned", {});
  return notes;
}

json::Array nodes_of(const balance::Answer& answer, const BalanceInput& input) {
  json::Array nodes;
  for (std::size_t i = 0; i < answer.nodes.size(); ++i) {
    const auto& node = answer.nodes[i];
    nodes.push_back(json::Object{{"id", input.nodes[i]},
                                 {"in", significant(node.in)},
                                 {"out", significant(node.out)},
                                 {"difference", significant(node.difference)},
                                 {"relative", significant(node.relative)},
                                 {"z", significant(node.z)},
                                 {"z_max_power", significant(node.z_max_power)}});
  }
  return nodes;
}

}  // namespace

Result<json::Value> compute_balance(const rules::Library&, const json::Value& value, const Watch& watch) {
  json::ObjectReader in(value);
  const auto input = read_balance(in);
  QY_CHECK(in.done());
  auto layers = input.layers;
  balance::ComponentAnswer joint;
  if (input.components.empty()) {
    QY_TRY(joint.answer, balance::reconcile(input.model, input.options, watch));
  } else {
    layers.base = input.model;
    QY_TRY(joint, balance::reconcile(layers, input.options, watch));
    joint.answer.nodes = balance::node_closures(input.model);
  }
  const auto& answer = joint.answer;

  json::Object out;
  switch (answer.status) {
    case balance::Status::solved:
      out["status"] = "solved";
      break;
    case balance::Status::contradictory:
      out["status"] = "contradictory";
      break;
    case balance::Status::infeasible:
      out["status"] = "infeasible";
      break;
    case balance::Status::too_large:
      out["status"] = "too_large";
      break;
  }
  if (answer.status != balance::Status::solved) {
    out["reason"] = obstacle(answer, input);
    return out;
  }

  std::vector<char> suspected(answer.streams.size(), 0);
  for (const auto& suspect : answer.suspects) {
    if (suspect.kind == balance::Hypothesis::Kind::bias) suspected[static_cast<std::size_t>(suspect.index)] = 1;
    for (const int stream : suspect.equivalent_streams) suspected[static_cast<std::size_t>(stream)] = 1;
  }
  const bool trusted = answer.global.passed.value_or(false) && answer.suspects.empty();
  json::Array streams;
  std::vector<int> unobservable;
  for (std::size_t j = 0; j < input.streams.size(); ++j) {
    const auto& stream = answer.streams[j];
    streams.push_back(
        written(stream, input.streams[j],
                trusted && stream.kind == balance::Class::redundant && !stream.at_bound && !suspected[j]));
    if (!input.components.empty()) {
      json::Object fractions;
      for (std::size_t c = 0; c < input.components.size(); ++c) {
        const auto fraction = j * input.components.size() + c;
        fractions[input.components[c]] =
            fraction_written(answer.streams[input.streams.size() + fraction], input.detection_limit[fraction]);
      }
      streams.back().as_object()["fractions"] = std::move(fractions);
    }
    if (stream.kind == balance::Class::unobservable) unobservable.push_back(static_cast<int>(j));
  }
  json::Array suspects, hypotheses;
  for (const auto& suspect : answer.suspects) {
    auto object = written(suspect, input);
    json::Array equivalent;
    for (const int index : suspect.equivalent_streams) equivalent.push_back(json::Value(variable_name(index, input)));
    object["equivalent"] = std::move(equivalent);
    object["equivalent_leaks"] = ids(suspect.equivalent_nodes, input.nodes);
    suspects.push_back(object);
  }
  for (const auto& hypothesis : answer.hypotheses) {
    auto object = written(hypothesis, input);
    object["discovered"] = hypothesis.discovered;
    hypotheses.push_back(object);
  }

  out["streams"] = std::move(streams);
  out["nodes"] = nodes_of(answer, input);
  out["global_test"] = written(answer.global);
  out["suspects"] = std::move(suspects);
  out["hypotheses"] = std::move(hypotheses);
  if (!answer.suspects.empty()) {
    json::Object values;
    for (std::size_t j = 0; j < answer.flow_without_suspects.size(); ++j)
      values[variable_name(static_cast<int>(j), input)] = significant(answer.flow_without_suspects[j]);
    out["without_suspects"] = json::Object{{"global_test", written(answer.without_suspects)}, {"values", values}};
  }
  if (!answer.targets.empty()) {
    json::Array targets, meters;
    for (std::size_t t = 0; t < answer.targets.size(); ++t)
      targets.push_back(json::Object{{"id", input.targets[t]},
                                     {"value", significant(answer.targets[t].value)},
                                     {"sd", significant(answer.targets[t].sd)}});
    for (const auto& meter : answer.meters)
      meters.push_back(json::Object{
          {"stream",
           input.streams[static_cast<std::size_t>(input.options.meters[static_cast<std::size_t>(meter.meter)].stream)]},
          {"target", input.targets[static_cast<std::size_t>(meter.target)]},
          {"sd_before", significant(meter.sd_before)},
          {"sd_after", significant(meter.sd_after)},
          {"reduction", significant(meter.reduction)}});
    out["targets"] = std::move(targets);
    out["next_meters"] = std::move(meters);
  }
  out["unobservable"] = ids(unobservable, input.streams);
  out["self_test"] = json::Object{{"closing_residual", significant(answer.closing, 3)},
                                  {"closing_relative", significant(answer.closing_relative, 3)},
                                  {"leverage_sum_minus_rank", significant(answer.leverage_sum_minus_rank, 3)}};
  auto notes = notes_of(answer, input, unobservable);
  if (!input.components.empty()) {
    out["iteration"] = json::Object{{"steps", joint.iterations}, {"converged", joint.converged}};
    if (!joint.converged) notes.push_back(remark("balance.not_converged", {}));
    if (std::isfinite(joint.other_objective))
      notes.push_back(remark("balance.several_optima", {{"other", plain(joint.other_objective)}}));
  }
  out["notes"] = std::move(notes);
  return out;
}

}  // namespace qy::codec
