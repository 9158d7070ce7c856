#include "db/idempotency.h"

#include "base/text.h"

namespace qy::db {
namespace {

constexpr std::int64_t kReservedSeconds = 300;

}  // namespace

Result<std::optional<Answer>> recall(Tx& tx, std::string_view scope, std::string_view key, std::string_view fingerprint,
                                     Instant now) {
  if (key.empty() || length_of(key) > 200) return Error{ErrorKind::malformed, "idempotency.key"};
  const auto reserved = tx.run(R"sql(
      INSERT INTO remembered_answer (scope, key, fingerprint, at, status, headers, body)
      VALUES (:scope, :key, :fingerprint, :now, 0, '{}', '')
      ON CONFLICT (scope, key) DO UPDATE SET fingerprint = excluded.fingerprint, at = excluded.at
       WHERE remembered_answer.status = 0 AND remembered_answer.at < :expired)sql",
                               scope, key, fingerprint, now, now.plus_seconds(-kReservedSeconds));
  if (reserved == 1) return std::optional<Answer>{};

  const auto known = tx.row<std::string, int, std::string, std::string>(
      "SELECT fingerprint, status, headers, body FROM remembered_answer WHERE scope = :scope AND key = :key", scope,
      key);
  if (!known) throw Broken("an Idempotency-Key was neither reserved nor found");
  const auto& [first, status, headers, body] = *known;
  if (first != fingerprint) return Error{ErrorKind::invalid, "idempotency.reused"};
  if (status == 0) return Error{ErrorKind::conflict, "idempotency.under_way"};
  const auto parsed = json::parse(headers);
  if (!parsed || !parsed->is_object()) throw Broken("a remembered answer holds unreadable headers");
  return std::optional<Answer>{Answer{.status = status, .headers = parsed->as_object(), .body = body}};
}

void remember(Tx& tx, std::string_view scope, std::string_view key, const Answer& answer) {
  tx.run(
      "UPDATE remembered_answer SET status = :status, headers = :headers, body = :body WHERE scope = :scope AND key = "
      ":key",
      answer.status, json::dump(answer.headers), answer.body, scope, key);
}

void forget(Tx& tx, std::string_view scope, std::string_view key) {
  tx.run("DELETE FROM remembered_answer WHERE scope = :scope AND key = :key AND status = 0", scope, key);
}

std::int64_t forget_before(Tx& tx, Instant before) {
  return tx.run("DELETE FROM remembered_answer WHERE at < :before", before);
}

}  // namespace qy::db
