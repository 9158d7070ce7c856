// The least a server can do for a request: read it, run its SQL statements on SQLite, write the rows as JSON. No routing table, no sessions
// beyond the statement that looks one up, no permissions, no validation. What it reaches in the same run is the yardstick for the product.
//
//   minimal_server --port 8090 --database FILE --roads DIR
//
// DIR holds list.sql, read.sql and create.sql: the product's own statements for that road, separated by lines of "--". Roads:
//   GET  /list?region=990101   GET /read/<id>   POST /create?n=17
// Placeholders: :region :id :n :uuid (new, v7-like) :code (a credit code) :now, and :p0 … :p99 (first column of the previous statement's rows,
// the last one repeated), :session (a session's token hash), :legal (the last row's column legal_person_id). Writes go through one thread that commits whatever is waiting with one fsync and answers after it.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "minimal_server: " << what << '\n';
  std::exit(2);
}

using Values = std::unordered_map<std::string, std::string>;

std::vector<std::string> statements_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) fail("cannot read " + path);
  std::vector<std::string> out(1);
  for (std::string line; std::getline(file, line);) {
    if (line == "--") out.emplace_back();
    else out.back() += line + "\n";
  }
  return out;
}

/// One connection to the database with every road's statements prepared.
class Session {
 public:
  Session(const std::string& file, const std::string& roads, bool writes) {
    if (sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) fail("cannot open " + file);
    script("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    script("PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY;");
    for (const std::string road : {"list", "read", "create"}) {
      if (road == "create" && !writes) continue;
      for (const auto& sql : statements_of(roads + "/" + road + ".sql")) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v3(db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
          fail(road + ".sql: " + sqlite3_errmsg(db_));
        roads_[road].push_back(statement);
      }
    }
    session_ = session_hash();
  }

  void script(const char* sql) {
    char* problem = nullptr;
    if (sqlite3_exec(db_, sql, nullptr, nullptr, &problem) != SQLITE_OK) fail(std::string(sql) + ": " + problem);
  }

  /// The hash of the newest session's token: what the product looks up first.
  std::string session_hash() {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(db_, "SELECT token_hash FROM user_session ORDER BY created_at DESC LIMIT 1", -1, &statement, nullptr);
    std::string hash;
    if (sqlite3_step(statement) == SQLITE_ROW) hash = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return hash;
  }

  /// Runs a road's statements and appends their rows to `out` as arrays of texts.
  void run(const std::string& road, Values values, std::string& out) {
    values["session"] = session_;
    values["on"] = "2026-11-23";
    out += '[';
    for (auto* statement : roads_[road]) {
      std::vector<std::string> firsts;
      for (int i = 1, n = sqlite3_bind_parameter_count(statement); i <= n; ++i) {
        const auto found = values.find(sqlite3_bind_parameter_name(statement, i) + 1);
        if (found == values.end()) sqlite3_bind_null(statement, i);
        else sqlite3_bind_text(statement, i, found->second.data(), static_cast<int>(found->second.size()), SQLITE_TRANSIENT);
      }
      int code;
      while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        out += '[';
        for (int c = 0, n = sqlite3_column_count(statement); c < n; ++c) {
          const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, c));
          if (c == 0) firsts.emplace_back(text ? text : "");
          if (c == 1 && text && std::strcmp(sqlite3_column_name(statement, c), "legal_person_id") == 0) values["legal"] = text;
          if (c > 0) out += ',';
          quoted(out, text, static_cast<std::size_t>(sqlite3_column_bytes(statement, c)));
        }
        out += "],";
      }
      if (code != SQLITE_DONE) fail(road + ": " + sqlite3_errmsg(db_));
      sqlite3_reset(statement);
      if (!firsts.empty())
        for (std::size_t i = 0; i < 100; ++i) values["p" + std::to_string(i)] = firsts[std::min(i, firsts.size() - 1)];
    }
    out += "null]";
  }

 private:
  static void quoted(std::string& out, const char* text, std::size_t size) {
    if (!text) { out += "null"; return; }
    out += '"';
    for (std::size_t i = 0; i < size; ++i) {
      if (text[i] == '"' || text[i] == '\\') out += '\\';
      out += text[i];
    }
    out += '"';
  }

  sqlite3* db_ = nullptr;
  std::string session_;
  std::map<std::string, std::vector<sqlite3_stmt*>> roads_;
};

void answer(int fd, const std::string& body) {
  const auto out = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  if (::send(fd, out.data(), out.size(), MSG_NOSIGNAL) < 0) return;
}

struct Write { int fd; Values values; };

/// The writing thread's queue.
class Writes {
 public:
  void push(Write write) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(write));
    wake_.notify_one();
  }
  std::vector<Write> take() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return !queue_.empty(); });
    return std::exchange(queue_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Write> queue_;
};

std::string new_uuid() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const auto millis = static_cast<unsigned long long>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
  char out[64];
  std::snprintf(out, sizeof out, "%08llx-%04llx-7%03llx-8%03llx-%012llx", (millis >> 16) & 0xFFFFFFFF, millis & 0xFFFF, static_cast<unsigned long long>(random() & 0xFFF),
                static_cast<unsigned long long>(random() & 0xFFF), static_cast<unsigned long long>(random() & 0xFFFFFFFFFFFF));
  return out;
}

std::string between(const std::string& text, const std::string& before, char after) {
  const auto at = text.find(before);
  if (at == std::string::npos) return "";
  const auto from = at + before.size();
  return text.substr(from, text.find_first_of(std::string(" &") + after, from) - from);
}

void serve(int port, Session& session, Writes& writes) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener, 128) != 0) fail(std::strerror(errno));
  const int poll = epoll_create1(0);
  const auto watch = [poll](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  };
  watch(listener);
  std::unordered_map<int, std::string> inputs;
  for (;;) {
    epoll_event events[64];
    const int ready = epoll_wait(poll, events, 64, -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[i].data.fd;
      if (fd == listener) {
        const int client = ::accept(listener, nullptr, nullptr);
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        watch(client);
        continue;
      }
      char buffer[1 << 14];
      const auto got = ::recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0) { ::close(fd); inputs.erase(fd); continue; }
      auto& in = inputs[fd];
      in.append(buffer, static_cast<std::size_t>(got));
      const auto head = in.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const auto length = between(in, "Content-Length: ", '\r');
      if (in.size() < head + 4 + (length.empty() ? 0 : std::stoul(length))) continue;
      const auto line = in.substr(0, in.find('\r'));
      in.clear();
      if (line.starts_with("POST /create")) {
        writes.push({fd, {{"n", between(line, "n=", ' ')}, {"code", between(line, "code=", ' ')}}});
      } else if (line.starts_with("GET /list")) {
        std::string body;
        session.run("list", {{"region", between(line, "region=", ' ')}}, body);
        answer(fd, body);
      } else if (line.starts_with("GET /read/")) {
        std::string body;
        session.run("read", {{"id", between(line, "/read/", ' ')}}, body);
        answer(fd, body);
      } else {
        answer(fd, "{}");
      }
    }
  }
}

}  // namespace

int main(int count, char** words) {
  std::map<std::string, std::string> options{{"--port", "8090"}, {"--threads", "2"}};
  for (int i = 1; i + 1 < count; i += 2) options[words[i]] = words[i + 1];
  Writes writes;
  std::vector<std::thread> threads;
  for (int i = 0; i < std::stoi(options["--threads"]); ++i)
    threads.emplace_back([&] {
      Session session(options["--database"], options["--roads"], false);
      serve(std::stoi(options["--port"]), session, writes);
    });
  Session writer(options["--database"], options["--roads"], true);
  for (;;) {
    auto batch = writes.take();
    std::vector<std::string> bodies(batch.size());
    writer.script("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto values = batch[i].values;
      for (const auto* name : {"uuid", "uuid2", "uuid3", "uuid4"}) values[name] = new_uuid();
      values["hash"] = std::string(64, 'a');
      values["now"] = "2026-11-23T08:00:00.000Z";
      writer.run("create", values, bodies[i]);
    }
    writer.script("COMMIT");
    for (std::size_t i = 0; i < batch.size(); ++i) answer(batch[i].fd, bodies[i]);
  }
}
