// A client that sends any bytes, also wrong ones, and reads what comes back. For tests.
#ifndef CERTWRIGHT_TESTS_TRANSPORT_RAW_CLIENT_H_
#define CERTWRIGHT_TESTS_TRANSPORT_RAW_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace certwright {

struct RawAnswer {
  std::string head = {};
  std::string body = {};
};

// One connection to a port of this machine. Every wait ends after 20 s, as a failure.
class RawClient {
 public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int one = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    is_connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  virtual ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool is_connected() const { return is_connected_; }

  // False once the server has reset the connection.
  bool Send(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = SendSome(bytes);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void FinishSending() { ::shutdown(socket_, SHUT_WR); }

  // The next answer; its head is empty if the connection ended first.
  RawAnswer Read(bool has_body = true) {
    RawAnswer answer;
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!ReadMore()) return answer;
    }
    answer.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    const std::size_t length = has_body ? LengthIn(answer.head) : 0;
    while (buffer_.size() < length && ReadMore()) {
    }
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return answer;
  }

  // Waits for the server to close; all that it sent until then.
  std::string ReadToEnd() {
    while (ReadMore()) {
    }
    return buffer_;
  }

  bool HasBytes(int milliseconds) {
    pollfd wait = {.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&wait, 1, milliseconds) == 1;
  }

 protected:
  int socket() const { return socket_; }

 private:
  virtual ssize_t SendSome(absl::string_view bytes) {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  virtual ssize_t ReceiveSome(char* into, std::size_t size) {
    return ::recv(socket_, into, size, 0);
  }

  static std::size_t LengthIn(absl::string_view head) {
    constexpr absl::string_view kName = "Content-Length: ";
    const std::size_t at = head.find(kName);
    std::size_t length = 0;
    if (at == absl::string_view::npos) return 0;
    const absl::string_view rest = head.substr(at + kName.size());
    return absl::SimpleAtoi(rest.substr(0, rest.find('\r')), &length) ? length : 0;
  }

  bool ReadMore() {
    if (!HasBytes(20'000)) FAIL("nothing came within 20 seconds");
    char bytes[16384];
    const ssize_t count = ReceiveSome(bytes, sizeof bytes);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  const int socket_;
  bool is_connected_ = false;
  std::string buffer_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_TRANSPORT_RAW_CLIENT_H_
