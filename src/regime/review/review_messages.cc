#include "regime/review/review.h"

namespace qy::review {

std::span<const Sentence> review_messages() {
  static constexpr Sentence sentences[] = {
      {"review.not_ready", "还有{count}处没有完成，审核报告不能提交。",
       "{count} things are still open; the report cannot be submitted yet."},
      {"review.commitment", "提交前须承诺所填数据真实、准确、完整。",
       "Declare that the data are true, accurate and complete before submitting."},
      {"review.in_scope", "按本地规则，这类企业应当组织评估，不能直接报送备案。",
       "By the local rules this kind of enterprise is evaluated; its report cannot simply be filed."},
      {"review.scope_reason", "请写明不属于评估范围的理由。", "Say why the case is outside the scope of evaluation."},
      {"review.options_open", "还有{count}个方案没有实施并核定，不能申请验收。",
       "{count} options are not carried out and verified yet."},
      {"review.option_open", "方案{code}“{title}”尚未实施并核定，也没有放弃。",
       "Option {code} “{title}” is neither carried out and verified nor dropped."},
      {"gap.not_disclosed", "还没有公布应当公布的信息。",
       "The information that must be disclosed is not published yet."},
      {"gap.report_stale", "审核报告 {code} 生成后数据或文字又有改动，请重新生成。",
       "Data or texts have changed since the report {code} was made; make it again."},
      {"gap.no_report", "还没有生成审核报告。", "The audit report has not been made yet."},
  };
  return sentences;
}

}  // namespace qy::review
