#pragma once

#include <cstdint>

#include "engine/statistics/statistics.h"

namespace qy::engine::similarity {

inline constexpr std::size_t kShingle = 5;  ///< characters

/// A hash of the last `width` letters, moved on letter by letter.
class Rolling {
 public:
  explicit Rolling(std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) leaving_ *= kBase;
  }
  void take(char32_t letter) { sum_ = sum_ * kBase + letter + 1; }
  void leave(char32_t letter) { sum_ -= (letter + 1) * leaving_; }  ///< the one `width` before the last taken
  std::uint64_t hash() const { return statistics::mixed(sum_); }

 private:
  static constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15u;
  std::uint64_t sum_ = 0, leaving_ = 1;
};

/// What a character becomes for comparing; 0 when it is a blank.
char32_t compared(char32_t character);

/// The characters of UTF-8 text, one after another; bytes that are none become U+FFFD.
inline char32_t next_character(const char*& at, const char* end) {
  const auto first = static_cast<unsigned char>(*at++);
  if (first < 0x80) return first;
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  if (more == 0 || end - at < more) return 0xfffd;
  char32_t character = first & (0x3f >> more);
  for (int i = 0; i < more; ++i) character = character << 6 | (static_cast<unsigned char>(*at++) & 0x3f);
  return character;
}

}  // namespace qy::engine::similarity
