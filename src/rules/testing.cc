#include "rules/testing.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace qy::rules {

std::shared_ptr<const Library> shipped_packs() {
  static const auto packs = [] {
    auto at = std::filesystem::current_path();
    while (!std::filesystem::exists(at / "packs" / "cn") && at.has_relative_path()) at = at.parent_path();
    const auto loaded = Library::load((at / "packs").string());
    for (const auto& problem : loaded.problems)
      std::fprintf(stderr, "%s:%d: %s\n", problem.file.c_str(), problem.line, problem.code.c_str());
    if (!loaded.library) std::abort();
    return loaded.library;
  }();
  return packs;
}

}  // namespace qy::rules
