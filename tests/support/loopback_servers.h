// A name server and a web server on loopback that answer as a test scripts them.
#ifndef CERTWRIGHT_TESTS_SUPPORT_LOOPBACK_SERVERS_H_
#define CERTWRIGHT_TESTS_SUPPORT_LOOPBACK_SERVERS_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "adapters/dns/resolver.h"

namespace certwright {

inline sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Binds a socket of `type` to a loopback port, 0 for any, and says which; -1 if it is taken.
inline int BindLoopback(int type, int& port) {
  const int socket_fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(port);
  socklen_t length = sizeof address;
  if (bind(socket_fd, reinterpret_cast<sockaddr*>(&address), length) != 0) {
    close(socket_fd);
    return -1;
  }
  getsockname(socket_fd, reinterpret_cast<sockaddr*>(&address), &length);
  port = ntohs(address.sin_port);
  if (type == SOCK_STREAM) listen(socket_fd, 16);
  return socket_fd;
}

inline void SendAll(int socket_fd, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t sent = send(socket_fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) return;
    at += static_cast<std::size_t>(sent);
  }
}

// A thread that waits on sockets until it is destroyed.
class SocketLoop {
 public:
  template <typename Serve>
  SocketLoop(std::vector<int> sockets, Serve serve) : sockets_(std::move(sockets)) {
    [[maybe_unused]] const int made = pipe(wake_);
    assert(made == 0);
    thread_ = std::thread([this, serve] {
      for (;;) {
        std::vector<pollfd> polled = {{wake_[0], POLLIN, 0}};
        for (const int socket_fd : sockets_) polled.push_back({socket_fd, POLLIN, 0});
        poll(polled.data(), polled.size(), -1);
        if (polled[0].revents != 0) return;
        for (std::size_t i = 1; i < polled.size(); ++i) {
          if (polled[i].revents != 0) serve(polled[i].fd);
        }
      }
    });
  }
  ~SocketLoop() {
    close(wake_[1]);
    thread_.join();
    close(wake_[0]);
    for (const int socket_fd : sockets_) close(socket_fd);
  }
  SocketLoop(const SocketLoop&) = delete;
  SocketLoop& operator=(const SocketLoop&) = delete;

 private:
  std::vector<int> sockets_;
  int wake_[2] = {-1, -1};
  std::thread thread_;
};

// What a name server says to one question.
struct DnsReply {
  std::vector<std::string> records = {};  // rdata on the wire, of the type that was asked
  int code = 0;                           // 2 SERVFAIL, 3 NXDOMAIN, 4 NOTIMP, 5 REFUSED
  bool is_silent = false;
  bool only_tcp = false;   // over UDP: truncated and empty
  std::string alias = {};  // a CNAME that leads to where the records stand
};

inline std::string DnsName(const std::string& name) {
  std::string wire;
  for (const absl::string_view label : absl::StrSplit(name, '.')) {
    wire += static_cast<char>(label.size());
    wire.append(label.data(), label.size());
  }
  return wire + '\0';
}
inline std::string TxtData(const std::vector<std::string>& strings) {
  std::string wire;
  for (const std::string& text : strings) wire += static_cast<char>(text.size()) + text;
  return wire;
}
inline std::string CaaData(int flags, const std::string& tag, const std::string& value) {
  return std::string{static_cast<char>(flags), static_cast<char>(tag.size())} + tag + value;
}

class ScriptedNameServer {
 public:
  // What is not scripted does not exist.
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }
  void Answer(const std::string& name, DnsType type, DnsReply reply) {
    absl::MutexLock lock(&mutex_);
    replies_[{name, static_cast<int>(type)}] = std::move(reply);
  }
  // "a.example.com 257" for each question that arrived.
  std::vector<std::string> asked() const {
    absl::MutexLock lock(&mutex_);
    return asked_;
  }

 private:
  static int BindBoth(int& port, int& stream) {
    for (;;) {
      port = 0;
      const int datagrams = BindLoopback(SOCK_DGRAM, port);
      stream = BindLoopback(SOCK_STREAM, port);
      if (stream >= 0) return datagrams;
      close(datagrams);
    }
  }

  void Serve(int ready) { ready == stream_ ? ServeStream() : ServeDatagram(); }

  void ServeDatagram() {
    char bytes[512];
    sockaddr_in from = {};
    socklen_t length = sizeof from;
    const ssize_t got =
        recvfrom(datagrams_, bytes, sizeof bytes, 0, reinterpret_cast<sockaddr*>(&from), &length);
    if (got <= 0) return;
    const std::string reply = Reply(std::string(bytes, static_cast<std::size_t>(got)), false);
    if (reply.empty()) return;
    sendto(datagrams_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
  }

  void ServeStream() {
    const int peer = accept(stream_, nullptr, nullptr);
    char bytes[514];
    std::size_t got = 0;
    while (got < 2 || got < 2U + static_cast<unsigned char>(bytes[1])) {
      const ssize_t more = recv(peer, bytes + got, sizeof bytes - got, 0);
      if (more <= 0) break;
      got += static_cast<std::size_t>(more);
    }
    if (got > 2) {
      const std::string reply = Reply(std::string(bytes + 2, got - 2), true);
      SendAll(peer, Short(reply.size()) + reply);
    }
    close(peer);
  }

  static std::string Short(std::size_t value) {
    return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
  }
  static std::string Record(const std::string& owner, int type, const std::string& data) {
    return owner + Short(static_cast<std::size_t>(type)) + std::string("\0\1\0\0\0\1", 6) +
           Short(data.size()) + data;
  }

  std::string Reply(const std::string& query, bool is_stream) {
    std::string name;
    std::size_t at = 12;
    while (at < query.size() && query[at] != 0) {
      const std::size_t label = static_cast<unsigned char>(query[at]);
      absl::StrAppend(&name, name.empty() ? "" : ".",
                      absl::AsciiStrToLower(query.substr(at + 1, label)));
      at += 1 + label;
    }
    const int type =
        static_cast<unsigned char>(query[at + 1]) << 8 | static_cast<unsigned char>(query[at + 2]);
    const std::string question = query.substr(12, at + 5 - 12);
    absl::MutexLock lock(&mutex_);
    asked_.push_back(absl::StrCat(name, " ", type));
    const auto found = replies_.find({name, type});
    const DnsReply reply = found == replies_.end() ? DnsReply{.code = 3} : found->second;
    if (reply.is_silent) return "";
    const bool is_cut = reply.only_tcp && !is_stream;
    std::string owner = DnsName(name);
    std::string records;
    std::size_t count = 0;
    if (!is_cut && !reply.alias.empty()) {
      records += Record(owner, static_cast<int>(DnsType::kCname), DnsName(reply.alias));
      owner = DnsName(reply.alias);
      ++count;
    }
    for (const std::string& data : reply.records) {
      if (is_cut) break;
      records += Record(owner, type, data);
      ++count;
    }
    const std::string flags = {static_cast<char>(is_cut ? 0x86 : 0x84),
                               static_cast<char>(0x80 | reply.code)};
    return query.substr(0, 2) + flags + Short(1) + Short(count) + std::string(4, '\0') + question +
           records;
  }

  mutable absl::Mutex mutex_;
  std::map<std::pair<std::string, int>, DnsReply> replies_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> asked_ ABSL_GUARDED_BY(mutex_);
  int port_ = 0;
  int stream_ = -1;
  int datagrams_ = BindBoth(port_, stream_);
  SocketLoop loop_{{datagrams_, stream_}, [this](int ready) { Serve(ready); }};
};

// Answers each request with what stands for its path, byte for byte; "" leaves it waiting. Speaks
// no TLS: a handshake is hung up on.
class ScriptedWebServer {
 public:
  int port() const { return port_; }
  void Answer(const std::string& path, const std::string& reply) {
    absl::MutexLock lock(&mutex_);
    replies_[path] = reply;
  }
  void AnswerFile(const std::string& path, const std::string& body) {
    Answer(path,
           absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\n\r\n", body));
  }
  void AnswerRedirect(const std::string& path, const std::string& to) {
    Answer(path,
           absl::StrCat("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ", to, "\r\n\r\n"));
  }
  int requests() const {
    absl::MutexLock lock(&mutex_);
    return requests_;
  }

 private:
  void Serve() {
    const int peer = accept(listener_, nullptr, nullptr);
    std::string request;
    char bytes[1024];
    while (!absl::StrContains(request, "\r\n\r\n")) {
      const ssize_t got = recv(peer, bytes, sizeof bytes, 0);
      constexpr char kTlsHandshake = 0x16;
      if (got <= 0 || bytes[0] == kTlsHandshake) break;
      request.append(bytes, static_cast<std::size_t>(got));
    }
    if (request.empty()) {
      close(peer);
      return;
    }
    const std::vector<std::string> words = absl::StrSplit(request, absl::MaxSplits(' ', 2));
    const std::string reply = ReplyTo(words.size() > 1 ? words[1] : "");
    if (reply.empty()) {
      waiting_.peers.push_back(peer);
      return;
    }
    SendAll(peer, reply);
    close(peer);
  }
  std::string ReplyTo(const std::string& path) {
    absl::MutexLock lock(&mutex_);
    ++requests_;
    const auto found = replies_.find(path);
    return found == replies_.end() ? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                                   : found->second;
  }

  mutable absl::Mutex mutex_;
  std::map<std::string, std::string> replies_ ABSL_GUARDED_BY(mutex_);
  int requests_ ABSL_GUARDED_BY(mutex_) = 0;
  // Closed when the loop has ended, whose thread alone touches it.
  struct Waiting {
    std::vector<int> peers = {};
    ~Waiting() {
      for (const int peer : peers) close(peer);
    }
  } waiting_;
  int port_ = 0;
  int listener_ = BindLoopback(SOCK_STREAM, port_);
  SocketLoop loop_{{listener_}, [this](int) { Serve(); }};
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_LOOPBACK_SERVERS_H_
