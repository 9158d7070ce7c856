#include "http/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <zlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/text.h"
#include "http/compress.h"
#include "http/rate_limit.h"
#include "http/testing.h"

namespace qy::http {
namespace {

using testing::Answer;
using testing::Client;
using ::testing::HasSubstr;
using ::testing::Not;

std::string unzipped(const std::string& bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

/// What a logger wrote, to be read while others write.
class Written : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    text_.append(line.data(), line.size());
  }
  void flush_() override {}

 private:
  std::string text_;
};

/// A running server with a few endpoints and a small web root, and the log it writes.
class HttpServer : public ::testing::Test {
 protected:
  void SetUp() override {
    static const bool filled = [] {
      Catalogue::global().add(base_messages());
      Catalogue::global().add(http_messages());
      return true;
    }();
    ASSERT_TRUE(filled);
    root_ = std::filesystem::temp_directory_path() / ("qy_http_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(root_ / "web/assets");
    write("web/index.html", "<!doctype html><title>app</title>");
    write("web/assets/index-Bx3kQz9a.js", "console.log(1);" + std::string(3000, ' '));
    write("secret.txt", "outside the web root");
    std::filesystem::create_symlink(root_ / "secret.txt", root_ / "web/link.txt");

    settings_.port = 0;
    settings_.workers = 4;
    settings_.web_root = root_ / "web";
    settings_.header_seconds = 1;
    settings_.body_seconds = 1;
    settings_.log = std::make_shared<spdlog::logger>("test", log_);
    settings_.log->set_pattern("%v");

    router_.add({"GET", "/api/v1/things/{thing}", [](const Request& r) -> Result<Response> {
                   return with_etag(ok({{"thing", r.parameter("thing")}, {"q", r.query("q")}}), 7);
                 }});
    router_.add({"PUT", "/api/v1/things/{thing}", [](const Request& r) -> Result<Response> {
                   QY_TRY(const auto version, r.if_match());
                   return ok({{"version", version}});
                 }});
    router_.add({"GET", "/api/v1/things/special", [](const Request&) -> Result<Response> {
                   return ok({{"special", true}});
                 }});
    router_.add({"POST", "/api/v1/echo",
                 [](const Request& r) -> Result<Response> {
                   QY_TRY(const auto body, r.json());
                   return ok(body);
                 },
                 false, 4096});
    router_.add(
        {"POST", "/api/v1/upload",
         [](const Request& r) -> Result<Response> {
           QY_TRY(const auto parts, r.multipart());
           json::Array out;
           for (const auto& part : parts)
             out.push_back(json::Object{{"name", part.name}, {"file", part.file_name}, {"size", part.body.size()}});
           return ok(out);
         },
         false, 8u << 20});
    router_.add({"POST", "/api/v1/sized",
                 [](const Request& r) -> Result<Response> {
                   return ok({{"size", r.body.size()}});
                 },
                 false, 32u << 20});
    router_.add({"GET", "/api/v1/big", [](const Request&) -> Result<Response> {
                   return ok({{"text", std::string(5000, 'x')}});
                 }});
    router_.add({"GET", "/api/v1/broken",
                 [](const Request&) -> Result<Response> { throw std::runtime_error("inner detail"); }});
    router_.add({"GET", "/api/v1/slow", [this](const Request&) -> Result<Response> {
                   ++slow_begun_;
                   std::this_thread::sleep_for(std::chrono::milliseconds(400));
                   return ok({{"done", true}});
                 }});
    router_.add({"GET", "/api/v1/patient", [this](const Request& r) -> Result<Response> {
                   ++slow_begun_;
                   for (int i = 0; i < 400 && !r.gone(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
                   left_alone_ = r.gone();
                   return ok({{"alone", left_alone_.load()}});
                 }});
    router_.add({"POST", "/api/v1/count", [this](const Request&) -> Result<Response> {
                   return created({{"count", ++count_}});
                 }});
  }

  void TearDown() override {
    if (server_) server_->stop(2);
    std::filesystem::remove_all(root_);
  }

  void write(const std::string& name, const std::string& text) { std::ofstream(root_ / name) << text; }

  int start() {
    auto server = Server::start(settings_, router_);
    EXPECT_TRUE(server) << server.error().code;
    server_ = std::move(*server);
    return server_->port();
  }

  Answer raw(const std::string& bytes) {
    Client client(server_->port());
    client.send(bytes);
    return client.receive();
  }

  std::filesystem::path root_;
  std::shared_ptr<Written> log_ = std::make_shared<Written>();
  ServerSettings settings_;
  Router router_;
  std::unique_ptr<Server> server_;
  std::atomic<int> slow_begun_{0}, count_{0};
  std::atomic<bool> left_alone_ = false;
};

TEST_F(HttpServer, AnswersWithEverythingEveryAnswerCarries) {
  Client client(start());
  const auto answer = client.request("GET", "/api/v1/things/%E7%94%B5%E9%95%80?q=a%20b+c");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"thing":"电镀","q":"a b c"})");
  EXPECT_EQ(answer.header("etag"), "\"7\"");
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  EXPECT_THAT(answer.header("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_NE(answer.header("x-request-id"), "");
  EXPECT_NE(answer.header("date"), "");
  EXPECT_EQ(answer.header("strict-transport-security"), "") << "only over TLS";
  client.request("GET", "/healthz");
  EXPECT_THAT(log_->text(), HasSubstr(R"("path":"/api/v1/things/电镀")"));
  EXPECT_THAT(log_->text(), Not(HasSubstr("a b c"))) << "queries may hold names people searched for";
}

TEST_F(HttpServer, RoutesByMethodAndPath) {
  struct Row {
    const char* name;
    const char* method;
    const char* target;
    int status;
    const char* contains;
  };
  const Row rows[] = {
      {"a fixed segment beats a variable one", "GET", "/api/v1/things/special", 200, "special"},
      {"an unknown path", "GET", "/api/v1/nothing", 404, "route.none"},
      {"an empty segment is no variable", "GET", "/api/v1/things/", 404, "route.none"},
      {"a wrong method", "DELETE", "/api/v1/things/x", 405, "route.method"},
      {"the API has no fallback page", "GET", "/api/elsewhere", 404, "route.none"},
      {"no precondition", "PUT", "/api/v1/things/x", 428, "if_match.missing"},
      {"encoded slash", "GET", "/api/v1/things/a%2Fb", 400, "target.malformed"},
      {"dots", "GET", "/api/v1/things/%2e%2e", 400, "target.malformed"},
      {"broken escape", "GET", "/api/v1/things/%zz", 400, "target.malformed"},
      {"broken UTF-8", "GET", "/api/v1/things/%ff", 400, "target.malformed"},
      {"NUL", "GET", "/api/v1/things/%00", 400, "target.malformed"},
      {"a query field twice is a list", "GET", "/api/v1/things/x?q=1&q=2", 200, "1,2"},
      {"absolute form", "GET", "http://localhost/api/v1/things/special?q=1", 200, "special"},
      {"health", "GET", "/healthz", 200, "ok"},
      {"readiness", "GET", "/readyz", 200, "ready"},
  };
  const int port = start();
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Client client(port);
    const auto answer = client.request(row.method, row.target);
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(row.contains));
  }
  Client client(port);
  EXPECT_EQ(client.request("DELETE", "/api/v1/things/x").header("allow"), "GET, HEAD, PUT, OPTIONS");
  const auto options = client.request("OPTIONS", "/api/v1/things/x");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("allow"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(options.header("access-control-allow-origin"), "");
  EXPECT_EQ(client.request("OPTIONS", "/api/v1/nothing").status, 404);
}

TEST_F(HttpServer, HeadIsGetWithoutTheBody) {
  Client client(start());
  const auto answer = client.request("HEAD", "/api/v1/big");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "5011");
  EXPECT_EQ(client.request("GET", "/healthz").status, 200) << "the connection is still in step";
}

TEST_F(HttpServer, ProblemsSpeakTheReadersLanguage) {
  Client client(start());
  const auto zh = client.request("GET", "/api/v1/nothing");
  EXPECT_EQ(zh.header("content-type"), "application/problem+json; charset=utf-8");
  EXPECT_THAT(zh.body, HasSubstr("没有这个地址"));
  EXPECT_THAT(client.request("GET", "/api/v1/nothing", "Accept-Language: fr, en-GB;q=0.8, zh;q=0.3\r\n").body,
              HasSubstr("There is nothing at"));
  EXPECT_THAT(client.request("GET", "/api/v1/nothing", "Accept-Language: en\r\nCookie: qy_lang=zh\r\n").body,
              HasSubstr("没有这个地址"));
}

TEST_F(HttpServer, RefusesBrokenRequests) {
  struct Row {
    const char* name;
    std::string bytes;
    int status;
  };
  const Row rows[] = {
      {"not HTTP", "hello\r\n\r\n", 400},
      {"no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"a length beside chunks",
       "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"two lengths", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
       400},
      {"a negative length", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
      {"a blank before the colon", "GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"an unknown coding",
       "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
      {"broken chunks",
       "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: "
       "chunked\r\n\r\nzz\r\n\r\n",
       400},
      {"HTTP/2 in the clear", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"too large a head", "GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + std::string(20000, 'x') + "\r\n\r\n", 431},
      {"too long a target", "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"an announced body over the limit", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n",
       413},
      {"a chunked body over the limit",
       "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1400\r\n" +
           std::string(0x1400, 'x') + "\r\n0\r\n\r\n",
       413},
      {"JSON of another type",
       "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415},
      {"broken JSON",
       "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{]", 400},
      {"a body that never comes is not answered", "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{",
       0},
  };
  start();
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto answer = raw(row.bytes);
    EXPECT_EQ(answer.status, row.status) << answer.body;
  }
}

TEST_F(HttpServer, ClosesOnClientsThatDoNotFinishTheirHead) {
  Client client(start());
  client.send("GET /healthz HTTP/1.1\r\nHo");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, ReadsPipelinedAndChunkedRequestsInOrder) {
  Client client(start());
  const std::string chunked =
      "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n";
  client.send(chunked +
              "GET /api/v1/slow HTTP/1.1\r\nHost: a\r\n\r\nGET /api/v1/things/special HTTP/1.1\r\nHost: "
              "a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.receive().body, "{\"a\":1}");
  EXPECT_EQ(client.receive().body, "{\"done\":true}");
  const auto last = client.receive();
  EXPECT_EQ(last.body, "{\"special\":true}");
  EXPECT_EQ(last.header("connection"), "close");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServer, LetsAClientAskBeforeItSends) {
  Client client(start());
  client.send(
      "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: "
      "100-continue\r\n\r\n");
  client.send("{}");
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(HttpServer, ReadsLargeBodiesUpToTheRoutesLimit) {
  settings_.body_seconds = 20;
  Client client(start());
  EXPECT_EQ(client.request("POST", "/api/v1/sized", "", std::string(20u << 20, 'x')).body, "{\"size\":20971520}");
  EXPECT_EQ(client.request("POST", "/api/v1/sized", "", std::string(33u << 20, 'x')).status, 413);
}

TEST_F(HttpServer, ReadsUploads) {
  const std::string body =
      "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nscan\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\temp\\\\扫描 件.pdf\"\r\nContent-Type: "
      "application/pdf\r\n\r\n%PDF\r\n--X\r\n\r\n"
      "--B--\r\n";
  Client client(start());
  const auto answer =
      client.request("POST", "/api/v1/upload", "Content-Type: multipart/form-data; boundary=\"B\"\r\n", body);
  EXPECT_EQ(answer.body, R"([{"name":"kind","file":"","size":4},{"name":"file","file":"扫描 件.pdf","size":11}])");
  for (const char* broken :
       {"", "--B", "--B\r\n", "--B\r\n\r\n", "--Bx\r\n\r\n--B--", "--B\r\nno colon\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: attachment\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--B--"})
    EXPECT_EQ(
        client.request("POST", "/api/v1/upload", "Content-Type: multipart/form-data; boundary=B\r\n", broken).status,
        400)
        << broken;
  EXPECT_EQ(client.request("POST", "/api/v1/upload", "Content-Type: multipart/form-data\r\n", body).status, 400);
}

TEST_F(HttpServer, ServesTheWebAppAndNothingElse) {
  Client client(start());
  const auto page = client.request("GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("cache-control"), "no-cache");
  EXPECT_EQ(client.request("GET", "/", "If-None-Match: " + page.header("etag") + "\r\n").status, 304);
  EXPECT_THAT(client.request("GET", "/register/enterprises?page=2").body, HasSubstr("<title>app</title>"))
      << "an address inside the app";
  const auto asset = client.request("GET", "/assets/index-Bx3kQz9a.js", "Accept-Encoding: br, gzip\r\n");
  EXPECT_EQ(asset.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(asset.header("content-encoding"), "gzip");
  EXPECT_THAT(unzipped(asset.body), HasSubstr("console.log"));
  EXPECT_EQ(client.request("GET", "/assets/missing.js").status, 404);
  EXPECT_EQ(client.request("GET", "/link.txt").status, 404) << "a symbolic link could lead out";
  EXPECT_EQ(client.request("POST", "/").status, 405);
  for (const char* target : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%5c..%5csecret.txt",
                             "/.%2e/secret.txt", "//secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt"}) {
    const auto answer = client.request("GET", target);
    EXPECT_THAT(answer.body, Not(HasSubstr("outside the web root"))) << target;
    EXPECT_NE(answer.status, 200) << target;
  }
}

TEST_F(HttpServer, CompressesWhatIsWorthIt) {
  Client client(start());
  const auto zipped = client.request("GET", "/api/v1/big", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(zipped.header("content-encoding"), "gzip");
  EXPECT_EQ(zipped.header("vary"), "Accept-Encoding");
  EXPECT_EQ(unzipped(zipped.body).size(), 5011u);
  EXPECT_EQ(client.request("GET", "/api/v1/big").body.size(), 5011u);
  EXPECT_EQ(client.request("GET", "/api/v1/big", "Accept-Encoding: gzip;q=0\r\n").header("content-encoding"), "");
  EXPECT_EQ(client.request("GET", "/api/v1/things/special", "Accept-Encoding: gzip\r\n").header("content-encoding"), "")
      << "too small";
}

TEST_F(HttpServer, RevalidatesByETag) {
  Client client(start());
  const auto answer = client.request("GET", "/api/v1/things/x", "If-None-Match: \"6\", W/\"7\"\r\n");
  EXPECT_EQ(answer.status, 304);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(client.request("GET", "/api/v1/things/x", "If-None-Match: \"6\"\r\n").status, 200);
  EXPECT_EQ(client.request("PUT", "/api/v1/things/x", "If-Match: \"7\"\r\n").body, "{\"version\":7}");
  EXPECT_EQ(client.request("PUT", "/api/v1/things/x", "If-Match: 7\r\n").status, 400);
}

TEST_F(HttpServer, RefusesForgedWrites) {
  struct Row {
    const char* name;
    const char* headers;
    int status;
  };
  const Row rows[] = {
      {"no cookie, nothing to abuse", "", 201},
      {"our own page", "Cookie: qy_session=x\r\nOrigin: http://localhost\r\n", 201},
      {"our own page by fetch metadata", "Cookie: qy_session=x\r\nSec-Fetch-Site: same-origin\r\nOrigin: null\r\n",
       201},
      {"another site", "Cookie: qy_session=x\r\nOrigin: http://evil.example\r\n", 403},
      {"a sister site", "Cookie: qy_session=x\r\nSec-Fetch-Site: same-site\r\nOrigin: http://localhost\r\n", 403},
      {"a sandboxed frame", "Cookie: qy_session=x\r\nOrigin: null\r\n", 403},
      {"another port is another origin", "Cookie: qy_session=x\r\nOrigin: http://localhost:81\r\n", 403},
      {"no word about where it comes from", "Cookie: qy_session=x\r\n", 403},
  };
  start();
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Client fresh(server_->port());
    EXPECT_EQ(fresh.request("POST", "/api/v1/count", row.headers, "{}").status, row.status);
  }
  EXPECT_EQ(Client(server_->port())
                .request("GET", "/api/v1/big", "Cookie: qy_session=x\r\nOrigin: http://evil.example\r\n")
                .status,
            200);
}

TEST_F(HttpServer, LimitsRequestsPerAddress) {
  settings_.requests_per_minute = 5;
  Client client(start());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.request("GET", "/api/v1/things/x").status, 200);
  const auto refused = client.request("GET", "/api/v1/things/x");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "12");
  EXPECT_EQ(client.request("GET", "/").status, 200) << "the app's own files are not counted";
}

TEST(RateLimit, FillsUpAgainAndKeepsAddressesApart) {
  RateLimit limit(60);
  auto now = RateLimit::Clock::time_point(std::chrono::hours(1));
  for (int i = 0; i < 60; ++i) EXPECT_EQ(limit.seconds_to_wait("10.0.0.1", now), 0);
  EXPECT_EQ(limit.seconds_to_wait("10.0.0.1", now), 1);
  EXPECT_EQ(limit.seconds_to_wait("10.0.0.2", now), 0);
  EXPECT_EQ(limit.seconds_to_wait("10.0.0.1", now + std::chrono::seconds(1)), 0);
  for (int i = 0; i < 60; ++i) EXPECT_EQ(limit.seconds_to_wait("2001:db8:1:2::" + std::to_string(i), now), 0);
  EXPECT_EQ(limit.seconds_to_wait("2001:db8:1:2:3::9", now), 1) << "one /64 is one address";
}

TEST_F(HttpServer, AFileTakenAwaySinceTheStartDoesNotExist) {
  Client client(start());
  std::filesystem::remove(root_ / "web/assets/index-Bx3kQz9a.js");
  EXPECT_EQ(client.request("GET", "/assets/index-Bx3kQz9a.js").status, 404);
  EXPECT_EQ(client.request("GET", "/assets/index-Bx3kQz9a.js").status, 404) << "the second time too";
  EXPECT_EQ(client.request("GET", "/").status, 200);
}

TEST_F(HttpServer, HidesWhatFailedInside) {
  Client client(start());
  const auto answer = client.request("GET", "/api/v1/broken");
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, Not(HasSubstr("inner detail")));
  EXPECT_THAT(answer.body, HasSubstr(answer.header("x-request-id")));
  client.request("GET", "/healthz");
  EXPECT_THAT(log_->text(), HasSubstr("inner detail"));
}

TEST_F(HttpServer, RemembersAnswersByIdempotencyKey) {
  std::map<std::string, Response> memory;
  std::mutex mutex;
  settings_.recall = [&](const Request& r) -> std::optional<Response> {
    const std::lock_guard lock(mutex);
    const auto found = memory.find(r.header("idempotency-key"));
    return found == memory.end() ? std::nullopt : std::optional(found->second);
  };
  settings_.remember = [&](const Request& r, const Response& response) {
    const std::lock_guard lock(mutex);
    memory[r.header("idempotency-key")] = response;
  };
  Client client(start());
  EXPECT_EQ(client.request("POST", "/api/v1/count", "Idempotency-Key: a\r\n").body, "{\"count\":1}");
  EXPECT_EQ(client.request("POST", "/api/v1/count", "Idempotency-Key: a\r\n").body, "{\"count\":1}");
  EXPECT_EQ(client.request("POST", "/api/v1/count", "Idempotency-Key: b\r\n").body, "{\"count\":2}");
  EXPECT_EQ(client.request("POST", "/api/v1/count").body, "{\"count\":3}");
}

TEST_F(HttpServer, CountsByRouteForLoopbackOnly) {
  settings_.trust_proxy = true;
  Client client(start());
  client.request("GET", "/api/v1/things/a");
  client.request("GET", "/api/v1/things/b");
  const auto metrics = client.request("GET", "/metrics");
  EXPECT_THAT(metrics.body,
              HasSubstr(R"(qingyuan_http_requests_total{method="GET",route="/api/v1/things/{thing}",status="200"} 2)"));
  EXPECT_THAT(metrics.body, HasSubstr("process_resident_memory_bytes"));
  EXPECT_THAT(client.request("GET", "/metrics", "X-Forwarded-For: 10.0.0.9\r\n").body, Not(HasSubstr("qingyuan_http")));
}

TEST_F(HttpServer, BelievesTheNearestProxyOnly) {
  settings_.trust_proxy = true;
  settings_.requests_per_minute = 1;
  Client client(start());
  EXPECT_EQ(
      client.request("GET", "/api/v1/things/x", "X-Forwarded-For: 10.0.0.1, 10.0.0.2\r\nX-Forwarded-Proto: https\r\n")
          .header("strict-transport-security"),
      "max-age=31536000; includeSubDomains");
  EXPECT_EQ(client.request("GET", "/api/v1/things/x", "X-Forwarded-For: 10.9.9.9, 10.0.0.2\r\n").status, 429);
}

TEST_F(HttpServer, ServesManyAtOnce) {
  settings_.requests_per_minute = 0;
  const int port = start();
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&, t] {
      Client client(port);
      for (int i = 0; i < 200; ++i) {
        const auto id = std::to_string(t * 1000 + i);
        if (client.request("GET", "/api/v1/things/" + id).body == "{\"thing\":\"" + id + "\",\"q\":\"\"}") ++good;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 16 * 200);
}

TEST_F(HttpServer, StopsGracefully) {
  const int port = start();
  Client idle(port), busy(port);
  EXPECT_EQ(idle.request("GET", "/healthz").status, 200);
  busy.send("GET /api/v1/slow HTTP/1.1\r\nHost: a\r\n\r\n");
  while (slow_begun_ == 0) std::this_thread::yield();
  std::thread stopper([&] { server_->stop(5); });
  const auto answer = busy.receive();
  EXPECT_EQ(answer.body, "{\"done\":true}");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(idle.closed());
  stopper.join();
  EXPECT_THROW(Client(port, 1).request("GET", "/healthz"), std::runtime_error);
}

TEST_F(HttpServer, SaysWhenThePortIsTaken) {
  settings_.port = start();
  const auto second = Server::start(settings_, router_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "http.bind");
}

TEST(Download, NamesTheFileInBothWays) {
  const auto response = download("x", "application/pdf", "告知书 2026\".pdf");
  EXPECT_EQ(response.headers.at("Content-Disposition"),
            "attachment; filename=\"___ 2026_.pdf\"; filename*=UTF-8''%E5%91%8A%E7%9F%A5%E4%B9%A6%202026%22.pdf");
  EXPECT_THAT(response.headers.at("Content-Security-Policy"), HasSubstr("sandbox"));
}

TEST(Page, ReadsAndRefuses) {
  const auto page = [](const char* target) {
    Request request;
    EXPECT_TRUE(read_target(target, request));
    return page_of(request, {"name", "created_at"}, "-created_at");
  };
  EXPECT_EQ(page("/x")->sort, "created_at");
  EXPECT_TRUE(page("/x")->descending);
  EXPECT_EQ(page("/x?page=3&page_size=50")->offset(), 100);
  EXPECT_FALSE(page("/x?sort=name")->descending);
  EXPECT_EQ(page("/x?sort=password").error().code, "query.sort");
  EXPECT_EQ(page("/x?page=0").error().code, "query.integer");
  EXPECT_EQ(page("/x?page_size=201").error().code, "query.integer");
  EXPECT_EQ(page("/x?page=1e3").error().code, "query.integer");
}

TEST_F(HttpServer, AHandlerHearsThatItsPeerHasGone) {
  const int port = start();
  {
    Client client(port);
    client.send("GET /api/v1/patient HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 400 && slow_begun_ == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_EQ(slow_begun_, 1);
  }
  for (int i = 0; i < 400 && !left_alone_; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(left_alone_);
}

TEST_F(HttpServer, APeerThatWaitsOrSendsItsNextRequestHasNotGone) {
  Client client(start());
  client.send("GET /api/v1/patient HTTP/1.1\r\nHost: a\r\n\r\nGET /api/v1/things/special HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive().body, R"({"alone":false})");
  EXPECT_EQ(client.receive().status, 200);
}

}  // namespace
}  // namespace qy::http
