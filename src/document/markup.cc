#include "document/markup.h"

#include "base/text.h"

namespace qy::document {

std::string escaped_markup(std::string_view text, std::string_view line_break) {
  std::string out;
  const bool sound = is_utf8(text);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\n')
      out += line_break;
    else if (c == '\t')
      out += c;
    else if (byte < 0x20)
      out += ' ';
    else
      out += byte >= 0x80 && !sound ? '?' : c;
  }
  return out;
}

}  // namespace qy::document
