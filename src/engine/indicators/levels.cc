#include "engine/indicators/evaluator.h"

namespace qy::engine::indicators {
namespace {

using rules::LevelRule;

bool rise_reaches(const NextLevel& next, const Row& row, std::size_t level) {
  return std::any_of(next.rows.begin(), next.rows.end(),
                     [&](const auto& rise) { return rise.row == row.row->id && position_of(rise.to) <= level; });
}

}  // namespace

void Evaluator::judge_limiting() {
  std::size_t worst = 0;  // of the applicable limiting rows
  for (const auto& row : out_.rows)
    if (row.row->limiting && applies(row)) worst = std::max(worst, position_of(row.grade));
  for (const auto& level : rule_.levels) out_.limiting[level.id] = worst <= position_of(level.limiting);
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
      out_.groups[g].index[level] = group_percent(g, own[level], all, level);
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
    if (applies(out_.rows[i]) && reaches(out_.rows[i], level)) sum = sum + raw_[i];
  return (sum * Rational(100) / group_sums_[g]).str();
}

bool Evaluator::holds(const LevelRule::Level& level) const {
  const auto& sum = sums_[position_of(level.id)];
  const Rational wanted(level.index);
  if (level.exactly ? !weights_.index_is(sum, wanted) : !weights_.index_reaches(sum, wanted)) return false;
  if (!out_.limiting.at(level.id)) return false;
  return level.others.empty() || std::all_of(out_.rows.begin(), out_.rows.end(), [&](const Row& row) {
           return row.row->limiting || !applies(row) || reaches(row, position_of(level.others));
         });
}

void Evaluator::decide() {
  if (!out_.missing.empty()) return;
  const LevelRule::Level* better = nullptr;
  out_.level = "none";
  out_.level_name = {"未达到最低等级", "below the lowest level"};
  for (const auto& level : rule_.levels) {
    if (holds(level)) {
      out_.level = level.id;
      out_.level_name = level.name;
      break;
    }
    better = &level;
  }
  if (better) out_.next = next_level(*better);
}

NextLevel Evaluator::next_level(const LevelRule::Level& target) const {
  const auto at = position_of(target.id);
  NextLevel next{target.id, weights_.index(sums_[at]).str(), target.index.shortest(), {}, {}, true};
  std::vector<bool> rises(out_.rows.size(), false);
  auto sum = sums_[at];
  const auto raise = [&](std::size_t i, std::size_t to, const char* why) {
    const auto& row = out_.rows[i];
    rises[i] = true;
    next.rows.push_back({row.row->id, row.grade, std::string(kLevels[to]), row.weight, why});
    if (to <= at && !reaches(row, at)) weights_.add(sum, i);
  };
  for (std::size_t i = 0; i < out_.rows.size(); ++i)
    if (const auto& row = out_.rows[i];
        row.row->limiting && applies(row) && !reaches(row, position_of(target.limiting)))
      raise(i, position_of(target.limiting), "limiting");
  for (std::size_t i = 0; i < out_.rows.size() && !target.others.empty(); ++i)
    if (const auto& row = out_.rows[i]; !row.row->limiting && applies(row) && !reaches(row, position_of(target.others)))
      raise(i, position_of(target.others), "others");

  // The heaviest rows first give the fewest; then what turned out not to be needed goes again, the lightest first.
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < out_.rows.size(); ++i)
    if (applies(out_.rows[i]) && !reaches(out_.rows[i], at) && !(rises[i] && rise_reaches(next, out_.rows[i], at)))
      open.push_back(i);
  std::stable_sort(open.begin(), open.end(), [&](std::size_t a, std::size_t b) { return weights_.heavier(a, b); });
  const Rational wanted(target.index);
  std::vector<std::size_t> chosen;
  for (const auto i : open) {
    if (weights_.index_reaches(sum, wanted)) break;
    chosen.push_back(i);
    weights_.add(sum, i);
  }
  for (auto k = chosen.size(); k-- > 0;) {
    auto without = sum;
    weights_.add(without, chosen[k], -1);
    if (!weights_.index_reaches(without, wanted)) continue;
    sum = without;
    chosen.erase(chosen.begin() + static_cast<std::ptrdiff_t>(k));
  }
  for (const auto i : chosen) {
    if (rises[i])
      std::find_if(next.rows.begin(), next.rows.end(), [&](const auto& rise) {
        return rise.row == out_.rows[i].row->id;
      })->to = kLevels[at];
    else
      next.rows.push_back(
          {out_.rows[i].row->id, out_.rows[i].grade, std::string(kLevels[at]), out_.rows[i].weight, "index"});
  }
  next.index_then = weights_.index(sum).str();
  next.reachable = weights_.index_reaches(sum, wanted);
  return next;
}

}  // namespace qy::engine::indicators
