#include <ostream>

#include "cli/command.h"
#include "json/json.h"

namespace qy::cli {
namespace {

/// qingyuan version
Result<void> run_version(const Args&, Io& io) {
  if (io.json)
    io.out << json::pretty(json::Object{{"name", "qingyuan"}, {"version", QY_VERSION}}) << '\n';
  else
    io.out << "qingyuan " << QY_VERSION << '\n';
  return {};
}

}  // namespace

extern const Command version_command;
const Command version_command{
    .name = "version",
    .summary = {"显示版本号", "show the version"},
    .run = run_version,
};

}  // namespace qy::cli
