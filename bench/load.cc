#include "bench/load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/time/clock.h"

namespace certwright::bench {
namespace {

Result Summarize(std::vector<absl::Duration> latencies, absl::Duration took,
                 std::int64_t failures) {
  Result result;
  result.failures = failures;
  result.units = static_cast<std::int64_t>(latencies.size());
  if (latencies.empty()) return result;
  std::sort(latencies.begin(), latencies.end());
  result.per_second = static_cast<double>(latencies.size()) / absl::ToDoubleSeconds(took);
  result.p50 = latencies[latencies.size() / 2];
  result.p99 = latencies[latencies.size() * 99 / 100];
  return result;
}

using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

struct Connection {
  int socket = -1;
  Session session = {nullptr, &SSL_free};  // null: plain
  std::string received = {};
  absl::Time unit_start = {};
  bool has_unit = false;
};

int ConnectTo(int port) {
  const int socket_number = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_number, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    std::perror("bench: connect");
    std::exit(1);
  }
  const int on = 1;
  setsockopt(socket_number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket_number;
}

Session Secure(SSL_CTX& context, int socket_number) {
  Session session(SSL_new(&context), &SSL_free);
  SSL_set_fd(session.get(), socket_number);
  if (SSL_connect(session.get()) == 1) return session;
  std::fprintf(stderr, "bench: no TLS with the service\n");
  std::exit(1);
}

ssize_t SendSome(const Connection& connection, absl::string_view bytes) {
  if (connection.session == nullptr) {
    return send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  return SSL_write(connection.session.get(), bytes.data(), static_cast<int>(bytes.size()));
}

ssize_t Receive(const Connection& connection, std::vector<char>& into) {
  if (connection.session == nullptr) {
    return recv(connection.socket, into.data(), into.size(), 0);
  }
  return SSL_read(connection.session.get(), into.data(), static_cast<int>(into.size()));
}

void Send(const Connection& connection, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = SendSome(connection, bytes);
    if (sent <= 0) {
      std::perror("bench: send");
      std::exit(1);
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// The body, once the whole answer is there.
bool TakeBody(std::string& received, std::string& body) {
  const std::size_t head = received.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  std::string name = "content-length:";
  const auto at = std::search(
      received.begin(), received.begin() + static_cast<long>(head), name.begin(), name.end(),
      [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
  const std::size_t length = std::strtoul(&*(at + static_cast<long>(name.size())), nullptr, 10);
  if (received.size() < head + 4 + length) return false;
  body = received.substr(head + 4, length);
  received.erase(0, head + 4 + length);
  return true;
}

}  // namespace

Result RunHttp(int port, int connections, absl::Duration time, const NextRequest& next,
               bool is_tls) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  std::vector<Connection> all(static_cast<std::size_t>(connections));
  std::vector<absl::Duration> latencies;
  std::int64_t failures = 0;
  const absl::Time start = absl::Now();
  const auto go_on = [&](int index, absl::string_view body) {
    Connection& connection = all[static_cast<std::size_t>(index)];
    bool is_unit_start = false;
    const std::string request = next(index, body, is_unit_start);
    const absl::Time now = absl::Now();
    if (is_unit_start) {
      if (connection.has_unit) latencies.push_back(now - connection.unit_start);
      connection.has_unit = true;
      connection.unit_start = now;
    }
    Send(connection, request);
  };
  for (int i = 0; i < connections; ++i) {
    Connection& connection = all[static_cast<std::size_t>(i)];
    connection.socket = ConnectTo(port);
    if (is_tls) connection.session = Secure(*context, connection.socket);
    epoll_event event = {.events = EPOLLIN, .data = {.u32 = static_cast<std::uint32_t>(i)}};
    epoll_ctl(poll, EPOLL_CTL_ADD, connection.socket, &event);
    go_on(i, "");
  }
  std::string body;
  std::vector<char> buffer(256 * 1024);
  while (absl::Now() - start < time) {
    epoll_event events[64];
    const int count = epoll_wait(poll, events, 64, 100);
    for (int i = 0; i < count; ++i) {
      Connection& connection = all[events[i].data.u32];
      const ssize_t got = Receive(connection, buffer);
      if (got <= 0) {
        std::fprintf(stderr, "bench: the service closed a connection\n");
        std::exit(1);
      }
      connection.received.append(buffer.data(), static_cast<std::size_t>(got));
      if (!TakeBody(connection.received, body)) continue;
      if (absl::StartsWith(body, R"({"Response":{"Error")")) ++failures;
      go_on(static_cast<int>(events[i].data.u32), body);
    }
  }
  const absl::Duration took = absl::Now() - start;
  for (const Connection& connection : all) close(connection.socket);
  close(poll);
  return Summarize(std::move(latencies), took, failures);
}

Result RunThreads(int threads, absl::Duration time, const Unit& unit) {
  std::mutex mutex;
  std::vector<absl::Duration> latencies;
  std::atomic<std::int64_t> failures = 0;
  const absl::Time start = absl::Now();
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      std::vector<absl::Duration> mine;
      for (absl::Time before = absl::Now(); before - start < time;) {
        if (!unit(i)) ++failures;
        const absl::Time after = absl::Now();
        mine.push_back(after - before);
        before = after;
      }
      const std::lock_guard lock(mutex);
      latencies.insert(latencies.end(), mine.begin(), mine.end());
    });
  }
  for (std::thread& thread : running) thread.join();
  return Summarize(std::move(latencies), absl::Now() - start, failures);
}

}  // namespace certwright::bench
