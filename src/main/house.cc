#include "main/house.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/text.h"
#include "db/log.h"
#include "main/rooms.h"
#include "regime/identity/identity.h"

namespace qy {
namespace {

namespace fs = std::filesystem;

Error unusable(const std::string& path, const std::string& reason) {
  return {ErrorKind::unavailable, "data.unusable", {{"path", path}, {"reason", reason}}};
}

Result<void> make_directories(const std::string& data) {
  std::error_code problem;
  const bool fresh = !fs::exists(data, problem);
  fs::create_directories(fs::path(data) / "blobs", problem);
  if (!problem && fresh) fs::permissions(data, fs::perms::owner_all, problem);
  if (problem) return unusable(data, problem.message());
  if (::access(data.c_str(), W_OK) != 0) return unusable(data, "not writable");
  return {};
}

/// The secret of the check values on papers; made once, mode 0600. Two programs starting at once agree on the first
/// one's.
Result<std::string> load_check_key(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    const auto key = crypto::random_token(crypto::system_random());
    const bool written =
        ::write(descriptor, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!written) return unusable(file, "not writable");
    return key;
  }
  std::ifstream in(file, std::ios::binary);
  std::string key(std::istreambuf_iterator<char>(in), {});
  if (key.size() < 32) return unusable(file, "unreadable");
  return key;
}

Result<std::shared_ptr<const rules::Library>> load_packs(const std::string& directory) {
  auto loaded = rules::Library::load(directory);
  if (loaded.library) return loaded.library;
  Error error{ErrorKind::invalid, "packs.broken", {{"count", std::to_string(loaded.problems.size())}}};
  for (auto& problem : loaded.problems)
    error.fields.push_back(
        {problem.file + ":" + std::to_string(problem.line), problem.code, std::move(problem.params)});
  return error;
}

/// LibreOffice on the PATH, for PDF.
std::string find_converter() {
  const char* path = std::getenv("PATH");
  for (const auto& directory : split(path ? path : "", ':'))
    for (const char* name : {"soffice", "libreoffice"})
      if (const auto file = directory + "/" + name; !directory.empty() && ::access(file.c_str(), X_OK) == 0)
        return file;
  return {};
}

}  // namespace

Result<std::unique_ptr<Premises>> open_premises(const HouseSettings& settings) {
  QY_CHECK(make_directories(settings.data));
  auto premises = std::make_unique<Premises>();
  premises->clock = [] {
    using namespace std::chrono;
    return Instant::from_millis(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
  };
  premises->random = &crypto::system_random();
  premises->blob_directory = settings.data + "/blobs";
  premises->public_address = settings.public_address;
  premises->compute_seconds = settings.compute_seconds;
  premises->compute_at_once = std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
  premises->converter = find_converter();
  QY_TRY(premises->check_key, load_check_key(settings.data + "/check.key"));
  QY_TRY(auto signer, crypto::Signer::ed25519(settings.data + "/signing.key"));
  premises->signer = std::move(signer);
  if (!settings.packs.empty()) {
    QY_TRY(premises->rules, load_packs(settings.packs));
  }
  const auto url = settings.database.empty() ? "sqlite:" + settings.data + "/qingyuan.sqlite" : settings.database;
  QY_TRY(auto database, db::Database::open(url, settings.readers));
  premises->database = std::move(database);
  if (settings.migrate) QY_CHECK(premises->database->migrate(migrations::so_far()));
  return premises;
}

db::SealedRoot seal_now(const Premises& premises, const std::string& roots_file) {
  const auto heads = premises.database->read([&](Tx& tx) -> Result<db::HeadsRoot> { return db::root_of_heads(tx); });
  const auto now = premises.now();
  const auto sealed = premises.database->write([&](Tx& tx) -> Result<db::SealedRoot> {
    return db::store_root(
        tx, *heads, now, [&](std::string_view text) { return premises.signer->sign(text); },
        premises.signer->public_key());
  });
  // The file is what leaves the machine. A root that did not change is not written again.
  if (!roots_file.empty() && sealed->at == now) {
    std::ofstream out(roots_file, std::ios::app);
    out << json::dump(json::Object{{"at", sealed->at.str()},
                                   {"root", sealed->root},
                                   {"heads", sealed->heads},
                                   {"signature", sealed->signature},
                                   {"public_key", sealed->public_key}})
        << '\n';
  }
  return *sealed;
}

Diagnosis examine(const Premises& premises) {
  Diagnosis found;
  for (db::Subject after;;) {
    const auto page = *premises.database->read([&](Tx& tx) -> Result<std::vector<db::Subject>> {
      const auto subjects = db::subjects_after(tx, after, 500);
      for (const auto& subject : subjects)
        if (const auto broken = db::first_broken_link(tx, subject))
          found.broken.push_back(subject.kind + " " + subject.id + " #" + std::to_string(*broken));
      return subjects;
    });
    if (page.empty()) break;
    found.chains += static_cast<std::int64_t>(page.size());
    after = page.back();
  }
  const auto roots = *premises.database->read(
      [&](Tx& tx) -> Result<std::vector<db::SealedRoot>> { return db::sealed_roots(tx, 1'000'000); });
  for (const auto& root : roots)
    if (!crypto::verify_signature(premises.signer->algorithm(), root.public_key, db::sealed_text(root),
                                  root.signature) ||
        root.public_key != premises.signer->public_key())
      found.broken.push_back("root " + root.at.str());
  found.roots = static_cast<std::int64_t>(roots.size());
  for (const auto& entry : fs::recursive_directory_iterator(premises.blob_directory)) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.size() != 64) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    if (crypto::sha256_hex(std::string(std::istreambuf_iterator<char>(in), {})) != name)
      found.broken.push_back("blob " + name);
    ++found.blobs;
  }
  return found;
}

Result<std::string> add_account(const Premises& premises, const NewAccount& account) {
  const auto password = crypto::random_token(*premises.random, 12);
  const auto hash = crypto::hash_password(password);
  const auto system = identity::system_caller();
  const auto act = identity::act_of(premises, system);
  const auto line = identity::line_of(account.line);
  const auto level = account.region.empty()               ? identity::Level::nation
                     : account.region.substr(2) == "0000" ? identity::Level::province
                     : account.region.substr(4) == "00"   ? identity::Level::city
                                                          : identity::Level::county;
  if (!account.region.empty() &&
      (account.region.size() != 6 || account.region.find_first_not_of("0123456789") != std::string::npos))
    return Error{ErrorKind::invalid, "account.region", {{"region", account.region}}};
  QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
    const auto known = identity::find_office_of(tx, account.region, line, act.on);
    const auto name = account.office_name.empty() ? std::string("平台管理") : account.office_name;
    const auto office =
        known ? known->id
              : identity::add_office(tx, act,
                                     {account.region,
                                      account.region.empty() ? "00" : account.region.substr(0, 2),
                                      line,
                                      level,
                                      {name, account.office_name.empty() ? "Platform administration" : name},
                                      std::nullopt,
                                      std::nullopt});
    identity::NewUser user{
        account.login, account.name, hash, identity::role_of(account.role), identity::Party::office, "", "",
        office,        true};
    QY_CHECK(identity::add_user(tx, act, user));
    return {};
  }));
  return password;
}

Result<std::string> reset_account(const Premises& premises, const std::string& login) {
  const auto password = crypto::random_token(*premises.random, 12);
  QY_CHECK(identity::set_password(premises, login, password));
  return password;
}

}  // namespace qy
