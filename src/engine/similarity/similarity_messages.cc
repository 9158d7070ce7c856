#include "engine/similarity/similarity.h"

namespace qy::engine::similarity {

std::span<const Sentence> similarity_messages() {
  static constexpr Sentence kSentences[] = {
      {"similarity.duplicate_id", "报告标识“{id}”重复。", "The report id “{id}” occurs twice."},
      {"similarity.pairs_limited", "相似的报告对有{count}个，只比对了重合最多的{limit}个。",
       "{count} pairs of reports are alike; only the {limit} that overlap most were compared."},
      {"similarity.shared",
       "两份报告有{letters}个字相同（不计格式文字），占甲{share_a}%、乙{share_b}%，共{passages}段；请企业说明来源。",
       "The two reports share {letters} characters (the form's own sentences not counted), {share_a} % of a and "
       "{share_b} % of b, in {passages} passages; please explain where they come from."},
      {"similarity.unknown_report", "没有标识为“{id}”的报告。", "There is no report “{id}”."},
  };
  return kSentences;
}

}  // namespace qy::engine::similarity
