#pragma once

#include <soci/soci.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "db/tx.h"

struct pg_conn;

namespace qy::db {

/// The transaction lost against a concurrent one (SQLSTATE 40001, 40P01): run it again.
struct Conflict : Broken {
  using Broken::Broken;
};

/// The server went away under the session.
struct ConnectionLost : Broken {
  using Broken::Broken;
};

/// One SOCI session with its cached statements; the Tx of whoever holds it. Used by one thread at a time.
class Session final : public Tx {
 public:
  /// `connect` is SOCI's connect string for SQLite, a libpq URI for PostgreSQL. Throws Broken when the database cannot
  /// be opened.
  Session(Dialect dialect, const std::string& connect);
  ~Session() override;

  std::int64_t execute(std::string_view sql, const std::vector<Bind>& binds) override;
  std::vector<std::vector<Cell>> query(std::string_view sql, const std::vector<Bind>& binds,
                                       std::size_t columns) override;
  Dialect dialect() const override { return dialect_; }

  /// Runs several statements as they stand, without binds: schema steps, BEGIN, PRAGMA.
  void script(const char* sql);

  /// SQLite: inside BEGIN … COMMIT (some disk errors end a transaction by themselves).
  bool in_transaction() const;
  /// SQLite: a deferred foreign key is still violated.
  bool has_deferred_violation() const;
  /// PostgreSQL: a statement failed, and only ROLLBACK is possible.
  bool is_aborted() const;

  void* native_sqlite() const;

 private:
  struct Statement;
  Statement& statement(std::string_view sql, const std::vector<Bind>& binds, std::size_t columns);
  [[noreturn]] void fail(std::string_view sql, const std::exception& error);
  pg_conn* native_postgres() const;

  Dialect dialect_;
  soci::session session_;
  std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
  std::vector<std::unique_ptr<Statement>> failed_;
  std::string key_;
};

}  // namespace qy::db
