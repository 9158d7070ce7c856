// A load generator: N keep-alive connections, one thread, epoll. Sends the next request on a connection as soon as its answer is whole, for a
// number of seconds, and prints one JSON line: requests per second, latencies, answers by status.
//
//   http_load --port 8080 --seconds 10 --connections 32 --paths FILE [--method POST --body FILE] [--header 'Cookie: …']…
//
// FILE of --paths holds one path a line, taken in turn. In paths and body, {n} is the number of the request and {code} a valid
// 统一社会信用代码 made from it, so that every create is a new one.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

/// A credit code with both check characters (GB 32100-2015), made from a number below 36^8.
std::string credit_code(std::uint64_t n) {
  static const std::string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  std::string body(8, '0');
  for (int i = 7; i >= 0; --i, n /= 10) body[static_cast<std::size_t>(i)] = static_cast<char>('0' + n % 10);
  static const int organisation[] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (int i = 0; i < 8; ++i) sum += (body[static_cast<std::size_t>(i)] - '0') * organisation[i];
  const int check = (11 - sum % 11) % 11;
  std::string code = "91990100" + body + (check == 10 ? 'X' : static_cast<char>('0' + check));
  sum = 0;
  for (int i = 0, weight = 1; i < 17; ++i, weight = weight * 3 % 31)
    sum += static_cast<int>(alphabet.find(code[static_cast<std::size_t>(i)])) * weight;
  return code + alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
}

struct Plan {
  int port = 8080, connections = 32;
  double seconds = 10;
  std::string method = "GET", headers, body;
  std::vector<std::string> paths;
  std::uint64_t first = 0;

  std::string request(std::uint64_t n) const {
    auto path = paths[n % paths.size()];
    auto content = body;
    const auto number = std::to_string(first + n), code = credit_code(first + n);
    for (auto* text : {&path, &content}) {
      replace_all(*text, "{n}", number);
      replace_all(*text, "{code}", code);
    }
    auto out = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\nAccept: application/json\r\n" + headers;
    if (!content.empty()) out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(content.size()) + "\r\n";
    return out + "\r\n" + content;
  }
};

struct Connection {
  int fd = -1;
  std::string in;
  Clock::time_point sent;
};

/// The status of a whole answer at the front of `in`, which is then removed; 0 while it is not whole. Answers carry Content-Length.
int take_answer(std::string& in) {
  const auto head = in.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  std::string lower = in.substr(0, head);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto at = lower.find("content-length:");
  const std::size_t length = at == std::string::npos ? 0 : std::strtoul(lower.c_str() + at + 15, nullptr, 10);
  if (in.size() < head + 4 + length) return 0;
  const int status = std::atoi(in.c_str() + 9);
  in.erase(0, head + 4 + length);
  return status;
}

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "http_load: " << what << '\n';
  std::exit(2);
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  if (!file) fail("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Plan plan_from(int count, char** words) {
  Plan plan;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i], value = words[i + 1];
    if (name == "--port") plan.port = std::stoi(value);
    else if (name == "--connections") plan.connections = std::stoi(value);
    else if (name == "--seconds") plan.seconds = std::stod(value);
    else if (name == "--method") plan.method = value;
    else if (name == "--header") plan.headers += value + "\r\n";
    else if (name == "--body") plan.body = contents(value);
    else if (name == "--first") plan.first = std::stoull(value);
    else if (name == "--paths") {
      std::istringstream lines(contents(value));
      for (std::string line; std::getline(lines, line);) if (!line.empty()) plan.paths.push_back(line);
    } else fail("unknown option " + name);
  }
  if (plan.paths.empty()) fail("--paths FILE is missing or empty");
  return plan;
}

}  // namespace

int main(int count, char** words) {
  const auto plan = plan_from(count, words);
  const int poll = epoll_create1(0);
  std::vector<Connection> connections(static_cast<std::size_t>(plan.connections));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(plan.port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

  std::uint64_t sent = 0;
  const auto send_next = [&](Connection& connection) {
    const auto request = plan.request(sent++);
    connection.sent = Clock::now();
    if (::send(connection.fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) fail("a request was not taken whole");
  };
  const auto start = Clock::now();
  const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan.seconds));
  for (std::size_t i = 0; i < connections.size(); ++i) {
    auto& connection = connections[i];
    connection.fd = ::socket(AF_INET, SOCK_STREAM, 0);
    if (::connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail(std::string("connect: ") + std::strerror(errno));
    const int yes = 1;
    ::setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(poll, EPOLL_CTL_ADD, connection.fd, &event);
    send_next(connection);
  }

  std::vector<float> latencies;
  latencies.reserve(1 << 20);
  std::map<int, std::uint64_t> answers;
  std::size_t open = connections.size();
  while (open > 0) {
    epoll_event events[64];
    const int ready = epoll_wait(poll, events, 64, 5000);
    if (ready == 0) fail("no answer for five seconds");
    for (int i = 0; i < ready; ++i) {
      auto& connection = connections[events[i].data.u64];
      char buffer[1 << 16];
      const auto got = ::recv(connection.fd, buffer, sizeof buffer, 0);
      if (got <= 0) fail("the server closed a connection");
      connection.in.append(buffer, static_cast<std::size_t>(got));
      const int status = take_answer(connection.in);
      if (status == 0) continue;
      const auto now = Clock::now();
      ++answers[status];
      latencies.push_back(std::chrono::duration<float, std::milli>(now - connection.sent).count());
      if (now < end) send_next(connection);
      else { ::close(connection.fd); --open; }
    }
  }

  const double took = std::chrono::duration<double>(Clock::now() - start).count();
  std::sort(latencies.begin(), latencies.end());
  const auto quantile = [&](double q) { return latencies[static_cast<std::size_t>(q * static_cast<double>(latencies.size() - 1))]; };
  std::printf("{\"requests\": %zu, \"per_second\": %.0f, \"p50_ms\": %.2f, \"p95_ms\": %.2f, \"p99_ms\": %.2f, \"answers\": {", latencies.size(),
              static_cast<double>(latencies.size()) / took, quantile(0.5), quantile(0.95), quantile(0.99));
  const char* comma = "";
  for (const auto& [status, number] : answers) { std::printf("%s\"%d\": %llu", comma, status, static_cast<unsigned long long>(number)); comma = ", "; }
  std::printf("}}\n");
}
