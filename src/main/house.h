#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/jobs.h"
#include "db/log.h"
#include "regime/premises/premises.h"

namespace qy {

struct HouseSettings {
  std::string data = "data";   ///< blobs, keys and the embedded database
  std::string database;        ///< "" = <data>/qingyuan.sqlite
  std::string packs;           ///< "" = no rules: enough for operators' commands
  std::string public_address;  ///< printed in QR codes
  bool migrate = true;
  int readers = 4;
  int compute_seconds = 30;  ///< time limit of a computation inside one request
};

/// Opens everything a command works with: keys (made on first use, mode 0600), database (made and migrated), packs.
/// Errors: data.unusable {path, reason}, packs.broken (every problem at its file and line), db.*, key.unreadable.
Result<std::unique_ptr<Premises>> open_premises(const HouseSettings& settings);

/// The jobs of the house, on one thread: notices, messages, roll-ups, the seal over the log each minute (also appended
/// to `roots_file`), cleaning each day.
std::unique_ptr<db::JobRunner> make_jobs(const Premises& premises, const std::string& roots_file);

/// Workers of the queue's long lane: each carries out one run of an engine at a time.
class LongWorkers {
 public:
  LongWorkers(const Premises& premises, int count);
  void start();
  /// Runs under way go back into the queue.
  void stop();

 private:
  std::vector<std::unique_ptr<db::JobRunner>> runners_;
};

/// Seals the heads of the log now.
db::SealedRoot seal_now(const Premises& premises, const std::string& roots_file);

/// What `qingyuan doctor` finds: every chain recomputed, every root's signature, every blob against its name.
struct Diagnosis {
  std::int64_t chains = 0, roots = 0, blobs = 0;
  std::vector<std::string> broken;  ///< "audit 0190…: entry 7", "root 2026-…", "blob ab12…"
};
Diagnosis examine(const Premises& premises);

/// An account made on the machine itself; the password is random and must be changed at the first log-in.
struct NewAccount {
  std::string login, name, role = "administrator", line = "none", region, office_name;
};
/// The office is that of the region and line, made when it is not there. Errors: user.login_taken, user.login_format,
/// account.region.
Result<std::string> add_account(const Premises& premises, const NewAccount& account);
/// A new random password for an existing account; its sessions end. Errors: user.not_found.
Result<std::string> reset_account(const Premises& premises, const std::string& login);

}  // namespace qy
