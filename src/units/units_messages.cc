#include "units/unit.h"

namespace qy {

std::span<const Sentence> units_messages() {
  static constexpr Sentence kSentences[] = {
      {"credit_code.alphabet", "统一社会信用代码只含数字和大写字母，且不用I、O、S、V、Z；这里有“{character}”。",
       "A unified social credit code has digits and capital letters without I, O, S, V, Z; here is “{character}”."},
      {"credit_code.check", "统一社会信用代码的校验位不符（按前17位应为{expected}），可能有一位输错，请核对营业执照。",
       "The check character of the unified social credit code does not fit (the first 17 give {expected}); a character "
       "may be mistyped."},
      {"credit_code.length", "统一社会信用代码应为18位，这里有{length}位，请核对营业执照。",
       "A unified social credit code has 18 characters, this one has {length}; check the business licence."},
      {"industry_code.format", "“{text}”不是国民经济行业代码，请写成例如C3360、3360或33。",
       "“{text}” is not an industry code of GB/T 4754; write it like C3360, 3360 or 33."},
      {"outlet_code.format", "“{text}”不是排放口或设施编号，请写成例如DW001、DA001、TA001或MF0001。",
       "“{text}” is not an outlet or facility code; write it like DW001, DA001, TA001 or MF0001."},
      {"permit_number.check", "排污许可证编号前18位“{code}”不是有效的统一社会信用代码。",
       "The first 18 characters “{code}” of the permit number are not a valid unified social credit code."},
      {"permit_number.format", "排污许可证编号应为18位统一社会信用代码加3位数字和1位字母，例如91130200699229617X001P。",
       "A permit number is an 18-character credit code, three digits and a letter, like 91130200699229617X001P."},
      {"permit_number.length", "排污许可证编号应为22位，这里有{length}位。",
       "A permit number has 22 characters, this one has {length}."},
      {"region_code.format", "“{text}”不是行政区划代码，应为6位数字，例如420106。",
       "“{text}” is not a region code; it has six digits like 420106."},
      {"unit.format", "看不懂单位“{text}”，请写成例如m3/t、kWh/m2的形式。",
       "The unit “{text}” cannot be read; write it like m3/t or kWh/m2."},
      {"unit.incommensurable", "单位“{from}”不能换算为“{to}”：两者量的种类或对象不同。",
       "The unit “{from}” cannot be converted to “{to}”: they measure different things."},
      {"unit.unknown", "单位“{text}”中的“{part}”不在单位表中。{hint}",
       "“{part}” in the unit “{text}” is not in the register of units.{hint}"},
  };
  return kSentences;
}

}  // namespace qy
