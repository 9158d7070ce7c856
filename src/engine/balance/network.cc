#include "engine/balance/network.h"

#include <algorithm>
#include <limits>

namespace qy::engine::balance {
namespace {

using std::size_t;

/// Union–find with path halving; the smaller index becomes the root's neighbour of no rank: halving alone is enough.
class Unions {
 public:
  explicit Unions(size_t size) : up_(size) {
    for (size_t i = 0; i < size; ++i) up_[i] = static_cast<int>(i);
  }
  int find(int node) {
    while (up_[static_cast<size_t>(node)] != node) {
      auto& up = up_[static_cast<size_t>(node)];
      up = up_[static_cast<size_t>(up)];
      node = up;
    }
    return node;
  }
  void join(int a, int b) {
    a = find(a), b = find(b);
    if (a != b) up_[static_cast<size_t>(std::min(a, b))] = std::max(a, b);
  }

 private:
  std::vector<int> up_;
};

}  // namespace

Network::Network(int nodes, std::span<const Link> links, std::span<const Role> roles, double fill_limit)
    : nodes_(nodes),
      links_(links.begin(), links.end()),
      roles_(roles.begin(), roles.end()),
      classes_(links.size(), Class::fixed),
      fill_limit_(fill_limit) {
  contract();
  span_unmeasured();
}

void Network::contract() {
  const auto count = static_cast<size_t>(nodes_) + 1;
  const auto index = [&](int node) { return node == kEnvironment ? nodes_ : node; };
  Unions joined(count);
  for (size_t j = 0; j < links_.size(); ++j)
    if (roles_[j] == Role::unmeasured) joined.join(index(links_[j].from), index(links_[j].to));
  std::vector<int> group(count);
  for (size_t node = 0; node < count; ++node) group[node] = joined.find(static_cast<int>(node));
  // Parts of the whole network; fixed streams carry no information and join nothing.
  Unions& parts = joined;
  for (size_t j = 0; j < links_.size(); ++j)
    if (roles_[j] == Role::measured)
      parts.join(group[static_cast<size_t>(index(links_[j].from))], group[static_cast<size_t>(index(links_[j].to))]);

  const int outside = parts.find(nodes_);
  std::vector<int> number(count, -1), island_number(count, -1);
  island_.assign(static_cast<size_t>(nodes_), -1);
  int rows = 0;
  for (size_t node = 0; node + 1 < count; ++node) {
    const int part = parts.find(static_cast<int>(node));
    if (part == outside) continue;
    auto& island = island_number[static_cast<size_t>(part)];
    if (island < 0) {
      island = static_cast<int>(islands_.size());
      islands_.push_back(static_cast<int>(node));
    }
    island_[node] = island;
  }
  for (size_t node = 0; node + 1 < count; ++node) {
    const int own = group[node];
    if (own != static_cast<int>(node) || own == group[count - 1]) continue;
    const int island = island_[node];
    if (island >= 0 && group[static_cast<size_t>(islands_[static_cast<size_t>(island)])] == own)
      continue;  // its ground
    number[node] = rows++;
  }
  row_.resize(static_cast<size_t>(nodes_));
  for (size_t node = 0; node + 1 < count; ++node) row_[node] = number[static_cast<size_t>(group[node])];

  std::vector<Pair> pairs;
  pairs.reserve(links_.size());
  ends_.resize(links_.size());
  for (size_t j = 0; j < links_.size(); ++j) {
    auto& ends = ends_[j];
    ends = {row_of(links_[j].from), row_of(links_[j].to)};
    if (roles_[j] != Role::measured) continue;
    classes_[j] = ends.from == ends.to ? Class::nonredundant : Class::redundant;
    if (ends.from >= 0 && ends.to >= 0 && ends.from != ends.to) pairs.push_back({ends.from, ends.to});
  }
  symbolic_ = Symbolic(rows, pairs, fill_limit_);
  slots_.assign(links_.size(), -1);
  if (symbolic_.too_full()) return;
  for (auto& row : row_)
    if (row >= 0) row = symbolic_.place(row);
  for (size_t j = 0; j < links_.size(); ++j) {
    auto& ends = ends_[j];
    if (ends.from >= 0) ends.from = symbolic_.place(ends.from);
    if (ends.to >= 0) ends.to = symbolic_.place(ends.to);
    if (classes_[j] == Class::redundant && ends.from >= 0 && ends.to >= 0)
      slots_[j] = symbolic_.slot(ends.from, ends.to);
  }
}

void Network::span_unmeasured() {
  const auto count = static_cast<size_t>(nodes_) + 1;
  const auto index = [&](int node) { return static_cast<size_t>(node == kEnvironment ? nodes_ : node); };
  std::vector<int> start(count + 1, 0);
  size_t unmeasured = 0;
  for (size_t j = 0; j < links_.size(); ++j)
    if (roles_[j] == Role::unmeasured) {
      ++start[index(links_[j].from) + 1];
      ++start[index(links_[j].to) + 1];
      ++unmeasured;
    }
  if (unmeasured == 0) return;
  for (size_t node = 0; node < count; ++node) start[node + 1] += start[node];
  std::vector<int> incident(2 * unmeasured), cursor(start.begin(), start.end() - 1);
  for (size_t j = 0; j < links_.size(); ++j)
    if (roles_[j] == Role::unmeasured) {
      incident[static_cast<size_t>(cursor[index(links_[j].from)]++)] = static_cast<int>(j);
      incident[static_cast<size_t>(cursor[index(links_[j].to)]++)] = static_cast<int>(j);
    }

  // Depth first without recursion; a stream is a bridge when nothing below it reaches above it.
  std::vector<int> before(count, -1), low(count, 0), visited;
  std::copy(start.begin(), start.end() - 1, cursor.begin());
  struct Step {
    int node, by;
  };
  std::vector<Step> stack;
  std::vector<Branch> branches;
  int clock = 0;
  const auto explore = [&](int root) {
    before[static_cast<size_t>(root)] = low[static_cast<size_t>(root)] = clock++;
    stack.push_back({root, -1});
    while (!stack.empty()) {
      const auto [node, by] = stack.back();
      const auto at = static_cast<size_t>(node);
      if (cursor[at] < start[at + 1]) {
        const int stream = incident[static_cast<size_t>(cursor[at]++)];
        if (stream == by) continue;
        const auto& link = links_[static_cast<size_t>(stream)];
        const auto from = index(link.from), to = index(link.to);
        const auto other = from == at ? to : from;
        if (before[other] < 0) {
          before[other] = low[other] = clock++;
          classes_[static_cast<size_t>(stream)] = Class::observable;
          branches.push_back({stream, static_cast<int>(other), node == nodes_ ? kEnvironment : node});
          stack.push_back({static_cast<int>(other), stream});
        } else {
          classes_[static_cast<size_t>(stream)] = Class::unobservable;
          low[at] = std::min(low[at], before[other]);
        }
      } else {
        stack.pop_back();
        if (stack.empty()) break;
        const auto parent = static_cast<size_t>(stack.back().node);
        low[parent] = std::min(low[parent], low[at]);
        if (low[at] <= before[parent]) classes_[static_cast<size_t>(by)] = Class::unobservable;
      }
    }
  };
  explore(nodes_);
  for (int node = 0; node < nodes_; ++node)
    if (before[static_cast<size_t>(node)] < 0 &&
        start[static_cast<size_t>(node)] < start[static_cast<size_t>(node) + 1])
      explore(node);
  forest_.assign(branches.rbegin(), branches.rend());
}

}  // namespace qy::engine::balance
