#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/library.h"

/// Packs value by value: to show one, to compare two trees, to find what nobody has checked for long.
namespace qy::rules {

/// One value of a pack file, at a path that survives reordering: "clocks[disclose].months",
/// "groups[水].rows[5].limiting".
struct PackValue {
  std::string path, value;
  int line = 0;
};

/// The values of a file in its order. The bytes come from a Library, so they can be read.
std::vector<PackValue> values_of(std::string_view bytes);

/// A value that differs between two trees.
struct PackChange {
  std::string pack, kind, path;              ///< path "" = the whole file is new or gone
  std::optional<std::string> before, after;  ///< nullopt: not there
  std::vector<Text> affected;  ///< jurisdictions, systems, industries … that use it; empty when nobody does
};
std::vector<PackChange> compare(const Library& before, const Library& after);

/// A value or file that should be looked at again.
struct StaleValue {
  std::string file, pack, path;  ///< path "" = the whole file
  int line = 1;
  std::string code;  ///< stale.unchecked {checked_on, days} | stale.document {document, to}
  Params params;
};
/// Files last checked more than `older_than` days before `on`, and values still used on `on` whose document has ended
/// by then.
std::vector<StaleValue> stale_values(const Library& library, Date on, int older_than);

}  // namespace qy::rules
