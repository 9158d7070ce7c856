#include "regime/comments/comments.h"

namespace qy::comments {

std::span<const Sentence> comments_messages() {
  static constexpr Sentence sentences[] = {
      {"comment.thread_not_found", "没有找到这条批注，或您无权查看。",
       "There is no such comment, or it is not yours to see."},
      {"comment.stale", "这条批注刚被他人改过。请刷新后再操作。",
       "Somebody has just changed this comment. Load it again first."},
  };
  return sentences;
}

}  // namespace qy::comments
