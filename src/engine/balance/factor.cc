#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "engine/balance/sparse.h"

namespace qy::engine::balance {
namespace {

using std::size_t;

size_t packed(size_t order) { return order * (order + 1) / 2; }

/// A stack of packed triangles that grows.
class Stack {
 public:
  double* ensure(size_t end) {
    if (end > data_.size()) data_.resize(std::max(end, data_.size() * 3 / 2 + 1024));
    return data_.data();
  }
  double* data() { return data_.data(); }

 private:
  LargeVector<double> data_;
};

/// Adds a packed lower triangle into a front at ascending positions.
void extend_add(double* front, size_t order, const double* update, const int* position, size_t count) {
  for (size_t column = 0; column < count; ++column) {
    const auto at = static_cast<size_t>(position[column]);
    // Column c of a packed lower triangle begins at c·order − c(c − 1)/2; entry r of it lies r − c further.
    double* target = front + at * order - at * (at + 1) / 2 + at;
    target -= at;
    for (size_t row = column; row < count; ++row) target[position[row]] += *update++;
  }
}

}  // namespace

Factor::Factor(const Symbolic& symbolic) : symbolic_(&symbolic) { clear(); }

void Factor::clear() {
  diagonal.assign(static_cast<size_t>(symbolic_->size()), 0.0);
  entries.assign(symbolic_->entries(), 0.0);
}

template <bool kLaplacian>
bool Factor::run() {
  const auto& s = *symbolic_;
  const auto size = static_cast<size_t>(s.size());
  const auto* start = s.start().data();
  const auto* relative = s.relative().data();
  const auto* parent = s.parent().data();
  const auto* children = s.children().data();
  if (kLaplacian) ground.resize(size);

  struct Pending {
    int column;
    size_t begin, end;
  };
  std::vector<Pending> pending;
  Stack stack;
  size_t top = 0;
  failed_at = -1;

  for (size_t k = 0; k < size; ++k) {
    double* l = entries.data() + start[k];
    const auto below = static_cast<size_t>(start[k + 1] - start[k]);
    const auto order = below + 1;
    auto family = static_cast<size_t>(children[k]);
    const size_t base = family ? pending[pending.size() - family].begin : top;
    const bool in_place =
        family && static_cast<size_t>(start[pending.back().column + 1] - start[pending.back().column]) == order;
    const size_t front_at = in_place ? pending.back().begin : top;
    double* data = stack.ensure(front_at + packed(order));
    double* front = data + front_at;
    if (in_place) {
      pending.pop_back();
      --family;
    } else {
      std::fill(front, front + packed(order), 0.0);
    }
    for (; family > 0; --family) {
      const auto& child = pending.back();
      const auto first = start[child.column];
      extend_add(front, order, data + child.begin, relative + first,
                 static_cast<size_t>(start[child.column + 1] - first));
      pending.pop_back();
    }

    double pivot = front[0] + diagonal[k];
    if (kLaplacian) {
      ground[k] = pivot;
      for (size_t t = 0; t < below; ++t) pivot += (front[1 + t] += l[t]);
    } else {
      for (size_t t = 0; t < below; ++t) front[1 + t] += l[t];
    }
    if (!(kLaplacian ? pivot > 0 : pivot != 0) || !std::isfinite(pivot)) {
      failed_at = static_cast<int>(k);
      return false;
    }
    diagonal[k] = pivot;
    const double inverse = 1.0 / pivot;
    double* update = front + order;
    if (kLaplacian) {
      const double to_ground = ground[k] * inverse;
      for (size_t c = 0; c < below; ++c) {
        const double weight = front[1 + c];
        *update++ += weight * to_ground;
        const double share = weight * inverse;
        for (size_t r = c + 1; r < below; ++r) *update++ += share * front[1 + r];
        l[c] = -share;
      }
    } else {
      for (size_t c = 0; c < below; ++c) {
        const double share = front[1 + c] * inverse;
        for (size_t r = c; r < below; ++r) *update++ -= share * front[1 + r];
        l[c] = share;
      }
    }

    if (parent[k] < 0) {
      top = 0;  // a root is the last of its tree
      continue;
    }
    size_t begin = front_at + order;
    if (!in_place || base != front_at) {
      std::memmove(data + base, data + begin, packed(below) * sizeof(double));
      begin = base;
    }
    top = begin + packed(below);
    pending.push_back({static_cast<int>(k), begin, top});
  }
  return true;
}

bool Factor::factor() { return run<false>(); }
bool Factor::factor_laplacian() { return run<true>(); }

void Factor::solve(std::span<double> x) const {
  const auto& s = *symbolic_;
  const auto size = static_cast<size_t>(s.size());
  const auto* start = s.start().data();
  const auto* row = s.row().data();
  for (size_t k = 0; k < size; ++k) {
    const double value = x[k];
    for (int at = start[k]; at < start[k + 1]; ++at)
      x[static_cast<size_t>(row[at])] -= entries[static_cast<size_t>(at)] * value;
  }
  for (size_t k = size; k-- > 0;) {
    double value = x[k] / diagonal[k];
    for (int at = start[k]; at < start[k + 1]; ++at)
      value -= entries[static_cast<size_t>(at)] * x[static_cast<size_t>(row[at])];
    x[k] = value;
  }
}

double Factor::energy(std::span<const int> places, std::span<const double> values, std::vector<double>& work,
                      const SelectedInverse* selected) const {
  const auto& s = *symbolic_;
  for (size_t i = 0; i < places.size(); ++i)
    if (places[i] >= 0) work[static_cast<size_t>(places[i])] += values[i];
  // Paths join; the smallest unfinished place is always next. A few paths: a linear look is enough.
  std::vector<int> ends;
  for (const int place : places)
    if (place >= 0 && std::find(ends.begin(), ends.end(), place) == ends.end()) ends.push_back(place);
  double sum = 0;
  while (!ends.empty()) {
    const auto least = std::min_element(ends.begin(), ends.end());
    const auto k = static_cast<size_t>(*least);
    if (selected && ends.size() == 1) return sum + front_energy(k, work, *selected);
    const double value = work[k];
    work[k] = 0;
    sum += value * value / diagonal[k];
    for (int at = s.start()[k]; at < s.start()[k + 1]; ++at)
      work[static_cast<size_t>(s.row()[static_cast<size_t>(at)])] -= entries[static_cast<size_t>(at)] * value;
    const int up = s.parent()[k];
    if (up < 0 || std::find(ends.begin(), ends.end(), up) != ends.end())
      ends.erase(least);
    else
      *least = up;
  }
  return sum;
}

void Factor::carry(std::span<const int> places, int joint, double total, std::span<double> work,
                   FrontForms& forms) const {
  const auto* start = symbolic_->start().data();
  const auto* row = symbolic_->row().data();
  const auto* parent = symbolic_->parent().data();
  double* const x = work.data();
  const int number = static_cast<int>(forms.forms.size());
  // A path that ends on an earlier one is eliminated before it.
  auto& reach = forms.reach;
  auto& paths = forms.paths;
  reach.clear();
  paths.assign(1, 0);
  for (const int place : places) {
    if (place >= joint) continue;
    for (int k = place; k >= 0 && k != joint && forms.seen[static_cast<size_t>(k)] != number; k = parent[k]) {
      forms.seen[static_cast<size_t>(k)] = number;
      reach.push_back(k);
    }
    paths.push_back(reach.size());
  }
  FrontForms::Form form{-1, static_cast<int>(forms.values.size()), total, 0};
  for (size_t path = paths.size() - 1; path-- > 0;)
    for (size_t step = paths[path]; step < paths[path + 1]; ++step) {
      const auto k = static_cast<size_t>(reach[step]);
      const double value = std::exchange(x[k], 0.0), share = value / diagonal[k];
      form.energy += value * share;
      form.total -= share * ground[k];
      for (int at = start[k]; at < start[k + 1]; ++at)
        x[static_cast<size_t>(row[at])] -= entries[static_cast<size_t>(at)] * value;
    }
  for (int at = start[joint + 1]; at-- > start[joint];)
    forms.values.push_back(std::exchange(x[static_cast<size_t>(row[at])], 0.0));
  forms.values.push_back(std::exchange(x[static_cast<size_t>(joint)], 0.0));
  form.next = std::exchange(forms.first[static_cast<size_t>(joint)], number);
  forms.forms.push_back(form);
}

double Factor::front_energy(size_t k, std::vector<double>& work, const SelectedInverse& selected) const {
  const auto& s = *symbolic_;
  std::vector<int> front;
  std::vector<double> b;
  const auto take = [&](int place) {
    const double value = std::exchange(work[static_cast<size_t>(place)], 0.0);
    if (value == 0) return;
    front.push_back(place);
    b.push_back(value);
  };
  take(static_cast<int>(k));
  for (int at = s.start()[k]; at < s.start()[k + 1]; ++at) take(s.row()[static_cast<size_t>(at)]);
  double sum = 0, total = 0, to_ground = 0;
  for (size_t i = 0; i < front.size(); ++i) {
    const double own = selected.diagonal[static_cast<size_t>(front[i])];
    total += b[i];
    to_ground += b[i] * own;
    if (!selected.resistances) sum += b[i] * b[i] * own;
    for (size_t j = 0; j < i; ++j) {
      const double between = b[i] * b[j] * selected.entries[static_cast<size_t>(s.slot(front[i], front[j]))];
      sum += selected.resistances ? -between : 2 * between;
    }
  }
  return selected.resistances ? sum + total * to_ground : sum;
}

}  // namespace qy::engine::balance
