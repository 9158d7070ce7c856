#pragma once

#include "regime/obligations/obligations.h"

/// The SQL of the table `obligation`.
namespace qy::obligations::store {

void upsert(Tx& tx, const Obligation& obligation);
void remove_except(Tx& tx, const db::Subject& subject, const std::vector<std::string>& kept_rules);
std::vector<Obligation> of_subject(Tx& tx, const db::Subject& subject);

/// Both filters hold together: what is asked for, within what may be seen.
Found find(Tx& tx, const Filter& scope, const Filter& filter, const http::Page& page, Date as_of);
Counts count(Tx& tx, const Filter& scope, const Holder& me, Date as_of);

}  // namespace qy::obligations::store
