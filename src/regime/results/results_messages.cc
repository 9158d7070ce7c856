#include "regime/results/results.h"

namespace qy::results {

std::span<const Sentence> results_messages() {
  static constexpr Sentence sentences[] = {
      {"results.published", "这项审核的结果已经公布。", "The result of this case has already been published."},
  };
  return sentences;
}

}  // namespace qy::results
