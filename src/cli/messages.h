#pragma once

#include "base/catalogue.h"

namespace qy::cli {

std::span<const Sentence> cli_messages();

}  // namespace qy::cli
