#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "base/catalogue.h"
#include "base/result.h"
#include "db/tx.h"

namespace qy::db {

/// One step of the schema. Released migrations are never edited: their hash is checked at every start.
struct Migration {
  int number;        ///< global order; each room has its own range, see CONTRIBUTING
  std::string name;  ///< "register"
  std::string sql;   ///< statements separated by lines ending in ";"
};

/// A database, embedded or server, behind two verbs.
///
/// `write` runs the work in one transaction and returns after it is durable. When the work returns an Error, nothing it
/// did remains. The work may run more than once (SERIALIZABLE retries, a failed batch): it must change nothing but the
/// database and its own locals. SQLite: one writer thread commits several requests' savepoints with one fsync.
///
/// `read` runs on a snapshot; writing in it is a bug of ours.
///
/// Both block the calling thread; call them from worker threads, never from I/O threads.
class Database {
 public:
  /// `url`: "sqlite:/path/file.sqlite", or "postgresql://user:pass@host/db?…" (libpq URI). Creates an SQLite file.
  /// Errors: db.url, db.unreachable, db.encoding (PostgreSQL not UTF8), db.collation (not C).
  static Result<std::unique_ptr<Database>> open(const std::string& url, int readers = 4);
  virtual ~Database() = default;

  template <class Work, class R = std::invoke_result_t<Work, Tx&>>
  R write(Work&& work) {
    std::optional<R> result;
    run_write([&](Tx& tx) {
      result.emplace(work(tx));
      return result->has_value();
    });
    return std::move(*result);
  }

  template <class Work, class R = std::invoke_result_t<Work, Tx&>>
  R read(Work&& work) {
    std::optional<R> result;
    run_read([&](Tx& tx) { result.emplace(work(tx)); });
    return std::move(*result);
  }

  /// Applies what is missing, in order, each in its own transaction. Errors: db.migration_changed {number},
  /// db.migration_unknown (a newer program wrote this database).
  virtual Result<void> migrate(std::span<const Migration> migrations) = 0;

  virtual Dialect dialect() const = 0;

  /// SQLite: copies the live database to `file`. Errors: db.backup_failed {file}; on PostgreSQL
  /// db.backup_elsewhere.
  virtual Result<void> backup(const std::string& file) = 0;

 protected:
  virtual void run_write(const std::function<bool(Tx&)>& work) = 0;  // false = roll back
  virtual void run_read(const std::function<void(Tx&)>& work) = 0;
};

std::span<const Sentence> db_messages();

}  // namespace qy::db

namespace qy::migrations {
/// The steps of this folder: action log, chains, roots, jobs, remembered answers.
std::vector<qy::db::Migration> db();
}  // namespace qy::migrations
