#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/balance/network.h"

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// Work on sets of streams around subtrees at most; a network beyond it leaves variances out (NaN).
constexpr size_t kMostWork = 400'000'000;

/// The determinable unmeasured streams: each is the balance of everything metered around one side of it.
class Cuts {
 public:
  explicit Cuts(const WeightedNetwork& weighted) : weighted_(weighted), network_(weighted.network()) {
    const auto nodes = at(network_.nodes());
    const auto forest = network_.forest();
    // Nodes in an order in which every subtree of the forest is one piece.
    first_child_.assign(nodes + 1, -1);
    next_.assign(forest.size(), -1);
    std::vector<char> child(nodes, 0);
    for (size_t b = 0; b < forest.size(); ++b) {
      const auto parent = forest[b].parent == kEnvironment ? nodes : at(forest[b].parent);
      next_[b] = first_child_[parent];
      first_child_[parent] = static_cast<int>(b);
      child[at(forest[b].child)] = 1;
    }
    begin_.assign(forest.size(), 0);
    end_.assign(forest.size(), 0);
    const auto descend = [&](size_t root) {
      std::vector<std::pair<int, bool>> stack;
      for (int b = first_child_[root]; b >= 0; b = next_[at(b)]) stack.push_back({b, false});
      while (!stack.empty()) {
        const auto [b, closing] = stack.back();
        stack.pop_back();
        if (closing) {
          end_[at(b)] = order_.size();
          continue;
        }
        begin_[at(b)] = order_.size();
        order_.push_back(forest[at(b)].child);
        stack.push_back({b, true});
        for (int c = first_child_[at(forest[at(b)].child)]; c >= 0; c = next_[at(c)]) stack.push_back({c, false});
      }
    };
    descend(nodes);
    for (size_t node = 0; node < nodes; ++node)
      if (!child[node] && first_child_[node] >= 0) descend(node);

    std::vector<char> inside(nodes, 0);
    for (const int node : order_) inside[at(node)] = 1;
    start_.assign(nodes + 1, 0);
    const auto links = network_.links();
    const auto visit = [&](auto&& take) {
      for (size_t j = 0; j < links.size(); ++j) {
        if (network_.roles()[j] != Role::measured) continue;
        for (const int node : {links[j].from, links[j].to})
          if (node >= 0 && inside[at(node)]) take(at(node), static_cast<int>(j));
      }
    };
    visit([&](size_t node, int) { ++start_[node + 1]; });
    for (size_t node = 0; node < nodes; ++node) start_[node + 1] += start_[node];
    incident_.resize(at(start_[nodes]));
    auto cursor = start_;
    visit([&](size_t node, int j) { incident_[at(cursor[node]++)] = j; });
    sign_.assign(links.size(), 0);
    rhs_.assign(at(network_.rank()), 0.0);
    work_.assign(at(network_.rank()), 0.0);
  }

  double variance(size_t branch, const Factor& factor) {
    const auto links = network_.links();
    streams_.clear();
    for (auto i = begin_[branch]; i < end_[branch]; ++i) {
      const auto node = order_[i];
      spent_ += 4 + at(start_[at(node) + 1] - start_[at(node)]);
      for (int k = start_[at(node)]; k < start_[at(node) + 1]; ++k) {
        const int j = incident_[at(k)];
        if (sign_[at(j)] == 0) streams_.push_back(j);
        sign_[at(j)] = static_cast<signed char>(sign_[at(j)] + (links[at(j)].to == node ? 1 : 0) -
                                                (links[at(j)].from == node ? 1 : 0));
        if (sign_[at(j)] == 0) sign_[at(j)] = 2;  // both ends inside
      }
    }
    double own = 0;
    places_.clear();
    for (const int j : streams_) {
      const int sign = std::exchange(sign_[at(j)], static_cast<signed char>(0));
      if (sign == 2) continue;
      const double variance = weighted_.variance()[at(j)];
      own += variance;
      const auto [tail, head] = network_.ends()[at(j)];
      if (tail == head) continue;
      for (const auto& [row, value] : {std::pair{head, sign * variance}, std::pair{tail, -sign * variance}})
        if (row >= 0) {
          if (rhs_[at(row)] == 0) places_.push_back(row);
          rhs_[at(row)] += value;
        }
    }
    std::sort(places_.begin(), places_.end());
    places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
    values_.clear();
    for (const int row : places_) values_.push_back(std::exchange(rhs_[at(row)], 0.0));
    spent_ += 50 * places_.size();
    return std::max(0.0, own - factor.energy(places_, values_, work_, &weighted_.selected()));
  }

  bool tired() const { return spent_ > kMostWork; }

 private:
  const WeightedNetwork& weighted_;
  const Network& network_;
  std::vector<int> first_child_, next_, order_, start_, incident_, streams_, places_;
  std::vector<size_t> begin_, end_;
  std::vector<signed char> sign_;
  std::vector<double> rhs_, work_, values_;
  size_t spent_ = 0;
};

}  // namespace

std::vector<double> WeightedNetwork::variances() const {
  const auto& network = *network_;
  std::vector<double> out(at(network.streams()), 0.0);
  const auto leverage = leverages();
  for (size_t j = 0; j < out.size(); ++j) switch (network.classes()[j]) {
      case Class::redundant:
      case Class::nonredundant:
        out[j] = variance_[j] * std::max(0.0, 1 - leverage[j]);
        break;
      case Class::observable:
      case Class::unobservable:
        out[j] = kNothing;
        break;
      case Class::fixed:
        break;
    }
  if (network.forest().empty()) return out;
  Cuts cuts(*this);
  for (size_t b = 0; b < network.forest().size() && !cuts.tired(); ++b) {
    const auto stream = at(network.forest()[b].stream);
    if (network.classes()[stream] == Class::observable) out[stream] = cuts.variance(b, factor_);
  }
  return out;
}

std::vector<double> WeightedNetwork::covariance_with(std::span<const double> coefficient) const {
  const auto& network = *network_;
  const auto links = network.links();
  const auto ends = network.ends();
  const auto roles = network.roles();
  const auto forest = network.forest();
  const auto nodes = at(network.nodes());
  // A coefficient of an unmeasured stream counts for everything that enters its side of the forest.
  std::vector<double> potential(nodes, 0.0);
  for (auto branch = forest.rbegin(); branch != forest.rend(); ++branch) {
    const auto stream = at(branch->stream);
    const double own = links[stream].from == branch->child ? coefficient[stream] : -coefficient[stream];
    potential[at(branch->child)] = own + (branch->parent == kEnvironment ? 0.0 : potential[at(branch->parent)]);
  }
  const auto of = [&](int node) { return node == kEnvironment ? 0.0 : potential[at(node)]; };
  std::vector<double> cov(links.size(), 0.0), rhs(at(network.rank()), 0.0);
  for (size_t j = 0; j < links.size(); ++j) {
    if (roles[j] != Role::measured) continue;
    cov[j] = variance_[j] * (coefficient[j] + of(links[j].to) - of(links[j].from));
    const auto [tail, head] = ends[j];
    if (tail == head) continue;
    if (head >= 0) rhs[at(head)] += cov[j];
    if (tail >= 0) rhs[at(tail)] -= cov[j];
  }
  solve(rhs);
  std::vector<double> net(nodes, 0.0);
  for (size_t j = 0; j < links.size(); ++j) {
    if (roles[j] != Role::measured) continue;
    const auto [tail, head] = ends[j];
    if (tail != head) cov[j] -= variance_[j] * ((head >= 0 ? rhs[at(head)] : 0.0) - (tail >= 0 ? rhs[at(tail)] : 0.0));
    if (links[j].to >= 0) net[at(links[j].to)] += cov[j];
    if (links[j].from >= 0) net[at(links[j].from)] -= cov[j];
  }
  for (const auto& branch : forest) {
    const auto stream = at(branch.stream);
    const double carried = net[at(branch.child)];
    cov[stream] = links[stream].from == branch.child ? carried : -carried;
    if (branch.parent != kEnvironment) net[at(branch.parent)] += carried;
  }
  for (size_t j = 0; j < cov.size(); ++j)
    if (network.classes()[j] == Class::unobservable) cov[j] = kNothing;
  return cov;
}

}  // namespace qy::engine::balance
