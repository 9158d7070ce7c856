// Any bytes: parsing answers or complains, and what it read is written and read again unchanged.
#include <cstdlib>

#include "json/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = qy::json::parse({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto again = qy::json::parse(qy::json::dump(*value));
  if (!again || qy::json::canonical(*again) != qy::json::canonical(*value)) std::abort();
  qy::json::ObjectReader in(*value);
  in.decimal("a");
  in.date("b");
  in.texts("c");
  for (auto& inner : in.objects("d")) inner.money("e");
  (void)in.done();
  return 0;
}
