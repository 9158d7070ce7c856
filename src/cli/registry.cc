#include "cli/command.h"

namespace qy::cli {

extern const Command compute_command, help_command, version_command;

std::span<const Command* const> commands() {
  static const Command* const all[] = {
      &help_command,
      &version_command,
      &compute_command,
  };
  return all;
}

}  // namespace qy::cli
