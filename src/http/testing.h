#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/text.h"

/// A raw HTTP client for tests: sends exactly the bytes it is given, so that broken requests can be told apart from
/// good ones.
namespace qy::http::testing {

struct Answer {
  int status = 0;                              ///< 0: the peer closed without an answer
  std::map<std::string, std::string> headers;  ///< names in lower case; several Set-Cookie are joined by "\n"
  std::string body;
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

class Client {
 public:
  explicit Client(int port, int timeout_seconds = 10) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval timeout{timeout_seconds, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("cannot connect to the server under test");
    }
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// False when the peer no longer takes bytes.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// Reads one answer. `head_only` for answers to HEAD.
  Answer receive(bool head_only = false) {
    Answer answer;
    std::size_t end;
    while ((end = pending_.find("\r\n\r\n")) == std::string::npos)
      if (!fill()) return answer;
    const auto head = pending_.substr(0, end);
    pending_.erase(0, end + 4);
    if (head.rfind("HTTP/1.1 ", 0) != 0) throw std::runtime_error("not an HTTP answer: " + head);
    answer.status = std::stoi(head.substr(9, 3));
    for (std::size_t at = head.find("\r\n"); at != std::string::npos;) {
      const auto next = head.find("\r\n", at + 2);
      const auto line = head.substr(at + 2, next == std::string::npos ? std::string::npos : next - at - 2);
      const auto colon = line.find(':');
      auto& value = answer.headers[lower_ascii(line.substr(0, colon))];
      if (!value.empty()) value += "\n";
      value += trim(std::string_view(line).substr(colon + 1));
      at = next;
    }
    if (answer.status == 100) return receive(head_only);
    const auto length =
        answer.headers.contains("content-length") && !head_only ? std::stoul(answer.headers["content-length"]) : 0;
    while (pending_.size() < length)
      if (!fill()) throw std::runtime_error("the answer ended early");
    answer.body = pending_.substr(0, length);
    pending_.erase(0, length);
    return answer;
  }

  /// Sends a well-formed request with Host, the given header lines ("Name: value\r\n") and, when not empty, a body.
  Answer request(const std::string& method, const std::string& target, const std::string& headers = "",
                 const std::string& body = "") {
    send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
         (body.empty() && method != "POST" ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" +
         body);
    return receive(method == "HEAD");
  }

  /// True when the peer has closed and nothing is left to read.
  bool closed() { return pending_.empty() && !fill(); }
  void half_close() { ::shutdown(socket_, SHUT_WR); }

 private:
  bool fill() {
    char bytes[16384];
    const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    pending_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  std::string pending_;
};

}  // namespace qy::http::testing
