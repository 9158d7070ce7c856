// What the operator of the machine does beside serving: migrate, save, examine, seal, and let people in again.
#include <algorithm>
#include <ostream>

#include "cli/command.h"
#include "db/log.h"
#include "main/house.h"
#include "main/rooms.h"

namespace qy::cli {
namespace {

HouseSettings house_of(const Args& args) {
  HouseSettings house;
  house.data = args.has("--data") ? args["--data"] : "data";
  house.database = args["--database"];
  return house;
}

std::vector<Option> with_data(std::vector<Option> more = {}) {
  more.insert(more.begin(), {{"--data", "DIR", {"数据目录，默认data", "data directory, “data” unless given"}},
                             {"--database",
                              "URL",
                              {"数据库地址，默认为数据目录中的嵌入式数据库",
                               "database address; the embedded database in the data directory unless given"}}});
  return more;
}

void say(Io& io, const char* zh, const char* en) { io.out << (io.language == Language::zh ? zh : en) << '\n'; }

Result<void> migrate(const Args& args, Io& io) {
  QY_CHECK(open_premises(house_of(args)));
  if (io.json)
    io.out << json::dump(json::Object{{"migrated", true}}) << '\n';
  else
    say(io, "数据库结构已是最新。", "The database's schema is up to date.");
  return {};
}

Result<void> backup(const Args& args, Io& io) {
  auto house = house_of(args);
  house.migrate = false;
  QY_TRY(const auto premises, open_premises(house));
  QY_CHECK(premises->database->backup(args["FILE"]));
  if (io.json)
    io.out << json::dump(json::Object{{"file", args["FILE"]}}) << '\n';
  else
    io.out << (io.language == Language::zh ? "已备份到 " : "Saved to ") << args["FILE"] << '\n';
  return {};
}

Result<void> doctor(const Args& args, Io& io) {
  auto house = house_of(args);
  house.migrate = false;
  QY_TRY(const auto premises, open_premises(house));
  const auto found = examine(*premises);
  if (io.json) {
    json::Array broken;
    for (const auto& one : found.broken) broken.push_back(json::Value(one));
    io.out << json::dump(json::Object{{"chains", found.chains},
                                      {"roots", found.roots},
                                      {"blobs", found.blobs},
                                      {"broken", std::move(broken)}})
           << '\n';
  } else {
    for (const auto& one : found.broken) io.out << "✗ " << one << '\n';
    if (io.language == Language::zh)
      io.out << "已核对 " << found.chains << " 条记录链、" << found.roots << " 个签名根、" << found.blobs
             << " 个文件。\n";
    else
      io.out << "Examined " << found.chains << " chains, " << found.roots << " signed roots, " << found.blobs
             << " files.\n";
  }
  if (!found.broken.empty())
    return Error{ErrorKind::conflict, "doctor.broken", {{"count", std::to_string(found.broken.size())}}};
  return {};
}

json::Object json_of(const db::SealedRoot& root) {
  return {{"at", root.at.str()},
          {"root", root.root},
          {"heads", root.heads},
          {"signature", root.signature},
          {"public_key", root.public_key}};
}

Result<void> log_roots(const Args& args, Io& io) {
  auto house = house_of(args);
  house.migrate = false;
  QY_TRY(const auto limit, args.integer("--limit", 1, 1'000'000, 100));
  QY_TRY(const auto premises, open_premises(house));
  QY_TRY(const auto roots, premises->database->read([&](Tx& tx) -> Result<std::vector<db::SealedRoot>> {
    return db::sealed_roots(tx, static_cast<int>(limit));
  }));
  if (io.json) {
    json::Array all;
    for (const auto& root : roots) all.push_back(json_of(root));
    io.out << json::dump(all) << '\n';
  } else {
    for (const auto& root : roots) io.out << root.at.str() << "  " << root.root << "  " << root.heads << '\n';
  }
  return {};
}

Result<void> log_seal(const Args& args, Io& io) {
  const auto house = house_of(args);
  QY_TRY(const auto premises, open_premises(house));
  const auto root = seal_now(*premises, house.data + "/roots.jsonl");
  if (io.json)
    io.out << json::dump(json_of(root)) << '\n';
  else
    io.out << root.at.str() << "  " << root.root << "  " << root.heads << '\n';
  return {};
}

Result<void> routes(const Args&, Io& io) {
  const Premises nowhere;
  http::Router router;
  add_all_routes(nowhere, router);
  json::Array all;
  for (const auto& route : router.routes()) {
    if (io.json)
      all.push_back(json::Object{{"method", route.method}, {"pattern", route.pattern}, {"public", route.is_public}});
    else
      io.out << route.method << ' ' << route.pattern << (route.is_public ? "  public" : "") << '\n';
  }
  if (io.json) io.out << json::dump(all) << '\n';
  return {};
}

void show_password(Io& io, const std::string& login, const std::string& password) {
  if (io.json) {
    io.out << json::dump(json::Object{{"login", login}, {"password", password}}) << '\n';
    return;
  }
  io.out << (io.language == Language::zh ? "账号 " : "Account ") << login
         << (io.language == Language::zh ? "，密码 " : ", password ") << password << '\n';
  say(io, "首次登录须修改密码。", "The password must be changed at the first log-in.");
}

Result<void> user_add(const Args& args, Io& io) {
  NewAccount account;
  account.login = args["--login"];
  account.name = args["--name"];
  const auto one_of = [&](const char* option, std::string absent, std::initializer_list<std::string_view> allowed,
                          std::string& into) -> Result<void> {
    into = args.has(option) ? args[option] : std::move(absent);
    if (std::find(allowed.begin(), allowed.end(), into) != allowed.end()) return {};
    return Error{ErrorKind::invalid, "account.choice", {{"option", option}, {"given", into}}};
  };
  QY_CHECK(one_of("--role", "administrator", {"officer", "chief", "administrator", "security_auditor"}, account.role));
  QY_CHECK(one_of("--line", "none", {"ecology", "development_reform", "industry", "none"}, account.line));
  account.region = args["--region"];
  account.office_name = args["--office"];
  QY_TRY(const auto premises, open_premises(house_of(args)));
  QY_TRY(const auto password, add_account(*premises, account));
  show_password(io, account.login, password);
  return {};
}

Result<void> user_reset(const Args& args, Io& io) {
  QY_TRY(const auto premises, open_premises(house_of(args)));
  QY_TRY(const auto password, reset_account(*premises, args["LOGIN"]));
  show_password(io, args["LOGIN"], password);
  return {};
}

}  // namespace

extern const Command migrate_command{.name = "migrate",
                                     .summary = {"更新数据库结构", "bring the database's schema up to date"},
                                     .options = with_data(),
                                     .run = migrate};

extern const Command backup_command{.name = "backup",
                                    .summary = {"运行中备份嵌入式数据库", "copy the embedded database while it runs"},
                                    .arguments = {{"FILE", {"备份文件", "file to write"}}},
                                    .options = with_data(),
                                    .run = backup};

extern const Command doctor_command{
    .name = "doctor",
    .summary = {"核对操作日志、签名根和文件", "examine the log's chains, its signed roots and every file"},
    .options = with_data(),
    .run = doctor};

extern const Command log_roots_command{
    .name = "log roots",
    .summary = {"列出日志的签名根，最新在前", "list the log's signed roots, newest first"},
    .options = with_data({{"--limit", "N", {"最多行数，默认100", "at most so many, 100 unless given"}}}),
    .run = log_roots};

extern const Command log_seal_command{.name = "log seal",
                                      .summary = {"立即签名日志", "sign the log's root now"},
                                      .options = with_data(),
                                      .run = log_seal};

extern const Command routes_command{
    .name = "routes", .summary = {"列出全部接口", "list every endpoint"}, .run = routes};

extern const Command user_add_command{
    .name = "user add",
    .summary = {"在本机开通账号（首个管理员）", "open an account on the machine itself, for the first administrator"},
    .options = with_data(
        {{"--login", "LOGIN", {"账号", "account name"}, true},
         {"--name", "NAME", {"姓名", "person's name"}, true},
         {"--role",
          "ROLE",
          {"岗位：officer chief administrator security_auditor，默认administrator",
           "officer, chief, administrator or security_auditor; administrator unless given"}},
         {"--region", "CODE", {"机构所在行政区划，默认国家级", "region of the office, the nation unless given"}},
         {"--line",
          "LINE",
          {"条线：ecology development_reform industry none，默认none",
           "ecology, development_reform, industry or none; none unless given"}},
         {"--office", "NAME", {"机构不存在时新建所用名称", "name of the office when it has to be made"}}}),
    .run = user_add};

extern const Command user_reset_command{
    .name = "user reset",
    .summary = {"在本机重置密码", "give an account a new password on the machine itself"},
    .arguments = {{"LOGIN", {"账号", "account name"}}},
    .options = with_data(),
    .run = user_reset};

}  // namespace qy::cli
