#include "engine/balance/feasibility.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

constexpr double kRounding = 1e-9;

/// Dinic's algorithm with real capacities; what is below `small` counts as nothing.
class Flow {
 public:
  Flow(int nodes, double small) : first_(at(nodes), -1), small_(small) {}

  void add(int from, int to, double forward, double backward) {
    arcs_.push_back({to, first_[at(from)], forward});
    first_[at(from)] = static_cast<int>(arcs_.size()) - 1;
    arcs_.push_back({from, first_[at(to)], backward});
    first_[at(to)] = static_cast<int>(arcs_.size()) - 1;
  }

  double run(int source, int sink) {
    double total = 0;
    while (layer(source, sink)) {
      next_ = first_;
      while (const double pushed = augment(source, sink)) total += pushed;
    }
    return total;
  }
  /// After `run`: on the source's side of the smallest cut.
  bool reached(int node) const { return level_[at(node)] >= 0; }

  /// Whether more may go through the arc that was added as the given one, or back through it.
  bool forward(size_t arc) const { return arcs_[2 * arc].room > small_; }
  bool backward(size_t arc) const { return arcs_[2 * arc + 1].room > small_; }

  /// Nodes that reach each other through what is left have the same number (Tarjan 1972).
  std::vector<int> strong_components() const {
    const auto count = first_.size();
    std::vector<int> component(count, -1), order(count, -1), low(count), next = first_, path, open;
    int clock = 0, found = 0;
    for (size_t root = 0; root < count; ++root) {
      if (order[root] >= 0) continue;
      path.push_back(static_cast<int>(root));
      while (!path.empty()) {
        const auto node = at(path.back());
        if (order[node] < 0) {
          order[node] = low[node] = clock++;
          open.push_back(path.back());
        }
        int& a = next[node];
        int deeper = -1;
        for (; a >= 0 && deeper < 0; a = arcs_[at(a)].next) {
          if (arcs_[at(a)].room <= small_) continue;
          const auto to = at(arcs_[at(a)].to);
          if (order[to] < 0) {
            deeper = arcs_[at(a)].to;
            break;
          }
          if (component[to] < 0) low[node] = std::min(low[node], low[to]);
        }
        if (deeper >= 0) {
          path.push_back(deeper);
          continue;
        }
        path.pop_back();
        if (low[node] == order[node]) {
          int member = -1;
          do {
            member = open.back();
            open.pop_back();
            component[at(member)] = found;
          } while (at(member) != node);
          ++found;
        }
        if (!path.empty()) low[at(path.back())] = std::min(low[at(path.back())], low[node]);
      }
    }
    return component;
  }

 private:
  struct Arc {
    int to, next;
    double room;
  };

  bool layer(int source, int sink) {
    level_.assign(first_.size(), -1);
    level_[at(source)] = 0;
    std::vector<int> queue{source};
    for (size_t i = 0; i < queue.size(); ++i)
      for (int a = first_[at(queue[i])]; a >= 0; a = arcs_[at(a)].next)
        if (arcs_[at(a)].room > small_ && level_[at(arcs_[at(a)].to)] < 0) {
          level_[at(arcs_[at(a)].to)] = level_[at(queue[i])] + 1;
          queue.push_back(arcs_[at(a)].to);
        }
    return level_[at(sink)] >= 0;
  }

  /// One path of the layered graph, depth first without recursion.
  double augment(int source, int sink) {
    std::vector<int> path;
    int node = source;
    while (node != sink) {
      int& a = next_[at(node)];
      while (a >= 0 && !(arcs_[at(a)].room > small_ && level_[at(arcs_[at(a)].to)] == level_[at(node)] + 1))
        a = arcs_[at(a)].next;
      if (a >= 0) {
        path.push_back(a);
        node = arcs_[at(a)].to;
      } else if (path.empty()) {
        return 0;
      } else {
        level_[at(node)] = -2;  // a dead end
        node = arcs_[at(path.back() ^ 1)].to;
        path.pop_back();
      }
    }
    double room = kUnbounded;
    for (const int a : path) room = std::min(room, arcs_[at(a)].room);
    for (const int a : path) {
      arcs_[at(a)].room -= room;
      arcs_[at(a ^ 1)].room += room;
    }
    return room;
  }

  std::vector<int> first_, next_, level_;
  std::vector<Arc> arcs_;
  double small_;
};

/// One balance within bounds, sought from the flows nearest to nothing.
struct Search {
  std::vector<double> start, excess;
  double wanted = 0, small = 0;
  int outside = 0;

  /// `scale`: of the numbers that the bounds were computed from, whose rounding they carry; 0 when they are as given.
  Search(const Model& model, std::span<const double> lower, std::span<const double> upper, double scale)
      : start(lower.size()), excess(at(model.nodes) + 1, 0.0), outside(model.nodes) {
    for (size_t j = 0; j < lower.size(); ++j) {
      start[j] = std::clamp(0.0, lower[j], upper[j]);
      scale = std::max(scale, std::fabs(start[j]));
      excess[at(index(model.streams[j].link.to))] += start[j];
      excess[at(index(model.streams[j].link.from))] -= start[j];
    }
    small = kRounding * scale;
    for (const double value : excess) wanted += std::max(0.0, value);
  }
  int index(int node) const { return node == kEnvironment ? outside : node; }
  bool nothing_wanted() const { return wanted <= small * static_cast<double>(excess.size()); }

  /// True when all that is wanted flows. The arcs of `flow` are the streams, then those of the excess.
  bool run(const Model& model, std::span<const double> lower, std::span<const double> upper, Flow& flow) const {
    const int source = outside + 1, sink = outside + 2;
    for (size_t j = 0; j < lower.size(); ++j) {
      const auto& link = model.streams[j].link;
      flow.add(index(link.from), index(link.to), upper[j] - start[j], start[j] - lower[j]);
    }
    for (int node = 0; node <= outside; ++node) {
      if (excess[at(node)] > 0) flow.add(source, node, excess[at(node)], 0);
      if (excess[at(node)] < 0) flow.add(node, sink, -excess[at(node)], 0);
    }
    return flow.run(source, sink) >= wanted - small * static_cast<double>(excess.size());
  }
};

std::optional<Obstacle> obstacle(const Model& model, std::span<const double> lower, std::span<const double> upper,
                                 double scale) {
  const Search search(model, lower, upper, scale);
  if (search.nothing_wanted()) return std::nullopt;
  const int outside = search.outside;
  Flow flow(outside + 3, search.small);
  if (search.run(model, lower, upper, flow)) return std::nullopt;

  // The nodes that hold too much cannot get rid of it; seen from the other side, the rest cannot get enough.
  const bool surplus = !flow.reached(outside);
  Obstacle out;
  out.entering = !surplus;
  const auto inside = [&](int node) { return node != kEnvironment && flow.reached(node) == surplus; };
  for (int node = 0; node < outside; ++node)
    if (inside(node)) out.nodes.push_back(node);
  for (size_t j = 0; j < lower.size(); ++j) {
    const bool enters = inside(model.streams[j].link.to), leaves = inside(model.streams[j].link.from);
    if (enters == leaves) continue;
    if (surplus)
      (enters ? out.needed : out.available) += enters ? lower[j] : upper[j];
    else
      (enters ? out.available : out.needed) += enters ? upper[j] : lower[j];
  }
  return out;
}

}  // namespace

namespace {

std::pair<std::vector<double>, std::vector<double>> limits(const Model& model) {
  std::vector<double> lower, upper;
  for (const auto& stream : model.streams) {
    lower.push_back(stream.role == Role::fixed ? stream.value : stream.lower);
    upper.push_back(stream.role == Role::fixed ? stream.value : stream.upper);
  }
  return {lower, upper};
}

}  // namespace

std::optional<Obstacle> network_obstacle(const Model& model) {
  const auto [lower, upper] = limits(model);
  return obstacle(model, lower, upper, 0);
}

std::vector<signed char> held_by_network(const Model& model) {
  const auto [lower, upper] = limits(model);
  const Search search(model, lower, upper, 0);
  Flow flow(search.outside + 3, search.small);
  std::vector<signed char> held(model.streams.size(), 0);
  if (!search.run(model, lower, upper, flow)) return held;
  const auto component = flow.strong_components();
  for (size_t j = 0; j < held.size(); ++j) {
    const auto& link = model.streams[j].link;
    const bool may_rise = flow.forward(j), may_fall = flow.backward(j);
    if (may_rise == may_fall || component[at(search.index(link.from))] == component[at(search.index(link.to))])
      continue;
    held[j] = may_rise ? -1 : 1;
  }
  return held;
}

std::optional<Obstacle> rest_obstacle(const Model& model, std::span<const double> flow) {
  std::vector<double> lower, upper;
  double scale = 0;
  for (size_t j = 0; j < model.streams.size(); ++j) {
    if (model.streams[j].role != Role::unmeasured) scale = std::max(scale, std::fabs(model.streams[j].value));
    const bool known = std::isfinite(flow[j]);
    lower.push_back(known ? flow[j] : model.streams[j].lower);
    upper.push_back(known ? flow[j] : model.streams[j].upper);
  }
  return obstacle(model, lower, upper, scale);
}

}  // namespace qy::engine::balance
