#include "regime/portal/portal.h"

namespace qy::portal {

std::span<const Sentence> portal_messages() {
  static constexpr Sentence sentences[] = {
      {"portal.not_found", "没有找到已公开的内容，可能尚未公布或已撤回。",
       "Nothing public was found here; it may not be published yet or has been withdrawn."},
  };
  return sentences;
}

}  // namespace qy::portal
