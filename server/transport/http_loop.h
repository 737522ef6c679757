// One thread of the HTTP server: its connections, their deadlines, and for one of them the
// listener.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_HTTP_LOOP_H_
#define CERTWRIGHT_SERVER_TRANSPORT_HTTP_LOOP_H_

#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/transport/body_budget.h"
#include "server/transport/http_server.h"
#include "server/transport/warning.h"

namespace certwright {

namespace asio = boost::asio;
using asio::ip::tcp;

// One executor type all through: asio's type-erased default costs an allocation an operation.
using HttpExecutor = asio::io_context::executor_type;
using HttpSocket = asio::basic_stream_socket<tcp, HttpExecutor>;
using SteadyClock = std::chrono::steady_clock;

class HttpLoop;

// What every loop shares.
struct HttpShared {
  explicit HttpShared(HttpServer::Options from)
      : options(std::move(from)), bodies(options.max_held_body_bytes) {}

  const HttpServer::Options options;
  BodyBudget bodies;
  HttpServer::Handler handler = {};
  HttpServer::PageHandler pages = {};
  HttpServer::UnreadHandler unread = {};
  HttpLoop* listener = nullptr;
  bool is_loopback = false;
  std::atomic<int> connections = 0;      // accepted and not yet closed
  std::atomic<bool> is_crowded = false;  // the listener waits for one to close
};

// A connection as its loop sees it. All calls on the loop's thread.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;

  // The handler's answer to request number `request` of this connection.
  virtual void Deliver(std::uint64_t request, HttpServer::Page page) = 0;
  // Closes if no request is under way; but a client that has sent none yet is late: it gets one
  // answer. Whether the drain waits for this connection to close.
  virtual bool BeginDrain() = 0;
  virtual void CloseIfLate(SteadyClock::time_point now) = 0;
  virtual void Close() = 0;
};

// Where handlers leave their answers, from any thread, even after the loop has ended.
class HttpMailbox {
 public:
  explicit HttpMailbox(HttpLoop& loop) : loop_(&loop) {}
  void Deliver(std::uint64_t connection, std::uint64_t request, HttpServer::Page page);
  void Shut();

 private:
  absl::Mutex mutex_;
  HttpLoop* loop_ ABSL_GUARDED_BY(mutex_);
};

class HttpLoop {
 public:
  explicit HttpLoop(HttpShared& shared);
  ~HttpLoop() { Stop(); }

  // Accepts for `loops`, which it is one of, each client for the next in turn. They must outlive
  // it.
  absl::Status Listen(const tcp::endpoint& endpoint, std::vector<HttpLoop*> loops);
  int port() const { return port_; }
  void Start();
  // Any thread: serves this client, whose socket is of this loop's executor.
  void Take(HttpSocket socket, std::string peer);

  // Any thread.
  void BeginDrain();
  // Until the connections from before the drain are closed, or `timeout` has passed.
  void AwaitDrained(absl::Duration timeout);
  // Closes the listener and all connections, and returns then. REQUIRES: started, not stopped.
  void EndDrain();
  void Stop();

  // For connections, on this loop's thread.
  HttpShared& shared() { return shared_; }
  HttpExecutor executor() { return context_.get_executor(); }
  const std::shared_ptr<HttpMailbox>& mailbox() const { return mailbox_; }
  bool is_draining() const { return is_draining_; }
  void Add(std::uint64_t id, HttpConnection& connection);
  void Remove(std::uint64_t id, bool was_awaited);
  HttpConnection* Find(std::uint64_t id);

 private:
  bool HasRoom();
  void Accept();
  void OnAccept(const boost::system::error_code& error, HttpSocket socket, HttpLoop& taker);
  void Sweep();
  void NoteIfDrained();
  void Shut();

  HttpShared& shared_;
  asio::io_context context_;
  asio::basic_socket_acceptor<tcp, HttpExecutor> acceptor_;
  asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, HttpExecutor> timer_;
  int port_ = 0;
  std::vector<HttpLoop*> takers_;  // empty without a listener
  std::size_t next_taker_ = 0;
  tcp::endpoint peer_;  // of the connection being accepted
  std::unordered_map<std::uint64_t, HttpConnection*> connections_;
  std::uint64_t last_id_ = 0;
  std::size_t awaited_ = 0;  // connections that the drain waits for
  Warning crowd_;
  std::shared_ptr<HttpMailbox> mailbox_;
  bool is_accepting_ = false;
  bool is_draining_ = false;
  bool is_shut_ = false;
  bool is_stopping_ = false;

  absl::Mutex mutex_;
  bool is_drained_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Serves one client on `loop`, whose connection number `id` it becomes, until either side closes.
// False if there is no memory for it; the client is gone then.
bool ServeHttp(HttpLoop& loop, HttpSocket socket, std::uint64_t id, std::string peer);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_HTTP_LOOP_H_
