// Any bytes: the codes and units answer or complain, and what they accept they accept again unchanged.
#include <cstdint>
#include <cstdlib>

#include "units/codes.h"
#include "units/unit.h"

namespace {

template <class Code>
void reread(std::string_view text) {
  const auto code = Code::parse(text);
  if (!code || code->str().empty()) return;  // a pure number has no spelling
  const auto again = Code::parse(code->str());
  if (!again || !(*again == *code)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  reread<qy::CreditCode>(text);
  reread<qy::PermitNumber>(text);
  reread<qy::RegionCode>(text);
  reread<qy::IndustryCode>(text);
  reread<qy::OutletCode>(text);
  reread<qy::Unit>(text);
  if (const auto code = qy::CreditCode::parse(text)) (void)code->organisation_check_holds();
  if (const auto quantity = qy::parse_quantity(text)) (void)quantity->in(qy::Unit::of("kg"));
  return 0;
}
