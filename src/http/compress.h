#pragma once

#include <string>
#include <string_view>

namespace qy::http {

/// True for media types whose bytes shrink: text, JSON, JavaScript, SVG, XML.
bool is_compressible(std::string_view content_type);
/// True when an Accept-Encoding header allows gzip.
bool accepts_gzip(std::string_view accept_encoding);
/// gzip at `level` 1–9.
std::string gzip(std::string_view bytes, int level);

}  // namespace qy::http
