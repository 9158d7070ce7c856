#include "engine/benchmark/sketch.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::benchmark {
namespace {

constexpr std::size_t kMostLevels = 40;

struct Weighted {
  double value;
  std::uint64_t weight;
};

std::vector<Weighted> in_order(const std::vector<std::vector<double>>& levels) {
  std::vector<Weighted> all;
  for (std::size_t level = 0; level < levels.size(); ++level)
    for (const auto value : levels[level]) all.push_back({value, std::uint64_t{1} << level});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
  return all;
}

}  // namespace

Sketch::Sketch(int k, std::uint64_t seed) : k_(std::clamp(k, kSmallest, kLargest)), random_(seed) { measure(); }

std::optional<Sketch> Sketch::restored(int k, std::uint64_t seed, std::vector<std::vector<double>> levels, double least,
                                       double most) {
  if (k < kSmallest || k > kLargest || levels.empty() || levels.size() > kMostLevels) return std::nullopt;
  Sketch sketch(k, seed);
  sketch.levels_ = std::move(levels);
  for (std::size_t level = 0; level < sketch.levels_.size(); ++level) {
    for (const auto value : sketch.levels_[level])
      if (!std::isfinite(value) || value < least || value > most) return std::nullopt;
    sketch.count_ += std::uint64_t{sketch.levels_[level].size()} << level;
  }
  sketch.measure();
  if (sketch.held_ > sketch.room_ || sketch.count_ == 0 || !std::isfinite(least) || !std::isfinite(most))
    return std::nullopt;
  sketch.least_ = least;
  sketch.most_ = most;
  return sketch;
}

std::size_t Sketch::room_at(std::size_t level) const {
  const auto depth = static_cast<double>(levels_.size() - 1 - level);
  return std::max<std::size_t>(2, static_cast<std::size_t>(std::ceil(k_ * std::pow(2.0 / 3.0, depth))));
}

void Sketch::measure() {
  held_ = room_ = 0;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    held_ += levels_[level].size();
    room_ += room_at(level);
  }
}

void Sketch::compress() {
  while (held_ > room_) {
    std::size_t level = 0;
    while (levels_[level].size() < room_at(level)) ++level;
    if (level + 1 == levels_.size()) levels_.emplace_back();
    auto& full = levels_[level];
    std::sort(full.begin(), full.end());
    // Of an odd number the first stays behind, so that no weight is lost.
    const std::size_t kept = full.size() % 2;
    for (std::size_t at = kept + (random_.next() & 1); at < full.size(); at += 2)
      levels_[level + 1].push_back(full[at]);
    full.resize(kept);
    measure();
  }
}

void Sketch::add(double value) {
  least_ = count_ ? std::min(least_, value) : value;
  most_ = count_ ? std::max(most_, value) : value;
  ++count_;
  levels_[0].push_back(value);
  if (++held_ > room_) compress();
}

void Sketch::merge(const Sketch& other) {
  if (other.count_ == 0) return;
  least_ = count_ ? std::min(least_, other.least_) : other.least_;
  most_ = count_ ? std::max(most_, other.most_) : other.most_;
  count_ += other.count_;
  k_ = std::min(k_, other.k_);  // the coarser of two decides what may be promised
  if (levels_.size() < other.levels_.size()) levels_.resize(other.levels_.size());
  for (std::size_t level = 0; level < other.levels_.size(); ++level)
    levels_[level].insert(levels_[level].end(), other.levels_[level].begin(), other.levels_[level].end());
  measure();
  compress();
}

double Sketch::quantile(double p) const {
  if (p <= 0) return least_;
  if (p >= 1) return most_;
  const double wanted = p * static_cast<double>(count_);
  double below = 0;
  for (const auto& [value, weight] : in_order(levels_)) {
    below += static_cast<double>(weight);
    if (below >= wanted) return value;
  }
  return most_;
}

double Sketch::rank(double value) const {
  double below = 0;
  for (std::size_t level = 0; level < levels_.size(); ++level)
    for (const auto each : levels_[level])
      if (each <= value) below += std::ldexp(1.0, static_cast<int>(level));
  return count_ ? below / static_cast<double>(count_) : 0;
}

double Sketch::rank_error() const { return is_exact() ? 0 : 2.446 / std::pow(k_, 0.9433); }

}  // namespace qy::engine::benchmark
