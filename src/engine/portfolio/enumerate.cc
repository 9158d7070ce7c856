#include "engine/portfolio/enumerate.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::portfolio {

void Enumeration::index() {
  cells_.assign(model_.columns.size(), {});
  tolerance_.assign(model_.rows.size(), 1e-7);
  for (std::size_t i = 0; i < model_.rows.size(); ++i) {
    double size = 1;
    for (const auto& [column, coefficient] : model_.rows[i].terms) {
      cells_[static_cast<std::size_t>(column)].push_back({static_cast<int>(i), coefficient});
      size = std::max(size, std::fabs(coefficient));
    }
    tolerance_[i] *= size;
  }
}

/// What the row's shadow price loses because its side cannot be reached any more.
double Enumeration::missed(std::size_t row) const {
  const auto price = node_->duals[row];
  if (price > 0 && model_.rows[row].upper < milp::kInfinity)
    return price * std::max(0.0, model_.rows[row].upper - most_[row]);
  if (price < 0 && model_.rows[row].lower > -milp::kInfinity)
    return -price * std::max(0.0, least_[row] - model_.rows[row].lower);
  return 0;
}

bool Enumeration::fix(std::size_t pick, bool up) {
  bool fits = true;
  for (const auto& [r, coefficient] : cells_[pick]) {
    const auto row = static_cast<std::size_t>(r);
    penalty_ -= missed(row);
    (up == (coefficient > 0) ? least_ : most_)[row] += up ? coefficient : -coefficient;
    penalty_ += missed(row);
    fits = fits && least_[row] <= model_.rows[row].upper + tolerance_[row] &&
           most_[row] >= model_.rows[row].lower - tolerance_[row];
  }
  const auto reduced = node_->reduced[pick];
  penalty_ += up ? std::max(0.0, -reduced) : std::max(0.0, reduced);
  taken_[pick] = up;
  return fits;
}

void Enumeration::release(std::size_t pick, bool up) {
  for (const auto& [r, coefficient] : cells_[pick])
    (up == (coefficient > 0) ? least_ : most_)[static_cast<std::size_t>(r)] -= up ? coefficient : -coefficient;
}

void Enumeration::descend(std::size_t depth) {
  if (--steps_ < 0) return;
  if (depth == order_.size()) return (*leaf_)(taken_);
  const auto pick = order_[depth];
  const auto before = penalty_;
  const bool first = node_->reduced[pick] != 0 ? node_->reduced[pick] > 0 : node_->values[pick] > 0.5;
  for (const bool up : {first, !first}) {
    if (fix(pick, up) && node_->bound - penalty_ >= (*threshold_)()) descend(depth + 1);
    release(pick, up);
    penalty_ = before;
    if (steps_ < 0) return;
  }
}

bool Enumeration::run(const Node& node, const std::function<double()>& threshold, std::int64_t steps,
                      const std::function<void(const std::vector<char>&)>& leaf) {
  node_ = &node;
  threshold_ = &threshold;
  leaf_ = &leaf;
  steps_ = steps;
  order_.clear();
  taken_.assign(picks_, 0);
  for (std::size_t pick = 0; pick < picks_; ++pick) {
    if (node.lower[pick] < node.upper[pick])
      order_.push_back(pick);
    else
      taken_[pick] = node.lower[pick] > 0.5;
  }
  std::sort(order_.begin(), order_.end(),
            [&](std::size_t a, std::size_t b) { return std::fabs(node.reduced[a]) > std::fabs(node.reduced[b]); });
  least_.assign(model_.rows.size(), 0);
  most_.assign(model_.rows.size(), 0);
  for (std::size_t i = 0; i < model_.rows.size(); ++i)
    for (const auto& [column, coefficient] : model_.rows[i].terms) {
      const auto low = coefficient * node.lower[static_cast<std::size_t>(column)],
                 high = coefficient * node.upper[static_cast<std::size_t>(column)];
      least_[i] += std::min(low, high);
      most_[i] += std::max(low, high);
    }
  penalty_ = 0;
  for (std::size_t i = 0; i < model_.rows.size(); ++i) penalty_ += missed(i);
  descend(0);
  return steps_ >= 0;
}

}  // namespace qy::engine::portfolio
