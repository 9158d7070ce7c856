#include <gtest/gtest.h>

#include "units/codes.h"
#include "units/unit.h"

namespace qy {
namespace {

TEST(Unit, ReadsWhatTablesPrint) {
  struct Row {
    const char* name;
    const char* written;
    const char* canonical;
  };
  const Row rows[] = {
      {"of what, above and below", "m3{water}/t{product}", "m3{water}/t{product}"},
      {"superscripts", "m³/t", "m3/t"},
      {"Chinese names", "吨标准煤/万元", "tce/万元"},
      {"a Chinese multiplier", "万kWh", "万kWh"},
      {"度 is kWh", "万度", "万kWh"},
      {"what stands behind the symbol", "kgce/t钢", "kgce/t{steel}"},
      {"carbon dioxide", "tCO2/万元", "t{CO2}/万元"},
      {"toxic equivalents", "ngTEQ/Nm3", "ng{TEQ}/Nm3"},
      {"a number in the unit", "t/100m", "t/100m"},
      {"air-dry tonnes", "kg/Adt", "kg/Adt"},
      {"two factors below", "kg/(m2·a)", "kg/(m2·a)"},
      {"a full-width percent sign", "％", "%"},
      {"times a year", "次/年", "次/a"},
      {"items", "项", "项"},
      {"degrees", "℃", "℃"},
      {"one", "1", ""},
      {"nothing", "", "unit.format"},
      {"two lines", "kg/t/a", "unit.format"},
      {"an unknown symbol", "kg/foo", "unit.unknown"},
      {"an open brace", "m3{water", "unit.unknown"},
      {"a name of nothing", "m3{}", "unit.unknown"},
      {"a line without anything below", "kg/", "unit.unknown"},
      {"a multiplier alone", "万", "unit.unknown"},
      {"zero times", "0kg", "unit.format"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto unit = Unit::parse(row.written);
    EXPECT_EQ(unit ? unit->str() : unit.error().code, row.canonical);
  }
  for (const auto* unit :
       {"%",        "g/m2",    "mg/Nm3",   "m3/m2",     "kWh/m2",   "m3/MWh",   "kgce/t",    "kg/t",      "kg/t钢",
        "kWh/t",    "g/kWh",   "kgce/t矿", "m3/Adt",    "kg/Adt",   "L/m2",     "t/100m",    "t/t",       "h/a",
        "次/年",    "次/天",   "m3/t",     "ngTEQ/Nm3", "kgce/t焦", "kJ/kg煤",  "℃",         "mg/m3",     "m3/t钢",
        "kgce/Adt", "gce/kWh", "kg/kWh",   "tCO2/万元", "kgce/m2",  "kWh/100m", "kgce/100m", "kg/100m",   "tCO2/t",
        "m3/t焦",   "t/t焦",   "kWh/t焦",  "项",        "kgce/t铁", "kg/t铁",   "kgce/t钢",  "kgCO2/kWh", "kgce/m3",
        "kgce/MJ",  "万m3",    "万元",     "mg/L"})
    EXPECT_TRUE(Unit::parse(unit)) << unit;
}

TEST(Unit, SuggestsTheNearestSymbol) {
  const auto unit = Unit::parse("Kgce/t");
  ASSERT_FALSE(unit);
  EXPECT_EQ(unit.error().params[2].second, "是否应为“kgce”？");
  EXPECT_EQ(Unit::of("万m3{water}/t").plain(), "万m³/t");
}

TEST(Quantity, ConvertsExactlyOrNamesBothUnits) {
  struct Row {
    const char* name;
    const char* quantity;
    const char* to;
    const char* value;
  };
  const Row rows[] = {
      {"litres per square metre", "0.008 m3/m2", "L/m2", "8"},
      {"ten thousand kilowatt-hours", "1.5 万kWh", "kWh", "15000"},
      {"energy", "1 kWh", "MJ", "3.6"},
      {"a repeating fraction is rounded to 18 decimals", "1 MJ", "kWh", "0.277777777777777778"},
      {"standard coal", "0.5 tce/t", "kgce/t", "500"},
      {"per cent and per mille", "5‰", "%", "0.5"},
      {"not saying of what goes with saying it", "1.6 m3/t", "m3{water}/t{product}", "1.6"},
      {"the same unit keeps its digits", "1.60 m3/t", "m3/t", "1.60"},
      {"of one thing is not of another", "1 kg{COD}/t", "kg{NH3-N}/t", "unit.incommensurable"},
      {"mass is not volume", "1.6 kg/t", "m3/t", "unit.incommensurable"},
      {"a mass share is not a percentage", "1 kg/t", "%", "unit.incommensurable"},
      {"energy is not standard coal", "1 GJ", "kgce", "unit.incommensurable"},
      {"normal cubic metres are their own", "1 m3", "Nm3", "unit.incommensurable"},
      {"a pure number is no mass", "5", "kg", "unit.incommensurable"},
      {"months and years", "6 月", "年", "0.5"},
      {"smaller than 18 decimals hold", "0.000000000000000001 ng", "t", "0.000000000000000000"},
      {"longer than a number may be", "999999999999999999999999999999999999 t", "ng", "decimal.overflow"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto quantity = parse_quantity(row.quantity);
    ASSERT_TRUE(quantity) << quantity.error().code;
    const auto converted = quantity->in(Unit::of(row.to));
    EXPECT_EQ(converted ? converted->value.str() : converted.error().code, row.value);
  }
}

TEST(Quantity, IsReadFromText) {
  EXPECT_EQ(parse_quantity("2.04 m3/t")->str(), "2.04 m3/t");
  EXPECT_EQ(parse_quantity(" 1,200t ")->str(), "1200 t");
  EXPECT_EQ(parse_quantity("-20 kgce/t")->str(), "-20 kgce/t");
  EXPECT_EQ(parse_quantity("1.5e3 kg")->str(), "1500 kg");
  EXPECT_EQ(parse_quantity("42")->str(), "42");
  EXPECT_EQ(parse_quantity("m3").error().code, "decimal.format");
  EXPECT_EQ(parse_quantity("").error().code, "decimal.format");
  EXPECT_EQ(parse_quantity("5 foo").error().code, "unit.unknown");
}

TEST(CreditCode, AcceptsOnlyWhatItsCheckCharacterConfirms) {
  struct Row {
    const char* name;
    const char* text;
    const char* code;
  };
  const Row rows[] = {
      {"a real shape with check X", "91130200699229617X", ""},
      {"letters inside", "91350100M000100Y43", ""},
      {"digits only", "911302307808371268", ""},
      {"lower case and blanks from a PDF", " 91130200699229617x\n", ""},
      {"full-width characters", "９１１３０２００６９９２２９６１７Ｘ", ""},
      {"one digit changed", "91130200699229618X", "credit_code.check"},
      {"two neighbours swapped", "91130200699292617X", "credit_code.check"},
      {"a letter that is never used", "9113020O699229617X", "credit_code.alphabet"},
      {"seventeen characters", "91130200699229617", "credit_code.length"},
      {"nineteen characters", "91130200699229617X1", "credit_code.length"},
      {"a blank inside", "9113020069922 9617X", "credit_code.length"},
      {"Chinese characters", "统一社会信用代码统一社会信用代码统一", "credit_code.alphabet"},
      {"nothing", "", "credit_code.length"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto code = CreditCode::parse(row.text);
    EXPECT_EQ(code ? "" : code.error().code, row.code);
  }
  const auto code = CreditCode::parse("91130200699229617X");
  EXPECT_TRUE(code->organisation_check_holds());
  EXPECT_EQ(code->registration_division(), "130200");
  EXPECT_EQ(code->organisation_code(), "699229617");
}

TEST(CreditCode, AWrongInnerCheckIsAWarningOnly) {
  // 91130200 69922961 with the inner check 5 instead of 7, and whatever outer check character then fits.
  std::string text = "91130200699229615";
  for (const char last : std::string("0123456789ABCDEFGHJKLMNPQRTUWXY"))
    if (const auto code = CreditCode::parse(text + last)) {
      EXPECT_FALSE(code->organisation_check_holds());
      return;
    }
  FAIL() << "one of 31 check characters must fit";
}

TEST(OtherCodes, KnowTheirShapes) {
  EXPECT_TRUE(PermitNumber::parse("91130200699229617X001P"));
  EXPECT_EQ(PermitNumber::parse("91130200699229617X001P")->credit_code(), "91130200699229617X");
  EXPECT_EQ(PermitNumber::parse("91130200699229617X001").error().code, "permit_number.length");
  EXPECT_EQ(PermitNumber::parse("91130200699229617X00PP").error().code, "permit_number.format");
  EXPECT_EQ(PermitNumber::parse("91130200699229618X001P").error().code, "permit_number.check");

  const auto county = RegionCode::parse("990101");
  EXPECT_EQ(county->level(), "county");
  EXPECT_EQ(county->city(), "990100");
  EXPECT_EQ(county->province(), "990000");
  EXPECT_TRUE(RegionCode::parse("990100")->covers(*county));
  EXPECT_TRUE(RegionCode::parse("990000")->covers(*county));
  EXPECT_FALSE(RegionCode::parse("990200")->covers(*county));
  EXPECT_FALSE(county->covers(*RegionCode::parse("990100")));
  for (const auto* wrong : {"9901", "99010a", "000000", "990001", ""})
    EXPECT_EQ(RegionCode::parse(wrong).error().code, "region_code.format") << wrong;

  EXPECT_EQ(IndustryCode::parse("C3360")->str(), "3360");
  EXPECT_EQ(IndustryCode::parse("c")->str(), "C");
  EXPECT_EQ(IndustryCode::parse("3360")->division(), "33");
  for (const auto* wrong : {"3", "33601", "U33", "电镀", ""})
    EXPECT_EQ(IndustryCode::parse(wrong).error().code, "industry_code.format") << wrong;

  for (const auto* right : {"DW001", "da012", "TW001", "TA001", "TN001", "TS001", "MF0001"})
    EXPECT_TRUE(OutletCode::parse(right)) << right;
  for (const auto* wrong : {"DW1", "DX001", "MF001", "DW0001", "DW00A", ""})
    EXPECT_EQ(OutletCode::parse(wrong).error().code, "outlet_code.format") << wrong;
}

}  // namespace
}  // namespace qy
