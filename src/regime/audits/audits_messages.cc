#include "regime/audits/audits.h"

namespace qy::audits {

std::span<const Sentence> audits_messages() {
  static constexpr Sentence sentences[] = {
      {"audit.not_found", "没有这项审核任务，或者您无权查看；委托到期或结束后，咨询机构不能再查看。",
       "There is no such case, or you may not see it; a consultancy no longer sees a case once its mandate is over."},
      {"audit.stale", "这项审核任务刚被他人更新，请载入最新内容后再操作。",
       "Someone has just updated this case. Load the latest content and try again."},
      {"audit.read_only", "审核任务目前所处的环节不能修改数据。",
       "At its present step the case's data cannot be changed."},
      {"forbidden.audit_edit", "审核数据由企业填写，咨询机构须在委托授权有效期内填写；您只能查看。",
       "Audit data are entered by the enterprise, or by its consultancy under a mandate in force; you may only read "
       "them."},
      {"forbidden.signatory_only", "只有企业的授权签字人可以办理。",
       "Only the enterprise's authorised signatory may do this."},
      {"audit.reason_missing", "“{action}”须写明理由。", "“{action_en}” needs a reason."},
      {"audit.document_missing", "请附上：{documents}。", "Attach: {documents}."},
      {"audit.event_future", "发生日期不能晚于今天（{today}）。",
       "The day it happened cannot be later than today ({today})."},
      {"audit.event_order", "发生日期{day}早于上一环节的日期{earlier}。",
       "{day} is earlier than the previous step on {earlier}."},
      {"audit.postpone_rule", "请选择一项尚未完成的时限。", "Choose a deadline that is still open."},
      {"audit.postpone_until", "延期后的日期须晚于原截止日期（{due}）。",
       "The new date must be later than the present one ({due})."},
      {"message.audit_moved", "{enterprise}（{number}）：{what}。", "{enterprise} ({number}): {what_en}."},
      {"message.audit_with_you", "{enterprise}（{number}）已“{what}”，请您单位办理。",
       "{enterprise} ({number}): “{what_en}”. It is your office's turn."},
      {"audit.waiting_unknown", "没有“{given}”这种待办，可用：{allowed}。",
       "Nothing waits under “{given}”; possible: {allowed}."},
      {"audit.progress_unknown", "没有“{given}”这种进度，可用：{allowed}。",
       "There is no progress “{given}”; possible: {allowed}."},
      {"audit.system_unknown", "没有编号为“{system}”的评价指标体系。", "There is no indicator system “{system}”."},
      {"audit.system_not_in_force", "“{system}”在名单公布之日（{day}）没有施行，请选择当日施行的评价指标体系。",
       "“{system_en}” was not in force when the list was published ({day}); choose one that was."},
      {"audit.file_unknown", "这份文件没有附在本审核任务上，请重新上传。",
       "This file is not attached to the case; please upload it again."},
      {"audit.consultancy_unknown", "咨询机构名录中没有这家机构。", "The register has no such consultancy."},
      {"audit.consultancy_evaluates", "“{name}”是受托评估机构，不得为被评估企业提供咨询。",
       "“{name}” is an entrusted evaluation body and may not consult for enterprises it may evaluate."},
      {"audit.mandate_dates", "委托截止日期不能早于开始日期。", "The mandate cannot end before it begins."},
      {"audit.other_room", "“{action}”请在对应的环节页面办理。", "“{action_en}” is done on its own page."},
  };
  return sentences;
}

}  // namespace qy::audits
