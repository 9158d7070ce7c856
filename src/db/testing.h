#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/database.h"

/// For tests only: fresh databases of every engine at hand.
namespace qy::migrations {

/// The migrations of the folder under test and of every room below it: cmake/tower.cmake writes it for each test
/// program.
std::vector<db::Migration> so_far();

}  // namespace qy::migrations

namespace qy::db::testing {

/// One empty, migrated database; dropped with this object.
class Fresh {
 public:
  Fresh(std::string engine, std::string url, std::string dropped_by);
  ~Fresh();
  Fresh(Fresh&&) noexcept;
  Fresh& operator=(Fresh&&) = delete;

  std::string engine;  ///< "sqlite" | "postgres": for SCOPED_TRACE
  std::string url;     ///< to open it a second time
  std::shared_ptr<Database> database;
  Database* operator->() const { return database.get(); }
  Database& operator*() const { return *database; }

 private:
  std::string drop_;  // SQLite: the folder; PostgreSQL: the database's name
};

/// SQLite always, PostgreSQL when the environment's QY_TEST_POSTGRES holds a libpq URI of a server on which databases
/// may be created. The migrations of `db` itself are added; duplicates by number are dropped.
///
///   for (auto& fresh : db::testing::each_database(migrations::files())) {
///     SCOPED_TRACE(fresh.engine);
///     fresh->write([&](Tx& tx) -> Result<void> { … });
///   }
std::vector<Fresh> each_database(std::vector<Migration> migrations);

/// One fresh database of one engine, "sqlite" or "postgres".
Fresh fresh_database(const std::string& engine, std::vector<Migration> migrations);

/// "sqlite" and, when configured, "postgres".
std::vector<std::string> engines();

}  // namespace qy::db::testing
