#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/catalogue.h"

/// 文本相似: passages that two reports share, found among a hundred thousand reports.
///
/// A report is cut into blocks at places that its own text decides, so that a copied passage is cut alike wherever it
/// stands. Each block's set of five-character shingles is one-permutation MinHashed (Li, Owen & Zhang 2012; densified
/// as Shrivastava & Li 2014) into 8 bands of 3: blocks that share half of their shingles meet in a band with 66 %,
/// those that share 0.7 with 96 %. What meets is compared letter by letter.
namespace qy::engine::similarity {

/// Letters as they are compared: without blanks, full-width forms and capitals made one, Chinese punctuation as its
/// ASCII kin; digits stay. `origin` gives each letter's place in the text it came from, counted in characters.
struct Letters {
  std::vector<char32_t> letters;
  std::vector<std::uint32_t> origin;
};
Letters normalised(std::string_view utf8);

/// 格式文字: sentences that every report has because the form prints them; they prove nothing.
class Boilerplate {
 public:
  Boilerplate() = default;
  explicit Boilerplate(std::span<const std::string_view> texts);
  bool empty() const { return shingles_.empty(); }
  bool holds(std::uint64_t shingle) const { return shingles_.contains(shingle); }

 private:
  std::unordered_set<std::uint64_t> shingles_;
};

inline constexpr std::size_t kBands = 8;

/// A stretch of letters [begin, end) and where it stands in each band.
struct Block {
  std::uint32_t begin = 0, end = 0;
  std::array<std::uint32_t, kBands> keys{};
};
/// One shingle in eight, by its hash; how many reports have it tells what is common.
struct Sample {
  std::uint32_t shingle = 0, at = 0;  ///< `at`: letter where it begins
};
struct Fingerprint {
  std::vector<Block> blocks;            ///< without those that are nearly all boilerplate
  std::vector<Sample> samples;          ///< in the order of the text
  std::vector<std::uint32_t> shingles;  ///< the samples' hashes, ascending, each once
};

/// Some 40 µs for 10 KB; pure, so any thread may make one.
Fingerprint fingerprint(std::string_view utf8, const Boilerplate& boilerplate = {});

struct Range {
  std::uint32_t begin = 0, end = 0;
};

/// 相似索引: reports by the keys of their blocks, without their texts, which stay with the caller.
class Index {
 public:
  /// Text that at least `common_in` (2–65535) reports have is common: it is told as such and leads to nobody. With many
  /// more reports than `expected`, unlike shingles begin to be counted together.
  explicit Index(std::uint32_t common_in = 100, std::size_t expected = 100000);

  /// Adds a report; they are numbered 0, 1, 2 … in the order added.
  std::uint32_t add(const Fingerprint& fingerprint);

  struct Candidate {
    std::uint32_t report = 0;
    std::uint32_t letters = 0;  ///< of the asking report's blocks that met one of this report's
  };
  struct Neighbours {
    std::vector<Candidate> candidates;  ///< most letters first, then by number
    std::vector<Range> common;          ///< of the asking report's letters
  };
  /// What `compare` should look at. `itself`: the report's own number when it has been added, else anything not given
  /// out.
  Neighbours near(const Fingerprint& fingerprint, std::size_t most = 20, std::uint32_t itself = 0xffffffff) const;

  std::uint32_t size() const { return reports_; }
  std::size_t memory() const;  ///< bytes

 private:
  struct Node {
    std::uint32_t key, report, next, count;  ///< count: reports with this key up to this node
  };
  Node& node(std::uint32_t at) const { return pages_[at >> kPageBits][at & (kPage - 1)]; }
  std::uint32_t newest(std::uint32_t key) const;
  std::size_t slot_of(std::uint32_t shingle) const { return shingle & (often_.size() - 1); }
  void grow();

  static constexpr std::uint32_t kPageBits = 16, kPage = 1u << kPageBits, kNone = 0xffffffff;
  std::uint32_t common_in_, reports_ = 0, nodes_ = 0;
  std::vector<std::unique_ptr<Node[]>> pages_;
  std::vector<std::uint32_t> heads_;
  std::vector<std::uint16_t> often_;  ///< reports that have a shingle, by its hash
};

/// What counts as a shared passage.
struct Rules {
  std::uint32_t passage = 40;  ///< least letters in common, boilerplate not counted
  std::uint32_t seed = 12;     ///< letters that must agree in a row to begin with
  std::uint32_t gap = 40;      ///< letters that may differ between two agreeing stretches
  double identical = 0.6;      ///< least share of agreeing letters in the longer of the two sides
  double own =
      1.0 / 3;  ///< least share of agreeing letters that are not boilerplate: the edges of a form are no passage
};

/// 相同段落: where it stands in both texts, in characters of the originals; `letters` agree, `own` of them are not
/// boilerplate.
struct Passage {
  Range a, b;
  std::uint32_t letters = 0, own = 0;
  double identical = 0;
};

struct Comparison {
  std::vector<Passage> passages;          ///< in the order of b
  std::uint32_t own = 0;                  ///< letters of all passages that are not boilerplate
  double share_of_a = 0, share_of_b = 0;  ///< of each report's letters that are not boilerplate
};

/// A report ready to be compared many times.
class Text {
 public:
  Text(std::string_view utf8, const Boilerplate& boilerplate);
  /// Letters that are common among the reports (Index::near) count as boilerplate from now on.
  void discount(std::span<const Range> common);
  std::uint32_t own() const;         ///< letters that are not boilerplate
  Range place(Range letters) const;  ///< in characters of the original

 private:
  friend Comparison compare(const Text& a, const Text& b, const Rules& rules);
  Letters text_;
  std::vector<bool> boilerplate_;
};

/// Passages of `b` that stand in `a`, confirmed letter by letter; each letter of `b` belongs to at most one. Time grows
/// with the lengths, not their product, whatever the texts.
Comparison compare(const Text& a, const Text& b, const Rules& rules = {});

std::span<const Sentence> similarity_messages();

}  // namespace qy::engine::similarity
