// Any bytes as multipart body and header: no crash, and no part is larger than what came in.
#include <cstdlib>

#include "http/http.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = std::min(text.find('\n'), text.size());
  qy::http::Request request;
  request.headers["content-type"] = "multipart/form-data" + std::string(text.substr(0, line));
  request.body = text.substr(std::min(line + 1, text.size()));
  const auto parts = request.multipart();
  if (!parts) return 0;
  std::size_t total = 0;
  for (const auto& part : *parts) total += part.body.size() + part.name.size();
  if (total > size) std::abort();
  return 0;
}
