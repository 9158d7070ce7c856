#include <unistd.h>

#include "db/idempotency.h"
#include "main/house.h"
#include "regime/computing/computing.h"
#include "regime/identity/identity.h"
#include "regime/listing/listing.h"
#include "regime/messages/messages.h"
#include "regime/tally/tally.h"

namespace qy {
namespace {

constexpr int kDaySeconds = 24 * 3600;

Result<void> fold_all(const Premises& premises) {
  for (;;) {
    QY_TRY(const auto folded, premises.database->write([](Tx& tx) -> Result<std::int64_t> { return tally::fold(tx); }));
    if (folded == 0) return {};
  }
}

/// What nobody needs any more: remembered answers after two days, sessions thirty days after their end, runs after some
/// days.
Result<void> clean(const Premises& premises) {
  const auto now = premises.now();
  return premises.database->write([&](Tx& tx) -> Result<void> {
    db::forget_before(tx, now.plus_seconds(-2 * kDaySeconds));
    identity::forget_old_sessions(tx, now.plus_seconds(-30LL * kDaySeconds));
    computing::sweep(tx, now.plus_seconds(-computing::kKeptDays * kDaySeconds));
    return {};
  });
}

}  // namespace

std::unique_ptr<db::JobRunner> make_jobs(const Premises& premises, const std::string& roots_file) {
  auto jobs = std::make_unique<db::JobRunner>(*premises.database, premises.clock, *premises.random,
                                              "serve-" + std::to_string(::getpid()));
  jobs->handle("listing.make_notices", [&premises](const db::Job& job) -> Result<void> {
    QY_CHECK(
        listing::make_notices(premises, listing::ListId::trusted(std::string(job.payload.at("list").as_string()))));
    return {};
  });
  jobs->handle("messages.deliver", [&premises](const db::Job&) { return messages::deliver(premises); });
  jobs->handle("tally.fold", [&premises](const db::Job&) { return fold_all(premises); });
  jobs->handle("log.seal", [&premises, roots_file](const db::Job&) -> Result<void> {
    seal_now(premises, roots_file);
    return {};
  });
  jobs->handle("house.clean", [&premises](const db::Job&) { return clean(premises); });
  jobs->every("messages.deliver", 15);
  jobs->every("tally.fold", 60);
  jobs->every("log.seal", 60);
  jobs->every("house.clean", kDaySeconds);
  return jobs;
}

LongWorkers::LongWorkers(const Premises& premises, int count) {
  for (int i = 0; i < count; ++i) {
    runners_.push_back(std::make_unique<db::JobRunner>(
        *premises.database, premises.clock, *premises.random,
        "serve-" + std::to_string(::getpid()) + "-long-" + std::to_string(i), db::Lane::long_ones));
    auto& runner = *runners_.back();
    runner.handle(computing::kJob, [&premises, &runner](const db::Job& job) {
      return computing::carry_out(premises, job, [&runner] { return runner.stopping(); });
    });
  }
}

void LongWorkers::start() {
  for (const auto& runner : runners_) runner->start();
}

void LongWorkers::stop() {
  for (const auto& runner : runners_) runner->ask_to_stop();
  for (const auto& runner : runners_) runner->stop();
}

}  // namespace qy
