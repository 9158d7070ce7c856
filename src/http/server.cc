#include <poll.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <condition_variable>
#include <ctime>
#include <list>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "http/answering.h"

namespace qy::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using tcp = net::ip::tcp;
using beast::error_code;
using namespace std::chrono_literals;

constexpr auto kQuietly = net::as_tuple(net::use_awaitable);
constexpr std::size_t kHeaderLimit = 16 * 1024;
constexpr std::size_t kSlowestBytesPerSecond = 16 * 1024;

/// The part of a connection that others may touch: the server asks idle ones to close when it stops.
struct Connection {
  std::function<void()> cancel;  ///< runs on the connection's executor
  net::any_io_executor executor;
  bool idle = true;  ///< only touched on the executor
};

/// IMF-fixdate of this second.
const std::string& http_date() {
  thread_local std::time_t last = 0;
  thread_local std::string text;
  if (const auto now = std::time(nullptr); now != last) {
    last = now;
    std::tm parts{};
    gmtime_r(&now, &parts);
    char buffer[40];
    std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text = buffer;
  }
  return text;
}

/// A header line. A line break in a value would begin a header of somebody else's choosing: it becomes a blank.
void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  const auto from = head.size();
  head.append(value);
  for (auto i = from; i < head.size(); ++i)
    if (static_cast<unsigned char>(head[i]) < 0x20) head[i] = ' ';
  head.append("\r\n");
}

/// Status line and headers of an answer, with the empty line that ends them.
std::string head_of(const Request& request, const Response& response, bool keep) {
  std::string head;
  head.reserve(1400);
  const auto status = static_cast<beast::http::status>(response.status);
  const auto reason = beast::http::obsolete_reason(status);
  head.append("HTTP/1.1 ")
      .append(std::to_string(response.status))
      .append(" ")
      .append(reason.data(), reason.size())
      .append("\r\n");
  append_header(head, "Date", http_date());
  append_header(head, "X-Request-Id", request.id);
  for (const auto& [name, value] : response.headers) append_header(head, name, value);
  for (const auto& cookie : response.set_cookies) append_header(head, "Set-Cookie", cookie);
  if (response.status != 204 && response.status != 304)
    append_header(head, "Content-Length", std::to_string(response.body.size()));
  if (!keep) append_header(head, "Connection", "close");
  for (const auto& [name, value] : kSecurityHeaders)
    if (!response.headers.contains(name)) head.append(name).append(": ").append(value).append("\r\n");
  head.append("\r\n");
  return head;
}

/// Names in lower case; a header given more than once is one list.
void read_fields(const beast::http::fields& fields, Request& request) {
  for (const auto& field : fields) {
    auto& value =
        request.headers[lower_ascii(std::string_view(field.name_string().data(), field.name_string().size()))];
    const std::string_view text(field.value().data(), field.value().size());
    if (value.empty())
      value = text;
    else
      value.append(field.name() == beast::http::field::cookie ? "; " : ", ").append(text);
  }
}

// g++ 12 compiles some coroutine code wrongly: initializer lists of strings, a co_await inside ?:, temporaries handed
// to a coroutine by value. So errors are made here, arguments are named and travel by reference.
Error malformed(const char* code, const char* name, std::string value) {
  return {ErrorKind::malformed, code, {{name, std::move(value)}}};
}
Error too_large(std::size_t limit) {
  return {ErrorKind::too_many, "body.too_large", {{"limit", std::to_string(limit)}}};
}
Error busy() { return {ErrorKind::unavailable, "server.busy", {{"retry_after", "1"}}}; }

/// Asks the socket without reading from it; what the peer still sends stays for the next request.
std::function<bool()> closed_by_peer(int socket) {
  return [socket] {
    pollfd asked{socket, POLLRDHUP, 0};
    return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
  };
}

Error unreadable_head(const error_code& problem) {
  const bool large = problem == beast::http::error::header_limit || problem == beast::http::error::buffer_overflow;
  return large ? malformed("headers.too_large", "limit", std::to_string(kHeaderLimit))
               : malformed("request.malformed", "reason", problem.message());
}

void log_failure(spdlog::logger& log, const char* what) {
  log.error(json::dump(json::Object{{"level", "error"}, {"event", "connection"}, {"what", what}}));
}

class BeastServer : public Server {
 public:
  BeastServer(const ServerSettings& settings, const Router& router)
      : settings_(settings),
        answering_(settings_, router),
        io_(std::max(1, settings.io_threads)),
        acceptor_(io_),
        readers_(static_cast<std::size_t>(std::clamp(settings.workers, 1, most_readers()))),
        workers_(static_cast<std::size_t>(std::max(1, settings.workers))) {}

  ~BeastServer() override { stop(0); }

  Result<void> open() {
    if (!settings_.tls_certificate.empty()) QY_CHECK(open_tls());
    error_code problem;
    const auto address = net::ip::make_address(settings_.address, problem);
    if (!problem) {
      const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(settings_.port));
      acceptor_.open(endpoint.protocol(), problem);
      if (!problem) acceptor_.set_option(net::socket_base::reuse_address(true), problem);
      if (!problem) acceptor_.bind(endpoint, problem);
      if (!problem) acceptor_.listen(1024, problem);
    }
    if (problem)
      return Error{
          ErrorKind::unavailable,
          "http.bind",
          {{"address", settings_.address}, {"port", std::to_string(settings_.port)}, {"reason", problem.message()}}};
    port_ = acceptor_.local_endpoint().port();
    net::co_spawn(io_, accept(), net::detached);
    for (int i = 0; i < std::max(1, settings_.io_threads); ++i) threads_.emplace_back([this] { io_.run(); });
    return {};
  }

  int port() const override { return port_; }

  void stop(int seconds) override {
    if (stopped_.exchange(true)) return;
    answering_.stopping = true;
    net::post(io_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    close_idle();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    std::unique_lock lock(mutex_);
    empty_.wait_until(lock, deadline, [&] { return connections_.empty(); });
    lock.unlock();
    readers_.join();
    workers_.join();  // handlers under way finish: they may be inside a transaction
    io_.stop();
    for (auto& thread : threads_) thread.join();
  }

 private:
  Result<void> open_tls() {
    error_code problem;
    tls_.emplace(net::ssl::context::tls_server);
    tls_->set_options(net::ssl::context::default_workarounds | net::ssl::context::no_tlsv1 |
                          net::ssl::context::no_tlsv1_1 | net::ssl::context::no_compression,
                      problem);
    if (!problem) tls_->use_certificate_chain_file(settings_.tls_certificate, problem);
    if (!problem) tls_->use_private_key_file(settings_.tls_key, net::ssl::context::pem, problem);
    if (problem) return Error{ErrorKind::unavailable, "http.tls", {{"reason", problem.message()}}};
    return {};
  }

  void close_idle() {
    const std::lock_guard lock(mutex_);
    for (const auto& connection : connections_)
      net::post(connection->executor, [connection] {
        if (connection->idle && connection->cancel) connection->cancel();
      });
  }

  net::awaitable<void> accept() {
    for (;;) {
      const net::any_io_executor executor = settings_.io_threads > 1 ? net::any_io_executor(net::make_strand(io_))
                                                                     : net::any_io_executor(io_.get_executor());
      auto [problem, socket] = co_await acceptor_.async_accept(executor, kQuietly);
      if (answering_.stopping || !acceptor_.is_open()) co_return;
      if (problem) {  // out of descriptors: wait for some to come back
        answering_.metrics().refused("accept");
        net::steady_timer pause(io_, 50ms);
        co_await pause.async_wait(kQuietly);
        continue;
      }
      {
        const std::lock_guard lock(mutex_);
        if (connections_.size() >= static_cast<std::size_t>(settings_.max_connections)) {
          answering_.metrics().refused("connections");
          continue;  // the socket closes
        }
      }
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      net::co_spawn(executor, welcome(tcp::socket(std::move(socket))), net::detached);
    }
  }

  net::awaitable<void> welcome(tcp::socket socket) {
    auto connection = std::make_shared<Connection>();
    connection->executor = socket.get_executor();
    error_code problem;
    const auto peer = socket.remote_endpoint(problem);
    if (problem) co_return;
    std::list<std::shared_ptr<Connection>>::iterator place;
    {
      const std::lock_guard lock(mutex_);
      place = connections_.insert(connections_.end(), connection);
    }
    answering_.metrics().connections(1);
    try {
      if (tls_) {
        beast::ssl_stream<beast::tcp_stream> stream(std::move(socket), *tls_);
        auto& lowest = beast::get_lowest_layer(stream);
        connection->cancel = [&lowest] { lowest.cancel(); };
        lowest.expires_after(std::chrono::seconds(settings_.header_seconds));
        const auto [failed] = co_await stream.async_handshake(net::ssl::stream_base::server, kQuietly);
        if (!failed) {
          co_await converse(stream, *connection, peer.address());
          lowest.expires_after(2s);
          co_await stream.async_shutdown(kQuietly);
        }
        connection->cancel = nullptr;
      } else {
        beast::tcp_stream stream(std::move(socket));
        connection->cancel = [&stream] { stream.cancel(); };
        co_await converse(stream, *connection, peer.address());
        connection->cancel = nullptr;
      }
    } catch (const std::exception& broken) {
      connection->cancel = nullptr;
      if (settings_.log) log_failure(*settings_.log, broken.what());
    }
    answering_.metrics().connections(-1);
    const std::lock_guard lock(mutex_);
    connections_.erase(place);
    if (connections_.empty()) empty_.notify_all();
  }

  /// One connection: requests one after the other, in the order they were sent, until either side has enough.
  template <class Stream>
  net::awaitable<void> converse(Stream& stream, Connection& connection, net::ip::address peer) {
    auto& lowest = beast::get_lowest_layer(stream);
    beast::flat_buffer buffer(kHeaderLimit + 64 * 1024);
    for (bool first = true;; first = false) {
      connection.idle = true;
      if (answering_.stopping) co_return;
      if (buffer.size() == 0) {
        lowest.expires_after(std::chrono::seconds(first ? settings_.header_seconds : settings_.idle_seconds));
        const auto [problem, count] = co_await stream.async_read_some(buffer.prepare(4096), kQuietly);
        if (problem) co_return;
        buffer.commit(count);
      }
      const auto kept = co_await one_request(stream, connection, buffer, peer);
      if (!kept) co_return;
    }
  }

  /// Reads and answers one request. False when the connection must close.
  template <class Stream>
  net::awaitable<bool> one_request(Stream& stream, Connection& connection, beast::flat_buffer& buffer,
                                   const net::ip::address& peer) {
    auto& lowest = beast::get_lowest_layer(stream);
    beast::http::request_parser<beast::http::string_body> parser;
    parser.header_limit(kHeaderLimit);
    parser.body_limit(boost::none);
    lowest.expires_after(std::chrono::seconds(settings_.header_seconds));
    if (const auto [problem, count] = co_await beast::http::async_read_header(stream, buffer, parser, kQuietly);
        problem) {
      if (is_protocol_error(problem)) {
        Request nameless = new_request(peer, false);
        const Error error = unreadable_head(problem);
        co_await refuse(stream, nameless, error);
      }
      co_return false;
    }
    connection.idle = false;
    const auto begun = std::chrono::steady_clock::now();

    const auto& head = parser.get();
    Request request = new_request(peer, std::is_same_v<Stream, beast::ssl_stream<beast::tcp_stream>>);
    request.method = std::string(head.method_string().data(), head.method_string().size());
    read_fields(head, request);
    if (const char* reason = broken_framing(head)) {
      const Error error = malformed("request.malformed", "reason", reason);
      co_await refuse(stream, request, error);
      co_return false;
    }
    behind_proxy(request);

    const std::string target(head.target().data(), head.target().size());
    const auto length = parser.content_length();
    auto admission = answering_.admit(request, target, length ? std::optional<std::uint64_t>(*length) : std::nullopt,
                                      peer.is_loopback() && !request.headers.contains("x-forwarded-for"));
    const bool has_body = !parser.is_done();
    bool unread = has_body;
    if (!admission.response && has_body) {
      parser.body_limit(admission.body_limit);
      if (lower_ascii(request.header("expect")) == "100-continue") {
        beast::http::response<beast::http::string_body> go_on(beast::http::status::continue_, 11);
        if (const auto [problem, count] = co_await beast::http::async_write(stream, go_on, kQuietly); problem)
          co_return false;
      }
      lowest.expires_after(std::chrono::seconds(settings_.body_seconds +
                                                static_cast<long>(admission.body_limit / kSlowestBytesPerSecond)));
      const auto [problem, count] = co_await beast::http::async_read(stream, buffer, parser, kQuietly);
      if (problem == beast::http::error::body_limit) {
        answering_.metrics().refused("body.too_large");
        admission.response = problem_of(request, too_large(admission.body_limit));
      } else if (problem) {
        const Error error = malformed("request.malformed", "reason", problem.message());
        if (is_protocol_error(problem)) co_await refuse(stream, request, error);
        co_return false;
      } else {
        unread = false;
      }
    }
    const bool wants_more = parser.keep_alive() && head.version() == 11;
    if (!unread && has_body) request.body = std::move(parser.get().body());

    request.gone = closed_by_peer(lowest.socket().native_handle());

    Response response;
    if (admission.response)
      response = std::move(*admission.response);
    else
      co_await on_worker(request, admission, response);
    const bool keep = wants_more && !unread && !answering_.stopping;
    const auto bytes = co_await write(stream, request, response, keep);
    answering_.record(request, admission, response, bytes,
                      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    if (unread) co_await linger(stream);
    co_return keep&& bytes > 0;
  }

  Request new_request(const net::ip::address& peer, bool tls) {
    Request request;
    request.id = answering_.next_id();
    request.remote = peer.is_v6() && peer.to_v6().is_v4_mapped()
                         ? net::ip::make_address_v4(net::ip::v4_mapped, peer.to_v6()).to_string()
                         : peer.to_string();
    request.secure = tls;
    return request;
  }

  void behind_proxy(Request& request) const {
    if (!settings_.trust_proxy) return;
    // The nearest proxy appends: only the last entry is its own word.
    const auto forwarded = request.header("x-forwarded-for");
    if (const auto last = trim(std::string_view(forwarded).substr(forwarded.rfind(',') + 1)); !last.empty()) {
      error_code problem;
      const auto address = net::ip::make_address(std::string(last), problem);
      if (!problem) request.remote = address.to_string();
    }
    if (lower_ascii(request.header("x-forwarded-proto")) == "https") request.secure = true;
  }

  static bool is_protocol_error(const error_code& problem) {
    return problem.category() == beast::http::make_error_code(beast::http::error::bad_method).category() &&
           problem != beast::http::error::end_of_stream && problem != beast::http::error::partial_message;
  }

  /// Heads that two programs could understand differently are refused: no Host or several, a length beside chunks,
  /// several lengths.
  template <class Head>
  static const char* broken_framing(const Head& head) {
    using beast::http::field;
    if (head.version() != 11 && head.version() != 10) return "unsupported version";
    const auto hosts = head.count(field::host);
    if (hosts > 1 || (hosts == 0 && head.version() == 11)) return "exactly one Host header is needed";
    if (head.count(field::content_length) > 1) return "more than one Content-Length";
    if (head.count(field::transfer_encoding) > 0) {
      if (head.count(field::content_length) > 0) return "Content-Length beside Transfer-Encoding";
      if (head.count(field::transfer_encoding) > 1 || !beast::iequals(head[field::transfer_encoding], "chunked"))
        return "unsupported Transfer-Encoding";
      if (head.version() == 10) return "Transfer-Encoding in HTTP/1.0";
    }
    return nullptr;
  }

  /// Runs the handler on a worker; the coroutine goes on where it was.
  net::awaitable<void> on_worker(const Request& request, const Admission& admission, Response& response) {
    if (waiting_.fetch_add(1) >= settings_.max_waiting) {
      --waiting_;
      answering_.metrics().refused("server.busy");
      response = problem_of(request, busy());
      co_return;
    }
    co_await net::async_initiate<const net::use_awaitable_t<>, void()>(
        [&](auto resume) {
          auto& pool = request.method == "GET" || request.method == "HEAD" ? readers_ : workers_;
          net::post(pool, [&, resume = std::move(resume)]() mutable {
            --waiting_;
            response = answering_.answer(request, admission);
            net::post(std::move(resume));
          });
        },
        net::use_awaitable);
  }

  static Response problem_of(const Request& request, const Error& error) {
    return problem(error, request.language, request.id);
  }

  /// Sends the answer and returns how many bytes it took; 0 when the peer did not take it.
  template <class Stream>
  net::awaitable<std::size_t> write(Stream& stream, const Request& request, Response& response, bool keep) {
    answering_.complete(request, response);
    const std::string head = head_of(request, response, keep);
    const auto length = response.body.size();
    const bool with_body = request.method != "HEAD" && response.status != 204 && response.status != 304;
    const std::array<net::const_buffer, 2> message{net::buffer(head),
                                                   with_body ? net::buffer(response.body) : net::const_buffer()};
    beast::get_lowest_layer(stream).expires_after(
        std::chrono::seconds(settings_.body_seconds + static_cast<long>(length / kSlowestBytesPerSecond)));
    const auto [problem, count] = co_await net::async_write(stream, message, kQuietly);
    co_return problem ? 0 : count;
  }

  /// A request that was not read to its end: answer, then let the peer finish talking for a moment, or it would never
  /// see the answer.
  template <class Stream>
  net::awaitable<void> refuse(Stream& stream, Request& request, const Error& error) {
    answering_.metrics().refused(error.code.c_str());
    request.language = language_of(request);
    const Admission admission;
    Response response = problem_of(request, error);
    const auto bytes = co_await write(stream, request, response, false);
    answering_.record(request, admission, response, bytes, 0);
    co_await linger(stream);
  }

  template <class Stream>
  net::awaitable<void> linger(Stream& stream) {
    auto& lowest = beast::get_lowest_layer(stream);
    error_code ignored;
    if constexpr (std::is_same_v<Stream, beast::tcp_stream>)
      lowest.socket().shutdown(tcp::socket::shutdown_send, ignored);
    lowest.expires_after(2s);
    char sink[16 * 1024];
    for (std::size_t total = 0; total < (8u << 20);) {
      const auto [problem, count] = co_await lowest.async_read_some(net::buffer(sink), kQuietly);
      if (problem) co_return;
      total += count;
    }
  }

  const ServerSettings settings_;
  Answering answering_;
  net::io_context io_;
  tcp::acceptor acceptor_;
  // Reads keep the cores busy, and more threads than that only take turns; writes wait for the disk together.
  static int most_readers() { return std::max(8, 2 * static_cast<int>(std::thread::hardware_concurrency())); }
  net::thread_pool readers_, workers_;
  std::optional<net::ssl::context> tls_;
  std::vector<std::thread> threads_;
  int port_ = 0;
  std::atomic<int> waiting_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::condition_variable empty_;
  std::list<std::shared_ptr<Connection>> connections_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerSettings& settings, const Router& router) {
  auto server = std::make_unique<BeastServer>(settings, router);
  QY_CHECK(server->open());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace qy::http
