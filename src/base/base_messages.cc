#include "base/catalogue.h"

namespace qy {

std::span<const Sentence> base_messages() {
  static constexpr Sentence kSentences[] = {
      {"date.format", "“{text}”不是日期，请写成年-月-日，例如2026-11-23。",
       "“{text}” is not a date; write year-month-day, for example 2026-11-23."},
      {"date.nonexistent", "“{text}”这一天不存在，请核对月份和日。",
       "The day “{text}” does not exist; check month and day."},
      {"date.range", "日期“{text}”超出1900年至2199年的范围。", "The date “{text}” is outside the years 1900 to 2199."},
      {"decimal.division_by_zero", "除数为零，无法计算。", "Division by zero is not possible."},
      {"decimal.format", "“{text}”不是数字，请写成例如1234.5的形式。",
       "“{text}” is not a number; write it like 1234.5."},
      {"decimal.overflow", "数字过长：最多36位有效数字，其中小数不超过18位。",
       "The number is too long: at most 36 digits, 18 of them after the point."},
      {"id.format", "没有编号为“{id}”的对象。", "There is nothing with the id “{id}”."},
      {"instant.format", "“{text}”不是时刻，请写成例如2026-11-23T08:30:00.000Z的形式。",
       "“{text}” is not a moment; write it like 2026-11-23T08:30:00.000Z."},
      {"money.decimals", "金额“{text}”最多两位小数（精确到分）。",
       "The amount “{text}” may have two decimals (fen) at most."},
      {"money.format", "“{text}”不是金额，请以元为单位写成例如12000.00的形式。",
       "“{text}” is not an amount of money; write yuan like 12000.00."},
      {"money.overflow", "金额“{text}”过大，请核对单位是否为元。",
       "The amount “{text}” is too large; check that it is in yuan."},
  };
  return kSentences;
}

}  // namespace qy
