#include <algorithm>
#include <bit>
#include <optional>

#include "engine/similarity/shingles.h"
#include "engine/similarity/similarity.h"

namespace qy::engine::similarity {
namespace {

constexpr std::uint32_t kNone = 0xffffffff;
constexpr int kTries = 16;  ///< places of one seed that are looked at: repetitive texts stay quick

/// Hash of the `width` letters that begin at each place.
std::vector<std::uint64_t> hashes(std::span<const char32_t> letters, std::size_t width) {
  std::vector<std::uint64_t> out;
  if (letters.size() < width) return out;
  out.reserve(letters.size() - width + 1);
  Rolling rolling(width);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    rolling.take(letters[i]);
    if (i >= width) rolling.leave(letters[i - width]);
    if (i + 1 >= width) out.push_back(rolling.hash());
  }
  return out;
}

/// Where in a text a seed begins.
class Seeds {
 public:
  explicit Seeds(const std::vector<std::uint64_t>& hashes)
      : heads_(std::bit_ceil(hashes.size() + 1), kNone), next_(hashes.size()) {
    for (auto at = static_cast<std::uint32_t>(hashes.size()); at-- > 0;) {
      auto& head = heads_[hashes[at] & (heads_.size() - 1)];
      next_[at] = head;
      head = at;
    }
  }
  std::uint32_t first(std::uint64_t hash) const { return heads_[hash & (heads_.size() - 1)]; }
  std::uint32_t after(std::uint32_t at) const { return next_[at]; }

 private:
  std::vector<std::uint32_t> heads_, next_;
};

/// A run of agreeing letters: `length` of them from `a` in one text and `b` in the other.
struct Run {
  std::uint32_t a, b, length;
};

std::uint32_t agreeing(std::span<const char32_t> a, std::span<const char32_t> b) {
  const auto most = std::min(a.size(), b.size());
  std::size_t length = 0;
  while (length < most && a[length] == b[length]) ++length;
  return static_cast<std::uint32_t>(length);
}

/// Runs of at least `seed` letters that cover `b` from left to right, the longest found at each place.
std::vector<Run> runs(std::span<const char32_t> a, std::span<const char32_t> b, std::uint32_t seed) {
  std::vector<Run> out;
  const auto in_a = hashes(a, seed), in_b = hashes(b, seed);
  const Seeds seeds(in_a);
  for (std::uint32_t at = 0; at < in_b.size();) {
    Run best{0, at, 0};
    const auto look = [&](std::uint32_t place) {
      const auto length = agreeing(a.subspan(place), b.subspan(at));
      if (length > best.length) best = {place, at, length};
    };
    // First where the last run would go on: tables repeat themselves.
    if (!out.empty())
      if (const auto place = out.back().a + (at - out.back().b); place < in_a.size()) look(place);
    int tries = 0;
    if (best.length < seed)
      for (auto place = seeds.first(in_b[at]); place != kNone && tries < kTries; place = seeds.after(place), ++tries)
        if (in_a[place] == in_b[at]) look(place);
    if (best.length >= seed) {
      out.push_back(best);
      at += best.length;
    } else {
      ++at;
    }
  }
  return out;
}

}  // namespace

Text::Text(std::string_view utf8, const Boilerplate& boilerplate)
    : text_(normalised(utf8)), boilerplate_(text_.letters.size()) {
  if (boilerplate.empty()) return;
  const auto shingles = hashes(text_.letters, kShingle);
  std::size_t marked = 0;
  for (std::size_t at = 0; at < shingles.size(); ++at)
    if (boilerplate.holds(shingles[at]))
      for (marked = std::max(marked, at); marked < at + kShingle; ++marked) boilerplate_[marked] = true;
}

void Text::discount(std::span<const Range> common) {
  for (const auto& range : common)
    for (auto at = range.begin; at < std::min<std::size_t>(range.end, boilerplate_.size()); ++at)
      boilerplate_[at] = true;
}

std::uint32_t Text::own() const {
  return static_cast<std::uint32_t>(std::count(boilerplate_.begin(), boilerplate_.end(), false));
}

Range Text::place(Range letters) const {
  if (letters.begin >= letters.end || letters.end > text_.origin.size()) return {};
  return {text_.origin[letters.begin], text_.origin[letters.end - 1] + 1};
}

Comparison compare(const Text& a, const Text& b, const Rules& rules) {
  Comparison out;
  const std::span<const char32_t> in_a(a.text_.letters), in_b(b.text_.letters);
  const auto is_own = [&](const Run& run, std::uint32_t at) {
    return !a.boilerplate_[run.a + at] && !b.boilerplate_[run.b + at];
  };
  std::vector<Run> chain;
  const auto close = [&] {
    // A passage begins and ends with at least a shingle of its own; boilerplate inside belongs to it.
    std::optional<Run> first, last;
    std::uint32_t letters = 0, inside = 0, own = 0, streak = 0;
    for (const auto& run : chain)
      for (std::uint32_t at = 0; at < run.length; ++at) {
        const bool mine = is_own(run, at);
        streak = mine && at > 0 ? streak + 1 : mine;
        own += mine;
        inside += first.has_value();
        if (streak < kShingle) continue;
        if (!first) {
          first = Run{run.a + at - (streak - 1), run.b + at - (streak - 1), 1};
          inside = own = streak;
        }
        last = Run{run.a + at, run.b + at, 1};
        letters = inside;
      }
    chain.clear();
    if (!first || own < rules.passage || own < rules.own * letters) return;
    const Range range_a{first->a, last->a + 1}, range_b{first->b, last->b + 1};
    const auto longer = std::max(range_a.end - range_a.begin, range_b.end - range_b.begin);
    const double identical = static_cast<double>(letters) / longer;
    if (identical < rules.identical) return;
    out.passages.push_back({a.place(range_a), b.place(range_b), letters, own, identical});
    out.own += own;
  };
  for (auto run : runs(in_a, in_b, std::max(rules.seed, 2u))) {
    const auto end_a = chain.empty() ? 0 : chain.back().a + chain.back().length;
    const auto end_b = chain.empty() ? 0 : chain.back().b + chain.back().length;
    const bool goes_on = !chain.empty() && run.a >= end_a && run.a - end_a <= rules.gap && run.b - end_b <= rules.gap;
    if (!goes_on) close();
    while (goes_on && run.a > end_a && run.b > end_b && in_a[run.a - 1] == in_b[run.b - 1])
      run = {run.a - 1, run.b - 1, run.length + 1};
    chain.push_back(run);
  }
  close();
  if (const auto own = a.own()) out.share_of_a = std::min(1.0, static_cast<double>(out.own) / own);
  if (const auto own = b.own()) out.share_of_b = static_cast<double>(out.own) / own;
  return out;
}

}  // namespace qy::engine::similarity
