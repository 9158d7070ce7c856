#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/balance/conjugate.h"
#include "engine/balance/network.h"

namespace qy::engine::balance {
namespace {

using std::size_t;

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// Nodes through which less than this share of the largest flow moves are measured against that share.
constexpr double kLeast = 1e-6;

/// What a node takes in less what it gives, and all that moves through it.
struct Flowing {
  double net = 0;
  double through = 0;
};

size_t at(int index) { return static_cast<size_t>(index); }

}  // namespace

WeightedNetwork::WeightedNetwork(const Network& network, std::span<const double> variance)
    : network_(&network), variance_(variance), factor_(network.symbolic()) {
  if (network.iterative()) {
    conjugate_ = std::make_shared<Conjugate>(network, variance);
    return;
  }
  const auto ends = network.ends();
  const auto classes = network.classes();
  for (size_t j = 0; j < ends.size(); ++j) {
    if (classes[j] != Class::redundant) continue;
    const auto [tail, head] = ends[j];
    if (tail < 0)
      factor_.add_diagonal(head, variance[j]);
    else if (head < 0)
      factor_.add_diagonal(tail, variance[j]);
    else
      factor_.add(network.slot(static_cast<int>(j)), variance[j]);
  }
  factor_.factor_laplacian();
}

void WeightedNetwork::solve(std::span<double> rhs) const {
  if (conjugate_)
    conjugate_->solve(rhs);
  else
    factor_.solve(rhs);
}

Reconciled WeightedNetwork::reconcile(const Readings& readings) const {
  const auto& network = *network_;
  const auto rows = at(network.rank());
  const auto nodes = at(network.nodes());
  const auto ends = network.ends();
  const auto links = network.links();
  const auto roles = network.roles();
  Reconciled out;

  // An island passes on nothing: what is fixed around it must add up.
  if (const auto islands = network.islands().size(); islands > 0) {
    std::vector<double> sum(islands, 0.0), size(islands, 0.0);
    const auto take = [&](int node, double value) {
      const int island = node == kEnvironment ? -1 : network.island_of(node);
      if (island < 0) return;
      sum[at(island)] += value;
      size[at(island)] += std::fabs(value);
    };
    for (size_t j = 0; j < links.size(); ++j)
      if (roles[j] == Role::fixed) {
        take(links[j].to, readings.value[j]);
        take(links[j].from, -readings.value[j]);
      }
    for (size_t node = 0; node < readings.supply.size(); ++node) take(static_cast<int>(node), readings.supply[node]);
    for (size_t island = 0; island < islands; ++island)
      if (std::fabs(sum[island]) > 1e-9 * size[island]) {
        out.bad_island = static_cast<int>(island);
        out.bad_sum = sum[island];
        return out;
      }
  }

  auto& r = out.imbalance;
  r.assign(rows, 0.0);
  for (size_t node = 0; node < readings.supply.size(); ++node)
    if (const int row = network.row_of(static_cast<int>(node)); row >= 0) r[at(row)] += readings.supply[node];
  const auto supplied = r;
  out.flow.resize(links.size());
  for (size_t j = 0; j < links.size(); ++j) {
    const auto [tail, head] = ends[j];
    if (roles[j] == Role::unmeasured) {
      out.flow[j] = 0;
      continue;
    }
    const double value = out.flow[j] = readings.value[j];
    if (tail == head) continue;
    if (head >= 0) r[at(head)] += value;
    if (tail >= 0) r[at(tail)] -= value;
  }
  auto& lambda = out.multiplier;
  lambda = r;
  solve(lambda);

  const auto classes = network.classes();
  const auto adjust = [&](std::span<const double> by, size_t j) {
    const auto [tail, head] = ends[j];
    return readings.variance[j] * ((head >= 0 ? by[at(head)] : 0.0) - (tail >= 0 ? by[at(tail)] : 0.0));
  };
  // Refinement: what is left of A x = b is solved once more; again only when variances are so far apart that it helps.
  constexpr int kMostPasses = 20;
  const double good_closing = network.iterative() ? 3e-10 : 1e-11;
  std::vector<double> rest;
  std::vector<Flowing> node;
  for (int pass = 0; pass < kMostPasses && (pass == 0 || out.closing_relative > good_closing); ++pass) {
    rest = supplied;
    for (size_t j = 0; j < links.size(); ++j) {
      const auto [tail, head] = ends[j];
      if (tail == head || roles[j] == Role::unmeasured) continue;
      if (pass == 0 && classes[j] == Class::redundant) out.flow[j] -= adjust(lambda, j);
      if (head >= 0) rest[at(head)] += out.flow[j];
      if (tail >= 0) rest[at(tail)] -= out.flow[j];
    }
    solve(rest);
    for (size_t k = 0; k < rows; ++k) lambda[k] += rest[k];

    double largest = 0;
    node.assign(nodes, {});
    for (size_t i = 0; i < readings.supply.size(); ++i) node[i].net = readings.supply[i];
    for (size_t j = 0; j < links.size(); ++j) {
      if (roles[j] == Role::unmeasured) continue;
      double& value = out.flow[j];
      if (classes[j] == Class::redundant) value -= adjust(rest, j);
      const auto [from, to] = links[j];
      const double size = std::max(std::fabs(value), std::fabs(readings.value[j]));
      largest = std::max(largest, size);
      if (to >= 0) node[at(to)].net += value, node[at(to)].through += size;
      if (from >= 0) node[at(from)].net -= value, node[at(from)].through += size;
    }
    for (const auto& branch : network.forest()) {
      const auto stream = at(branch.stream);
      auto& child = node[at(branch.child)];
      const double carried = child.net;
      out.flow[stream] = links[stream].from == branch.child ? carried : -carried;
      child.net = 0;
      if (branch.parent == kEnvironment) continue;
      auto& parent = node[at(branch.parent)];
      parent.net += carried;
      parent.through += std::fabs(carried);
    }
    out.closing = out.closing_relative = 0;
    for (const auto& [net, through] : node) {
      const double left = std::fabs(net);
      if (left == 0) continue;
      out.closing = std::max(out.closing, left);
      out.closing_relative = std::max(out.closing_relative, left / std::max({0.5 * through, kLeast * largest, left}));
    }
  }
  for (size_t k = 0; k < rows; ++k) out.objective += r[k] * lambda[k];
  if (!network.forest().empty())
    for (size_t j = 0; j < links.size(); ++j)
      if (classes[j] == Class::unobservable) out.flow[j] = kNothing;
  out.solved = true;
  return out;
}

std::vector<double> WeightedNetwork::leverages() const {
  std::vector<double> out(at(network_->streams()), 0.0);
  for (size_t j = 0; j < out.size(); ++j)
    if (network_->classes()[j] == Class::redundant) out[j] = leverage(j);
  return out;
}

}  // namespace qy::engine::balance
