#include "regime/knowledge/knowledge.h"

namespace qy::knowledge {

std::span<const Sentence> knowledge_messages() {
  static constexpr Sentence sentences[] = {
      {"knowledge.not_found", "知识库中没有这一条。", "The knowledge base has no such entry."},
  };
  return sentences;
}

}  // namespace qy::knowledge
