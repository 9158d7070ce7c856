#include "engine/indicators/evaluator.h"

namespace qy::engine::indicators {
namespace {

constexpr auto kNothing = std::numeric_limits<std::size_t>::max();

}  // namespace

void Evaluator::judge_limiting() {
  std::size_t worst = 0;  // of the applicable limiting rows
  for (const auto& row : out_.rows)
    if (row.row->limiting && applies(row)) worst = std::max(worst, position_of(row.grade));
  for (const auto& level : tables_.levels) out_.limiting.push_back(worst <= level.limiting);
}

void Evaluator::add_up() {
  std::array<Weights::Sum, 4> exactly;
  for (std::size_t i = 0; i < out_.rows.size(); ++i)
    if (applies(out_.rows[i])) out_.weights.add(exactly[position_of(out_.rows[i].grade)], i);
  out_.sums[0] = exactly[0];
  for (std::size_t level = 1; level < out_.sums.size(); ++level)
    out_.sums[level] = {out_.sums[level - 1].units + exactly[level].units,
                        out_.sums[level - 1].exact + exactly[level].exact};
}

bool Evaluator::holds(std::size_t level) const {
  const auto& [at, limiting, others, wanted] = tables_.levels[level];
  const auto& sum = out_.sums[at];
  const bool exactly = rule_.levels[level].exactly;
  if (exactly ? !out_.weights.index_is(sum, wanted) : !out_.weights.index_reaches(sum, wanted)) return false;
  if (!out_.limiting[level]) return false;
  const auto worst = others;
  return std::all_of(out_.rows.begin(), out_.rows.end(), [&](const Row& row) {
    return worst == kLevels.size() || row.row->limiting || !applies(row) || reaches(row, worst);
  });
}

void Evaluator::decide() {
  static const Text kBelowAll{"未达到最低等级", "below the lowest level"};
  if (!out_.missing.empty()) return;
  std::optional<std::size_t> better;
  out_.level = "none";
  out_.level_name = &kBelowAll;
  for (std::size_t level = 0; level < rule_.levels.size(); ++level) {
    if (holds(level)) {
      out_.level = rule_.levels[level].id;
      out_.level_name = &rule_.levels[level].name;
      break;
    }
    better = level;
  }
  if (better) out_.next = next_level(*better);
}

NextLevel Evaluator::next_level(std::size_t level) const {
  using Why = NextLevel::Why;
  const auto& target = tables_.levels[level];
  const auto& weights = out_.weights;
  const auto at = target.at, count = out_.rows.size();
  NextLevel next;
  next.level = &rule_.levels[level];
  next.rows.reserve(count);
  auto sum = out_.sums[at];
  std::vector<std::size_t> place(count, kNothing), open;  // place: of its rise
  for (const bool limiting : {true, false}) {
    const auto to = limiting ? target.limiting : target.others;
    if (to >= kLevels.size()) continue;
    for (std::size_t i = 0; i < count; ++i) {
      const auto& row = out_.rows[i];
      if (row.row->limiting != limiting || !applies(row) || reaches(row, to)) continue;
      place[i] = next.rows.size();
      next.rows.push_back({i, row.grade, static_cast<Grade>(to), limiting ? Why::limiting : Why::others});
      if (to <= at && !reaches(row, at)) weights.add(sum, i);
    }
  }

  // The heaviest rows first give the fewest; then what turned out not to be needed goes again, the lightest first.
  const auto counted = [&](std::size_t i) { return place[i] != kNothing && position_of(next.rows[place[i]].to) <= at; };
  open.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    if (applies(out_.rows[i]) && !reaches(out_.rows[i], at) && !counted(i)) open.push_back(i);
  std::sort(open.begin(), open.end(),
            [&](std::size_t a, std::size_t b) { return weights.heavier(a, b) || (a < b && !weights.heavier(b, a)); });
  std::size_t chosen = 0;
  for (; chosen < open.size() && !weights.index_reaches(sum, target.index); ++chosen) weights.add(sum, open[chosen]);
  open.resize(chosen);
  for (auto k = open.size(); k-- > 0;) {
    auto without = sum;
    weights.add(without, open[k], -1);
    if (!weights.index_reaches(without, target.index)) continue;
    sum = without;
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(k));
  }
  for (const auto i : open) {
    if (place[i] != kNothing)
      next.rows[place[i]].to = static_cast<Grade>(at);
    else
      next.rows.push_back({i, out_.rows[i].grade, static_cast<Grade>(at), Why::index});
  }
  next.index_then = weights.index(sum);
  next.reachable = weights.index_reaches(sum, target.index);
  return next;
}

}  // namespace qy::engine::indicators
