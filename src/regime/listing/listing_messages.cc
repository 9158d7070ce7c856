#include "regime/listing/listing.h"

namespace qy::listing {

std::span<const Sentence> listing_messages() {
  static constexpr Sentence sentences[] = {
      {"listing.not_found", "没有这份名单，或者它不在您的管辖范围内。",
       "There is no such list, or it is outside your jurisdiction."},
      {"listing.entry_not_found", "名单中没有这家企业。", "The list has no such entry."},
      {"listing.notice_not_found", "没有这份告知书，或者它不在您的管辖范围内。",
       "There is no such notice, or it is outside your jurisdiction."},
      {"listing.notice_not_made", "告知书正在生成，请稍后再下载。",
       "The notice is being made; please download it in a moment."},
      {"listing.stale", "名单刚被他人修改，请载入最新内容后再操作。",
       "Someone has just changed the list. Load the latest content and try again."},
      {"listing.wrong_level", "“{action}”由{level}级部门办理。", "“{action_en}” is done at {level} level."},
      {"listing.drafting_office", "“{action}”由拟定名单的部门办理。",
       "“{action_en}” is done by the office that drafted the list."},
      {"listing.other_region", "这份名单属于其他地区，您不能办理。", "This list belongs to another region."},
      {"listing.officer_drafts", "名单由承办人拟定。", "An officer drafts the list."},
      {"listing.not_drafting", "名单已经离开拟定阶段，不能再增删企业；如需修改，请先退回。",
       "The list is no longer being drafted. Return it before changing its entries."},
      {"listing.not_editable", "只有拟定单位的承办人能在拟定阶段修改名单。",
       "Only an officer of the drafting office may change the list, and only while it is being drafted."},
      {"listing.already_listed", "“{name}”已在{year}年的名单内，不能重复列入。",
       "“{name}” is already on a list of {year}."},
      {"listing.category_missing", "请至少选择一个审核类别。", "Choose at least one category."},
      {"listing.category_unknown", "没有“{category}”这一审核类别。", "There is no category “{category}”."},
      {"listing.reason_missing", "请写明列入理由。", "Give the reason for listing."},
      {"listing.mode_unknown", "没有“{mode}”这一审核模式。", "There is no audit mode “{mode}”."},
      {"listing.action_reason_missing", "“{action}”须写明理由。", "“{action_en}” needs a reason."},
      {"listing.scan_missing", "请附上会签纸件的扫描件。", "Attach the scan of the signed paper."},
      {"listing.empty", "名单里还没有企业。", "The list has no entries yet."},
      {"listing.not_cosigned", "还有{count}家企业待会签，会签完成后才能继续。",
       "{count} entries still wait for co-signature."},
      {"listing.published_future", "公布日期不能晚于今天。", "The day of publication cannot be in the future."},
      {"listing.dated_after_published", "成文日期不能晚于公布日期。",
       "The paper cannot be dated after its publication."},
      {"listing.delivered_future", "送达日期不能晚于今天。", "The day of delivery cannot be in the future."},
      {"listing.delivered_before_published", "送达日期不能早于名单公布日期。",
       "The notice cannot be delivered before the list was published."},
      {"message.notice_served", "您单位已列入《{list}》，告知书已送达，请查收并按时办理。",
       "Your enterprise is on “{list}”. The notice is here; please read it and act in time."},
      {"listing.code_unknown", "没有核验码为“{code}”的告知书，请核对是否输错；如确属伪造，请向当地生态环境部门反映。",
       "There is no notice with code “{code}”. Check the code; if the paper is forged, tell the local ecology "
       "department."},
  };
  return sentences;
}

}  // namespace qy::listing
