#include "base/text.h"
#include "rules/reader.h"
#include "units/unit.h"

namespace qy::rules {

std::string read_unit(const Reading& in, const YamlNode& node, std::string_view key) {
  const auto text = read_text(in, node, key);
  if (text.empty()) return "";
  const auto unit = Unit::parse(text);
  if (!unit) {
    Params params{{"key", std::string(key)}, {"unit", prefix_of(text, 60)}};
    for (const auto& [name, value] : unit.error().params)
      if (name == "part")
        if (auto near = nearest(value, known_unit_symbols()); !near.empty())
          params.emplace_back("suggestion", std::move(near));
    in.complain(node.line, "pack.bad_unit", std::move(params));
  }
  return text;
}

}  // namespace qy::rules
