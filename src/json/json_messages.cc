#include "json/json.h"

namespace qy::json {

std::span<const Sentence> json_messages() {
  static constexpr Sentence kSentences[] = {
      {"field.choice", "此项只能是以下之一：{choices}。", "This must be one of: {choices}."},
      {"field.empty", "至少需要一项。", "At least one is needed."},
      {"field.range", "此项应在{min}至{max}之间。", "This must be between {min} and {max}."},
      {"field.required", "此项必填。", "This is required."},
      {"field.too_long", "此项最多{limit}个字符。", "This may have {limit} characters at most."},
      {"field.too_many", "此项最多{limit}条。", "This may have {limit} entries at most."},
      {"field.too_short", "此项至少{limit}个字符。", "This needs at least {limit} characters."},
      {"field.type", "此项应为{expected}。", "This must be {expected}."},
      {"field.unknown", "不认识字段“{name}”。{hint}", "There is no field “{name}”.{hint}"},
      {"input.invalid", "填写内容有{count}处需要改正。", "Entries to correct: {count}."},
      {"json.depth", "JSON嵌套过深，最多{limit}层。", "The JSON is nested too deeply; {limit} levels at most."},
      {"json.duplicate_key", "JSON对象中键重复：{pointer}，请只保留一个。",
       "The JSON key {pointer} appears twice; keep one of them."},
      {"json.nul", "JSON文字中含有空字符（\\u0000）：{pointer}，请删除。",
       "The JSON text at {pointer} contains a NUL character; remove it."},
      {"json.syntax", "JSON第{line}行第{column}列有语法错误：{near}。",
       "The JSON has a syntax error at line {line}, column {column}: {near}."},
  };
  return kSentences;
}

}  // namespace qy::json
