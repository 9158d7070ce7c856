#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "crypto/crypto.h"
#include "db/engines.h"
#include "db/session.h"

namespace qy::db {
namespace {

/// A transaction that lost this often does not lose by chance.
constexpr int kMaxAttempts = 25;

/// Waits 1–2, 2–4, 4–8 … ms, at most 128, before the next attempt; the random part parts the rivals.
void back_off(int attempt) {
  const auto span = std::uint64_t{1000} << std::min(attempt, 6);
  std::this_thread::sleep_for(std::chrono::microseconds(span + crypto::system_random().below(span)));
}

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(std::string uri, int sessions) : uri_(std::move(uri)), free_(static_cast<std::size_t>(sessions)) {
    for (auto& session : free_) session = nullptr;
  }

  /// The server's settings this program relies on.
  Result<void> check() {
    return read([](Tx& tx) -> Result<void> {
      const auto found = tx.row<std::string, std::string>(
          "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()");
      const auto& [encoding, collation] = *found;
      if (encoding != "UTF8") return Error{ErrorKind::unavailable, "db.encoding", {{"encoding", encoding}}};
      if (collation != "C" && collation != "POSIX")
        return Error{ErrorKind::unavailable, "db.collation", {{"collation", collation}}};
      return {};
    });
  }

  Result<void> migrate(std::span<const Migration> migrations) override {
    return run_migrations(*this, migrations,
                          [](Tx& tx, const std::string& sql) { static_cast<Session&>(tx).script(sql.c_str()); });
  }

  Dialect dialect() const override { return Dialect::postgres; }

  Result<void> backup(const std::string&) override { return Error{ErrorKind::conflict, "db.backup_elsewhere"}; }

 protected:
  void run_write(const std::function<bool(Tx&)>& work) override {
    bool raced_unique = false;
    for (int attempt = 0;; ++attempt) {
      Lease lease(*this);
      bool committing = false;
      try {
        lease->script("BEGIN ISOLATION LEVEL SERIALIZABLE");
        const bool keep = work(*lease);
        if (keep && lease->is_aborted()) throw Conflict("a failed statement was passed over");
        committing = keep;
        lease->script(keep ? "COMMIT" : "ROLLBACK");
        return;
      } catch (const ConnectionLost&) {
        lease.discard();
        // Whether a lost COMMIT happened is unknown; running it again could do it twice.
        if (committing || attempt >= 2) throw;
      } catch (const Conflict&) {
        lease.roll_back();
        if (attempt + 1 >= kMaxAttempts) throw;
      } catch (const ConstraintViolated&) {
        lease.roll_back();
        // Two that looked first and inserted at once: the second look sees the winner.
        if (raced_unique) throw;
        raced_unique = true;
      } catch (...) {
        lease.roll_back();
        throw;
      }
      back_off(attempt);
    }
  }

  void run_read(const std::function<void(Tx&)>& work) override {
    for (int attempt = 0;; ++attempt) {
      Lease lease(*this);
      try {
        lease->script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        work(*lease);
        lease->script("COMMIT");
        return;
      } catch (const ConnectionLost&) {
        lease.discard();
        if (attempt >= 2) throw;
      } catch (...) {
        lease.roll_back();
        throw;
      }
      back_off(attempt);
    }
  }

 private:
  /// A session while a thread uses it; connected when first needed, and again after it was lost.
  class Lease {
   public:
    explicit Lease(PostgresDatabase& database) : database_(database) {
      {
        std::unique_lock lock(database_.mutex_);
        database_.is_free_.wait(lock, [&] { return !database_.free_.empty(); });
        session_ = std::move(database_.free_.back());
        database_.free_.pop_back();
      }
      try {
        if (!session_) session_ = connect(database_.uri_);
      } catch (...) {
        give_back();
        throw;
      }
    }
    ~Lease() { give_back(); }

    Session* operator->() const { return session_.get(); }
    Session& operator*() const { return *session_; }
    void discard() { session_.reset(); }
    void roll_back() {
      try {
        session_->script("ROLLBACK");
      } catch (const Broken&) {
        discard();
      }
    }

   private:
    static std::unique_ptr<Session> connect(const std::string& uri) {
      auto session = std::make_unique<Session>(Dialect::postgres, uri);
      session->script("SET client_min_messages = error; SET client_encoding = 'UTF8'; SET timezone = 'UTC'");
      return session;
    }

    void give_back() {
      {
        const std::lock_guard lock(database_.mutex_);
        // Live sessions are taken first, so a quiet server keeps few connections.
        if (session_)
          database_.free_.push_back(std::move(session_));
        else
          database_.free_.insert(database_.free_.begin(), nullptr);
      }
      database_.is_free_.notify_one();
    }

    PostgresDatabase& database_;
    std::unique_ptr<Session> session_;
  };

  const std::string uri_;
  std::mutex mutex_;
  std::condition_variable is_free_;
  std::vector<std::unique_ptr<Session>> free_;  // null: not connected yet
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const std::string& uri, int readers) {
  auto database = std::make_unique<PostgresDatabase>(uri, readers);
  QY_CHECK(database->check());
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace qy::db
