#include "db/session.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <charconv>

namespace qy::db {
namespace {

constexpr std::size_t kMaxCachedStatements = 1000;

/// SQL without comments (SOCI would see placeholders in them) and its placeholder names in order of first appearance.
struct Scanned {
  std::string sql;
  std::vector<std::string> names;
};

Scanned scan(std::string_view sql) {
  Scanned out;
  const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    const char next = i + 1 < sql.size() ? sql[i + 1] : '\0';
    if (c == '-' && next == '-') {
      while (i < sql.size() && sql[i] != '\n') ++i;
    } else if (c == '\'' || c == '"') {
      const auto end = sql.find(c, i + 1);
      assert(end != sql.npos && "unterminated quote in SQL");
      out.sql += sql.substr(i, end + 1 - i);
      i = end + 1;
    } else if (c == ':' && is_name(next)) {
      std::size_t end = i + 1;
      while (end < sql.size() && is_name(sql[end])) ++end;
      std::string name(sql.substr(i + 1, end - i - 1));
      if (std::find(out.names.begin(), out.names.end(), name) == out.names.end()) out.names.push_back(name);
      out.sql += sql.substr(i, end - i);
      i = end;
    } else {
      out.sql += c;
      ++i;
    }
  }
  return out;
}

/// The first line of the server's message; later lines (DETAIL) quote values.
std::string first_line(const std::string& message) {
  auto begin = message.find("ERROR:");
  begin = begin == message.npos ? 0 : message.find_first_not_of(' ', begin + 6);
  return message.substr(begin, message.find('\n', begin) - begin);
}

/// SOCI 4.0.3 takes PostgreSQL's connect strings apart at "=", so a URI must become keywords first. "" when it is no
/// URI.
std::string keywords_of(const std::string& uri) {
  auto* options = PQconninfoParse(uri.c_str(), nullptr);
  if (!options) return "";
  std::string out;
  for (const auto* option = options; option->keyword; ++option) {
    if (!option->val) continue;
    out += (out.empty() ? "" : " ") + std::string(option->keyword) + "='";
    for (const char c : std::string_view(option->val)) {
      if (c == '\'' || c == '\\') out += '\\';
      out += c;
    }
    out += '\'';
  }
  PQconninfoFree(options);
  return out;
}

std::string start_of(std::string_view sql) {
  std::string out;
  for (const char c : sql.substr(0, 200)) {
    const bool blank = c == '\n' || c == ' ';
    if (!blank || (!out.empty() && out.back() != ' ')) out += blank ? ' ' : c;
  }
  return out;
}

}  // namespace

void throw_unreadable(const Cell& cell, const char* wanted) {
  throw Broken(std::string("the database holds ") + (cell ? "an unreadable value" : "NULL") + " where " + wanted +
               " was expected");
}

std::int64_t read_integer(const Cell& cell) {
  std::int64_t value = 0;
  if (!cell) throw_unreadable(cell, "integer");
  const auto [end, error] = std::from_chars(cell->data(), cell->data() + cell->size(), value);
  if (error != std::errc{} || end != cell->data() + cell->size()) throw_unreadable(cell, "integer");
  return value;
}

/// A prepared statement with the storage its placeholders and columns are tied to: SOCI keeps references, never values.
struct Session::Statement {
  explicit Statement(soci::session& session) : handle(session) {}

  std::vector<std::string> texts;
  std::vector<long long> integers;
  std::vector<soci::indicator> nulls;
  std::vector<std::string> cells;
  std::vector<soci::indicator> cell_nulls;
  soci::statement handle;  // last: it is destroyed before what it refers to

  void bind(const std::vector<Bind>& binds) {
    for (std::size_t i = 0; i < binds.size(); ++i) {
      nulls[i] = binds[i].is_null() ? soci::i_null : soci::i_ok;
      if (binds[i].is_int())
        integers[i] = binds[i].integer();
      else
        texts[i] = binds[i].text();
    }
  }
};

Session::Session(Dialect dialect, const std::string& connect) : dialect_(dialect) {
  try {
    if (dialect == Dialect::sqlite)
      session_.open(soci::sqlite3, connect);
    else
      session_.open(soci::postgresql, keywords_of(connect));
  } catch (const std::exception&) {
    throw Broken("the database cannot be opened");  // SOCI's sentence holds the connect string, with its password
  }
}

Session::~Session() {
  failed_.clear();
  statements_.clear();
}

void* Session::native_sqlite() const {
  return static_cast<soci::sqlite3_session_backend*>(const_cast<soci::session&>(session_).get_backend())->conn_;
}

pg_conn* Session::native_postgres() const {
  return static_cast<soci::postgresql_session_backend*>(const_cast<soci::session&>(session_).get_backend())->conn_;
}

Session::Statement& Session::statement(std::string_view sql, const std::vector<Bind>& binds, std::size_t columns) {
  // SOCI fixes a placeholder's C++ type when it is bound, so statements are kept per text and types.
  key_.assign(sql);
  key_ += '\0';
  for (const auto& bind : binds) key_ += bind.is_int() ? 'i' : 't';
  key_ += static_cast<char>('0' + columns);
  if (const auto found = statements_.find(key_); found != statements_.end()) return *found->second;

  if (statements_.size() >= kMaxCachedStatements) statements_.clear();
  const auto scanned = scan(sql);
  assert(scanned.names.size() == binds.size() && "as many values as placeholders");
  auto made = std::make_unique<Statement>(session_);
  made->texts.resize(binds.size());
  made->integers.resize(binds.size());
  made->nulls.resize(binds.size());
  made->cells.resize(columns);
  made->cell_nulls.resize(columns);
  for (std::size_t i = 0; i < binds.size(); ++i) {
    if (binds[i].is_int())
      made->handle.exchange(soci::use(made->integers[i], made->nulls[i], scanned.names[i]));
    else
      made->handle.exchange(soci::use(made->texts[i], made->nulls[i], scanned.names[i]));
  }
  for (std::size_t i = 0; i < columns; ++i) made->handle.exchange(soci::into(made->cells[i], made->cell_nulls[i]));
  made->handle.alloc();
  made->handle.prepare(scanned.sql);
  made->handle.define_and_bind();
  return *statements_.emplace(key_, std::move(made)).first->second;
}

std::int64_t Session::execute(std::string_view sql, const std::vector<Bind>& binds) {
  try {
    auto& prepared = statement(sql, binds, 0);
    prepared.bind(binds);
    prepared.handle.execute(true);
    return prepared.handle.get_affected_rows();
  } catch (const std::exception& error) {
    fail(sql, error);
  }
}

std::vector<std::vector<Cell>> Session::query(std::string_view sql, const std::vector<Bind>& binds,
                                              std::size_t columns) {
  try {
    auto& prepared = statement(sql, binds, columns);
    prepared.bind(binds);
    std::vector<std::vector<Cell>> rows;
    for (bool more = prepared.handle.execute(true); more; more = prepared.handle.fetch()) {
      auto& row = rows.emplace_back(columns);
      for (std::size_t i = 0; i < columns; ++i)
        if (prepared.cell_nulls[i] != soci::i_null) row[i] = std::move(prepared.cells[i]);
    }
    return rows;
  } catch (const std::exception& error) {
    fail(sql, error);
  }
}

void Session::script(const char* sql) {
  if (dialect_ == Dialect::sqlite) {
    auto* connection = static_cast<sqlite_api::sqlite3*>(native_sqlite());
    if (sqlite_api::sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
      key_.clear();
      fail(sql, std::runtime_error("script"));
    }
    return;
  }
  PGresult* result = PQexec(native_postgres(), sql);
  const auto status = PQresultStatus(result);
  const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
  const char* state = done ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string message = done ? "" : PQresultErrorMessage(result);
  const std::string sqlstate = state ? state : "08000";
  PQclear(result);
  if (!done) {
    key_.clear();
    fail(sql, soci::postgresql_soci_error(message, sqlstate.c_str()));
  }
  if (!is_aborted()) failed_.clear();
}

bool Session::in_transaction() const {
  return sqlite_api::sqlite3_get_autocommit(static_cast<sqlite_api::sqlite3*>(native_sqlite())) == 0;
}

bool Session::has_deferred_violation() const {
  int now = 0, high = 0;
  sqlite_api::sqlite3_db_status(static_cast<sqlite_api::sqlite3*>(native_sqlite()), SQLITE_DBSTATUS_DEFERRED_FKS, &now,
                                &high, 0);
  return now > 0;
}

bool Session::is_aborted() const { return PQtransactionStatus(native_postgres()) == PQTRANS_INERROR; }

void Session::fail(std::string_view sql, const std::exception& error) {
  // A statement that failed may be half stepped; the next use prepares it anew.
  const std::string text = start_of(sql);
  auto failed = statements_.extract(key_);
  if (dialect_ == Dialect::sqlite) {
    auto* connection = static_cast<sqlite_api::sqlite3*>(native_sqlite());
    const int code = sqlite_api::sqlite3_extended_errcode(connection);
    const std::string message = sqlite_api::sqlite3_errmsg(connection);
    if ((code & 0xff) == SQLITE_CONSTRAINT) throw ConstraintViolated(message);
    throw Broken("SQLite error " + std::to_string(code) + " (" + sqlite_api::sqlite3_errstr(code) + ") in: " + text);
  }
  // PostgreSQL cannot deallocate inside the failed transaction: script() drops them after ROLLBACK.
  if (failed) failed_.push_back(std::move(failed.mapped()));
  if (PQstatus(native_postgres()) != CONNECTION_OK) throw ConnectionLost("the connection to PostgreSQL was lost");
  const auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  const std::string state = known ? known->sqlstate() : "";
  if (state == "40001" || state == "40P01") throw Conflict("serialization failure in: " + text);
  const std::string group = state.substr(0, 2);
  if (group == "23") throw ConstraintViolated(first_line(error.what()));
  // Only messages of these classes are free of values.
  const bool plain = group == "42" || group == "53" || group == "57" || group == "25";
  throw Broken("PostgreSQL error " + state + (plain ? " (" + first_line(error.what()) + ")" : "") + " in: " + text);
}

}  // namespace qy::db
