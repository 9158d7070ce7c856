#include <algorithm>

#include "engine/similarity/shingles.h"
#include "engine/similarity/similarity.h"

namespace qy::engine::similarity {
namespace {

constexpr std::size_t kRows = 3, kBins = kBands * kRows;
constexpr std::uint32_t kShortest = 64, kLongest = 512;  ///< letters of a block
constexpr std::uint64_t kBoundary = 0x7f;                ///< one shingle in 128 may end a block
constexpr std::uint32_t kFewest = 16;                    ///< shingles of a block's own that are worth a key

/// The least hash in each of 24 bins: one-permutation MinHash.
class Signature {
 public:
  void clear() {
    least_.fill(kEmpty);
    shingles_ = 0;
  }
  void add(std::uint64_t hash) {
    auto& least = least_[static_cast<std::size_t>((hash >> 40) * kBins >> 24)];
    least = std::min(least, static_cast<std::uint32_t>(hash >> 8));
    ++shingles_;
  }
  std::uint32_t shingles() const { return shingles_; }

  std::array<std::uint32_t, kBands> keys() const {
    // An empty bin borrows from the next that is not, changed by how far it was fetched.
    auto full = least_;
    for (std::size_t bin = 0; bin < kBins; ++bin)
      for (std::size_t away = 1; least_[bin] == kEmpty && away < kBins; ++away)
        if (const auto lent = least_[(bin + away) % kBins]; lent != kEmpty) {
          full[bin] = lent + static_cast<std::uint32_t>(away) * 0x85ebca6bu;
          break;
        }
    std::array<std::uint32_t, kBands> keys{};
    for (std::size_t band = 0; band < kBands; ++band) {
      const auto* row = &full[band * kRows];
      const auto two = static_cast<std::uint64_t>(row[0]) << 32 | row[1];
      keys[band] = static_cast<std::uint32_t>(statistics::mixed(statistics::mixed(two + band) + row[2]));
    }
    return keys;
  }

 private:
  static constexpr std::uint32_t kEmpty = 0xffffffff;
  std::array<std::uint32_t, kBins> least_{};
  std::uint32_t shingles_ = 0;
};

}  // namespace

char32_t compared(char32_t c) {
  if (c < 0x80) {
    if (c <= 0x20 || c == 0x7f) return 0;
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }
  if (c >= 0x3400 && c < 0xe000) return c;
  if (c >= 0xff01 && c <= 0xff5e) return compared(c - 0xfee0);
  switch (c) {
    case 0x00a0:
    case 0x3000:
    case 0xfeff:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x2060:
      return 0;
    case 0x3002:
    case 0x2026:
      return '.';
    case 0x3001:
      return ',';
    case 0x201c:
    case 0x201d:
    case 0x300c:
    case 0x300d:
      return '"';
    case 0x2018:
    case 0x2019:
      return '\'';
    case 0x2013:
    case 0x2014:
    case 0x2212:
      return '-';
    case 0x3010:
    case 0x3014:
      return '[';
    case 0x3011:
    case 0x3015:
      return ']';
    case 0x300a:
    case 0x3008:
      return '<';
    case 0x300b:
    case 0x3009:
      return '>';
    default:
      return c >= 0x2000 && c <= 0x200f ? 0 : c;
  }
}

Letters normalised(std::string_view utf8) {
  Letters out;
  out.letters.reserve(utf8.size() / 3);
  out.origin.reserve(utf8.size() / 3);
  std::uint32_t place = 0;
  for (const char *at = utf8.data(), *end = at + utf8.size(); at != end; ++place)
    if (const auto letter = compared(next_character(at, end))) {
      out.letters.push_back(letter);
      out.origin.push_back(place);
    }
  return out;
}

Boilerplate::Boilerplate(std::span<const std::string_view> texts) {
  for (const auto text : texts) {
    const auto letters = normalised(text).letters;
    Rolling rolling(kShingle);
    for (std::size_t i = 0; i < letters.size(); ++i) {
      rolling.take(letters[i]);
      if (i >= kShingle) rolling.leave(letters[i - kShingle]);
      if (i + 1 >= kShingle) shingles_.insert(rolling.hash());
    }
  }
}

Fingerprint fingerprint(std::string_view utf8, const Boilerplate& boilerplate) {
  Fingerprint out;
  Signature signature;
  signature.clear();
  Rolling rolling(kShingle);
  std::array<char32_t, 8> last{};  // a ring of letters
  std::uint32_t begin = 0, seen = 0;
  const auto close = [&](std::uint32_t end) {
    if (signature.shingles() >= kFewest) out.blocks.push_back({begin, end, signature.keys()});
    signature.clear();
    begin = end;
  };
  for (const char *at = utf8.data(), *end = at + utf8.size(); at != end;) {
    const auto letter = compared(next_character(at, end));
    if (!letter) continue;
    rolling.take(letter);
    if (seen >= kShingle) rolling.leave(last[(seen - kShingle) & 7]);
    last[seen & 7] = letter;
    if (++seen < kShingle) continue;
    const auto hash = rolling.hash();
    if (boilerplate.empty() || !boilerplate.holds(hash)) signature.add(hash);
    if ((hash >> 7 & 7) == 0)
      out.samples.push_back({static_cast<std::uint32_t>(hash >> 32), seen - static_cast<std::uint32_t>(kShingle)});
    const auto length = seen - begin;
    if ((length >= kShortest && (hash & kBoundary) == 0) || length >= kLongest) close(seen);
  }
  close(seen);
  for (const auto& sample : out.samples) out.shingles.push_back(sample.shingle);
  std::sort(out.shingles.begin(), out.shingles.end());
  out.shingles.erase(std::unique(out.shingles.begin(), out.shingles.end()), out.shingles.end());
  return out;
}

}  // namespace qy::engine::similarity
