#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>
#include <algorithm>

#include "engine/balance/sparse.h"

namespace qy::engine::balance {
namespace {

using std::size_t;

/// Eliminates nodes of degree ≤ 2 from a graph whose half-edges are changed in place.
class LowDegree {
 public:
  explicit LowDegree(const Adjacency& graph) : start_(graph.start), to_(graph.to), twin_(graph.to.size()) {
    const auto size = static_cast<size_t>(graph.size());
    degree_.resize(size);
    std::vector<int> cursor(start_.begin(), start_.end() - 1);
    for (size_t node = 0; node < size; ++node) {
      degree_[node] = start_[node + 1] - start_[node];
      for (int half = start_[node]; half < start_[node + 1]; ++half) {
        const auto other = static_cast<size_t>(to_[static_cast<size_t>(half)]);
        if (other < node) continue;
        const int back = cursor[other]++;  // neighbours are ascending, so the twins come in this order
        twin_[static_cast<size_t>(half)] = back;
        twin_[static_cast<size_t>(back)] = half;
      }
    }
  }

  std::vector<int> run() {
    const int size = static_cast<int>(degree_.size());
    std::vector<int> order, now, next;
    order.reserve(degree_.size());
    round_.assign(degree_.size(), 0);
    for (int node = 0; node < size; ++node)
      if (degree_[static_cast<size_t>(node)] <= 2) now.push_back(node);
    queued_.assign(degree_.size(), 0);
    for (int round = 1; !now.empty(); ++round, now.swap(next), next.clear()) {
      for (const int node : now) {
        auto& degree = degree_[static_cast<size_t>(node)];
        queued_[static_cast<size_t>(node)] = 0;
        if (degree < 0 || degree > 2) continue;
        if (round_[static_cast<size_t>(node)] == round) {
          queue(node, next);
          continue;
        }
        eliminate(node, round, next);
        order.push_back(node);
      }
    }
    return order;
  }

  bool alive(int node) const { return degree_[static_cast<size_t>(node)] >= 0; }

  template <class Visit>
  void neighbours(int node, Visit visit) const {
    for (int half = start_[static_cast<size_t>(node)]; half < start_[static_cast<size_t>(node) + 1]; ++half)
      if (to_[static_cast<size_t>(half)] >= 0) visit(to_[static_cast<size_t>(half)]);
  }

 private:
  static constexpr int kScan = 64;

  void queue(int node, std::vector<int>& list) {
    if (queued_[static_cast<size_t>(node)]++ == 0) list.push_back(node);
  }

  void drop(int half) {
    const int other = to_[static_cast<size_t>(half)];
    to_[static_cast<size_t>(half)] = -1;
    const int back = twin_[static_cast<size_t>(half)];
    --degree_[static_cast<size_t>(to_[static_cast<size_t>(back)])];
    --degree_[static_cast<size_t>(other)];
    to_[static_cast<size_t>(back)] = -1;
  }

  /// The half-edge from `a` to `b` other than `except`, when it is found in a short look.
  int find(int a, int b, int except) const {
    const int first = start_[static_cast<size_t>(a)];
    const int last = std::min(start_[static_cast<size_t>(a) + 1], first + kScan);
    for (int half = first; half < last; ++half)
      if (to_[static_cast<size_t>(half)] == b && half != except) return half;
    return -1;
  }

  int room(int node) const { return start_[static_cast<size_t>(node) + 1] - start_[static_cast<size_t>(node)]; }

  void eliminate(int node, int round, std::vector<int>& next) {
    int halves[2] = {-1, -1};
    int found = 0;
    for (int half = start_[static_cast<size_t>(node)]; found < degree_[static_cast<size_t>(node)]; ++half)
      if (to_[static_cast<size_t>(half)] >= 0) halves[found++] = half;
    int ends[2] = {-1, -1};
    for (int i = 0; i < found; ++i) ends[i] = to_[static_cast<size_t>(halves[i])];
    if (found == 1 || (found == 2 && ends[0] == ends[1])) {
      for (int i = 0; i < found; ++i) drop(halves[i]);
    } else if (found == 2) {
      // The two half-edges back to `node` now join its neighbours.
      const int at_a = twin_[static_cast<size_t>(halves[0])], at_b = twin_[static_cast<size_t>(halves[1])];
      to_[static_cast<size_t>(at_a)] = ends[1];
      to_[static_cast<size_t>(at_b)] = ends[0];
      twin_[static_cast<size_t>(at_a)] = at_b;
      twin_[static_cast<size_t>(at_b)] = at_a;
      to_[static_cast<size_t>(halves[0])] = to_[static_cast<size_t>(halves[1])] = -1;
      const bool from_a = room(ends[0]) <= room(ends[1]);
      if (find(from_a ? ends[0] : ends[1], from_a ? ends[1] : ends[0], from_a ? at_a : at_b) >= 0) drop(at_a);
    }
    degree_[static_cast<size_t>(node)] = -1;
    for (int i = 0; i < found; ++i) {
      round_[static_cast<size_t>(ends[i])] = round;
      if (degree_[static_cast<size_t>(ends[i])] <= 2) queue(ends[i], next);
    }
  }

  std::vector<int> start_, to_, twin_, degree_, round_;
  std::vector<char> queued_;
};

/// Entries of L at least, judged by the narrowest level of a breadth-first search between a quarter and three quarters
/// of the nodes: a separator of s nodes becomes a full triangle. Hubs (a header, the power supply) are left out of the
/// search, because every path leads through them; they cost a row each.
double spread(const Adjacency& graph) {
  constexpr int kHub = 48;
  const auto size = static_cast<size_t>(graph.size());
  std::vector<char> seen(size, 0);
  std::vector<int> level, next;
  double hubs = 0;
  for (size_t node = 0; node < size; ++node)
    if (graph.start[node + 1] - graph.start[node] > kHub) seen[node] = 3, ++hubs;
  double worst = 0.5 * hubs * hubs;
  for (size_t root = 0; root < size; ++root) {
    if (seen[root]) continue;
    int begin = static_cast<int>(root);
    std::vector<size_t> widths;
    size_t reached = 0;
    for (int pass = 0; pass < 2; ++pass) {  // the second from the far end of the first
      widths.clear();
      level.assign(1, begin);
      seen[static_cast<size_t>(begin)] = static_cast<char>(pass + 1);
      while (!level.empty()) {
        widths.push_back(level.size());
        next.clear();
        for (const int node : level)
          for (int at = graph.start[static_cast<size_t>(node)]; at < graph.start[static_cast<size_t>(node) + 1]; ++at) {
            const auto other = static_cast<size_t>(graph.to[static_cast<size_t>(at)]);
            if (seen[other] == pass + 1 || seen[other] == 3) continue;
            seen[other] = static_cast<char>(pass + 1);
            next.push_back(static_cast<int>(other));
          }
        if (next.empty()) begin = level.back();
        level.swap(next);
      }
      reached = 0;
      for (const auto width : widths) reached += width;
    }
    size_t before = 0, narrowest = reached;
    for (const auto width : widths) {
      before += width;
      if (before * 4 >= reached && before * 4 <= 3 * reached + 4 * width) narrowest = std::min(narrowest, width);
    }
    worst = std::max(worst, 0.5 * static_cast<double>(narrowest) * static_cast<double>(narrowest));
  }
  return worst;
}

}  // namespace

Adjacency Adjacency::of(int size, std::span<const Pair> pairs) {
  const auto nodes = static_cast<size_t>(size);
  std::vector<int> begin(nodes + 1, 0);
  for (const auto& pair : pairs) {
    ++begin[static_cast<size_t>(pair.first) + 1];
    ++begin[static_cast<size_t>(pair.second) + 1];
  }
  for (size_t node = 0; node < nodes; ++node) begin[node + 1] += begin[node];
  std::vector<int> unsorted(static_cast<size_t>(begin[nodes]));
  auto cursor = begin;
  for (const auto& pair : pairs) {
    unsorted[static_cast<size_t>(cursor[static_cast<size_t>(pair.first)]++)] = pair.second;
    unsorted[static_cast<size_t>(cursor[static_cast<size_t>(pair.second)]++)] = pair.first;
  }
  // A second pass over the rows in order leaves every list ascending.
  std::vector<int> sorted(unsorted.size());
  cursor.assign(begin.begin(), begin.end());
  for (size_t node = 0; node < nodes; ++node)
    for (int at = begin[node]; at < begin[node + 1]; ++at) {
      const auto other = static_cast<size_t>(unsorted[static_cast<size_t>(at)]);
      auto& end = cursor[other];
      if (end > begin[other] && sorted[static_cast<size_t>(end) - 1] == static_cast<int>(node)) continue;
      if (other == node) continue;
      sorted[static_cast<size_t>(end++)] = static_cast<int>(node);
    }
  Adjacency graph;
  graph.start.resize(nodes + 1);
  graph.to = std::move(unsorted);
  int kept = 0;
  for (size_t node = 0; node < nodes; ++node) {
    graph.start[node] = kept;
    for (int at = begin[node]; at < cursor[node]; ++at)
      graph.to[static_cast<size_t>(kept++)] = sorted[static_cast<size_t>(at)];
  }
  graph.start[nodes] = kept;
  graph.to.resize(static_cast<size_t>(kept));
  return graph;
}

std::vector<int> fill_reducing_order(const Adjacency& graph, double fill_limit, bool& hopeless) {
  hopeless = false;
  LowDegree low(graph);
  auto order = low.run();
  const auto left = static_cast<size_t>(graph.size()) - order.size();
  if (left == 0) return order;

  std::vector<int> core, index(static_cast<size_t>(graph.size()), -1);
  core.reserve(left);
  for (int node = 0; node < graph.size(); ++node)
    if (low.alive(node)) {
      index[static_cast<size_t>(node)] = static_cast<int>(core.size());
      core.push_back(node);
    }
  Adjacency inner;
  inner.start.push_back(0);
  for (const int node : core) {
    const auto begin = static_cast<std::ptrdiff_t>(inner.to.size());
    low.neighbours(node, [&](int other) { inner.to.push_back(index[static_cast<size_t>(other)]); });
    std::sort(inner.to.begin() + begin, inner.to.end());
    inner.to.erase(std::unique(inner.to.begin() + begin, inner.to.end()), inner.to.end());
    inner.start.push_back(static_cast<int>(inner.to.size()));
  }
  constexpr size_t kAlwaysTried = 20000;
  if (left > kAlwaysTried && spread(inner) > fill_limit * static_cast<double>(graph.size())) {
    hopeless = true;
    return order;
  }

  using Matrix = Eigen::SparseMatrix<float, Eigen::ColMajor, int>;
  std::vector<float> ones(inner.to.size(), 1.0f);
  const Eigen::Map<const Matrix> view(inner.size(), inner.size(), static_cast<int>(inner.to.size()), inner.start.data(),
                                      inner.to.data(), ones.data());
  Matrix pattern = view;
  Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int> permutation;
  Eigen::internal::minimum_degree_ordering(pattern, permutation);
  for (Eigen::Index k = 0; k < permutation.size(); ++k)
    order.push_back(core[static_cast<size_t>(permutation.indices()(k))]);
  return order;
}

}  // namespace qy::engine::balance
