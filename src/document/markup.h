#pragma once

#include <string>
#include <string_view>

namespace qy::document {

/// Text inside XML or HTML, in elements and in quoted attributes. Control characters, which neither may hold, become
/// spaces; a line break becomes `line_break`; bytes that are no UTF-8 become '?'.
std::string escaped_markup(std::string_view text, std::string_view line_break = "\n");

}  // namespace qy::document
