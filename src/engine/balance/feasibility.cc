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

/// `scale`: of the numbers that the bounds were computed from, whose rounding they carry; 0 when they are as given.
std::optional<Obstacle> obstacle(const Model& model, std::span<const double> lower, std::span<const double> upper,
                                 double scale) {
  const int outside = model.nodes, source = outside + 1, sink = outside + 2;
  const auto index = [&](int node) { return node == kEnvironment ? outside : node; };
  std::vector<double> excess(at(outside) + 1, 0.0), start(lower.size());
  for (size_t j = 0; j < lower.size(); ++j) {
    start[j] = std::clamp(0.0, lower[j], upper[j]);
    scale = std::max(scale, std::fabs(start[j]));
    excess[at(index(model.streams[j].link.to))] += start[j];
    excess[at(index(model.streams[j].link.from))] -= start[j];
  }
  const double small = kRounding * scale;
  double wanted = 0;
  for (const double value : excess) wanted += std::max(0.0, value);
  if (wanted <= small * static_cast<double>(excess.size())) return std::nullopt;

  Flow flow(outside + 3, small);
  for (size_t j = 0; j < lower.size(); ++j) {
    const auto& link = model.streams[j].link;
    flow.add(index(link.from), index(link.to), upper[j] - start[j], start[j] - lower[j]);
  }
  for (int node = 0; node <= outside; ++node) {
    if (excess[at(node)] > 0) flow.add(source, node, excess[at(node)], 0);
    if (excess[at(node)] < 0) flow.add(node, sink, -excess[at(node)], 0);
  }
  if (flow.run(source, sink) >= wanted - small * static_cast<double>(excess.size())) return std::nullopt;

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

std::optional<Obstacle> network_obstacle(const Model& model) {
  std::vector<double> lower, upper;
  for (const auto& stream : model.streams) {
    lower.push_back(stream.role == Role::fixed ? stream.value : stream.lower);
    upper.push_back(stream.role == Role::fixed ? stream.value : stream.upper);
  }
  return obstacle(model, lower, upper, 0);
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
