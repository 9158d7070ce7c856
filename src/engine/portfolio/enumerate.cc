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

double Enumeration::missed(const Line& line) {
  return line.price * std::max(0.0, line.upwards ? line.side - line.most : line.least - line.side);
}

/// False when a row cannot be met any more.
bool Enumeration::fix(std::size_t pick, bool up) {
  bool fits = true;
  for (const auto& [r, coefficient] : cells_[pick]) {
    auto& line = lines_[static_cast<std::size_t>(r)];
    (up == (coefficient > 0) ? line.least : line.most) += up ? coefficient : -coefficient;
    fits = fits && line.least <= line.upper && line.most >= line.lower;
    if (line.price == 0) continue;
    penalty_ -= line.missed;
    penalty_ += line.missed = missed(line);
  }
  taken_[pick] = up;
  return fits;
}

void Enumeration::release(std::size_t pick, bool up) {
  for (const auto& [r, coefficient] : cells_[pick]) {
    auto& line = lines_[static_cast<std::size_t>(r)];
    (up == (coefficient > 0) ? line.least : line.most) -= up ? coefficient : -coefficient;
    if (line.price != 0) line.missed = missed(line);
  }
}

void Enumeration::descend(std::size_t depth) {
  if (--steps_ < 0) return;
  if (depth == order_.size()) {
    (*leaf_)(taken_);
    floor_ = (*threshold_)();
    return;
  }
  const auto pick = order_[depth];
  const auto reduced = node_->reduced[pick], before = penalty_;
  const bool first = reduced != 0 ? reduced > 0 : node_->values[pick] > 0.5;
  for (const bool up : {first, !first}) {
    penalty_ = before + (up ? std::max(0.0, -reduced) : std::max(0.0, reduced));
    if (node_->bound - penalty_ < floor_) continue;
    if (fix(pick, up) && node_->bound - penalty_ >= floor_) descend(depth + 1);
    release(pick, up);
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
  lines_.resize(model_.rows.size());
  penalty_ = 0;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto& row = model_.rows[i];
    const auto price = node.duals[i];
    const bool priced = price > 0 ? row.upper < milp::kInfinity : row.lower > -milp::kInfinity;
    auto& line = lines_[i];
    line = {0,
            0,
            row.lower - tolerance_[i],
            row.upper + tolerance_[i],
            price > 0 ? row.upper : row.lower,
            priced ? std::fabs(price) : 0,
            price > 0,
            0};
    for (const auto& [column, coefficient] : row.terms) {
      const auto low = coefficient * node.lower[static_cast<std::size_t>(column)],
                 high = coefficient * node.upper[static_cast<std::size_t>(column)];
      line.least += std::min(low, high);
      line.most += std::max(low, high);
    }
    if (line.price != 0) penalty_ += line.missed = missed(line);
  }
  floor_ = threshold();
  descend(0);
  return steps_ >= 0;
}

}  // namespace qy::engine::portfolio
