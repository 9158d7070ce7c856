#include "regime/obligations/obligations.h"

namespace qy::obligations {

std::span<const Sentence> obligations_messages() {
  static constexpr Sentence sentences[] = {
      {"obligations.state", "没有“{state}”这种状态。可选：late、due_soon、pending、stopped、met、open、running。",
       "There is no state “{state}”. Choose late, due_soon, pending, stopped, met, open or running."},
      {"obligations.holder", "办理方筛选只能写 me 或 others，而不是“{holder}”。",
       "The holder filter takes me or others, not “{holder}”."},
  };
  return sentences;
}

}  // namespace qy::obligations
