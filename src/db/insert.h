#pragma once

#include <string_view>
#include <vector>

#include "db/tx.h"

namespace qy::db {

/// Inserts many rows with few statements, so that a thousand rows cost a handful of round trips. Every row has the
/// columns of `into` in their order; `then` follows the values. Returns the number of rows touched.
///
///   insert_rows(tx, "INSERT INTO item (id, amount)", {{"a", 1}, {"b", 2}}, "ON CONFLICT DO NOTHING");
///
/// No row may stand twice under one ON CONFLICT … DO UPDATE: PostgreSQL refuses to change a row twice in a statement.
std::int64_t insert_rows(Tx& tx, std::string_view into, const std::vector<std::vector<Bind>>& rows,
                         std::string_view then = "");

}  // namespace qy::db
