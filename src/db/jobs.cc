#include "db/jobs.h"

#include <chrono>

namespace qy::db {
namespace {

constexpr std::int64_t kKeepDoneSeconds = 7 * 86400;

/// 10 s, 20 s, 40 s … after the first, second, third failure.
Instant next_attempt(Instant now, int attempt) { return now.plus_seconds(5ll << std::min(attempt, 10)); }

std::int64_t number_of(Lane lane) { return lane == Lane::long_ones ? 1 : 0; }

json::Value payload_of(const std::string& text) {
  auto value = json::parse(text);
  if (!value) throw Broken("the job queue holds unreadable JSON");
  return std::move(*value);
}

}  // namespace

std::string enqueue(Tx& tx, std::string_view kind, const json::Value& payload, Instant not_before, Random& random,
                    std::string_view key) {
  const std::string id = new_uuid(not_before, random);
  const auto added = tx.run(R"sql(
      INSERT INTO job (id, kind, unique_key, payload, state, not_before, lease_until, worker)
      VALUES (:id, :kind, :key, :payload, 'queued', :not_before, '', '')
      ON CONFLICT DO NOTHING)sql",
                            id, kind, key, json::dump(payload), not_before);
  if (added == 1) return id;
  const auto queued = tx.value<std::string>(
      "SELECT id FROM job WHERE kind = :kind AND unique_key = :key AND state = 'queued'", kind, key);
  if (!queued) throw Broken("a job was neither added nor found");
  return *queued;
}

bool has_due_job(Tx& tx, Instant now, Lane lane) {
  return tx
      .value<std::int64_t>(R"sql(
      SELECT 1 FROM job
       WHERE ((state = 'queued' AND not_before <= :now) OR (state = 'running' AND lease_until < :now))
         AND (CASE WHEN kind LIKE 'long.%' THEN 1 ELSE 0 END) = :lane LIMIT 1)sql",
                           now, number_of(lane))
      .has_value();
}

std::optional<Job> claim_job(Tx& tx, std::string_view worker, Instant now, int lease_seconds, Lane lane) {
  // Whoever crashed on it five times is not asked a sixth time.
  tx.run(R"sql(
      UPDATE job SET state = 'failed', ended_at = :now, lease_until = '', problem = 'the worker stopped while at it'
       WHERE state = 'running' AND lease_until < :now AND attempt >= :most)sql",
         now, kMaxAttempts);

  const std::string_view sql = tx.dialect() == Dialect::postgres ? R"sql(
      UPDATE job SET state = 'running', worker = :worker, lease_until = :until, attempt = attempt + 1
       WHERE id = (SELECT id FROM job
                    WHERE ((state = 'queued' AND not_before <= :now) OR (state = 'running' AND lease_until < :now))
                      AND (CASE WHEN kind LIKE 'long.%' THEN 1 ELSE 0 END) = :lane
                    ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, kind, payload, attempt)sql"
                                                                 : R"sql(
      UPDATE job SET state = 'running', worker = :worker, lease_until = :until, attempt = attempt + 1
       WHERE id = (SELECT id FROM job
                    WHERE ((state = 'queued' AND not_before <= :now) OR (state = 'running' AND lease_until < :now))
                      AND (CASE WHEN kind LIKE 'long.%' THEN 1 ELSE 0 END) = :lane
                    ORDER BY not_before, id LIMIT 1)
      RETURNING id, kind, payload, attempt)sql";
  const auto claimed = tx.row<std::string, std::string, std::string, int>(sql, worker, now.plus_seconds(lease_seconds),
                                                                          now, number_of(lane));
  if (!claimed) return std::nullopt;
  const auto& [id, kind, payload, attempt] = *claimed;
  return Job{.id = id, .kind = kind, .payload = payload_of(payload), .attempt = attempt, .worker = std::string(worker)};
}

bool renew_lease(Tx& tx, const Job& job, Instant until) {
  return tx.run(
             "UPDATE job SET lease_until = :until WHERE id = :id AND worker = :worker AND state = 'running' AND "
             "attempt "
             "= :attempt",
             until, job.id, job.worker, job.attempt) == 1;
}

void put_back_job(Tx& tx, const Job& job, Instant now) {
  tx.run(R"sql(
      UPDATE job SET state = 'queued', not_before = :now, lease_until = '', attempt = attempt - 1
       WHERE id = :id AND worker = :worker AND state = 'running')sql",
         now, job.id, job.worker);
}

void finish_job(Tx& tx, std::string_view id, Instant now) {
  tx.run("UPDATE job SET state = 'done', ended_at = :now, lease_until = '', problem = '' WHERE id = :id", now, id);
}

void fail_job(Tx& tx, std::string_view id, Instant now, std::string_view problem, int max_attempts) {
  const auto job =
      tx.row<std::string, std::string, int>("SELECT kind, unique_key, attempt FROM job WHERE id = :id", id);
  if (!job) return;
  const auto& [kind, key, attempt] = *job;
  const bool replaced = !key.empty() && tx.value<std::int64_t>(R"sql(
      SELECT 1 FROM job WHERE kind = :kind AND unique_key = :key AND state = 'queued' AND id <> :id)sql",
                                                               kind, key, id);
  const bool again = attempt < max_attempts && !replaced;
  tx.run(R"sql(
      UPDATE job SET state = :state, not_before = :not_before, ended_at = :ended_at, lease_until = '', problem = :problem
       WHERE id = :id)sql",
         again ? "queued" : "failed", next_attempt(now, attempt), again ? "" : now.str(), problem.substr(0, 2000), id);
}

void forget_done_jobs(Tx& tx, std::string_view kind, Instant before) {
  tx.run("DELETE FROM job WHERE state = 'done' AND kind = :kind AND ended_at < :before", kind, before);
}

std::vector<FailedJob> failed_jobs(Tx& tx, int limit) {
  std::vector<FailedJob> jobs;
  for (const auto& [id, kind, problem, payload, ended_at, attempt] :
       tx.rows<std::string, std::string, std::string, std::string, Instant, int>(R"sql(
           SELECT id, kind, problem, payload, ended_at, attempt FROM job WHERE state = 'failed'
            ORDER BY ended_at DESC, id DESC LIMIT :limit)sql",
                                                                                 limit))
    jobs.push_back({id, kind, problem, payload_of(payload), ended_at, attempt});
  return jobs;
}

JobRunner::JobRunner(Database& database, std::function<Instant()> clock, Random& random, std::string worker, Lane lane)
    : database_(database), clock_(std::move(clock)), random_(random), worker_(std::move(worker)), lane_(lane) {}

JobRunner::~JobRunner() { stop(); }

void JobRunner::handle(std::string kind, Handler handler) { handlers_[std::move(kind)] = std::move(handler); }

void JobRunner::every(std::string kind, int seconds) { periodic_.push_back({std::move(kind), seconds, -1}); }

void JobRunner::start(int poll_milliseconds) {
  thread_ = std::thread([this, poll_milliseconds] {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      try {
        enqueue_periodic(clock_());
        while (run_one()) {
          const std::lock_guard check(mutex_);
          if (stopping_) return;
        }
      } catch (const std::exception&) {
        // The database is away; the next round asks again. Requests report it, /readyz too.
      }
      lock.lock();
      wake_.wait_for(lock, std::chrono::milliseconds(poll_milliseconds), [&] { return stopping_.load(); });
    }
  });
}

void JobRunner::ask_to_stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

void JobRunner::stop() {
  ask_to_stop();
  if (thread_.joinable()) thread_.join();
}

int JobRunner::run_due() {
  enqueue_periodic(clock_());
  int count = 0;
  while (run_one()) ++count;
  return count;
}

void JobRunner::enqueue_periodic(Instant now) {
  for (auto& periodic : periodic_) {
    const std::int64_t slot = now.millis() / 1000 / periodic.seconds;
    if (slot == periodic.last_slot) continue;
    const std::string key = "slot " + std::to_string(slot);
    const auto added = database_.write([&](Tx& tx) -> Result<void> {
      if (!tx.value<std::int64_t>("SELECT 1 FROM job WHERE kind = :kind AND unique_key = :key LIMIT 1", periodic.kind,
                                  key))
        enqueue(tx, periodic.kind, json::Object{}, now, random_, key);
      forget_done_jobs(tx, periodic.kind, now.plus_seconds(-kKeepDoneSeconds));
      return {};
    });
    if (added) periodic.last_slot = slot;
  }
}

bool JobRunner::run_one() {
  const auto due = database_.read([&](Tx& tx) -> Result<bool> { return has_due_job(tx, clock_(), lane_); });
  if (!due || !*due) return false;
  const auto claimed = database_.write(
      [&](Tx& tx) -> Result<std::optional<Job>> { return claim_job(tx, worker_, clock_(), 120, lane_); });
  if (!claimed || !*claimed) return false;
  const Job& job = **claimed;

  std::string problem;
  try {
    const auto handler = handlers_.find(job.kind);
    if (handler == handlers_.end()) {
      problem = "nobody handles this kind";
    } else if (const auto done = handler->second(job); !done) {
      problem = done.error().code;
    }
  } catch (const std::exception& error) {
    problem = error.what();
  }
  const auto noted = database_.write([&](Tx& tx) -> Result<void> {
    if (problem == kPutBack)
      put_back_job(tx, job, clock_());
    else if (problem.empty())
      finish_job(tx, job.id, clock_());
    else
      fail_job(tx, job.id, clock_(), problem);
    return {};
  });
  return noted.has_value();
}

}  // namespace qy::db
