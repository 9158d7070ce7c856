#include "cli/command.h"

namespace qy::cli {

extern const Command help_command, version_command, serve_command, migrate_command, backup_command, doctor_command,
    log_roots_command, log_seal_command, user_add_command, user_reset_command, routes_command, compute_command,
    pack_check_command, pack_list_command, pack_show_command, pack_diff_command, pack_stale_command;

std::span<const Command* const> commands() {
  static const Command* const all[] = {
      &help_command,      &version_command,    &serve_command,      &migrate_command,   &backup_command,
      &doctor_command,    &log_roots_command,  &log_seal_command,   &user_add_command,  &user_reset_command,
      &routes_command,    &compute_command,    &pack_check_command, &pack_list_command, &pack_show_command,
      &pack_diff_command, &pack_stale_command,
  };
  return all;
}

}  // namespace qy::cli
