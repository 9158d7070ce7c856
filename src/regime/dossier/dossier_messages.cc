#include "regime/dossier/dossier.h"

namespace qy::dossier {
namespace {

constexpr Sentence kSentences[] = {
    {"dossier.stage", "没有名为“{stage}”的报告，应为 evaluation（评估稿）或 acceptance（验收稿）。",
     "There is no report “{stage}”; it is evaluation or acceptance."},
    {"dossier.no_outline", "规则包中没有这一阶段（{stage}）的报告提纲，请联系管理员补充。",
     "The packs hold no outline for this stage ({stage}); ask the administrator to add one."},
    {"dossier.section_unknown", "报告提纲中没有章节“{section}”。", "The outline has no section “{section}”."},
    {"dossier.section_stale", "这一节已被{by}改过。请先查看最新内容，再保存您的修改。",
     "{by} has changed this section meanwhile. Look at the present text before saving yours."},
    {"dossier.text_too_long", "一节最多{max}个字，请精简或分到下级小节。",
     "A section takes at most {max} characters; shorten it or split it into its sub-sections."},
    {"dossier.binding_unknown", "无法识别“{binding}”。可改为：{suggestion}。",
     "“{binding}” is not a name the data know. Try: {suggestion}."},
    {"dossier.build_not_found", "没有找到这一版报告，可能已无权查看。",
     "This version of the report was not found; you may not be allowed to see it any more."},
    {"dossier.building_elsewhere", "另有人刚刚生成了新一版报告。请刷新后查看，需要时再生成一次。",
     "Somebody else has just made another version of the report. Reload, look at it, and make yours again if needed."},
    {"dossier.section_empty", "“{section}”还没有内容。", "“{section}” has no content yet."},
    {"dossier.binding_blank", "“{section}”引用的数据“{binding}”还没有填。",
     "“{section}” refers to “{binding}”, which is still blank."},
};

}  // namespace

std::span<const Sentence> dossier_messages() { return kSentences; }

}  // namespace qy::dossier
