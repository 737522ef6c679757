#include "server/transport/http_loop.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"

namespace certwright {
namespace {

using boost::system::error_code;

// "127.0.0.1" also for a client that reached a dual-stack listener over IPv4.
std::string PeerName(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

void HttpMailbox::Deliver(std::uint64_t connection, std::uint64_t request, HttpServer::Page page) {
  absl::MutexLock lock(&mutex_);
  if (loop_ == nullptr) return;
  asio::post(loop_->executor(),
             [loop = loop_, connection, request, page = std::move(page)]() mutable {
               HttpConnection* const found = loop->Find(connection);
               if (found != nullptr) found->Deliver(request, std::move(page));
             });
}

void HttpMailbox::Shut() {
  absl::MutexLock lock(&mutex_);
  loop_ = nullptr;
}

HttpLoop::HttpLoop(HttpShared& shared)
    : shared_(shared),
      context_(1),
      acceptor_(context_),
      timer_(context_),
      crowd_(shared.options.on_crowd),
      mailbox_(std::make_shared<HttpMailbox>(*this)) {}

absl::Status HttpLoop::Listen(const tcp::endpoint& endpoint, std::vector<HttpLoop*> loops) {
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", endpoint.address().to_string(),
                                               " port ", endpoint.port(), ": ", error.message()));
  }
  takers_ = std::move(loops);
  return absl::OkStatus();
}

void HttpLoop::Start() {
  Accept();
  Sweep();
  thread_ = std::thread([this] { context_.run(); });
}

// If not, the connection that closes next calls Accept.
bool HttpLoop::HasRoom() {
  const int limit = shared_.options.max_connections;
  if (shared_.connections < limit) return true;
  shared_.is_crowded = true;
  if (shared_.connections < limit) return true;
  crowd_.Say(absl::StrCat(limit, " connections are open, the most that there may be"));
  return false;
}

void HttpLoop::Accept() {
  if (takers_.empty() || is_accepting_ || is_shut_ || !HasRoom()) return;
  is_accepting_ = true;
  HttpLoop& taker = *takers_[next_taker_];
  acceptor_.async_accept(taker.executor(), peer_,
                         [this, &taker](const error_code& error, HttpSocket socket) {
                           is_accepting_ = false;
                           OnAccept(error, std::move(socket), taker);
                         });
}

void HttpLoop::OnAccept(const error_code& error, HttpSocket socket, HttpLoop& taker) {
  if (is_shut_) return;
  // Out of descriptors or memory: trying again at once would spin. The next sweep does.
  if (error && error != asio::error::connection_aborted) {
    return crowd_.Say(absl::StrCat("the machine refuses a connection: ", error.message()));
  }
  if (!error) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    next_taker_ = (next_taker_ + 1) % takers_.size();
    ++shared_.connections;
    taker.Take(std::move(socket), PeerName(peer_.address()));
  }
  Accept();
}

void HttpLoop::Take(HttpSocket socket, std::string peer) {
  asio::dispatch(context_, [this, socket = std::move(socket), peer = std::move(peer)]() mutable {
    if (!is_shut_ && ServeHttp(*this, std::move(socket), ++last_id_, std::move(peer))) return;
    --shared_.connections;
  });
}

void HttpLoop::Sweep() {
  if (is_stopping_) return;
  const SteadyClock::time_point now = SteadyClock::now();
  for (const auto& [id, connection] : connections_) connection->CloseIfLate(now);
  Accept();
  timer_.expires_after(absl::ToChronoNanoseconds(shared_.options.sweep_interval));
  timer_.async_wait([this](const error_code& error) {
    if (!error) Sweep();
  });
}

void HttpLoop::Add(std::uint64_t id, HttpConnection& connection) {
  connections_.emplace(id, &connection);
}

void HttpLoop::Remove(std::uint64_t id, bool was_awaited) {
  connections_.erase(id);
  --shared_.connections;
  if (was_awaited) --awaited_;
  if (shared_.is_crowded.exchange(false)) {
    HttpLoop& listener = *shared_.listener;
    asio::post(listener.context_, [&listener] { listener.Accept(); });
  }
  NoteIfDrained();
}

HttpConnection* HttpLoop::Find(std::uint64_t id) {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second;
}

void HttpLoop::BeginDrain() {
  asio::post(context_, [this] {
    if (is_draining_) return;
    is_draining_ = true;
    for (const auto& [id, connection] : connections_) {
      if (connection->BeginDrain()) ++awaited_;
    }
    NoteIfDrained();
  });
}

void HttpLoop::NoteIfDrained() {
  if (!is_draining_ || awaited_ > 0) return;
  absl::MutexLock lock(&mutex_);
  is_drained_ = true;
}

void HttpLoop::AwaitDrained(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&is_drained_), timeout);
}

void HttpLoop::Shut() {
  is_shut_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& [id, connection] : connections_) connection->Close();
}

void HttpLoop::EndDrain() {
  absl::Notification is_done;
  asio::post(context_, [&] {
    Shut();
    is_done.Notify();
  });
  is_done.WaitForNotification();
}

void HttpLoop::Stop() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    Shut();
    is_stopping_ = true;
    timer_.cancel();
  });
  thread_.join();
  mailbox_->Shut();
}

}  // namespace certwright
