#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace qy::document {

/// What became of a child process.
struct ChildOutcome {
  enum class End { finished, out_of_memory, out_of_time, too_much_output, crashed };
  End end = End::crashed;
  int exit_code = 0;   ///< of a finished one
  std::string output;  ///< what it wrote
};

struct ChildLimits {
  std::size_t memory = 0;  ///< bytes of address space beyond what the caller has now; 0 = unlimited
  int cpu_seconds = 0;     ///< 0 = unlimited
  int wall_seconds = 60;
  std::size_t output = 256u << 20;
};

/// Gives bytes to the parent.
using Emit = std::function<void(std::string_view)>;

/// Runs `work` in a forked child under `limits` and returns what it emitted. `work` must not touch locks that other
/// threads of this process may hold: pure parsing only. It inherits no open files.
ChildOutcome run_forked(const ChildLimits& limits, const std::function<void(const Emit&)>& work);

/// Runs a program without a shell; its standard output and error are the outcome's output. `environment` replaces the
/// whole one. On time-out the program and everything it started are killed.
ChildOutcome run_program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                         const ChildLimits& limits);

/// A directory of its own under the system's temporary directory, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }  ///< "" when none could be made
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

bool write_file(const std::string& path, std::string_view bytes);
/// "" when unreadable.
std::string read_file(const std::string& path);

}  // namespace qy::document
