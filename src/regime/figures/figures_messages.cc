#include "regime/figures/figures.h"

namespace qy::figures {

std::span<const Sentence> figures_messages() {
  static constexpr Sentence sentences[] = {
      {"period.format", "期间“{text}”写法不对。请写年（2025）、月（2025-03）或起止日期（2025-03-01/2026-02-28）。",
       "The period “{text}” is not understood. Write a year (2025), a month (2025-03) or both ends "
       "(2025-03-01/2026-02-28)."},
      {"period.order", "期间“{text}”的结束早于开始。请调换起止日期。",
       "The period “{text}” ends before it begins. Swap its ends."},
      {"figures.invalid", "有数据填写不正确，未保存任何一项。请按各单元格的提示修改。",
       "Some figures are wrong, and none was saved. Mend the marked cells."},
      {"figures.stale", "有数据已被他人修改，未保存任何一项。请比较两个值后再保存。",
       "Somebody changed some of these figures meanwhile, and none was saved. Compare the two values and save again."},
      {"figure.stale", "{by}已改为“{value}”（第{version}版，{at}）。请核对后再保存。",
       "{by} changed it to “{value}” (revision {version}, {at}). Compare and save again."},
      {"figure.key_unknown", "没有“{key}”这个台账指标。您要的是不是“{suggestion}”？",
       "There is no ledger key “{key}”. Did you mean “{suggestion}”?"},
      {"figure.key_replaced", "台账指标“{key}”已由“{replaced_by}”取代，请填后者。",
       "The ledger key “{key}” was replaced by “{replaced_by}”. Fill in that one."},
      {"figure.type", "这一项应填{wanted}类型的值。", "This figure takes a value of type {wanted}."},
      {"figure.unit", "单位“{unit}”不能换算为{wanted}。请改用可换算的单位。",
       "The unit “{unit}” does not convert to {wanted}. Use one that does."},
      {"figure.choice", "请从这些值中选择：{choices}。", "Choose one of {choices}."},
      {"figure.reason", "填“不适用”时要写明原因。", "“Not applicable” needs its reason."},
      {"figure.scope", "范围最多120个字符，不含斜杠和换行。",
       "A scope has at most 120 characters, without slashes and line breaks."},
      {"figure.of_option", "方案的投资和效果请在方案页面填写和核定。",
       "What an option costs and saves is entered and verified on the options page."},
      {"figure.aspect", "没有“{aspect}”这种口径。可选：measured、reconciled、planned、verified。",
       "There is no aspect “{aspect}”. Choose measured, reconciled, planned or verified."},
      {"figure.text_too_long", "文字最多{max}个字符。", "The text may have {max} characters at most."},
      {"figure.evidence", "所引证据文件不在本审核任务的附件中，或已撤回。请先上传，或从已有附件中选择。",
       "The file cited as evidence is not attached to this case or was withdrawn. Upload it first, or choose one that "
       "is "
       "attached."},
      {"figure.twice", "同一数据在一次保存中出现了两次。请只留一个。",
       "The same figure stands twice in this save. Keep one."},
      {"figure.not_found", "台账中没有这个数据：{place}。", "The ledger holds no such figure: {place}."},
      {"figure.claim_not_found", "没有找到这条来源记录。", "There is no such source."},
      {"edition.first", "第{number}版之前没有版本可以比较。",
       "There is no edition before edition {number} to compare with."},
      {"edition.not_found", "没有找到该版本，或您无权查看。", "There is no such edition, or it is not yours to see."},
      {"edition.damaged", "第{number}版的内容与其校验值不符，不能作为依据。请联系管理员。",
       "Edition {number} does not match its root hash and cannot be relied on. Tell the administrator."},
  };
  return sentences;
}

}  // namespace qy::figures
