#include "engine/indicators/evaluator.h"

namespace qy::engine::indicators {
namespace {

constexpr std::size_t kNothing = 4;

}  // namespace

void Evaluator::judge_limiting() {
  std::size_t worst = 0;  // of the applicable limiting rows
  for (const auto& row : out_.rows)
    if (row.row->limiting && applies(row)) worst = std::max(worst, position_of(row.grade));
  for (std::size_t i = 0; i < rule_.levels.size(); ++i)
    out_.limiting[rule_.levels[i].id] = worst <= tables_.levels[i].limiting;
}

void Evaluator::add_up() {
  for (std::size_t g = 0; g < tables_.groups.size(); ++g) {
    const auto& group = tables_.groups[g];
    std::array<Weights::Sum, 3> own;
    Weights::Sum all;
    for (auto i = group.first; i < group.end; ++i) {
      const auto& row = out_.rows[i];
      if (!applies(row) || !known_[g]) continue;
      weights_.add(all, i);
      for (auto level = position_of(row.grade); level < kLevels.size(); ++level) {
        weights_.add(own[level], i);
        weights_.add(sums_[level], i);
      }
    }
    for (std::size_t level = 0; level < kLevels.size(); ++level)
      out_.groups[g].index[level] =
          level > 0 && !group_weights_[g].is_zero() && weights_.same(own[level], own[level - 1])
              ? out_.groups[g].index[level - 1]
              : group_percent(g, own[level], all, level);
  }
  for (std::size_t level = 0; level < kLevels.size(); ++level)
    out_.index[std::string(kLevels[level])] = weights_.index(sums_[level]).str();
}

/// A group that weighs nothing in the whole still has an index of its own.
std::string Evaluator::group_percent(std::size_t g, const Weights::Sum& own, const Weights::Sum& all,
                                     std::size_t level) const {
  if (!known_[g] || !group_weights_[g].is_zero() || group_sums_[g].is_zero()) return weights_.percent(own, all);
  Rational sum;
  for (auto i = tables_.groups[g].first; i < tables_.groups[g].end; ++i)
    if (applies(out_.rows[i]) && reaches(out_.rows[i], level))
      sum = sum + (tables_.groups[g].constant ? *tables_.rows[i].weight : raw_[i]);
  return (sum * Rational(100) / group_sums_[g]).str();
}

bool Evaluator::holds(std::size_t level) const {
  const auto& [at, limiting, others, wanted, text] = tables_.levels[level];
  const auto& sum = sums_[at];
  const bool exactly = rule_.levels[level].exactly;
  if (exactly ? !weights_.index_is(sum, wanted) : !weights_.index_reaches(sum, wanted)) return false;
  if (!out_.limiting.at(rule_.levels[level].id)) return false;
  const auto worst = others;
  return std::all_of(out_.rows.begin(), out_.rows.end(), [&](const Row& row) {
    return worst == kLevels.size() || row.row->limiting || !applies(row) || reaches(row, worst);
  });
}

void Evaluator::decide() {
  if (!out_.missing.empty()) return;
  std::optional<std::size_t> better;
  out_.level = "none";
  out_.level_name = {"未达到最低等级", "below the lowest level"};
  for (std::size_t level = 0; level < rule_.levels.size(); ++level) {
    if (holds(level)) {
      out_.level = rule_.levels[level].id;
      out_.level_name = rule_.levels[level].name;
      break;
    }
    better = level;
  }
  if (better) out_.next = next_level(*better);
}

NextLevel Evaluator::next_level(std::size_t level) const {
  const auto& target = tables_.levels[level];
  const auto at = target.at;
  NextLevel next{rule_.levels[level].id, weights_.index(sums_[at]).str(), target.index_text, {}, {}, true};
  next.rows.reserve(out_.rows.size());
  std::vector<std::size_t> rises_to(out_.rows.size(), kNothing), place(out_.rows.size());
  auto sum = sums_[at];
  const auto raise = [&](std::size_t i, std::size_t to, const char* why) {
    const auto& row = out_.rows[i];
    rises_to[i] = to;
    place[i] = next.rows.size();
    next.rows.push_back({row.row->id, row.grade, std::string(kLevels[to]), row.weight, why});
    if (to <= at && !reaches(row, at)) weights_.add(sum, i);
  };
  for (const bool limiting : {true, false}) {
    const auto to = limiting ? target.limiting : target.others;
    if (to >= kLevels.size()) continue;
    for (std::size_t i = 0; i < out_.rows.size(); ++i)
      if (const auto& row = out_.rows[i]; row.row->limiting == limiting && applies(row) && !reaches(row, to))
        raise(i, to, limiting ? "limiting" : "others");
  }

  // The heaviest rows first give the fewest; then what turned out not to be needed goes again, the lightest first.
  std::vector<std::size_t> open, chosen;
  for (std::size_t i = 0; i < out_.rows.size(); ++i)
    if (applies(out_.rows[i]) && !reaches(out_.rows[i], at) && rises_to[i] > at) open.push_back(i);
  std::sort(open.begin(), open.end(),
            [&](std::size_t a, std::size_t b) { return weights_.heavier(a, b) || (a < b && !weights_.heavier(b, a)); });
  for (const auto i : open) {
    if (weights_.index_reaches(sum, target.index)) break;
    chosen.push_back(i);
    weights_.add(sum, i);
  }
  for (auto k = chosen.size(); k-- > 0;) {
    auto without = sum;
    weights_.add(without, chosen[k], -1);
    if (!weights_.index_reaches(without, target.index)) continue;
    sum = without;
    chosen.erase(chosen.begin() + static_cast<std::ptrdiff_t>(k));
  }
  for (const auto i : chosen) {
    if (rises_to[i] != kNothing)
      next.rows[place[i]].to = kLevels[at];
    else
      next.rows.push_back(
          {out_.rows[i].row->id, out_.rows[i].grade, std::string(kLevels[at]), out_.rows[i].weight, "index"});
  }
  next.index_then = weights_.index(sum).str();
  next.reachable = weights_.index_reaches(sum, target.index);
  return next;
}

}  // namespace qy::engine::indicators
