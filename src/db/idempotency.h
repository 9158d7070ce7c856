#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "db/tx.h"
#include "json/json.h"

namespace qy::db {

/// What a POST with an Idempotency-Key answered.
struct Answer {
  int status = 0;
  json::Object headers;
  std::string body;
};

/// Reserves `key` of `scope` (whose key it is: a user or session) for the request with this fingerprint, or gives back
/// what its first run answered. nullopt: nobody has run it, do it now and then `remember` (or `forget`, when it may be
/// tried again). A reservation whose request never came back is free again after five minutes. Errors: idempotency.key
/// (empty or longer than 200), idempotency.reused (another request had this key), idempotency.under_way.
Result<std::optional<Answer>> recall(Tx& tx, std::string_view scope, std::string_view key, std::string_view fingerprint,
                                     Instant now);
void remember(Tx& tx, std::string_view scope, std::string_view key, const Answer& answer);
void forget(Tx& tx, std::string_view scope, std::string_view key);

/// Drops what is older; a daily job calls it. Returns how many.
std::int64_t forget_before(Tx& tx, Instant before);

}  // namespace qy::db
