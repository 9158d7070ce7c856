#pragma once

#include <functional>
#include <memory>
#include <string>

#include "db/database.h"

namespace qy::db {

/// The two engines behind Database::open. Both throw Broken when the database cannot be opened.
std::unique_ptr<Database> open_sqlite(const std::string& path, int readers);
/// Errors: db.encoding, db.collation.
Result<std::unique_ptr<Database>> open_postgres(const std::string& uri, int readers);

/// What both engines share of `migrate`; `script` runs several statements as they stand.
Result<void> run_migrations(Database& database, std::span<const Migration> migrations,
                            const std::function<void(Tx&, const std::string&)>& script);

}  // namespace qy::db
