#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

#include "db/engines.h"
#include "db/session.h"

namespace qy::db {
namespace {

/// Most requests that share one fsync: bounds how long the first of them waits.
constexpr std::size_t kMaxBatch = 200;
/// How long a batch waits for each further request while it is smaller than the one before it.
constexpr std::chrono::microseconds kPatience{200};

std::string connect_string(const std::string& path) { return "dbname=\"" + path + "\" timeout=10 shared_cache=false"; }

/// A session belongs to one thread at a time, so SQLite's own locks and its global memory statistics only cost.
void settle_sqlite() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  });
}

std::unique_ptr<Session> open_session(const std::string& path) {
  settle_sqlite();
  auto session = std::make_unique<Session>(Dialect::sqlite, connect_string(path));
  // SOCI 4.0.3 ignores foreign_keys in the connect string; busy_timeout is for other processes (the CLI, a backup).
  // mmap_size: pages are read where the kernel keeps them.
  session->script(
      "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; "
      "PRAGMA cache_size = -8000; PRAGMA mmap_size = 1073741824;");
  return session;
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, int readers) : path_(std::move(path)), writer_(open_session(path_)) {
    writer_->script("PRAGMA journal_mode = WAL;");
    // More than the cores can run at once would only push each other out of the processor's caches.
    const int useful = std::max(8, 2 * static_cast<int>(std::thread::hardware_concurrency()));
    for (int i = 0; i < std::min(readers, useful); ++i) {
      readers_.push_back(open_session(path_));
      readers_.back()->script("PRAGMA query_only = ON;");
    }
    thread_ = std::thread([this] { serve(); });
  }

  ~SqliteDatabase() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  Result<void> migrate(std::span<const Migration> migrations) override {
    return run_migrations(*this, migrations,
                          [](Tx& tx, const std::string& sql) { static_cast<Session&>(tx).script(sql.c_str()); });
  }

  Dialect dialect() const override { return Dialect::sqlite; }

  Result<void> backup(const std::string& file) override {
    const auto failed = Error{ErrorKind::unavailable, "db.backup_failed", {{"file", file}}};
    const std::string part = file + ".part";
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    if (!copy_to(part)) {
      std::filesystem::remove(part, ignored);
      return failed;
    }
    const int fd = ::open(part.c_str(), O_RDONLY | O_CLOEXEC);
    const bool durable = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    std::error_code error;
    if (durable) std::filesystem::rename(part, file, error);
    if (!durable || error) return failed;
    return {};
  }

 protected:
  void run_write(const std::function<bool(Tx&)>& work) override {
    assert(std::this_thread::get_id() != thread_.get_id() && "a write inside a write");
    Request request{&work};
    std::unique_lock lock(mutex_);
    queue_.push_back(&request);
    wake_.notify_one();
    request.answered.wait(lock, [&] { return request.done; });
    lock.unlock();
    if (request.failure) std::rethrow_exception(request.failure);
  }

  void run_read(const std::function<void(Tx&)>& work) override {
    const Reader reader(*this);
    reader->script("BEGIN");
    try {
      work(*reader);
    } catch (...) {
      reader->script("ROLLBACK");
      throw;
    }
    reader->script("COMMIT");
  }

 private:
  struct Request {
    const std::function<bool(Tx&)>* work;
    std::exception_ptr failure = nullptr;
    bool done = false;
    std::condition_variable answered = {};
  };

  /// A reader session while a thread uses it.
  class Reader {
   public:
    explicit Reader(SqliteDatabase& database) : database_(database) {
      std::unique_lock lock(database_.readers_mutex_);
      database_.reader_free_.wait(lock, [&] { return !database_.readers_.empty(); });
      session_ = std::move(database_.readers_.back());
      database_.readers_.pop_back();
    }
    ~Reader() {
      {
        const std::lock_guard lock(database_.readers_mutex_);
        database_.readers_.push_back(std::move(session_));
      }
      database_.reader_free_.notify_one();
    }
    Session* operator->() const { return session_.get(); }
    Session& operator*() const { return *session_; }

   private:
    SqliteDatabase& database_;
    std::unique_ptr<Session> session_;
  };

  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      lock.unlock();
      const auto batch = run_batch();
      lock.lock();
      for (auto* request : batch) {
        request->done = true;
        request->answered.notify_one();
      }
    }
  }

  /// The next request in the queue; nullptr when there is none within `patience`.
  Request* next(std::chrono::microseconds patience = {}) {
    std::unique_lock lock(mutex_);
    if (queue_.empty() && patience.count() > 0) wake_.wait_for(lock, patience, [&] { return !queue_.empty(); });
    if (queue_.empty()) return nullptr;
    auto* request = queue_.front();
    queue_.pop_front();
    return request;
  }

  /// One transaction for all requests that wait, one savepoint each, one fsync for all.
  std::vector<Request*> run_batch() {
    std::vector<Request*> batch;
    bool keep = false;
    try {
      writer_->script("BEGIN IMMEDIATE");
      while (batch.size() < kMaxBatch && writer_->in_transaction()) {
        // Those whom the last batch answered are about to ask again: an fsync for one of them alone is waste.
        auto* request = next(batch.size() < last_batch_ ? kPatience : std::chrono::microseconds{});
        if (!request) break;
        batch.push_back(request);
        keep = perform(*request) || keep;
      }
      if (!writer_->in_transaction()) throw Broken("SQLite gave the transaction up");
      writer_->script(keep ? "COMMIT" : "ROLLBACK");
    } catch (...) {
      const auto failure = std::current_exception();
      roll_back();
      if (batch.empty()) {  // BEGIN failed: whoever waits first must hear of it
        if (auto* request = next()) batch.push_back(request);
      }
      for (auto* request : batch) request->failure = failure;
    }
    last_batch_ = batch.size();
    return batch;
  }

  void roll_back() {
    try {
      if (writer_->in_transaction()) writer_->script("ROLLBACK");
    } catch (const Broken&) {
      writer_ = open_session(path_);
    }
  }

  /// Runs one request in its savepoint; its failure is its own.
  bool perform(Request& request) {
    writer_->script("SAVEPOINT request");
    bool keep = false;
    try {
      keep = (*request.work)(*writer_);
      if (keep && writer_->has_deferred_violation()) throw ConstraintViolated("FOREIGN KEY constraint failed");
    } catch (...) {
      request.failure = std::current_exception();
      keep = false;
    }
    if (!writer_->in_transaction()) return false;
    writer_->script(keep ? "RELEASE request" : "ROLLBACK TO request; RELEASE request");
    return keep;
  }

  bool copy_to(const std::string& file) {
    using namespace sqlite_api;
    const Reader reader(*this);
    sqlite3* target = nullptr;
    bool copied =
        sqlite3_open_v2(file.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) == SQLITE_OK;
    if (copied) {
      auto* backup = sqlite3_backup_init(target, "main", static_cast<sqlite3*>(reader->native_sqlite()), "main");
      const int stepped = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
      copied = backup && sqlite3_backup_finish(backup) == SQLITE_OK && stepped == SQLITE_DONE;
    }
    return sqlite3_close(target) == SQLITE_OK && copied;
  }

  const std::string path_;
  std::unique_ptr<Session> writer_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Request*> queue_;
  bool stopping_ = false;
  std::size_t last_batch_ = 0;

  std::mutex readers_mutex_;
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<Session>> readers_;

  std::thread thread_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& path, int readers) {
  return std::make_unique<SqliteDatabase>(path, readers);
}

}  // namespace qy::db
