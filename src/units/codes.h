#pragma once

#include <array>
#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qy {

/// 统一社会信用代码: the 18-character identifier of a legal entity (GB 32100-2015).
///
/// A CreditCode is always valid. The only way to get one is `parse`, so code that holds one never checks again.
class CreditCode {
 public:
  /// Accepts lower case, full-width characters and blanks around it, because people paste from PDFs.
  /// Errors: credit_code.length {length}, credit_code.alphabet {character}, credit_code.check {expected}.
  static Result<CreditCode> parse(std::string_view text);

  std::string_view str() const { return {chars_.data(), chars_.size()}; }

  /// 登记管理机关行政区划: the division of the registration authority, six digits; not where the plant stands.
  std::string_view registration_division() const { return str().substr(2, 6); }

  /// 主体标识码: the organisation code inside, 8 characters and its check character.
  std::string_view organisation_code() const { return str().substr(8, 9); }

  /// Whether the inner check character fits (GB 11714). A failure is worth a warning only: the licence decides.
  bool organisation_check_holds() const;

  auto operator<=>(const CreditCode&) const = default;

 private:
  explicit CreditCode(const std::array<char, 18>& chars) : chars_(chars) {}
  std::array<char, 18> chars_;
};

/// 排污许可证编号: credit code, three digits, one letter (HJ 608-2017), such as 91130200699229617X001P.
class PermitNumber {
 public:
  /// Errors: permit_number.length {length}, permit_number.format, permit_number.check when the credit code in it does
  /// not hold.
  static Result<PermitNumber> parse(std::string_view text);
  std::string_view str() const { return text_; }
  std::string_view credit_code() const { return std::string_view(text_).substr(0, 18); }
  auto operator<=>(const PermitNumber&) const = default;

 private:
  explicit PermitNumber(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// 行政区划代码: six digits of GB/T 2260 by shape. Whether it was a division on some day is for the rules' dated table.
class RegionCode {
 public:
  /// Errors: region_code.format.
  static Result<RegionCode> parse(std::string_view text);
  std::string_view str() const { return text_; }

  /// "province" (990000), "city" (990100) or "county" (990101).
  std::string_view level() const;
  std::string province() const { return text_.substr(0, 2) + "0000"; }
  /// The city it is or lies in; a province answers itself.
  std::string city() const { return text_.substr(0, 4) + "00"; }
  /// True when `other` is this division or lies in it.
  bool covers(const RegionCode& other) const;
  auto operator<=>(const RegionCode&) const = default;

 private:
  explicit RegionCode(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// 国民经济行业代码: GB/T 4754 by shape, kept without the letter of the section when there are digits: "3360", "33",
/// "C".
class IndustryCode {
 public:
  /// Reads "C", "C33", "C3360", "33", "336", "3360". Errors: industry_code.format.
  static Result<IndustryCode> parse(std::string_view text);
  std::string_view str() const { return text_; }
  /// "33" of "3360"; "" of a section.
  std::string_view division() const;
  auto operator<=>(const IndustryCode&) const = default;

 private:
  explicit IndustryCode(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// 排放口和设施编号 (HJ 608-2017): DW/DA outlets of water and air, TW/TA/TN/TS treatment, with three digits; MF
/// production, with four.
class OutletCode {
 public:
  /// Errors: outlet_code.format.
  static Result<OutletCode> parse(std::string_view text);
  std::string_view str() const { return text_; }
  std::string_view kind() const { return std::string_view(text_).substr(0, 2); }
  auto operator<=>(const OutletCode&) const = default;

 private:
  explicit OutletCode(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace qy
