#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/id.h"
#include "db/database.h"
#include "json/json.h"

namespace qy::db {

/// Puts a job into the database's queue, in the caller's transaction: it exists only if the transaction does.
/// `key` makes it unique while queued ("" = none).
std::string enqueue(Tx& tx, std::string_view kind, const json::Value& payload, Instant not_before, Random& random,
                    std::string_view key = "");

constexpr int kMaxAttempts = 5;
constexpr const char* kPutBack = "job.put_back";

/// Jobs that may take minutes have a kind that begins with "long." and workers of their own, so that nothing short
/// waits behind them.
enum class Lane { ordinary, long_ones };

struct Job {
  std::string id, kind;
  json::Value payload;
  int attempt = 0;
  std::string worker;  ///< who claimed it
};

/// Claims one due job for `worker` with a lease (the one place with a dialect branch); finish or fail it. A job whose
/// lease ran out is claimed again; after `max_attempts` it stays failed with its last problem for an operator to see.
std::optional<Job> claim_job(Tx& tx, std::string_view worker, Instant now, int lease_seconds = 120,
                             Lane lane = Lane::ordinary);
/// Lengthens the lease of a job under way. False when it is another's by now, and the work is to be left off.
bool renew_lease(Tx& tx, const Job& job, Instant until);
/// Back into the queue as if it had not been claimed: its worker leaves off to stop.
void put_back_job(Tx& tx, const Job& job, Instant now);
void finish_job(Tx& tx, std::string_view id, Instant now);
void fail_job(Tx& tx, std::string_view id, Instant now, std::string_view problem, int max_attempts = kMaxAttempts);

/// True when `claim_job` would find something; a read, so that idle polling writes nothing.
bool has_due_job(Tx& tx, Instant now, Lane lane = Lane::ordinary);

/// Forgets the jobs of a kind that were done before then.
void forget_done_jobs(Tx& tx, std::string_view kind, Instant before);

/// Jobs that failed for good, newest first, for operators.
struct FailedJob {
  std::string id, kind, problem;
  json::Value payload;
  Instant ended_at;
  int attempt = 0;
};
std::vector<FailedJob> failed_jobs(Tx& tx, int limit);

/// Works the queue on one thread of its own. Handlers open their own transactions and may run again after a crash or a
/// lost lease: they must bear repetition.
class JobRunner {
 public:
  /// An Error (or exception) puts the job back with growing delay, five attempts in all; kPutBack puts it back as it
  /// was, for a handler that left off because the runner is stopping.
  using Handler = std::function<Result<void>(const Job&)>;

  /// `worker` names this process in the queue. `random` must bear several threads (crypto::system_random()).
  JobRunner(Database& database, std::function<Instant()> clock, Random& random, std::string worker,
            Lane lane = Lane::ordinary);
  ~JobRunner();

  void handle(std::string kind, Handler handler);
  /// Enqueues a handled kind once in each slot of `seconds`, over all processes together.
  void every(std::string kind, int seconds);

  void start(int poll_milliseconds = 500);
  /// Finishes the job under way and returns.
  void stop();
  /// Says so and does not wait; a long job hears it by `stopping`.
  void ask_to_stop();
  bool stopping() const { return stopping_; }

  /// Runs on the calling thread what is due now, and returns how many jobs that was. For tests and the CLI.
  int run_due();

 private:
  struct Periodic {
    std::string kind;
    int seconds;
    std::int64_t last_slot;
  };
  void enqueue_periodic(Instant now);
  bool run_one();

  Database& database_;
  const std::function<Instant()> clock_;
  Random& random_;
  const std::string worker_;
  const Lane lane_;
  std::map<std::string, Handler> handlers_;
  std::vector<Periodic> periodic_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace qy::db
