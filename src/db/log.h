#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "db/tx.h"
#include "json/json.h"

namespace qy::db {

/// What an action chain is about: {"audit", id}, {"list", id}, {"panel", id}, {"enterprise", id}, {"user", id} …
/// Every subject has one hash chain of its own.
struct Subject {
  std::string kind;
  std::string id;
  auto operator<=>(const Subject&) const = default;
};

/// One entry of the append-only action log, to be appended.
struct NewAction {
  Subject subject;
  std::string name;      ///< "publish", "submit", "evaluate" …: an action of the procedure pack or of its room
  std::string province;  ///< immutable, two digits: "99"
  Instant at;
  std::string actor_id;  ///< user id, or "" for the system itself
  std::string actor_name;
  std::string post;        ///< post and office as of then, for people: "承办人 · 云溪市生态环境局"
  bool as_deputy = false;  ///< 以AB角身份
  json::Value basis;       ///< [{document, clause, gist}] in force on the day
  json::Value payload;     ///< what was decided, with the root hash of what it relied on; canonical-JSON-able
};

/// One entry as stored.
struct Action {
  std::string id;
  Subject subject;
  std::int64_t seq = 0;  ///< 1, 2, 3 … within the subject
  std::string name;
  Instant at;
  std::string actor_id, actor_name, post;
  bool as_deputy = false;
  json::Value basis, payload;
  std::string hash;  ///< SHA-256 hex of the canonical entry including the previous hash
};

/// Appends to the subject's chain (`UPDATE chain_head … WHERE seq = :expected`) and returns the stored entry. Personal
/// data (name) enter the chain as salted hashes.
Action append_action(Tx& tx, const NewAction& action, Random& random);

/// The subject's entries in order.
std::vector<Action> actions_of(Tx& tx, const Subject& subject);

/// Subjects that have a chain, by kind and id, beginning after `after`; a walk over all of them for checks.
std::vector<Subject> subjects_after(Tx& tx, const Subject& after, int limit);

/// Recomputes one chain; the first entry that does not hold, if any.
std::optional<std::int64_t> first_broken_link(Tx& tx, const Subject& subject);

/// What an auditor looks for; what is empty narrows nothing.
struct ActionFilter {
  std::string province;
  std::string kind;              ///< of the subject
  std::string name;              ///< of the action
  std::string actor;             ///< part of the acting person's name
  std::string also_actor;        ///< beside `actor`: a whole name that fits too, shown in another wording
  std::optional<Date> from, to;  ///< first and last day in Asia/Shanghai
};

/// The newest entries over all subjects, newest first.
std::vector<Action> recent_actions(Tx& tx, const ActionFilter& filter, int limit, int offset);
std::int64_t count_actions(Tx& tx, const ActionFilter& filter);

/// The province that the subject's first entry belongs to; "" when it has none.
std::string province_of(Tx& tx, const Subject& subject);

/// Signs a Merkle root over all chain heads and stores it with its signature; run every minute by the job runner.
/// The same heads give the same root; when no head moved since the last root, that one is returned and nothing is
/// written.
struct SealedRoot {
  std::string root, signature, public_key;
  Instant at;
  std::int64_t heads = 0;
};
SealedRoot seal_heads(Tx& tx, Instant now, const std::function<std::string(std::string_view)>& sign,
                      const std::string& public_key);
std::vector<SealedRoot> sealed_roots(Tx& tx, int limit);

/// What is signed: root, number of heads and time, one to a line.
std::string sealed_text(const SealedRoot& root);

/// Merkle root (RFC 6962 shape over hex SHA-256) of all chain heads by kind and id. A read of some hundred milliseconds
/// on a large database: take it in `Database::read` and hand it to `store_root` in `write`.
struct HeadsRoot {
  std::string root;
  std::int64_t heads = 0;
};
HeadsRoot root_of_heads(Tx& tx);
SealedRoot store_root(Tx& tx, const HeadsRoot& heads, Instant now,
                      const std::function<std::string(std::string_view)>& sign, const std::string& public_key);

}  // namespace qy::db
