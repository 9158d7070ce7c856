// Any bytes as request target and cookies: no crash, and what is accepted is well-formed.
#include <cstdlib>

#include "base/text.h"
#include "http/http.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  qy::http::Request request;
  qy::http::read_cookies(text, request);
  request.headers["accept-language"] = text;
  (void)qy::http::language_of(request);
  if (!qy::http::read_target(text, request)) return 0;
  if (!qy::is_utf8(request.path) || qy::contains(request.path + "/", "/../")) std::abort();
  return 0;
}
