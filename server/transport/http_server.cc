#include "server/transport/http_server.h"

#include <deque>
#include <utility>
#include <vector>

#include "core/status_macros.h"
#include "server/transport/endpoint.h"
#include "server/transport/http_loop.h"

namespace certwright {
namespace {

class LoopsServer : public HttpServer {
 public:
  LoopsServer(Options options, Handler handler, PageHandler pages, UnreadHandler unread)
      : shared_(std::move(options)) {
    shared_.handler = std::move(handler);
    shared_.pages = std::move(pages);
    shared_.unread = std::move(unread);
  }

  // All before any is gone: a connection that closes tells the listener's loop.
  ~LoopsServer() override {
    for (HttpLoop& loop : loops_) loop.Stop();
  }

  absl::Status Listen(const tcp::endpoint& endpoint) {
    shared_.is_loopback = endpoint.address().is_loopback();
    std::vector<HttpLoop*> takers;
    for (int i = 0; i < shared_.options.threads; ++i) {
      takers.push_back(&loops_.emplace_back(shared_));
    }
    shared_.listener = &loops_.front();
    RETURN_IF_ERROR(loops_.front().Listen(endpoint, std::move(takers)));
    for (HttpLoop& loop : loops_) loop.Start();
    return absl::OkStatus();
  }

  int port() const override { return loops_.front().port(); }

  void BeginDrain(absl::Duration timeout) override {
    drain_end_ = SteadyClock::now() + absl::ToChronoNanoseconds(timeout);
    // The listener last: whom it accepts from then on is late to all.
    for (auto loop = loops_.rbegin(); loop != loops_.rend(); ++loop) loop->BeginDrain();
  }

  void EndDrain() override {
    for (HttpLoop& loop : loops_) {
      loop.AwaitDrained(absl::FromChrono(drain_end_ - SteadyClock::now()));
    }
    for (HttpLoop& loop : loops_) loop.EndDrain();  // the listener first
  }

 private:
  HttpShared shared_;
  std::deque<HttpLoop> loops_;
  SteadyClock::time_point drain_end_ = {};
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(Options options, Handler handler,
                                                              PageHandler pages,
                                                              UnreadHandler unread) {
  ASSIGN_OR_RETURN(const tcp::endpoint endpoint, ResolveListener(options.host, options.port));
  if (options.threads < 1) return absl::InvalidArgumentError("an HTTP server needs a thread");
  auto server = std::make_unique<LoopsServer>(std::move(options), std::move(handler),
                                              std::move(pages), std::move(unread));
  RETURN_IF_ERROR(server->Listen(endpoint));
  return server;
}

}  // namespace certwright
