#include "db/testing.h"

#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "db/session.h"

namespace qy::db::testing {
namespace {

std::string server_uri() {
  const char* uri = std::getenv("QY_TEST_POSTGRES");
  return uri ? uri : "";
}

/// The server's URI with another database name.
std::string uri_of(const std::string& server, const std::string& database) {
  const auto query = server.find('?');
  const auto base = server.substr(0, query);
  const auto slash = base.find('/', base.find("://") + 3);
  return base.substr(0, slash) + "/" + database + (query == server.npos ? "" : server.substr(query));
}

void on_server(const std::string& sql) { Session(Dialect::postgres, server_uri()).script(sql.c_str()); }

}  // namespace

Fresh::Fresh(std::string engine_name, std::string at, std::string drop)
    : engine(std::move(engine_name)), url(std::move(at)), drop_(std::move(drop)) {}

Fresh::Fresh(Fresh&& other) noexcept
    : engine(std::move(other.engine)),
      url(std::move(other.url)),
      database(std::move(other.database)),
      drop_(std::move(other.drop_)) {
  other.drop_.clear();
}

Fresh::~Fresh() {
  database.reset();
  if (drop_.empty()) return;
  try {
    if (engine == "sqlite")
      std::filesystem::remove_all(drop_);
    else
      on_server("DROP DATABASE IF EXISTS " + drop_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    // What a test leaves behind is no failure of what it tests.
  }
}

std::vector<std::string> engines() {
  std::vector<std::string> names{"sqlite"};
  if (!server_uri().empty()) names.push_back("postgres");
  return names;
}

Fresh fresh_database(const std::string& engine, std::vector<Migration> migrations) {
  static std::atomic<int> counter = 0;
  const std::string name = "qy_test_" + std::to_string(::getpid()) + "_" + std::to_string(++counter);

  std::map<int, Migration> steps;
  for (auto& step : qy::migrations::db()) steps.emplace(step.number, std::move(step));
  for (auto& step : migrations) steps.emplace(step.number, std::move(step));
  std::vector<Migration> all;
  for (auto& [number, step] : steps) all.push_back(std::move(step));

  std::string url, drop;
  if (engine == "sqlite") {
    drop = (std::filesystem::temp_directory_path() / name).string();
    std::filesystem::create_directories(drop);
    url = "sqlite:" + drop + "/test.sqlite";
  } else {
    drop = name;
    on_server("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    url = uri_of(server_uri(), name);
  }
  Fresh fresh(engine, url, drop);
  auto opened = Database::open(url);
  if (!opened) throw std::runtime_error("no test database: " + opened.error().code);
  fresh.database = std::move(*opened);
  if (const auto migrated = fresh.database->migrate(all); !migrated)
    throw std::runtime_error("the migrations do not apply: " + migrated.error().code);
  return fresh;
}

std::vector<Fresh> each_database(std::vector<Migration> migrations) {
  std::vector<Fresh> all;
  for (const auto& engine : engines()) all.push_back(fresh_database(engine, migrations));
  return all;
}

}  // namespace qy::db::testing
