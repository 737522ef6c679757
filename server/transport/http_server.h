// HTTP/1.1, plain or over TLS: bytes ↔ Envelope and Reply, with limits of size and time, and
// nothing else.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_HTTP_SERVER_H_
#define CERTWRIGHT_SERVER_TRANSPORT_HTTP_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/call.h"

namespace certwright {

class TlsIdentity;

// Serves from its own threads. Keep-alive and pipelining: answers leave in the order of requests.
class HttpServer {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    int port = 0;  // 0 picks a free one
    int threads = 1;
    // TLS alone is spoken, with this identity, which must outlive the server; null: none is.
    const TlsIdentity* tls = nullptr;
    std::size_t max_header_bytes = 64 * 1024;
    std::size_t max_body_bytes = 10 * 1024 * 1024;
    std::size_t max_held_body_bytes = 256 * 1024 * 1024;  // of all connections, until answered
    int max_connections = 4096;
    // From a request's first byte; and for the TLS handshake, from the connection on.
    absl::Duration header_timeout = absl::Seconds(10);
    std::size_t min_body_bytes_per_second = 16 * 1024;  // on average
    absl::Duration body_window = absl::Seconds(10);     // what that average is taken over
    absl::Duration idle_timeout = absl::Seconds(75);    // between requests
    absl::Duration write_timeout = absl::Seconds(30);   // a client that reads nothing
    absl::Duration linger_timeout = absl::Seconds(2);   // after the last answer, for it to arrive
    absl::Duration sweep_interval = absl::Seconds(1);   // how late all of these may be noticed
    // Told, once a minute at most, why clients wait to be accepted. Must not block.
    std::function<void(const std::string&)> on_crowd = {};
  };

  // An answer outside of the API: operations, downloads.
  struct Page {
    int status = 200;
    std::string content_type = "text/plain";
    std::string body = {};
    std::string more_headers = {};  // whole lines, each with its "\r\n"
  };

  // Answers the API's path "/". Must call `done` exactly once, from any thread.
  using Handler = std::function<void(Envelope, std::function<void(Reply)> done)>;
  // Answers GET of every other path; nothing is 404. Must not block, and must call `done` exactly
  // once, from any thread.
  using PageHandler =
      std::function<void(const Envelope&, std::function<void(std::optional<Page>)> done)>;
  // Why a request is not read on. The query that is too large is one that the headers' limit cut.
  enum class Unread { kTooLarge, kNoRoom };
  // Makes the API's answer to a request that is not read whole: the connection drains and closes.
  using UnreadHandler = std::function<Reply(const Envelope& headers_only, Unread why)>;

  // Listens and serves at once. Fails if the address is taken or not on this machine.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(Options options, Handler handler,
                                                           PageHandler pages, UnreadHandler unread);
  virtual ~HttpServer() = default;

  virtual int port() const = 0;

  // Closes idle connections and answers what is under way. Goes on accepting, so that pages can
  // tell of the drain: such a connection gets one answer, and its call is marked `is_late`. Does
  // not block; the time runs from here.
  virtual void BeginDrain(absl::Duration timeout) = 0;

  // When all connections from before are closed, or the time is up, stops accepting, closes the
  // rest and returns. REQUIRES: the drain has begun.
  virtual void EndDrain() = 0;

  void Drain(absl::Duration timeout) {
    BeginDrain(timeout);
    EndDrain();
  }
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_HTTP_SERVER_H_
