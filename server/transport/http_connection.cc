// The only file that compiles Beast, once for plain connections and once for those over TLS.
#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "server/transport/http_loop.h"
#include "server/transport/http_message.h"
#include "server/transport/http_parser.h"
#include "server/transport/http_stream.h"
#include "server/transport/tls_identity.h"

namespace certwright {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

using Token = asio::use_awaitable_t<HttpExecutor>;
template <typename T>
using Task = asio::awaitable<T, HttpExecutor>;

auto Into(error_code& error) { return asio::redirect_error(Token(), error); }

// The budget of bodies is used up.
const error_code kNoRoom = asio::error::no_buffer_space;

// Before an answer is on its way: a client that is slow to read it holds no body.
void DropBody(HttpParser& parser, BodyShare& share) {
  std::string().swap(parser.envelope.body);
  share.Release();
}

// One client. Lives in its own coroutine, on its loop's thread. `Stream` is HttpSocket or
// TlsStream.
template <typename Stream>
class BeastConnection : public HttpConnection {
 public:
  BeastConnection(HttpLoop& loop, Stream stream, std::uint64_t id, std::string peer);
  ~BeastConnection() override { loop_.Remove(id_, is_awaited_); }

  Task<void> Run();

  void Deliver(std::uint64_t request, HttpServer::Page page) override;
  bool BeginDrain() override;
  void CloseIfLate(SteadyClock::time_point now) override;
  void Close() override;

 private:
  static constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;

  // What the deadline is for.
  enum class Phase { kHandshake, kIdle, kHeader, kBody, kHandler, kWrite, kLinger };

  void Enter(Phase phase, absl::Duration limit);
  Task<bool> Open();
  Task<bool> HasBytes();
  Task<bool> ServeOne();
  void Address(Envelope& envelope) const;
  Task<error_code> ReadBody(HttpParser& parser, BodyShare& share);
  Task<bool> Answer(HttpParser& parser, BodyShare& share);
  Task<std::optional<HttpServer::Page>> Ask(Envelope envelope);
  void Hand(Envelope&& envelope, std::function<void(HttpServer::Page)> done);
  Task<bool> Refuse(error_code error);
  Task<bool> RefuseBody(HttpParser& parser, BodyShare& share, HttpServer::Unread why);
  Task<bool> RefuseUnread(const Envelope& envelope, HttpServer::Unread why);
  std::optional<Envelope> LongQuery() const;
  Task<bool> Send(std::string head, std::string body);
  Task<void> Linger();

  HttpLoop& loop_;
  HttpShared& shared_;
  const HttpServer::Options& options_;
  Stream stream_;
  const std::uint64_t id_;
  const std::string peer_;
  bool is_late_;             // its first request comes during the drain
  bool is_awaited_ = false;  // by the drain
  boost::beast::flat_buffer buffer_;

  Phase phase_ = Phase::kIdle;
  SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
  const std::string* body_ = nullptr;  // the one being read
  std::size_t body_bytes_before_ = 0;  // of it, when this window began

  std::uint64_t request_ = 0;
  std::function<void(std::optional<HttpServer::Page>)> resume_ = {};  // while a handler runs
};

template <typename Stream>
BeastConnection<Stream>::BeastConnection(HttpLoop& loop, Stream stream, std::uint64_t id,
                                         std::string peer)
    : loop_(loop),
      shared_(loop.shared()),
      options_(shared_.options),
      stream_(std::move(stream)),
      id_(id),
      peer_(std::move(peer)),
      is_late_(loop.is_draining()),
      // Bodies pass through in pieces. The limit also bounds chunk extensions and trailers.
      buffer_(options_.max_header_bytes + 16 * 1024) {
  loop_.Add(id_, *this);
}

template <typename Stream>
Task<void> BeastConnection<Stream>::Run() {
  // g++ 12 miscompiles a co_await in the condition of a loop.
  bool is_open = co_await Open();
  while (is_open) is_open = co_await ServeOne();
  co_await Linger();
}

template <typename Stream>
void BeastConnection<Stream>::Enter(Phase phase, absl::Duration limit) {
  phase_ = phase;
  deadline_ = limit == absl::InfiniteDuration()
                  ? SteadyClock::time_point::max()
                  : SteadyClock::now() + absl::ToChronoNanoseconds(limit);
}

template <typename Stream>
void BeastConnection<Stream>::CloseIfLate(SteadyClock::time_point now) {
  if (now < deadline_) return;
  if (phase_ == Phase::kBody) {
    const double wanted = static_cast<double>(options_.min_body_bytes_per_second) *
                          absl::ToDoubleSeconds(options_.body_window);
    if (static_cast<double>(body_->size() - body_bytes_before_) >= wanted) {
      body_bytes_before_ = body_->size();
      return Enter(Phase::kBody, options_.body_window);
    }
  }
  Close();
}

template <typename Stream>
bool BeastConnection<Stream>::BeginDrain() {
  const bool is_silent =
      phase_ == Phase::kHandshake || (phase_ == Phase::kIdle && !HasUnread(stream_));
  is_late_ = is_silent && request_ == 0;
  if (is_late_) return false;
  is_awaited_ = true;
  if (is_silent) Close();
  return true;
}

template <typename Stream>
void BeastConnection<Stream>::Close() {
  error_code ignored;
  SocketOf(stream_).close(ignored);
  // Posted, because the caller may be walking over connections, and this one may end.
  if (resume_) {
    asio::post(loop_.executor(), [resume = std::exchange(resume_, nullptr)] { resume({}); });
  }
}

template <typename Stream>
void BeastConnection<Stream>::Deliver(std::uint64_t request, HttpServer::Page page) {
  if (request != request_ || !resume_) return;
  std::exchange(resume_, nullptr)(std::move(page));
}

// The TLS handshake, where there is one. False if it fails: the client was told why.
template <typename Stream>
Task<bool> BeastConnection<Stream>::Open() {
  if constexpr (kIsTls) {
    Enter(Phase::kHandshake, options_.header_timeout);
    error_code error;
    co_await stream_.async_handshake(TlsStream::server, Into(error));
    co_return !error;
  }
  co_return true;
}

// Waits for the next request's first byte. False if none comes.
template <typename Stream>
Task<bool> BeastConnection<Stream>::HasBytes() {
  constexpr std::size_t kFirstRead = 4096;
  if (buffer_.size() > 0) co_return true;
  if (buffer_.capacity() > kFirstRead) buffer_.shrink_to_fit();
  Enter(Phase::kIdle, options_.idle_timeout);
  error_code error;
  // A late client's bytes are on their way; all others had their time.
  if (loop_.is_draining() && !is_late_ && !HasUnread(stream_)) co_return false;
  const std::size_t count =
      co_await stream_.async_read_some(buffer_.prepare(kFirstRead), Into(error));
  buffer_.commit(count);
  co_return !error;
}

// Serves the next request. False if it was the last one.
template <typename Stream>
Task<bool> BeastConnection<Stream>::ServeOne() {
  if (!co_await HasBytes()) co_return false;
  HttpParser parser(options_.max_header_bytes);
  Enter(Phase::kHeader, options_.header_timeout);
  error_code error;
  co_await http::async_read_header(stream_, buffer_, parser, Into(error));
  if (error) co_return co_await Refuse(error);

  Address(parser.envelope);
  BodyShare share(shared_.bodies);
  error = co_await ReadBody(parser, share);
  if (error == http::error::body_limit) {
    co_return co_await RefuseBody(parser, share, HttpServer::Unread::kTooLarge);
  }
  if (error == kNoRoom) co_return co_await RefuseBody(parser, share, HttpServer::Unread::kNoRoom);
  if (error) co_return co_await Refuse(error);
  co_return co_await Answer(parser, share);
}

// Says how it came.
template <typename Stream>
void BeastConnection<Stream>::Address(Envelope& envelope) const {
  envelope.peer = peer_;
  envelope.is_secure = kIsTls;
  envelope.is_loopback = shared_.is_loopback;
  envelope.is_late = is_late_;
}

template <typename Stream>
Task<error_code> BeastConnection<Stream>::ReadBody(HttpParser& parser, BodyShare& share) {
  error_code error;
  if (parser.is_done()) co_return error;
  if (parser.content_length().value_or(0) > options_.max_body_bytes) {
    co_return http::error::body_limit;
  }
  if (parser.expects_continue() && buffer_.size() == 0) {
    if (!co_await Send("HTTP/1.1 100 Continue\r\n\r\n", "")) co_return asio::error::eof;
  }
  parser.body_limit(options_.max_body_bytes);
  body_ = &parser.envelope.body;
  body_bytes_before_ = 0;
  Enter(Phase::kBody, options_.body_window);
  while (!error && !parser.is_done()) {
    co_await http::async_read_some(stream_, buffer_, parser, Into(error));
    if (!error && !share.GrowTo(body_->size())) error = kNoRoom;
  }
  co_return error;
}

template <typename Stream>
Task<bool> BeastConnection<Stream>::Answer(HttpParser& parser, BodyShare& share) {
  const bool is_head = parser.envelope.method == "HEAD";
  std::optional<HttpServer::Page> answer = co_await Ask(std::move(parser.envelope));
  if (!answer.has_value()) co_return false;
  HttpServer::Page page = *std::move(answer);
  DropBody(parser, share);
  const bool keeps = parser.keep_alive() && !loop_.is_draining();
  const AfterAnswer after = !keeps                 ? AfterAnswer::kClose
                            : parser.is_http_1_1() ? AfterAnswer::kUnsaid
                                                   : AfterAnswer::kKeepAlive;
  std::string head =
      ResponseHead(page.status, page.content_type, page.body.size(), after, page.more_headers);
  if (is_head) page.body.clear();
  const bool was_sent = co_await Send(std::move(head), std::move(page.body));
  co_return was_sent&& keeps;
}

// Nothing if the connection was closed meanwhile.
template <typename Stream>
Task<std::optional<HttpServer::Page>> BeastConnection<Stream>::Ask(Envelope envelope) {
  Enter(Phase::kHandler, absl::InfiniteDuration());
  const std::uint64_t request = ++request_;
  // `done` always comes back through the loop: a coroutine must not be resumed while it suspends.
  auto start = [this, &envelope, request](auto coroutine) {
    auto kept = std::make_shared<decltype(coroutine)>(std::move(coroutine));
    resume_ = [kept](std::optional<HttpServer::Page> page) { std::move (*kept)(std::move(page)); };
    Hand(std::move(envelope),
         [mailbox = loop_.mailbox(), id = id_, request](HttpServer::Page page) {
           mailbox->Deliver(id, request, std::move(page));
         });
  };
  Token token;
  co_return co_await asio::async_initiate<Token, void(std::optional<HttpServer::Page>)>(start,
                                                                                        token);
}

// To whoever answers this path.
template <typename Stream>
void BeastConnection<Stream>::Hand(Envelope&& envelope,
                                   std::function<void(HttpServer::Page)> done) {
  if (envelope.path == "/") {
    return shared_.handler(std::move(envelope), [done = std::move(done)](Reply reply) {
      done({.content_type = "application/json", .body = std::move(reply.body)});
    });
  }
  const HttpServer::Page nothing = {.status = 404, .body = "Nothing is here.\n"};
  if (envelope.method != "GET" || !shared_.pages) return done(nothing);
  shared_.pages(envelope, [done = std::move(done), nothing](std::optional<HttpServer::Page> page) {
    done(page.has_value() ? *std::move(page) : nothing);
  });
}

// Answers what is not HTTP. A connection that broke needs no answer.
template <typename Stream>
Task<bool> BeastConnection<Stream>::Refuse(error_code error) {
  const bool is_syntax = error.category() == error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream &&
                         error != http::error::partial_message;
  if (!is_syntax) co_return false;
  const bool is_large = error == http::error::header_limit || error == http::error::buffer_overflow;
  if (is_large && shared_.unread) {
    const std::optional<Envelope> cut = LongQuery();
    if (cut.has_value()) co_return co_await RefuseUnread(*cut, HttpServer::Unread::kTooLarge);
  }
  std::string body = is_large ? "The headers are too large.\n" : "This is not a valid request.\n";
  std::string head =
      ResponseHead(is_large ? 431 : 400, "text/plain", body.size(), AfterAnswer::kClose);
  co_await Send(std::move(head), std::move(body));
  co_return false;
}

// The call, as far as it came, if its query is what makes the headers too large. The parser reads
// no line of headers that are not complete.
template <typename Stream>
std::optional<Envelope> BeastConnection<Stream>::LongQuery() const {
  const auto bytes = buffer_.data();
  const absl::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
  const absl::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  if (words.size() < 2) return std::nullopt;
  HttpTarget target = SplitTarget(words[1]);
  if (target.path != "/" || target.query.size() <= options_.max_header_bytes / 2) {
    return std::nullopt;
  }
  Envelope envelope;
  envelope.method = std::string(words[0]);
  envelope.path = std::move(target.path);
  envelope.query = std::move(target.query);
  Address(envelope);
  return envelope;
}

template <typename Stream>
Task<bool> BeastConnection<Stream>::RefuseBody(HttpParser& parser, BodyShare& share,
                                               HttpServer::Unread why) {
  DropBody(parser, share);
  co_return co_await RefuseUnread(parser.envelope, why);
}

template <typename Stream>
Task<bool> BeastConnection<Stream>::RefuseUnread(const Envelope& envelope, HttpServer::Unread why) {
  HttpServer::Page page = {.status = 413, .body = "The body is too large.\n"};
  if (why == HttpServer::Unread::kNoRoom) page = {.status = 503, .body = "Too busy; try again.\n"};
  if (envelope.path == "/" && shared_.unread) {
    page = {.content_type = "application/json", .body = shared_.unread(envelope, why).body};
  }
  std::string head =
      ResponseHead(page.status, page.content_type, page.body.size(), AfterAnswer::kClose);
  co_await Send(std::move(head), std::move(page.body));
  co_return false;
}

// False if the client is gone, or reads nothing for too long.
template <typename Stream>
Task<bool> BeastConnection<Stream>::Send(std::string head, std::string body) {
  const std::size_t total = head.size() + body.size();
  std::size_t sent = 0;
  error_code error;
  while (!error && sent < total) {
    Enter(Phase::kWrite, options_.write_timeout);
    const std::size_t of_head = std::min(sent, head.size());
    const std::array<asio::const_buffer, 2> rest = {
        asio::const_buffer(head.data(), head.size()) + of_head,
        asio::const_buffer(body.data(), body.size()) + (sent - of_head)};
    sent += co_await stream_.async_write_some(rest, Into(error));
  }
  co_return !error;
}

// Says that no more will come, then drops what the client still sends: closing with bytes unread
// resets the connection, and the client might never see its answer.
template <typename Stream>
Task<void> BeastConnection<Stream>::Linger() {
  Enter(Phase::kLinger, options_.linger_timeout);
  error_code error;
  if constexpr (kIsTls) {
    // Ends when the client says the same, or anything else.
    if (SSL_is_init_finished(stream_.native_handle()) == 1) {
      co_await stream_.async_shutdown(Into(error));
    }
  }
  HttpSocket& socket = SocketOf(stream_);
  socket.shutdown(tcp::socket::shutdown_send, error);
  std::array<char, 4096> dropped;
  while (!error) {
    co_await socket.async_read_some(asio::buffer(dropped), Into(error));
  }
}

template <typename Stream>
void Serve(HttpLoop& loop, Stream stream, std::uint64_t id, std::string peer) {
  auto serve = [](std::unique_ptr<BeastConnection<Stream>> connection) -> Task<void> {
    co_await connection->Run();
  };
  auto connection =
      std::make_unique<BeastConnection<Stream>>(loop, std::move(stream), id, std::move(peer));
  asio::co_spawn(loop.executor(), serve(std::move(connection)), asio::detached);
}

}  // namespace

bool ServeHttp(HttpLoop& loop, HttpSocket socket, std::uint64_t id, std::string peer) {
  const TlsIdentity* const identity = loop.shared().options.tls;
  if (identity == nullptr) {
    Serve(loop, std::move(socket), id, std::move(peer));
    return true;
  }
  SSL* const session = SSL_new(identity->current()->http.get());
  if (session == nullptr) return false;
  Serve(loop, TlsStream(std::move(socket), session), id, std::move(peer));
  return true;
}

}  // namespace certwright
