#include "engine/balance/approximate.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

struct Edge {
  int to;  ///< the number of vertices: the ground
  double weight;
};

/// What is left to eliminate: the edges of every vertex, several between the same two possible, and the vertices by
/// their degree; degrees beyond the last bucket share it. Made for few cache misses: all of a vertex lies in one place,
/// and the network's own edges lie together.
class Remaining {
 public:
  Remaining(int size, std::span<const WeightedPair> pairs) : vertices_(at(size)), bucket_(kMost + 1, -1) {
    const auto each_end = [&](auto&& take) {
      for (const auto& [first, second, weight] : pairs) {
        take(first, second < 0 ? size : second, weight);
        if (second >= 0) take(second, first, weight);
      }
    };
    each_end([&](int from, int, double) { ++vertices_[at(from)].degree; });
    int end = 0;
    for (auto& vertex : vertices_)
      if (vertex.degree > 0) vertex.edges = end, end += vertex.degree;
    links_.reserve(2 * at(end));
    links_.resize(at(end));
    std::vector<int> filled(vertices_.size(), 0);
    each_end([&](int from, int to, double weight) {
      const int done = filled[at(from)]++, here = vertices_[at(from)].edges + done;
      links_[at(here)] = {weight, to, done + 1 < vertices_[at(from)].degree ? here + 1 : -1};
    });
    for (int v = size; v-- > 0;) enter(v);
  }

  /// A vertex of least degree; it is left no longer.
  int take_least() {
    while (bucket_[least_] < 0) ++least_;
    const int vertex = bucket_[least_];
    leave(vertex);
    vertices_[at(vertex)].degree = kGone;
    return vertex;
  }
  bool has(int vertex) const { return at(vertex) == vertices_.size() || vertices_[at(vertex)].degree != kGone; }
  template <typename Take>
  void each_edge(int vertex, Take&& take) const {
    for (int e = vertices_[at(vertex)].edges; e >= 0; e = links_[at(e)].next)
      take(Edge{links_[at(e)].to, links_[at(e)].weight});
  }
  void add(int from, int to, double weight) {
    if (at(from) == vertices_.size()) return;
    links_.push_back({weight, to, vertices_[at(from)].edges});
    vertices_[at(from)].edges = static_cast<int>(links_.size()) - 1;
  }
  void change_degree(int vertex, int by) {
    if (by == 0 || at(vertex) == vertices_.size()) return;
    const int degree = vertices_[at(vertex)].degree + by;
    if (bucket_of(degree) == bucket_of(vertices_[at(vertex)].degree)) {
      vertices_[at(vertex)].degree = degree;
      return;
    }
    leave(vertex);
    vertices_[at(vertex)].degree = degree;
    enter(vertex);
  }

 private:
  static constexpr int kMost = 200, kGone = -1;
  struct Vertex {
    int degree = 0, edges = -1, next = -1, before = -1;
  };
  struct Link {
    double weight;
    int to, next;
  };
  static size_t bucket_of(int degree) { return at(std::clamp(degree, 0, kMost)); }
  void enter(int number) {
    auto& vertex = vertices_[at(number)];
    const auto b = bucket_of(vertex.degree);
    vertex.next = bucket_[b];
    vertex.before = -1;
    if (vertex.next >= 0) vertices_[at(vertex.next)].before = number;
    bucket_[b] = number;
    least_ = std::min(least_, b);
  }
  void leave(int number) {
    const auto& vertex = vertices_[at(number)];
    if (vertex.before < 0)
      bucket_[bucket_of(vertex.degree)] = vertex.next;
    else
      vertices_[at(vertex.before)].next = vertex.next;
    if (vertex.next >= 0) vertices_[at(vertex.next)].before = vertex.before;
  }

  std::vector<Vertex> vertices_;
  std::vector<Link> links_;
  std::vector<int> bucket_;
  size_t least_ = 0;
};

/// Edges to one neighbour of the vertex that is eliminated, taken together.
struct Neighbour {
  int to;
  int degree;  ///< how it changes
  double weight;
};

}  // namespace

ApproximateFactor::ApproximateFactor(int size, std::span<const WeightedPair> pairs) {
  Remaining left(size, pairs);
  std::mt19937_64 random(1);
  place.assign(at(size), -1);
  start.assign(1, 0);
  row.reserve(4 * pairs.size());
  share.reserve(4 * pairs.size());
  std::vector<Neighbour> front;
  std::vector<double> beyond;  // Σ weight from each neighbour on
  for (int k = 0; k < size; ++k) {
    const int vertex = left.take_least();
    place[at(vertex)] = k;
    front.clear();
    left.each_edge(vertex, [&](const Edge& edge) {
      if (left.has(edge.to)) front.push_back({edge.to, -1, edge.weight});
    });
    std::sort(front.begin(), front.end(), [](const auto& a, const auto& b) { return a.to < b.to; });
    size_t kept = 0;
    for (const auto& neighbour : front) {
      if (kept > 0 && front[kept - 1].to == neighbour.to) {
        front[kept - 1].weight += neighbour.weight;
        --front[kept - 1].degree;
      } else {
        front[kept++] = neighbour;
      }
    }
    front.resize(kept);
    std::sort(front.begin(), front.end(), [](const auto& a, const auto& b) { return a.weight < b.weight; });
    beyond.resize(kept + 1);
    beyond[kept] = 0;
    for (size_t i = kept; i-- > 0;) beyond[i] = beyond[i + 1] + front[i].weight;
    const double total = beyond[0];
    pivot.push_back(total);
    // Each neighbour draws one heavier than itself, with a chance by weight, for all its edges of the clique.
    for (size_t i = 0; i < kept; ++i) {
      auto& [to, degree, weight] = front[i];
      if (to != size) {
        row.push_back(to);
        share.push_back(weight / total);
      }
      if (i + 1 == kept) break;
      const double mark = beyond[i + 1] * std::ldexp(static_cast<double>(random() >> 11), -53);
      size_t j = i + 1;
      while (j + 1 < kept && beyond[j + 1] > mark) ++j;
      const double drawn = weight * (beyond[i + 1] / total);
      left.add(to, front[j].to, drawn);
      left.add(front[j].to, to, drawn);
      ++degree;
      ++front[j].degree;
    }
    start.push_back(static_cast<int>(row.size()));
    for (const auto& [to, degree, weight] : front) left.change_degree(to, degree);
  }
  for (auto& to : row) to = place[at(to)];
}

}  // namespace qy::engine::balance
