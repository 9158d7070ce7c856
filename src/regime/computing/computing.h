#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "db/jobs.h"
#include "http/http.h"
#include "regime/identity/identity.h"

/// 计算工具: the engines over HTTP, at once or as a run that is kept.
namespace qy::computing {

using RunId = Id<struct ComputeRunTag>;

constexpr const char* kJob = "long.compute";
constexpr int kMostSeconds = 3600;  ///< a run's longest time limit
constexpr int kUsualSeconds = 600;
constexpr int kMostUnfinished = 3;  ///< runs of one person queued or running at a time
constexpr int kMostKept = 30;       ///< runs of one person; older ones that have ended go first
constexpr int kKeptDays = 7;
constexpr std::size_t kLargestInput = 16u << 20, kLargestAnswer = 64u << 20;

struct Run {
  RunId id;
  identity::UserId owner;
  std::string name;
  int time_limit_seconds = kUsualSeconds;
  std::string state;  ///< queued | running | finished | failed | cancelled
  double progress = 0;
  Instant created_at;
  std::optional<Instant> started_at, ended_at;
  std::string answer;            ///< JSON; of `find` only
  std::optional<Error> problem;  ///< of `find` only

  bool ended() const { return state != "queued" && state != "running"; }
  /// What its owner may do: "cancel" until it has ended, then "forget".
  std::vector<std::string> allowed_actions() const;
};

/// Computes within the time limit of Premises::compute_seconds, on at most Premises::compute_at_once threads at a time;
/// a few more wait a moment. `gone` says that nobody waits for the answer any more; may be empty.
/// Errors: those of codec::compute; compute.stopped when the time is up; compute.busy (unavailable).
class Desk {
 public:
  explicit Desk(const Premises& premises);
  ~Desk();
  Result<json::Value> compute(std::string_view name, const json::Value& input, const std::function<bool()>& gone);

 private:
  struct Places;
  const Premises& premises_;
  std::unique_ptr<Places> places_;
};

// ---- Commands: a run is its owner's alone; to others it does not exist. ---------------------------------------------

/// Queues a run. Errors: compute.unknown, compute.too_many_runs, compute.needs_person (a machine's token),
/// compute.input_too_large.
Result<Run> start(const Premises& premises, const identity::Caller& caller, const std::string& name,
                  const json::Value& input, int time_limit_seconds);
/// With answer and problem. Errors: compute.no_run.
Result<Run> find(const Premises& premises, const identity::Caller& caller, const RunId& id);
/// The document it was started with, as JSON. Errors: compute.no_run.
Result<std::string> input_of(const Premises& premises, const identity::Caller& caller, const RunId& id);
/// Newest first, without answers.
Result<std::vector<Run>> list(const Premises& premises, const identity::Caller& caller);
/// Stops it if it has not ended; a worker hears of it within a second or two. Errors: compute.no_run.
Result<Run> cancel(const Premises& premises, const identity::Caller& caller, const RunId& id);
/// Removes it, stopping it first. Errors: compute.no_run.
Result<void> forget(const Premises& premises, const identity::Caller& caller, const RunId& id);

// ---- The worker's side ----------------------------------------------------------------------------------------------

/// Handler of kJob. Writes the progress and reads whether to go on once a second. `stopping`: the process is to end;
/// the run goes back into the queue. A run whose worker died is begun again once, then it has failed.
Result<void> carry_out(const Premises& premises, const db::Job& job, const std::function<bool()>& stopping);

/// Removes runs made before then. A service: joins the caller's transaction.
void sweep(Tx& tx, Instant before);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> computing_messages();

}  // namespace qy::computing
