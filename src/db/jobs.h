#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/id.h"
#include "db/database.h"
#include "json/json.h"

namespace qy::db {

/// Puts a job into the database's queue, in the caller's transaction: it exists only if the transaction does.
/// `key` makes it unique while queued ("" = none).
std::string enqueue(Tx& tx, std::string_view kind, const json::Value& payload, Instant not_before, Random& random, std::string_view key = "");

struct Job { std::string id, kind; json::Value payload; int attempt = 0; };

/// Claims one due job for `worker` with a lease (the one place with a dialect branch); finish or fail it. A job whose lease
/// ran out is claimed again; after `max_attempts` it stays failed with its last problem for an operator to see.
std::optional<Job> claim_job(Tx& tx, std::string_view worker, Instant now, int lease_seconds = 120);
void finish_job(Tx& tx, std::string_view id, Instant now);
void fail_job(Tx& tx, std::string_view id, Instant now, std::string_view problem, int max_attempts = 5);

}  // namespace qy::db
