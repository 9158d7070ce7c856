#pragma once

#include <memory>

#include "rules/library.h"

namespace qy::rules {

/// The packs this repository ships, loaded once per process; looked for upward from the working directory. For tests:
/// prints every problem and ends the process when they do not load.
std::shared_ptr<const Library> shipped_packs();

}  // namespace qy::rules
