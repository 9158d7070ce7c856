#include "codec/balance_input.h"

#include <algorithm>
#include <cmath>

namespace qy::codec {
namespace {

namespace balance = engine::balance;
using Names = std::unordered_map<std::string, int>;

constexpr std::size_t kMostNodes = 200'000, kMostStreams = 200'000, kMostGeneral = 10'000, kMostConstraints = 2'000,
                      kMostTerms = 200'000, kMostCovariances = 10'000, kMostTargets = 20, kMostMeters = 50,
                      kMostComponents = 10;
constexpr double kLargest = 1e15, kSmallestSd = 1e-12;

/// A number the engine can work with; nothing when it is absent or wrong.
std::optional<double> number_in(json::ObjectReader& in, std::string_view name) {
  const auto value = optional_double(in, name);
  if (!value || std::fabs(*value) <= kLargest) return value;
  in.complain(name, "balance.range", {{"max", "1 000 000 000 000 000"}});
  return std::nullopt;
}

int index_of(const Names& names, const std::string& id) {
  const auto found = names.find(id);
  return found == names.end() ? -2 : found->second;
}

std::vector<std::string> read_names(json::ObjectReader& in, std::string_view name, std::size_t most, Names& index) {
  auto names = in.texts(name, most, 100);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto pointer = json::pointer_to(json::pointer_to(in.pointer(), name), std::to_string(i));
    if (names[i] == "ENV")
      in.complain_at(pointer, "balance.environment_is_no_node");
    else if (!names[i].empty() && !index.emplace(names[i], static_cast<int>(i)).second)
      in.complain_at(pointer, "balance.duplicate", {{"id", names[i]}});
  }
  return names;
}

/// A bound: absent gives `absent`, null none.
double read_bound(json::ObjectReader& in, std::string_view name, double absent, double none) {
  if (in.has(name)) return number_in(in, name).value_or(absent);
  const auto keys = in.keys();
  in.any(name);
  return std::find(keys.begin(), keys.end(), name) != keys.end() ? none : absent;
}

int read_end(json::ObjectReader& in, std::string_view name, const Names& nodes) {
  const auto id = in.text(name, 100);
  if (id.empty() || id == "ENV") return balance::kEnvironment;
  const int node = index_of(nodes, id);
  if (node < 0) in.complain(name, "balance.unknown_node", {{"id", id}});
  return node;
}

balance::Stream read_stream(json::ObjectReader& in, const Names& nodes) {
  balance::Stream stream;
  const bool has_from = in.has("from"), has_to = in.has("to");
  stream.link = {read_end(in, "from", nodes), read_end(in, "to", nodes)};
  if (has_from && has_to && stream.link.from == stream.link.to && stream.link.from != -2)
    in.complain("to", "balance.same_ends");

  const bool is_measured = in.has("measured"), is_fixed = in.has("fixed");
  const auto measured = number_in(in, "measured"), fixed = number_in(in, "fixed");
  const auto sd = number_in(in, "sd");
  stream.lower = read_bound(in, "lower", 0.0, -balance::kUnbounded);
  stream.upper = read_bound(in, "upper", balance::kUnbounded, balance::kUnbounded);
  if (stream.lower > stream.upper) in.complain("upper", "balance.bounds_crossed");
  if (is_measured && is_fixed) in.complain("fixed", "balance.measured_and_fixed");
  if (is_measured) {
    stream.role = balance::Role::measured;
    stream.value = measured.value_or(0);
    stream.sd = sd.value_or(1);
    if (!in.has("sd"))
      in.complain("sd", "field.required");
    else if (sd && *sd < kSmallestSd)
      in.complain("sd", "balance.sd_not_positive");
  } else {
    if (in.has("sd")) in.complain("sd", "balance.sd_without_measured");
    if (is_fixed) {
      stream.role = balance::Role::fixed;
      stream.value = fixed.value_or(0);
      if (fixed && (stream.value < stream.lower || stream.value > stream.upper))
        in.complain("fixed", "balance.fixed_outside");
    }
  }
  return stream;
}

/// {"stream": coefficient, …}
std::vector<balance::Term> read_terms(json::ObjectReader& in, std::string_view name, const Names& streams,
                                      std::size_t& terms_read) {
  std::vector<balance::Term> out;
  auto terms = in.object(name);
  const auto ids = terms.keys();
  terms_read += ids.size();
  if (terms_read > kMostTerms) {
    in.complain(name, "field.too_many", {{"limit", std::to_string(kMostTerms)}});
    return out;
  }
  for (const auto& id : ids) {
    const auto coefficient = number_in(terms, id);
    const int stream = index_of(streams, id);
    if (stream < 0) terms.complain(id, "balance.unknown_stream", {{"id", id}});
    if (!terms.has(id)) terms.complain(id, "field.required");
    if (coefficient && *coefficient != 0 && stream >= 0) out.push_back({stream, *coefficient});
  }
  if (ids.empty() && in.has(name)) in.complain(name, "balance.no_terms");
  return out;
}

balance::Row read_constraint(json::ObjectReader& in, const Names& streams, std::size_t& terms_read) {
  balance::Row row;
  row.equals = in.has("equals") ? number_in(in, "equals").value_or(0) : 0;
  if (!in.has("equals")) in.complain("equals", "field.required");
  row.terms = read_terms(in, "terms", streams, terms_read);
  return row;
}

void read_questions(json::ObjectReader& in, const Names& streams, std::size_t& terms_read, BalanceInput& out) {
  for (auto& reader : in.objects("targets", kMostTargets)) {
    out.targets.push_back(reader.text("id", 100));
    balance::Target target{read_terms(reader, "terms", streams, terms_read), {}};
    if (reader.has("per")) target.per = read_terms(reader, "per", streams, terms_read);
    out.options.targets.push_back(std::move(target));
  }
  for (auto& reader : in.objects("meters", kMostMeters)) {
    const auto id = reader.text("stream", 100);
    balance::Meter meter{index_of(streams, id), number_in(reader, "sd").value_or(1)};
    if (!reader.has("sd"))
      reader.complain("sd", "field.required");
    else if (meter.sd < kSmallestSd)
      reader.complain("sd", "balance.sd_not_positive");
    if (!id.empty() && meter.stream < 0) reader.complain("stream", "balance.unknown_stream", {{"id", id}});
    out.options.meters.push_back(meter);
  }
}

/// Covariances of what has no error of its own (fixed, or computed by difference) say nothing and are left out.
std::vector<balance::Covariance> read_covariances(json::ObjectReader& in, const Names& streams, BalanceInput& input) {
  const auto& model = input.model;
  std::vector<balance::Covariance> out;
  const auto value = in.any("covariances");
  if (value.is_null()) return out;
  const auto* list = value.if_array();
  if (!list) {
    in.complain("covariances", "field.type", {{"expected.zh", "数组"}, {"expected.en", "an array"}});
    return out;
  }
  if (list->size() > kMostCovariances) {
    in.complain("covariances", "field.too_many", {{"limit", std::to_string(kMostCovariances)}});
    return out;
  }
  std::unordered_map<std::uint64_t, int> seen;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto pointer = json::pointer_to(json::pointer_to(in.pointer(), "covariances"), std::to_string(i));
    const auto* triple = (*list)[i].if_array();
    if (!triple || triple->size() != 3 || !json::is_text((*triple)[0]) || !json::is_text((*triple)[1])) {
      in.complain_at(pointer, "balance.covariance_form");
      continue;
    }
    balance::Covariance covariance;
    int ends[2];
    bool good = true, idle = false;
    for (int end = 0; end < 2; ++end) {
      const std::string id((*triple)[static_cast<std::size_t>(end)].as_string());
      ends[end] = index_of(streams, id);
      if (ends[end] < 0) {
        in.complain_at(json::pointer_to(pointer, std::to_string(end)), "balance.unknown_stream", {{"id", id}});
        good = false;
      } else if (model.streams[static_cast<std::size_t>(ends[end])].role == balance::Role::fixed ||
                 std::binary_search(input.by_difference.begin(), input.by_difference.end(), ends[end])) {
        idle = true;
      } else if (model.streams[static_cast<std::size_t>(ends[end])].role != balance::Role::measured) {
        in.complain_at(json::pointer_to(pointer, std::to_string(end)), "balance.covariance_unmeasured", {{"id", id}});
        good = false;
      }
    }
    const auto number = double_of((*triple)[2]);
    if (!number) {
      in.complain_at(json::pointer_to(pointer, "2"), number.error().code, number.error().params);
      continue;
    }
    if (!good) continue;
    covariance = {ends[0], ends[1], *number};
    const auto [low, high] = std::minmax(ends[0], ends[1]);
    const auto key = static_cast<std::uint64_t>(low) << 32 | static_cast<std::uint32_t>(high);
    if (low == high || !seen.emplace(key, 1).second) {
      in.complain_at(pointer, "balance.covariance_form");
      continue;
    }
    if (idle) {
      input.idle_covariances.push_back(static_cast<int>(i));
      continue;
    }
    input.covariance_places.push_back(i);
    out.push_back(covariance);
  }
  return out;
}

/// "fractions" of one stream, appended in the order of the components.
void read_fractions(json::ObjectReader& stream, const Names& components, BalanceInput& out) {
  const auto first = out.layers.fractions.size();
  out.layers.fractions.resize(first + out.components.size());  // one that is listed twice keeps its place
  out.detection_limit.resize(first + out.components.size(), 0.0);
  if (!stream.has("fractions")) return;
  auto map = stream.object("fractions");
  for (const auto& name : map.keys()) {
    auto in = map.object(name);
    const int component = index_of(components, name);
    if (component < 0) map.complain(name, "balance.unknown_component", {{"id", name}});
    balance::Fraction fraction;
    const bool is_measured = in.has("measured"), is_fixed = in.has("fixed");
    for (const auto* key : {"measured", "fixed"}) {
      const auto value = number_in(in, key);
      if (!value) continue;
      fraction.value = *value;
      if (*value < 0 || *value > 1) in.complain(key, "balance.fraction_range");
    }
    const auto sd = number_in(in, "sd"), limit = number_in(in, "detection_limit");
    if (is_measured && is_fixed) in.complain("fixed", "balance.measured_and_fixed");
    if (limit && (*limit <= 0 || *limit > 1)) in.complain("detection_limit", "balance.fraction_range");
    if (is_measured) {
      fraction.role = balance::Role::measured;
      fraction.sd = std::max(sd.value_or(1), limit.value_or(0));  // near zero a relative sd would pin the value
      if (!in.has("sd"))
        in.complain("sd", "field.required");
      else if (sd && *sd < kSmallestSd)
        in.complain("sd", "balance.sd_not_positive");
    } else {
      if (sd) in.complain("sd", "balance.sd_without_measured");
      if (is_fixed) fraction.role = balance::Role::fixed;
    }
    if (component < 0) continue;
    out.layers.fractions[first + static_cast<std::size_t>(component)] = fraction;
    out.detection_limit[first + static_cast<std::size_t>(component)] = limit.value_or(0);
  }
}

int node_in(json::ObjectReader& in, const Names& nodes) {
  const auto id = in.text("node", 100);
  const int node = index_of(nodes, id);
  if (!id.empty() && node < 0) in.complain("node", "balance.unknown_node", {{"id", id}});
  return node;
}

int component_in(json::ObjectReader& in, const Names& components) {
  const auto id = in.text("component", 100);
  const int component = index_of(components, id);
  if (!id.empty() && component < 0) in.complain("component", "balance.unknown_component", {{"id", id}});
  return component;
}

void read_layers(json::ObjectReader& in, const Names& nodes, const Names& streams, const Names& components,
                 BalanceInput& out) {
  auto& layers = out.layers;
  layers.components = static_cast<int>(out.components.size());
  layers.complete = in.flag("complete_composition");
  const auto splitters = in.texts("splitters", kMostGeneral, 100);
  for (std::size_t i = 0; i < splitters.size(); ++i) {
    const int node = index_of(nodes, splitters[i]);
    if (splitters[i].empty()) continue;
    if (node < 0)
      in.complain_at(json::pointer_to(json::pointer_to(in.pointer(), "splitters"), std::to_string(i)),
                     "balance.unknown_node", {{"id", splitters[i]}});
    else
      layers.splitters.push_back(node);
  }
  for (auto& reader : in.objects("reacting", kMostGeneral))
    layers.reacting.push_back({node_in(reader, nodes), component_in(reader, components)});
  for (auto& reader : in.objects("transfers", kMostGeneral)) {
    balance::Transfer transfer;
    transfer.node = node_in(reader, nodes);
    transfer.component = component_in(reader, components);
    const auto id = reader.text("stream", 100);
    transfer.stream = index_of(streams, id);
    if (!id.empty() && transfer.stream < 0)
      reader.complain("stream", "balance.unknown_stream", {{"id", id}});
    else if (transfer.stream >= 0 && transfer.node >= 0 &&
             out.model.streams[static_cast<std::size_t>(transfer.stream)].link.from != transfer.node)
      reader.complain("stream", "balance.transfer_leaves");
    const auto coefficient = number_in(reader, "coefficient");
    if (!reader.has("coefficient")) reader.complain("coefficient", "field.required");
    if (coefficient && (*coefficient < 0 || *coefficient > 1)) reader.complain("coefficient", "balance.fraction_range");
    transfer.coefficient = coefficient.value_or(0);
    layers.transfers.push_back(transfer);
  }
  if (components.empty() && (in.has("splitters") || in.has("reacting") || in.has("transfers") || layers.complete))
    in.complain("components", "field.required");
  if (!components.empty() && out.streams.size() * (1 + components.size()) > kMostGeneral)
    in.complain("components", "balance.too_many_general",
                {{"limit", std::to_string(kMostGeneral / (1 + components.size()))}});
}

}  // namespace

BalanceInput read_balance(json::ObjectReader& in) {
  BalanceInput out;
  Names nodes, streams, components;
  out.nodes = read_names(in, "nodes", kMostNodes, nodes);
  const auto present = [&](std::string_view name) {
    const auto value = in.any(name);
    if (value.is_null())
      in.complain(name, "field.required");
    else if (value.is_array() && value.as_array().empty())
      in.complain(name, "balance.empty");
  };
  present("nodes");
  out.model.nodes = static_cast<int>(out.nodes.size());

  out.components = read_names(in, "components", kMostComponents, components);
  present("streams");
  auto readers = in.objects("streams", kMostStreams);
  for (auto& reader : readers) {
    const auto id = reader.text("id", 100);
    const int index = static_cast<int>(out.streams.size());
    if (!id.empty() && !streams.emplace(id, index).second) reader.complain("id", "balance.duplicate", {{"id", id}});
    out.streams.push_back(id);
    auto stream = read_stream(reader, nodes);
    if (reader.flag("by_difference") && stream.role == balance::Role::measured) {
      out.by_difference.push_back(index);
      stream.role = balance::Role::unmeasured;
    }
    out.model.streams.push_back(stream);
    read_fractions(reader, components, out);
  }

  std::size_t terms = 0;
  for (auto& reader : in.objects("constraints", kMostConstraints)) {
    out.constraints.push_back(
        reader.optional_text("id", 100).value_or("#" + std::to_string(out.constraints.size() + 1)));
    out.model.constraints.push_back(read_constraint(reader, streams, terms));
  }
  out.model.covariances = read_covariances(in, streams, out);
  if (!(out.model.constraints.empty() && out.model.covariances.empty()) && out.streams.size() > kMostGeneral)
    in.complain("streams", "balance.too_many_general", {{"limit", std::to_string(kMostGeneral)}});

  if (const auto improper = balance::improper_covariance(out.model))
    in.complain_at(json::pointer_to(json::pointer_to(in.pointer(), "covariances"),
                                    std::to_string(out.covariance_places[static_cast<std::size_t>(*improper)])),
                   "balance.covariance_not_positive");
  read_layers(in, nodes, streams, components, out);

  const auto confidence = in.optional_decimal("confidence");
  if (confidence && (*confidence < Decimal::of("0.5") || *confidence > Decimal::of("0.999999")))
    in.complain("confidence", "balance.confidence");
  else if (confidence)
    out.options.confidence = confidence->to_double();
  const auto floor = in.optional_decimal("z_floor");
  if (floor && (floor->is_negative() || *floor > Decimal(1)))
    in.complain("z_floor", "field.range", {{"min", "0"}, {"max", "1"}});
  else if (floor)
    out.options.z_floor = floor->to_double();
  read_questions(in, streams, terms, out);
  return out;
}

}  // namespace qy::codec
