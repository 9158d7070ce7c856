#include "db/database.h"

#include <algorithm>
#include <map>

#include "crypto/crypto.h"
#include "db/engines.h"

namespace qy::db {
namespace {

/// The address without the password.
std::string address_of(std::string_view url) {
  const auto at = url.find('@');
  const auto scheme = url.find("://");
  if (at == url.npos || scheme == url.npos || at < scheme) return std::string(url.substr(0, url.find('?')));
  const auto rest = url.substr(at + 1);
  return std::string(url.substr(0, scheme + 3)) + std::string(rest.substr(0, rest.find('?')));
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& url, int readers) {
  constexpr std::string_view kSqlite = "sqlite:";
  const std::string_view view = url;
  const bool sqlite = view.starts_with(kSqlite) && view.size() > kSqlite.size() && view.find('"') == view.npos;
  const bool postgres = view.starts_with("postgresql://") || view.starts_with("postgres://");
  if (!sqlite && !postgres) return Error{ErrorKind::malformed, "db.url", {{"url", address_of(url)}}};
  try {
    if (postgres) return open_postgres(url, readers);
    return open_sqlite(url.substr(kSqlite.size()), readers);
  } catch (const Broken&) {
    return Error{ErrorKind::unavailable, "db.unreachable", {{"address", address_of(url)}}};
  }
}

Result<void> run_migrations(Database& database, std::span<const Migration> migrations,
                            const std::function<void(Tx&, const std::string&)>& script) {
  // The one table that no migration makes.
  QY_CHECK(database.write([&](Tx& tx) -> Result<void> {
    script(tx,
           "CREATE TABLE IF NOT EXISTS schema_migration ("
           "number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL)");
    return {};
  }));
  // Two processes that start at once wait for one another: LOCK comes before the transaction's snapshot is taken.
  const auto alone = [&](Tx& tx) {
    if (tx.dialect() == Dialect::postgres) script(tx, "LOCK TABLE schema_migration IN ACCESS EXCLUSIVE MODE");
  };

  std::map<int, const Migration*> wanted;
  for (const auto& migration : migrations) {
    if (const auto [at, added] = wanted.emplace(migration.number, &migration); !added)
      throw std::logic_error("two migrations have the number " + std::to_string(migration.number));
  }

  QY_TRY(const auto applied, database.write([&](Tx& tx) -> Result<std::map<int, std::string>> {
    alone(tx);
    std::map<int, std::string> hashes;
    for (const auto& [number, hash] : tx.rows<int, std::string>("SELECT number, hash FROM schema_migration"))
      hashes[number] = hash;
    return hashes;
  }));
  for (const auto& [number, hash] : applied) {
    const auto known = wanted.find(number);
    if (known == wanted.end())
      return Error{ErrorKind::conflict, "db.migration_unknown", {{"number", std::to_string(number)}}};
    if (crypto::sha256_hex(known->second->sql) != hash)
      return Error{ErrorKind::conflict, "db.migration_changed", {{"number", std::to_string(number)}}};
  }

  for (const auto& one : wanted) {
    const auto number = one.first;  // plain names: clang 14 captures no structured bindings
    const auto* migration = one.second;
    if (applied.contains(number)) continue;
    QY_CHECK(database.write([&](Tx& tx) -> Result<void> {
      alone(tx);
      if (tx.value<std::int64_t>("SELECT number FROM schema_migration WHERE number = :number", number)) return {};
      script(tx, migration->sql);
      tx.run("INSERT INTO schema_migration (number, name, hash) VALUES (:number, :name, :hash)", number,
             migration->name, crypto::sha256_hex(migration->sql));
      return {};
    }));
  }
  return {};
}

}  // namespace qy::db
