#include <algorithm>

#include "engine/balance/sparse.h"

namespace qy::engine::balance {
namespace {

using std::size_t;

/// Lower neighbours of every place: the rows of the strictly lower triangle.
struct Lower {
  std::vector<int> start, column;
};

Lower lower_of(const Adjacency& graph, const std::vector<int>& order, std::span<const int> place) {
  Lower lower;
  lower.start.reserve(order.size() + 1);
  lower.column.reserve(graph.to.size() / 2);
  lower.start.push_back(0);
  for (size_t k = 0; k < order.size(); ++k) {
    const auto node = static_cast<size_t>(order[k]);
    for (int at = graph.start[node]; at < graph.start[node + 1]; ++at) {
      const int other = place[static_cast<size_t>(graph.to[static_cast<size_t>(at)])];
      if (other < static_cast<int>(k)) lower.column.push_back(other);
    }
    lower.start.push_back(static_cast<int>(lower.column.size()));
  }
  return lower;
}

/// Elimination tree (Liu 1986) with path compression.
LargeVector<int> elimination_tree(const Lower& lower) {
  const auto size = lower.start.size() - 1;
  LargeVector<int> parent(size, -1), ancestor(size, -1);
  for (size_t k = 0; k < size; ++k)
    for (int at = lower.start[k]; at < lower.start[k + 1]; ++at) {
      int node = lower.column[static_cast<size_t>(at)];
      while (node != -1 && node < static_cast<int>(k)) {
        const int up = ancestor[static_cast<size_t>(node)];
        ancestor[static_cast<size_t>(node)] = static_cast<int>(k);
        if (up == -1) parent[static_cast<size_t>(node)] = static_cast<int>(k);
        node = up;
      }
    }
  return parent;
}

std::vector<int> postorder(std::span<const int> parent) {
  const auto size = parent.size();
  std::vector<int> first(size, -1), next(size, -1), out, stack;
  out.reserve(size);
  for (size_t k = size; k-- > 0;) {
    const int up = parent[k];
    if (up < 0) continue;
    next[k] = first[static_cast<size_t>(up)];
    first[static_cast<size_t>(up)] = static_cast<int>(k);
  }
  for (size_t root = 0; root < size; ++root) {
    if (parent[root] >= 0) continue;
    stack.push_back(static_cast<int>(root));
    while (!stack.empty()) {
      const int node = stack.back();
      auto& child = first[static_cast<size_t>(node)];
      if (child >= 0) {
        stack.push_back(child);
        child = next[static_cast<size_t>(child)];
      } else {
        stack.pop_back();
        out.push_back(node);
      }
    }
  }
  return out;
}

}  // namespace

Symbolic::Symbolic(int size, std::span<const Pair> pairs, double fill_limit) : size_(size) {
  const auto count = static_cast<size_t>(size);
  if (fill_limit < 0) {
    too_full_ = true;
    return;
  }
  const auto graph = Adjacency::of(size, pairs);
  auto order = fill_reducing_order(graph, fill_limit, too_full_);
  if (too_full_) return;

  place_.resize(count);
  const auto number = [&] {
    for (size_t k = 0; k < count; ++k) place_[static_cast<size_t>(order[k])] = static_cast<int>(k);
  };
  number();
  {
    const auto tree = elimination_tree(lower_of(graph, order, place_));
    const auto post = postorder(tree);
    std::vector<int> new_place(count), renumbered(count);
    for (size_t k = 0; k < count; ++k) new_place[static_cast<size_t>(post[k])] = static_cast<int>(k);
    parent_.resize(count);
    for (size_t k = 0; k < count; ++k) {
      const auto old = static_cast<size_t>(post[k]);
      renumbered[k] = order[old];
      parent_[k] = tree[old] < 0 ? -1 : new_place[static_cast<size_t>(tree[old])];
    }
    order.swap(renumbered);
    number();
  }

  const auto lower = lower_of(graph, order, place_);
  std::vector<int> mark(count, -1), length(count, 0);
  const auto walk = [&](auto&& visit) {
    for (size_t k = 0; k < count; ++k) {
      mark[k] = static_cast<int>(k);
      for (int at = lower.start[k]; at < lower.start[k + 1]; ++at)
        for (int node = lower.column[static_cast<size_t>(at)]; mark[static_cast<size_t>(node)] != static_cast<int>(k);
             node = parent_[static_cast<size_t>(node)]) {
          mark[static_cast<size_t>(node)] = static_cast<int>(k);
          if (!visit(static_cast<size_t>(node), static_cast<int>(k))) return false;
        }
    }
    return true;
  };
  size_t total = 0;
  const auto limit = static_cast<size_t>(std::min(fill_limit * size + 1e6, 4e8));
  if (!walk([&](size_t node, int) { return ++length[node], ++total <= limit; })) {
    too_full_ = true;
    return;
  }

  start_.resize(count + 1);
  start_[0] = 0;
  for (size_t k = 0; k < count; ++k) start_[k + 1] = start_[k] + length[k];
  row_.resize(total);
  std::vector<int> cursor(start_.begin(), start_.end() - 1);
  std::fill(mark.begin(), mark.end(), -1);
  walk([&](size_t node, int k) { return row_[static_cast<size_t>(cursor[node]++)] = k, true; });

  children_.assign(count, 0);
  relative_.resize(total);
  std::vector<int> first(count, -1), next(count, -1);
  for (size_t k = 0; k < count; ++k) {
    largest_front_ = std::max(largest_front_, static_cast<size_t>(length[k]) + 1);
    const int up = parent_[k];
    if (up < 0) continue;
    ++children_[static_cast<size_t>(up)];
    next[k] = first[static_cast<size_t>(up)];
    first[static_cast<size_t>(up)] = static_cast<int>(k);
  }
  auto& position = mark;
  for (size_t k = 0; k < count; ++k) {
    if (first[k] < 0) continue;
    position[k] = 0;
    for (int at = start_[k]; at < start_[k + 1]; ++at)
      position[static_cast<size_t>(row_[static_cast<size_t>(at)])] = at - start_[k] + 1;
    for (int child = first[k]; child >= 0; child = next[static_cast<size_t>(child)])
      for (int at = start_[static_cast<size_t>(child)]; at < start_[static_cast<size_t>(child) + 1]; ++at)
        relative_[static_cast<size_t>(at)] = position[static_cast<size_t>(row_[static_cast<size_t>(at)])];
  }
}

int Symbolic::joint(std::span<const int> places) const {
  size_t below = 0;
  for (int k = places.front();; k = parent_[static_cast<size_t>(k)]) {
    if (k < 0) k = places[below];  // the others are in other trees
    // In postorder, what lies between a place and its first ancestor beyond it is below that one.
    while (below < places.size() && places[below] <= k) ++below;
    const auto* begin = row_.data() + start_[static_cast<size_t>(k)];
    const auto* at = row_.data() + start_[static_cast<size_t>(k) + 1];
    auto left = places.size();
    for (; left > below; --left, --at) {
      while (at > begin && at[-1] > places[left - 1]) --at;
      if (at == begin || at[-1] != places[left - 1]) break;
    }
    if (left == below) return k;
  }
}

int Symbolic::slot(int place, int other) const {
  const auto [low, high] = std::minmax(place, other);
  const auto* begin = row_.data() + start_[static_cast<size_t>(low)];
  const auto* end = row_.data() + start_[static_cast<size_t>(low) + 1];
  if (end - begin <= 8) {
    for (const auto* at = begin; at < end; ++at)
      if (*at == high) return static_cast<int>(at - row_.data());
    return -1;
  }
  const auto* found = std::lower_bound(begin, end, high);
  return found != end && *found == high ? static_cast<int>(found - row_.data()) : -1;
}

}  // namespace qy::engine::balance
