#include "regime/statistics/statistics.h"

namespace qy::statistics {

std::span<const Sentence> statistics_messages() {
  static constexpr Sentence sentences[] = {
      {"statistics.region", "请选择一个地区。", "Choose a region."},
      {"statistics.other_region", "只能查看本辖区的统计。", "You may only see statistics of your own jurisdiction."},
  };
  return sentences;
}

}  // namespace qy::statistics
