#include "regime/disclosure/disclosure.h"

namespace qy::disclosure {

std::span<const Sentence> disclosure_messages() {
  static constexpr Sentence sentences[] = {
      {"disclosure.stale", "公布内容刚被他人修改，请载入最新内容后再保存。",
       "Someone has just changed the disclosure. Load the latest content and save again."},
      {"disclosure.published", "信息已于{day}公布，不能再修改；如有错误，请另行发布更正。",
       "This was published on {day} and cannot be changed; publish a correction instead."},
      {"disclosure.incomplete", "还有{count}处没有填写，补齐后才能公布。",
       "{count} places are still empty; complete them before publishing."},
      {"disclosure.missing", "请填写“{item}”；确无此项的，请写明理由。",
       "Fill in “{item_en}”, or say why there is nothing to disclose."},
      {"disclosure.substance_name", "请填写“{item}”中这一行的物质名称。",
       "Name the substance of this row in “{item_en}”."},
      {"disclosure.substance_amount", "请填写“{item}”中这一行的浓度或数量（含单位）。",
       "Give the concentration or the amount (with its unit) of this row in “{item_en}”."},
      {"disclosure.item_unknown", "这项审核不要求公布“{item}”。", "This case does not ask for “{item}”."},
      {"disclosure.negative", "数值不能为负数。", "The number cannot be negative."},
      {"disclosure.answer_twice", "已填写内容的，不能同时说明无此项。",
       "What has an answer cannot have a reason for having none."},
      {"disclosure.too_long", "内容超过{limit}字，请精简。", "The text is longer than {limit} characters."},
  };
  return sentences;
}

}  // namespace qy::disclosure
