#include "units/codes.h"

#include <algorithm>

#include "base/text.h"

namespace qy {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr int kModulus = 31;

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// As people paste it: half-width, upper case, nothing around it.
std::string pasted(std::string_view text) {
  return upper_ascii(normalise_for_match(is_utf8(text) && text.size() <= 400 ? text : std::string_view("?")));
}

/// Weighted sum of the first 17 characters, weights 3^i mod 31 (GB 32100-2015, check character).
char check_char(std::string_view chars) {
  int sum = 0;
  for (std::size_t i = 0, weight = 1; i < 17; ++i, weight = weight * 3 % kModulus)
    sum += static_cast<int>(kAlphabet.find(chars[i]) * weight);
  return kAlphabet[static_cast<std::size_t>((kModulus - sum % kModulus) % kModulus)];
}

Error wrong(const char* code, Params params = {}) { return {ErrorKind::invalid, code, std::move(params)}; }

}  // namespace

Result<CreditCode> CreditCode::parse(std::string_view text) {
  const auto code = pasted(text);
  if (length_of(code) != 18) return wrong("credit_code.length", {{"length", std::to_string(length_of(code))}});
  const auto stranger = code.find_first_not_of(kAlphabet);
  if (stranger != std::string::npos)
    return wrong("credit_code.alphabet", {{"character", prefix_of(std::string_view(code).substr(stranger), 1)}});
  const char expected = check_char(code);
  if (code[17] != expected) return wrong("credit_code.check", {{"expected", std::string(1, expected)}});

  std::array<char, 18> chars{};
  std::copy(code.begin(), code.end(), chars.begin());
  return CreditCode(chars);
}

// GB 11714: weights 3 7 9 10 5 8 4 2, A = 10 … Z = 35; 11 - sum mod 11, 10 is written X and 11 is written 0.
bool CreditCode::organisation_check_holds() const {
  constexpr int kWeights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  const auto code = organisation_code();
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += kWeights[i] * (code[i] <= '9' ? code[i] - '0' : code[i] - 'A' + 10);
  const int check = 11 - sum % 11;
  return code[8] == (check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check));
}

Result<PermitNumber> PermitNumber::parse(std::string_view text) {
  auto number = pasted(text);
  if (length_of(number) != 22) return wrong("permit_number.length", {{"length", std::to_string(length_of(number))}});
  const std::string_view view = number;
  if (number.size() != 22 || !all_digits(view.substr(18, 3)) || view[21] < 'A' || view[21] > 'Z')
    return wrong("permit_number.format");
  if (!CreditCode::parse(view.substr(0, 18))) return wrong("permit_number.check", {{"code", number.substr(0, 18)}});
  return PermitNumber(std::move(number));
}

Result<RegionCode> RegionCode::parse(std::string_view text) {
  auto code = pasted(text);
  if (code.size() != 6 || !all_digits(code) || code.starts_with("00") ||
      (code.substr(2, 2) == "00" && code.substr(4) != "00"))
    return wrong("region_code.format", {{"text", prefix_of(code, 20)}});
  return RegionCode(std::move(code));
}

std::string_view RegionCode::level() const {
  if (text_.ends_with("0000")) return "province";
  return text_.ends_with("00") ? "city" : "county";
}

bool RegionCode::covers(const RegionCode& other) const {
  const auto digits = level() == "province" ? 2 : level() == "city" ? 4 : 6;
  return other.text_.compare(0, static_cast<std::size_t>(digits), text_, 0, static_cast<std::size_t>(digits)) == 0;
}

Result<IndustryCode> IndustryCode::parse(std::string_view text) {
  const auto code = pasted(text);
  const bool section = !code.empty() && code[0] >= 'A' && code[0] <= 'T';
  auto digits = section ? code.substr(1) : code;
  const bool fits = digits.empty() ? section : digits.size() >= 2 && digits.size() <= 4 && all_digits(digits);
  if (!fits) return wrong("industry_code.format", {{"text", prefix_of(code, 20)}});
  return IndustryCode(digits.empty() ? code : std::move(digits));
}

std::string_view IndustryCode::division() const {
  return text_.size() < 2 ? std::string_view() : std::string_view(text_).substr(0, 2);
}

Result<OutletCode> OutletCode::parse(std::string_view text) {
  auto code = pasted(text);
  const auto kind = std::string_view(code).substr(0, 2);
  constexpr std::string_view kKinds[] = {"DW", "DA", "TW", "TA", "TN", "TS"};
  const bool outlet = std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds) && code.size() == 5;
  const bool production = kind == "MF" && code.size() == 6;
  if (!(outlet || production) || !all_digits(std::string_view(code).substr(2)))
    return wrong("outlet_code.format", {{"text", prefix_of(code, 20)}});
  return OutletCode(std::move(code));
}

}  // namespace qy
