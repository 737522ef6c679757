#include "server/transport/acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "server/transport/endpoint.h"
#include "server/transport/warning.h"

namespace certwright {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class AsioAcceptor : public Acceptor {
 public:
  AsioAcceptor(Options options, Take take)
      : options_(std::move(options)),
        take_(std::move(take)),
        listener_(context_),
        timer_(context_),
        crowd_(options_.on_crowd) {}

  ~AsioAcceptor() override { Halt(); }

  absl::Status Listen() {
    ASSIGN_OR_RETURN(const tcp::endpoint endpoint, ResolveListener(options_.host, options_.port));
    error_code error;
    listener_.open(endpoint.protocol(), error);
    if (!error) listener_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) listener_.bind(endpoint, error);
    if (!error) listener_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) listener_.native_non_blocking(true, error);
    if (!error) port_ = listener_.local_endpoint(error).port();
    if (!error) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat("cannot listen on ", options_.host, " port ",
                                               options_.port, ": ", error.message()));
  }

  int port() const override { return port_; }

  void Start() override {
    Await();
    thread_ = std::thread([this] { context_.run(); });
  }

  void Stop() override { Halt(); }

 private:
  void Halt() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    error_code ignored;
    listener_.close(ignored);
  }

  void Await() {
    listener_.async_wait(tcp::acceptor::wait_read, [this](const error_code& error) {
      if (!error) AcceptAll();
    });
  }

  void AcceptAll() {
    for (;;) {
      const int accepted =
          ::accept4(listener_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (accepted >= 0) {
        Hand(accepted);
      } else if (errno == EAGAIN) {
        return Await();
      } else if (errno != EINTR && errno != ECONNABORTED) {
        return Pause(errno);
      }
    }
  }

  void Hand(int accepted) {
    const int one = 1;
    ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    take_(listener_.native_handle(), accepted);
  }

  // Out of descriptors or memory: the listener stays readable, and waiting for it would spin.
  void Pause(int error_number) {
    crowd_.Say(absl::StrCat("the machine refuses a connection: ",
                            error_code(error_number, boost::system::system_category()).message()));
    timer_.expires_after(absl::ToChronoNanoseconds(options_.pause));
    timer_.async_wait([this](const error_code& error) {
      if (!error) AcceptAll();
    });
  }

  const Options options_;
  const Take take_;
  asio::io_context context_{1};
  tcp::acceptor listener_;
  asio::steady_timer timer_;
  Warning crowd_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Listen(Options options, Take take) {
  auto acceptor = std::make_unique<AsioAcceptor>(std::move(options), std::move(take));
  RETURN_IF_ERROR(acceptor->Listen());
  return acceptor;
}

}  // namespace certwright
