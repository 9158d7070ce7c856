#include <algorithm>
#include <chrono>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "codec/compute.h"
#include "json/json.h"

namespace qy::cli {
namespace {

constexpr int kMostSeconds = 86'400;

/// The packs, or every problem that keeps them from being read.
Result<std::shared_ptr<const rules::Library>> load_packs() {
  const auto directory = packs_directory();
  auto loaded = rules::Library::load(directory);
  if (loaded.library) return loaded.library;
  Error error{ErrorKind::unavailable,
              "cli.packs_broken",
              {{"directory", directory}, {"count", std::to_string(loaded.problems.size())}},
              {}};
  for (const auto& problem : loaded.problems)
    error.fields.push_back({problem.file + ":" + std::to_string(problem.line), problem.code, problem.params});
  return error;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& computation : codec::computations()) all.push_back(computation.name);
  return all;
}

/// qingyuan compute NAME FILE
Result<void> run_compute(const Args& args, Io& io) {
  QY_TRY(const auto library, load_packs());
  const auto& name = args["NAME"];
  const auto known = names();
  if (std::find(known.begin(), known.end(), name) == known.end())
    return Error{
        ErrorKind::malformed, "compute.unknown", {{"name", prefix_of(name, 40)}, {"known", join(known, ", ")}}};

  QY_TRY(const auto text, read_input(args["FILE"], io, 16u << 20));
  QY_TRY(const auto input, json::parse(text));
  QY_TRY(const auto seconds, args.integer("--seconds", 1, kMostSeconds, kMostSeconds));
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::seconds(seconds);
  auto told = Clock::now();
  const bool progress = args.has("--progress");
  const Watch watch([&](double done) {
    const auto now = Clock::now();
    if (progress && now - told >= std::chrono::seconds(1)) {
      io.err << static_cast<int>(100 * done) << " %" << std::endl;
      told = now;
    }
    return !args.has("--seconds") || now < until;
  });
  auto answer = codec::compute(*library, name, input, watch);
  if (!answer && answer.error().code == "compute.stopped")
    return Error{ErrorKind::unavailable, "compute.time_limit", {{"seconds", std::to_string(seconds)}}};
  if (!answer) return answer.error();
  io.out << json::pretty(*answer) << '\n';
  return {};
}

}  // namespace

extern const Command compute_command;
const Command compute_command{
    .name = "compute",
    .summary = {"运行一个计算引擎：读入JSON，输出JSON", "run an engine, JSON in and JSON out"},
    .arguments = {{"NAME", {join(names(), "、"), join(names(), ", ")}},
                  {"FILE", {"输入文件，- 表示标准输入", "the input file, - for standard input"}}},
    .options = {{"--seconds",
                 "N",
                 {"最多计算N秒；有些计算到时给出已找到的最好结果",
                  "compute for N seconds at most; some computations then give the best they have found"}},
                {"--progress", "", {"每秒在标准错误上写出进度", "write the progress on standard error every second"}}},
    .run = run_compute,
    .problems_as_json = true,
};

}  // namespace qy::cli
