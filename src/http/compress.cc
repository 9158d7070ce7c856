#include "http/compress.h"

#include <zlib.h>

#include <stdexcept>

#include "base/text.h"

namespace qy::http {

bool is_compressible(std::string_view content_type) {
  const auto type = lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
  return type.rfind("text/", 0) == 0 || type == "application/json" || type == "application/problem+json" ||
         type == "application/geo+json" || type == "application/javascript" || type == "application/xml" ||
         type == "application/manifest+json" || type == "image/svg+xml";
}

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  for (const auto& piece : split(accept_encoding, ',')) {
    const auto text = lower_ascii(trim(piece));
    const auto name = trim(std::string_view(text).substr(0, text.find(';')));
    const auto q = text.find("q=");
    const bool refused = q != std::string::npos && text.find_first_of("123456789", q) == std::string::npos;
    if (name == "gzip") return !refused;
    if (name == "*" && !refused) any = true;
  }
  return any;
}

std::string gzip(std::string_view bytes, int level) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib refused to start");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (done != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
  return out;
}

}  // namespace qy::http
