#include <signal.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <ostream>

#include "cli/command.h"
#include "main/demo.h"
#include "main/house.h"
#include "main/rooms.h"
#include "main/system_routes.h"

namespace qy::cli {
namespace {

/// One JSON object a line on standard error, or into a file.
std::shared_ptr<spdlog::logger> make_log(const std::string& file) {
  spdlog::sink_ptr sink;
  if (file.empty())
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  else
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
  auto log = std::make_shared<spdlog::logger>("qingyuan", std::move(sink));
  log->set_pattern("%v");
  log->flush_on(spdlog::level::err);
  return log;
}

/// SIGTERM and SIGINT wait for `sigwait`; every thread made later inherits the mask.
sigset_t hold_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

Result<http::ServerSettings> server_settings(const Args& args) {
  http::ServerSettings settings;
  settings.address = args.has("--address") ? args["--address"] : "127.0.0.1";
  QY_TRY(const auto port, args.integer("--port", 0, 65535, 8080));
  QY_TRY(const auto io_threads, args.integer("--io-threads", 1, 64, 1));
  QY_TRY(const auto workers, args.integer("--workers", 1, 256, 24));
  QY_TRY(const auto rate, args.integer("--rate-limit", 0, 10'000'000, 6000));
  settings.port = static_cast<int>(port);
  settings.io_threads = static_cast<int>(io_threads);
  settings.workers = static_cast<int>(workers);
  settings.requests_per_minute = static_cast<int>(rate);
  settings.web_root = args["--web"];
  settings.tls_certificate = args["--tls-certificate"];
  settings.tls_key = args["--tls-key"];
  settings.trust_proxy = args.has("--trust-proxy");
  if (settings.tls_certificate.empty() != settings.tls_key.empty()) return Error{ErrorKind::invalid, "serve.tls_pair"};
  if (!args.has("--no-log")) settings.log = make_log(args["--log"]);
  return settings;
}

void print_accounts(const std::vector<DemoAccount>& accounts, const std::string& file, Io& io) {
  io.out << (io.language == Language::zh ? "示范账号（另存于 " : "Demonstration accounts (also in ") << file
         << (io.language == Language::zh ? "）：" : "):") << '\n';
  for (const auto& account : accounts)
    io.out << "  " << account.login << std::string(account.login.size() < 22 ? 22 - account.login.size() : 1, ' ')
           << account.password << "  " << account.post << "  " << account.name << '\n';
  io.out << std::flush;
}

/// qingyuan serve --data data/demo --port 8080 --web web/dist
Result<void> run(const Args& args, Io& io) {
  const auto signals = hold_signals();
  QY_TRY(auto server, server_settings(args));
  HouseSettings house;
  house.data = args.has("--data") ? args["--data"] : "data";
  house.database = args["--database"];
  house.packs = packs_directory();
  house.readers = server.workers;
  QY_TRY(const auto compute_seconds, args.integer("--compute-seconds", 1, 3600, 30));
  QY_TRY(const auto compute_workers, args.integer("--compute-workers", 0, 64, 1));
  house.compute_seconds = static_cast<int>(compute_seconds);
  const auto scheme = server.tls_certificate.empty() ? std::string("http") : std::string("https");
  house.public_address =
      args.has("--public-address") ? args["--public-address"] : scheme + "://localhost:" + std::to_string(server.port);
  std::vector<DemoAccount> accounts;
  if (args.has("--demo")) {
    if (server.address != "127.0.0.1" && server.address != "::1" && server.address != "localhost")
      return Error{ErrorKind::invalid, "demo.loopback", {{"address", server.address}}};
    QY_TRY(accounts, open_demonstration(house));
  }
  QY_TRY(const auto premises, open_premises(house));

  http::Router router;
  add_all_routes(*premises, router, server.web_root.empty() ? "" : server.web_root + "/openapi.json");
  server.recall = [&](const http::Request& request) { return recall_answer(*premises, request); };
  server.remember = [&](const http::Request& request, const http::Response& response) {
    remember_answer(*premises, request, response);
  };
  server.ready = [&] {
    return premises->database->read([](Tx& tx) -> Result<void> {
      tx.value<std::int64_t>("SELECT 1");
      return {};
    });
  };
  const auto jobs = make_jobs(*premises, house.data + "/roots.jsonl");
  LongWorkers long_workers(*premises, static_cast<int>(compute_workers));
  QY_TRY(const auto running, http::Server::start(server, router));
  jobs->start();
  long_workers.start();

  const auto address = scheme + "://" + (server.address == "127.0.0.1" ? "localhost" : server.address) + ":" +
                       std::to_string(running->port());
  io.out << (io.language == Language::zh ? "清源已启动：" : "Qingyuan is running: ") << address << std::endl;
  if (!accounts.empty()) print_accounts(accounts, house.data + "/accounts.json", io);
  int received = 0;
  sigwait(&signals, &received);
  long_workers.stop();
  running->stop();
  jobs->stop();
  if (server.log) server.log->flush();
  return {};
}

}  // namespace

extern const Command serve_command{
    .name = "serve",
    .summary = {"启动服务", "run the server"},
    .options = {{"--port", "N", {"端口，默认8080；0为任选空闲端口", "port, 8080 unless given; 0 picks a free one"}},
                {"--address", "ADDRESS", {"监听地址，默认127.0.0.1", "address to listen on, 127.0.0.1 unless given"}},
                {"--data", "DIR", {"数据目录，默认data", "data directory, “data” unless given"}},
                {"--database",
                 "URL",
                 {"数据库地址，默认为数据目录中的嵌入式数据库",
                  "database address; an embedded database in the data directory unless given"}},
                {"--demo",
                 "",
                 {"首次启动时装载示范省，只用于本机试用",
                  "load the demonstration province on the first start, to try on this machine only"}},
                {"--web", "DIR", {"已构建的网页程序", "the built web app"}},
                {"--public-address",
                 "URL",
                 {"用户访问的地址，印在二维码中", "the address people use, printed in QR codes"}},
                {"--tls-certificate", "FILE", {"PEM证书链", "certificate chain, PEM"}},
                {"--tls-key", "FILE", {"PEM私钥", "private key, PEM"}},
                {"--trust-proxy",
                 "",
                 {"采信最近一级代理的X-Forwarded-For与X-Forwarded-Proto",
                  "believe X-Forwarded-For and X-Forwarded-Proto of the nearest proxy"}},
                {"--workers", "N", {"办理写请求的线程数，默认24", "threads that carry out writes, 24 unless given"}},
                {"--io-threads", "N", {"网络线程数，默认1", "network threads, 1 unless given"}},
                {"--rate-limit",
                 "N",
                 {"每个地址每分钟请求数上限，默认6000，0为不限",
                  "requests a minute from one address, 6000 unless given, 0 for no limit"}},
                {"--compute-seconds",
                 "N",
                 {"一次请求内计算的时限（秒），默认30；更长的作为计算任务提交",
                  "time limit of a computation inside one request, 30 seconds unless given; longer ones are runs"}},
                {"--compute-workers",
                 "N",
                 {"办理计算任务的线程数，默认1；0为由连接同一数据库的其他进程办理",
                  "threads that carry out runs of the engines, 1 unless given; 0 leaves them to other processes on the "
                  "database"}},
                {"--log", "FILE", {"日志文件，默认标准错误", "log file; standard error unless given"}},
                {"--no-log", "", {"不写日志", "write no log"}}},
    .run = run,
};

}  // namespace qy::cli
