#include "regime/search/search.h"

namespace qy::search {

std::span<const Sentence> search_messages() {
  static constexpr Sentence sentences[] = {
      {"search.too_long", "搜索词最多{max}个字符。", "A search may have {max} characters at most."},
  };
  return sentences;
}

}  // namespace qy::search
