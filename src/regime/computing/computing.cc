#include "regime/computing/computing.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/text.h"
#include "codec/compute.h"
#include "regime/computing/computing_store.h"

namespace qy::computing {
namespace {

constexpr int kMostWaiting = 8;
constexpr auto kPatience = std::chrono::seconds(2);

Error unknown_run() { return {ErrorKind::not_found, "compute.no_run"}; }

Result<void> check_name(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& computation : codec::computations()) {
    if (computation.name == name) return {};
    known.emplace_back(computation.name);
  }
  return Error{ErrorKind::not_found, "compute.unknown", {{"name", prefix_of(name, 40)}, {"known", join(known, ", ")}}};
}

/// The caller's run.
Result<Run> own(Tx& tx, const identity::Caller& caller, const RunId& id, bool with_answer = false) {
  auto run = store::find(tx, id, with_answer);
  if (!run || run->owner != caller.user) return unknown_run();
  return std::move(*run);
}

}  // namespace

std::vector<std::string> Run::allowed_actions() const { return {ended() ? "forget" : "cancel"}; }

// -- at once ----------------------------------------------------------------------------------------------------------

struct Desk::Places {
  std::mutex mutex;
  std::condition_variable freed;
  int taken = 0, waiting = 0;
};

Desk::Desk(const Premises& premises) : premises_(premises), places_(std::make_unique<Places>()) {}
Desk::~Desk() = default;

Result<json::Value> Desk::compute(std::string_view name, const json::Value& input, const std::function<bool()>& gone) {
  const Error busy{ErrorKind::unavailable, "compute.busy", {{"retry_after", "2"}}};
  {
    std::unique_lock lock(places_->mutex);
    if (places_->taken >= premises_.compute_at_once) {
      if (places_->waiting >= kMostWaiting) return busy;
      ++places_->waiting;
      const bool free =
          places_->freed.wait_for(lock, kPatience, [&] { return places_->taken < premises_.compute_at_once; });
      --places_->waiting;
      if (!free) return busy;
    }
    ++places_->taken;
  }
  struct Leave {
    Places& places;
    ~Leave() {
      {
        const std::lock_guard lock(places.mutex);
        --places.taken;
      }
      places.freed.notify_one();
    }
  } leave{*places_};

  const auto until = premises_.now().plus_seconds(premises_.compute_seconds);
  auto asked = premises_.now();
  const Watch watch([&](double) {
    const auto now = premises_.now();
    if (until < now) return false;
    if (now.millis() - asked.millis() < 200) return true;
    asked = now;
    return !gone || !gone();
  });
  return codec::compute(*premises_.rules, name, input, watch);
}

// -- runs -------------------------------------------------------------------------------------------------------------

Result<Run> start(const Premises& premises, const identity::Caller& caller, const std::string& name,
                  const json::Value& input, int time_limit_seconds) {
  if (caller.user.empty()) return Error{ErrorKind::forbidden, "compute.needs_person"};
  QY_CHECK(check_name(name));
  const auto text = json::dump(input);
  if (text.size() > kLargestInput)
    return Error{ErrorKind::invalid, "compute.input_too_large", {{"limit", std::to_string(kLargestInput >> 20)}}};
  return premises.database->write([&](Tx& tx) -> Result<Run> {
    if (store::unfinished(tx, caller.user) >= kMostUnfinished)
      return Error{ErrorKind::too_many,
                   "compute.too_many_runs",
                   {{"limit", std::to_string(kMostUnfinished)}, {"retry_after", "30"}}};
    store::trim(tx, caller.user, kMostKept - 1);
    const auto now = premises.now();
    Run run;
    run.id = RunId::make(now, *premises.random);
    run.owner = caller.user;
    run.name = name;
    run.time_limit_seconds = time_limit_seconds;
    run.state = "queued";
    run.created_at = now;
    store::insert(tx, run, text);
    db::enqueue(tx, kJob, json::Object{{"run", run.id.str()}}, now, *premises.random, run.id.str());
    return run;
  });
}

Result<Run> find(const Premises& premises, const identity::Caller& caller, const RunId& id) {
  return premises.database->read([&](Tx& tx) { return own(tx, caller, id, true); });
}

Result<std::string> input_of(const Premises& premises, const identity::Caller& caller, const RunId& id) {
  return premises.database->read([&](Tx& tx) -> Result<std::string> {
    QY_CHECK(own(tx, caller, id));
    return store::input_of(tx, id);
  });
}

Result<std::vector<Run>> list(const Premises& premises, const identity::Caller& caller) {
  return premises.database->read([&](Tx& tx) -> Result<std::vector<Run>> { return store::of_owner(tx, caller.user); });
}

Result<Run> cancel(const Premises& premises, const identity::Caller& caller, const RunId& id) {
  return premises.database->write([&](Tx& tx) -> Result<Run> {
    QY_CHECK(own(tx, caller, id));
    store::cancel(tx, id, premises.now());
    return own(tx, caller, id);
  });
}

Result<void> forget(const Premises& premises, const identity::Caller& caller, const RunId& id) {
  return premises.database->write([&](Tx& tx) -> Result<void> {
    QY_CHECK(own(tx, caller, id));
    store::remove(tx, id);
    return {};
  });
}

void sweep(Tx& tx, Instant before) {
  store::sweep(tx, before);
  db::forget_done_jobs(tx, kJob, before);
}

// -- the worker -------------------------------------------------------------------------------------------------------

namespace {

constexpr int kMostAttempts = 2;
constexpr int kLeaseSeconds = 120;
constexpr int kBetweenWrites = 1000;  // milliseconds

enum class Reason { none, time, left, stopping };

/// What the engine's watch does: once a second it writes the progress and hears whether the run is still wanted.
class Overseer {
 public:
  Overseer(const Premises& premises, const db::Job& job, const Run& run, const std::function<bool()>& stopping)
      : premises_(premises),
        job_(job),
        run_(run),
        stopping_(stopping),
        until_(premises.now().plus_seconds(run.time_limit_seconds)),
        written_(premises.now()) {}

  bool go_on(double done) {
    if (reason_ != Reason::none) return false;
    const auto now = premises_.now();
    if (until_ < now) return stop(Reason::time);
    if (now.millis() - written_.millis() < kBetweenWrites) return true;
    written_ = now;
    if (stopping_ && stopping_()) return stop(Reason::stopping);
    const auto wanted = premises_.database->write([&](Tx& tx) -> Result<bool> {
      return store::progress(tx, run_.id, done) && db::renew_lease(tx, job_, now.plus_seconds(kLeaseSeconds));
    });
    return wanted && *wanted ? true : stop(Reason::left);
  }
  Reason reason() const { return reason_; }

 private:
  bool stop(Reason reason) {
    reason_ = reason;
    return false;
  }

  const Premises& premises_;
  const db::Job& job_;
  const Run& run_;
  const std::function<bool()>& stopping_;
  const Instant until_;
  Instant written_;
  Reason reason_ = Reason::none;
};

Result<json::Value> computed(const Premises& premises, const Run& run, const std::string& input, Overseer& overseer) {
  QY_TRY(const auto document, json::parse(input));
  auto answer =
      codec::compute(*premises.rules, run.name, document, Watch([&](double done) { return overseer.go_on(done); }));
  // Some engines answer with the best they have found, and how far from it the optimum may be.
  if (!answer && overseer.reason() == Reason::time)
    return Error{ErrorKind::unavailable, "compute.time_limit", {{"seconds", std::to_string(run.time_limit_seconds)}}};
  return answer;
}

}  // namespace

Result<void> carry_out(const Premises& premises, const db::Job& job, const std::function<bool()>& stopping) {
  const auto id = RunId::trusted(std::string(job.payload.at("run").as_string()));
  std::string input;
  QY_TRY(const auto run, premises.database->write([&](Tx& tx) -> Result<std::optional<Run>> {
    auto found = store::find(tx, id, false);
    if (!found || found->ended()) return std::optional<Run>();
    if (job.attempt > kMostAttempts) {
      store::fail(tx, id, {ErrorKind::unavailable, "compute.worker_lost"}, premises.now());
      return std::optional<Run>();
    }
    store::begin(tx, id, premises.now());
    input = store::input_of(tx, id);
    return found;
  }));
  if (!run) return {};

  Overseer overseer(premises, job, *run, stopping);
  const auto answer = computed(premises, *run, input, overseer);
  const auto text = answer ? json::dump(*answer) : std::string();
  bool put_back = false;
  QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
    if (overseer.reason() == Reason::left) return {};
    if (overseer.reason() == Reason::stopping)
      put_back = store::back_to_queue(tx, id);
    else if (!answer)
      store::fail(tx, id, answer.error(), premises.now());
    else if (text.size() > kLargestAnswer)
      store::fail(tx, id,
                  {ErrorKind::invalid, "compute.answer_too_large", {{"limit", std::to_string(kLargestAnswer >> 20)}}},
                  premises.now());
    else
      store::finish(tx, id, text, premises.now());
    return {};
  }));
  if (put_back) return Error{ErrorKind::unavailable, db::kPutBack};
  return {};
}

}  // namespace qy::computing
