#pragma once

#include "regime/disclosure/disclosure.h"

namespace qy::disclosure::store {

std::optional<Disclosure> find(Tx& tx, const audits::AuditId& audit);
/// Inserts version 1 or replaces `expected`; false when somebody saved meanwhile.
bool save(Tx& tx, const std::string& province, const Disclosure& disclosure, std::int64_t expected, Instant now);

json::Value answers_json(const std::map<std::string, Answer>& answers);

}  // namespace qy::disclosure::store
