#include "main/demo.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "main/demo_world.h"
#include "regime/tally/tally.h"

namespace qy {
namespace {

namespace fs = std::filesystem;

/// How old the newest published list is; it decides which year is the newest.
constexpr int kNewestListDays = 95;

json::Array json_of(const std::vector<DemoAccount>& accounts) {
  json::Array out;
  for (const auto& one : accounts)
    out.push_back(json::Object{{"login", one.login},
                               {"password", one.password},
                               {"post", one.post},
                               {"office", one.office},
                               {"line", one.line},
                               {"role", one.role},
                               {"name", one.name}});
  return out;
}

Result<void> write_accounts(const std::string& file, const std::vector<DemoAccount>& accounts) {
  std::string text = "[\n";
  for (const auto& one : json_of(accounts)) text += (text.size() > 2 ? ",\n  " : "  ") + json::dump(one);
  text += "\n]\n";
  ::unlink(file.c_str());
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written = descriptor >= 0 &&
                       ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!written) return Error{ErrorKind::unavailable, "data.unusable", {{"path", file}, {"reason", "not writable"}}};
  return {};
}

Result<std::vector<DemoAccount>> read_accounts(const std::string& file, const std::string& directory) {
  std::ifstream in(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const Error other{ErrorKind::conflict, "demo.other_data", {{"path", directory}}};
  if (!in || text.empty()) return other;
  const auto value = json::parse(text);
  if (!value || !value->is_array()) return other;
  std::vector<DemoAccount> accounts;
  for (const auto& one : value->as_array()) {
    if (!one.is_object()) return other;
    const auto field = [&](const char* name) {
      const auto* found = one.as_object().if_contains(name);
      return found && found->is_string() ? std::string(found->as_string()) : std::string();
    };
    accounts.push_back({field("login"), field("password"), field("post"), field("office"), field("line"), field("role"),
                        field("name")});
  }
  return accounts;
}

void forget(const std::string& database) {
  std::error_code ignored;
  for (const char* part : {"", "-wal", "-shm"}) fs::remove(database + part, ignored);
}

/// Everything in a database of its own; the caller gives it its name.
Result<std::vector<DemoAccount>> load(const HouseSettings& settings) {
  QY_TRY(const auto premises, open_premises(settings));
  const auto today = premises->today();
  demo::World world{.premises = *premises, .today = today, .newest_year = today.plus_days(-kNewestListDays).year()};
  QY_CHECK(demo::settle_people(world));
  QY_CHECK(demo::settle_enterprises(world));
  QY_CHECK(demo::write_history(world));
  QY_CHECK(demo::settle_plants(world));
  for (;;) {
    QY_TRY(const auto folded,
           premises->database->write([](Tx& tx) -> Result<std::int64_t> { return tally::fold(tx); }));
    if (folded == 0) break;
  }
  return std::move(world.accounts);
}

}  // namespace

Result<std::vector<DemoAccount>> open_demonstration(const HouseSettings& settings) {
  if (!settings.database.empty()) return Error{ErrorKind::conflict, "demo.own_database"};
  const auto database = settings.data + "/qingyuan.sqlite", file = settings.data + "/accounts.json";
  if (fs::exists(database)) return read_accounts(file, settings.data);

  const auto unfinished = settings.data + "/unfinished-demonstration.sqlite";
  forget(unfinished);
  auto own = settings;
  own.database = "sqlite:" + unfinished;
  QY_TRY(auto accounts, load(own));
  QY_CHECK(write_accounts(file, accounts));
  if (fs::exists(unfinished + "-wal") && fs::file_size(unfinished + "-wal") > 0)
    return Error{ErrorKind::unavailable, "demo.failed", {{"step", "checkpoint"}}};
  std::error_code problem;
  fs::rename(unfinished, database, problem);
  forget(unfinished);
  if (problem)
    return Error{ErrorKind::unavailable, "data.unusable", {{"path", database}, {"reason", problem.message()}}};
  return accounts;
}

}  // namespace qy
