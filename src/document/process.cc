#include "document/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>

namespace qy::document {
namespace {

constexpr int kOutOfMemory = 71;  // exit codes of our own children
constexpr int kThrew = 72;

std::size_t own_address_space() {
  char text[64] = {};
  const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const auto got = read(fd, text, sizeof text - 1);
  close(fd);
  return got > 0 ? std::strtoull(text, nullptr, 10) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

void limit(int what, std::size_t value) {
  const rlimit r{value, value};
  setrlimit(static_cast<__rlimit_resource_t>(what), &r);
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) _exit(kThrew);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

/// The child's side before its work: limits, nothing inherited but the pipe (which becomes descriptor 3).
int settle_in(int pipe_end, const ChildLimits& limits) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) dup2(null, fd);
  if (pipe_end != 3) dup2(pipe_end, 3);
  syscall(SYS_close_range, 4u, ~0u, 0u);
  if (limits.cpu_seconds > 0) limit(RLIMIT_CPU, static_cast<std::size_t>(limits.cpu_seconds));
  limit(RLIMIT_CORE, 0);
  return 3;
}

/// The parent's side: gathers output until the end of the pipe, the deadline or the limit; then buries the child.
ChildOutcome gather(pid_t child, int pipe_end, const ChildLimits& limits, bool whole_group) {
  ChildOutcome outcome;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(limits.wall_seconds);
  bool late = false, flooded = false;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) {
      late = true;
      break;
    }
    pollfd waiting{pipe_end, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<long long>(left, 1000)));
    if (ready < 0 && errno != EINTR) break;
    if (ready <= 0) continue;
    const auto got = read(pipe_end, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    if (outcome.output.size() + static_cast<std::size_t>(got) > limits.output) {
      flooded = true;
      break;
    }
    outcome.output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(pipe_end);
  if (late || flooded) kill(whole_group ? -child : child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (whole_group) kill(-child, SIGKILL);  // helpers it may have left behind
  using End = ChildOutcome::End;
  if (late)
    outcome.end = End::out_of_time;
  else if (flooded)
    outcome.end = End::too_much_output;
  else if (WIFEXITED(status)) {
    outcome.exit_code = WEXITSTATUS(status);
    outcome.end = !whole_group && outcome.exit_code == kOutOfMemory ? End::out_of_memory
                  : !whole_group && outcome.exit_code != 0          ? End::crashed
                                                                    : End::finished;
  } else if (WIFSIGNALED(status)) {
    outcome.end = WTERMSIG(status) == SIGXCPU || (WTERMSIG(status) == SIGKILL && limits.cpu_seconds > 0)
                      ? End::out_of_time
                      : End::crashed;
  }
  return outcome;
}

}  // namespace

ChildOutcome run_forked(const ChildLimits& limits, const std::function<void(const Emit&)>& work) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  const std::size_t have = own_address_space();
  const pid_t child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return {};
  }
  if (child == 0) {
    const int out = settle_in(ends[1], limits);
#ifndef __SANITIZE_THREAD__  // its shadow memory alone is more than any limit
    if (limits.memory > 0) limit(RLIMIT_AS, have + limits.memory);
#endif
    limit(RLIMIT_FSIZE, 0);
    std::set_new_handler([] { _exit(kOutOfMemory); });
    try {
      work([out](std::string_view bytes) { write_all(out, bytes); });
    } catch (const std::bad_alloc&) {
      _exit(kOutOfMemory);
    } catch (...) {
      _exit(kThrew);
    }
    _exit(0);
  }
  close(ends[1]);
  return gather(child, ends[0], limits, false);
}

ChildOutcome run_program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                         const ChildLimits& limits) {
  int ends[2];
  if (arguments.empty() || pipe2(ends, O_CLOEXEC) != 0) return {};
  std::vector<char*> argv, envp;  // made before the fork: the child may not allocate
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  for (const auto& e : environment) envp.push_back(const_cast<char*>(e.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return {};
  }
  if (child == 0) {
    setpgid(0, 0);
    settle_in(ends[1], limits);
    dup2(3, 1);
    dup2(3, 2);
    close(3);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  setpgid(child, child);
  close(ends[1]);
  return gather(child, ends[0], limits, true);
}

TemporaryDirectory::TemporaryDirectory() {
  std::error_code failed;
  auto base = std::filesystem::temp_directory_path(failed);
  if (failed) base = "/tmp";
  std::string pattern = (base / "qingyuan-XXXXXX").string();
  if (mkdtemp(pattern.data())) path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

bool write_file(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  return static_cast<bool>(out);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace qy::document
