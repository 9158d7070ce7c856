#include "regime/numbering/numbering.h"

namespace qy::numbering {

std::span<const Sentence> numbering_messages() {
  static constexpr Sentence sentences[] = {
      {"document_number.taken", "文号“{number}”已用于{holder}{issued_on}的文件。请核对后改用其他文号。",
       "The document number “{number}” stands on a paper of {holder} dated {issued_on}. Check it and use another."},
      {"document_number.format", "文号应为1至60个字符。", "A document number has 1 to 60 characters."},
      {"forbidden.office_only", "只有行政机关的岗位可以查看。", "Only posts of an office may see this."},
  };
  return sentences;
}

}  // namespace qy::numbering
