#include "cli/command.h"

namespace qy::cli {

extern const Command help_command, version_command;

std::span<const Command* const> commands() {
  static const Command* const all[] = {
      &help_command,
      &version_command,
  };
  return all;
}

}  // namespace qy::cli
