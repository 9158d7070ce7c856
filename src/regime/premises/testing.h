#pragma once

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "db/testing.h"
#include "regime/premises/premises.h"

/// For tests only: a Premises on a fresh database with a clock that stands still, seeded randomness and the shipped
/// packs.
namespace qy::testing {

/// The shipped packs, loaded once per process. Throws with every problem when they do not load.
inline std::shared_ptr<const rules::Library> shipped_packs() {
  static const auto library = [] {
    const char* given = std::getenv("QY_PACKS");
    std::filesystem::path root = given ? given : "packs";
    for (auto at = std::filesystem::current_path(); !given && !std::filesystem::is_directory(root);
         at = at.parent_path()) {
      root = at / "packs";
      if (at == at.parent_path()) break;
    }
    auto loaded = rules::Library::load(root.string());
    if (!loaded.library) {
      std::string text = "the packs do not load:";
      for (const auto& problem : loaded.problems)
        text += "\n" + problem.file + ":" + std::to_string(problem.line) + ": " + problem.code;
      throw std::runtime_error(text);
    }
    return loaded.library;
  }();
  return library;
}

/// Premises with everything in it; the database and the blobs vanish with it. Not movable: `premises` refers to it.
class TestPremises {
 public:
  /// `engine`: "sqlite" or "postgres", see db::testing::engines(). Without rules `premises.rules` is null.
  explicit TestPremises(const std::string& engine = "sqlite", bool with_rules = true)
      : fresh_(db::testing::fresh_database(engine, migrations::so_far())), random_(20261123) {
    static std::atomic<int> number{0};
    directory_ = std::filesystem::temp_directory_path() /
                 ("qy_premises_" + std::to_string(::getpid()) + "_" + std::to_string(++number));
    std::filesystem::create_directories(directory_ / "blobs");
    premises.database = fresh_.database;
    if (with_rules) premises.rules = shipped_packs();
    premises.clock = [this] { return Instant::from_millis(now_.load()); };
    premises.random = &random_;
    premises.blob_directory = (directory_ / "blobs").string();
    premises.public_address = "http://localhost:8080";
    premises.check_key = "a key for tests";
    premises.signer = std::move(*crypto::Signer::ed25519((directory_ / "signing.key").string()));
    set_today(Date(2026, 6, 1));
  }
  ~TestPremises() {
    premises.database.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  TestPremises(const TestPremises&) = delete;
  TestPremises& operator=(const TestPremises&) = delete;

  /// 10:00 in Shanghai on that day.
  void set_today(Date day) {
    set_now(Instant::from_millis((static_cast<std::int64_t>(day.days()) * 24 + 2) * 3600000));
  }
  void set_now(Instant now) { now_ = now.millis(); }
  void pass_seconds(std::int64_t seconds) { now_ += seconds * 1000; }

  Premises premises;

 private:
  db::testing::Fresh fresh_;
  SeededRandom random_;
  std::atomic<std::int64_t> now_{0};
  std::filesystem::path directory_;
};

}  // namespace qy::testing
