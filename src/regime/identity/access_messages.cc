#include "regime/identity/access.h"

namespace qy::identity {

std::span<const Sentence> access_messages() {
  static constexpr Sentence sentences[] = {
      {"subject.not_found", "没有找到该对象，或您无权查看。请从列表重新进入。",
       "There is no such subject, or it is not yours to see. Open it again from its list."},
      {"forbidden.subject_write", "您可以查看，但现在不能修改：您的岗位或该事项的当前状态不允许。",
       "You may look at it but not change it now: your post or the present state of the matter does not allow it."},
  };
  return sentences;
}

}  // namespace qy::identity
