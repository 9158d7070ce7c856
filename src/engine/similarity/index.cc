#include <algorithm>
#include <bit>

#include "engine/similarity/shingles.h"
#include "engine/similarity/similarity.h"

namespace qy::engine::similarity {

Index::Index(std::uint32_t common_in, std::size_t expected)
    : common_in_(std::clamp(common_in, 2u, 65535u)),
      heads_(1024, kNone),
      often_(std::bit_ceil(std::clamp<std::size_t>(expected, 64, 1u << 22) * 256)) {}

std::size_t Index::memory() const {
  return pages_.size() * kPage * sizeof(Node) + heads_.size() * sizeof(heads_[0]) + often_.size() * sizeof(often_[0]);
}

std::uint32_t Index::newest(std::uint32_t key) const {
  auto at = heads_[key & (heads_.size() - 1)];
  while (at != kNone && node(at).key != key) at = node(at).next;
  return at;
}

void Index::grow() {
  heads_.assign(heads_.size() * 2, kNone);
  for (std::uint32_t at = 0; at < nodes_; ++at) {
    auto& head = heads_[node(at).key & (heads_.size() - 1)];
    node(at).next = head;
    head = at;
  }
}

std::uint32_t Index::add(const Fingerprint& fingerprint) {
  const auto report = reports_++;
  for (const auto shingle : fingerprint.shingles)
    if (auto& often = often_[slot_of(shingle)]; often < common_in_) ++often;
  for (const auto& block : fingerprint.blocks)
    for (const auto key : block.keys) {
      const auto before = newest(key);
      if (before != kNone && node(before).report == report) continue;
      if (before != kNone && node(before).count >= common_in_) {
        node(before).report = report;  // common: the count is enough
        continue;
      }
      if (nodes_ >= heads_.size()) grow();
      if ((nodes_ & (kPage - 1)) == 0) pages_.push_back(std::make_unique_for_overwrite<Node[]>(kPage));
      auto& head = heads_[key & (heads_.size() - 1)];
      node(nodes_) = {key, report, head, before == kNone ? 1 : node(before).count + 1};
      head = nodes_++;
    }
  return report;
}

Index::Neighbours Index::near(const Fingerprint& fingerprint, std::size_t most, std::uint32_t itself) const {
  Neighbours out;
  std::vector<std::uint32_t> letters(reports_), last(reports_, kNone), met;
  for (std::uint32_t at = 0; at < fingerprint.blocks.size(); ++at) {
    const auto& block = fingerprint.blocks[at];
    for (const auto key : block.keys) {
      auto each = newest(key);
      if (each != kNone && node(each).count >= common_in_) continue;
      for (; each != kNone; each = node(each).next) {
        const auto report = node(each).report;
        if (node(each).key != key || report == itself || last[report] == at) continue;
        last[report] = at;
        if (letters[report] == 0) met.push_back(report);
        letters[report] += block.end - block.begin;
      }
    }
  }
  bool in_common = false;
  for (const auto& sample : fingerprint.samples) {
    const bool common = often_[slot_of(sample.shingle)] >= common_in_;
    if (common && !in_common) out.common.push_back({sample.at, 0});
    if (common) out.common.back().end = sample.at + static_cast<std::uint32_t>(kShingle);
    in_common = common;
  }
  for (const auto report : met) out.candidates.push_back({report, letters[report]});
  const auto kept = std::min(most, out.candidates.size());
  std::partial_sort(out.candidates.begin(), out.candidates.begin() + static_cast<std::ptrdiff_t>(kept),
                    out.candidates.end(), [](const auto& a, const auto& b) {
                      return a.letters != b.letters ? a.letters > b.letters : a.report < b.report;
                    });
  out.candidates.resize(kept);
  return out;
}

}  // namespace qy::engine::similarity
