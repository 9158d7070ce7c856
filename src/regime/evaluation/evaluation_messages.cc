#include "regime/evaluation/evaluation.h"

namespace qy::evaluation {

std::span<const Sentence> evaluation_messages() {
  static constexpr Sentence sentences[] = {
      {"evaluation.not_found", "没有这个专家组，或者现在还不能查看。",
       "There is no such panel, or you may not see it now."},
      {"evaluation.stale", "内容刚被更新，请载入最新内容后再操作。",
       "This has just been updated. Load the latest content and try again."},
      {"evaluation.too_few", "专家组至少需要{count}名专家；有专家回避的，请先由牵头部门增补。",
       "A panel needs at least {count} experts; before one steps back the lead department adds another."},
      {"evaluation.expert_unknown", "专家库中没有这位在册专家。", "The pool has no such active expert."},
      {"evaluation.conflict", "{name}的工作单位“{reason}”与本项审核有利害关系，应当回避。",
       "{name} works for “{reason}”, which has an interest in this case, and must be recused."},
      {"evaluation.member_already", "这位专家已在专家组中，或者已经回避。",
       "This expert sits on the panel already, or has stepped back from it."},
      {"evaluation.no_edition", "企业还没有提交审核报告，不能组织评估或验收。",
       "The enterprise has not submitted a report yet."},
      {"evaluation.submitted", "评分已经提交，不能再修改。", "The sheet has been handed in and cannot be changed."},
      {"evaluation.item_unknown", "评分表没有编号为“{code}”的条目。", "The scoring table has no item “{code}”."},
      {"evaluation.points_range", "得分应在0到{max}分之间。", "Points must lie between 0 and {max}."},
      {"evaluation.item_missing", "这一项还没有评分。", "This item has not been scored."},
      {"evaluation.reason_missing", "未给满分或认定否决时须写明理由。",
       "Give a reason for points below the maximum and for a veto."},
      {"evaluation.veto_missing", "请对这一否决项作出判断。", "Judge this veto item."},
      {"evaluation.comment_missing", "请填写总体评审意见。", "Give your overall opinion."},
      {"evaluation.recusal_reason", "请写明回避理由。", "Give the reason for recusal."},
      {"evaluation.not_scored", "还有专家没有提交评分，不能形成结论。",
       "Not every sheet is in; the panel cannot be concluded yet."},
      {"evaluation.opinion_missing", "请填写评审结论意见。", "Give the concluding opinion."},
      {"evaluation.level_missing", "验收合格时须评定清洁生产水平。", "Rate the level when acceptance is passed."},
      {"evaluation.no_supplement", "最近一次评估的结论不是“补充修改”，不需要核查补充内容。",
       "The last evaluation did not ask for a supplement."},
      {"evaluation.decision_reason", "请写明理由，专家和以后查阅的人都会看到。",
       "Give the reason; the experts and whoever reads this later will see it."},
      {"message.panel_reopened", "{enterprise}（{number}）的评分已退回重评，请核对后重新提交。理由：{reason}",
       "{enterprise} ({number}): scoring has been reopened; please go over your sheet and hand it in again. Reason: "
       "{reason}"},
      {"message.panel_dissolved", "{enterprise}（{number}）的专家组已解散，不需要再评分。理由：{reason}",
       "{enterprise} ({number}): the panel has been dissolved; there is nothing more to score. Reason: {reason}"},
      {"evaluation.lead_only", "由牵头部门组织评估和验收。",
       "The lead department organises evaluation and acceptance."},
  };
  return sentences;
}

}  // namespace qy::evaluation
