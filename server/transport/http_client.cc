#include "server/transport/http_client.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <type_traits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace certwright {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;

constexpr std::size_t kMaxHeadBytes = 64 * 1024;
constexpr std::size_t kMaxBodyBytes = 64 * 1024 * 1024;

struct Head {
  int status = 0;
  std::string content_type = {};
  std::size_t length = 0;
};

// Understands what our server sends: every answer of it tells its length.
std::optional<Head> ParseHead(absl::string_view text) {
  Head head;
  bool has_length = false;
  const std::vector<absl::string_view> lines = absl::StrSplit(text, "\r\n");
  const std::vector<absl::string_view> first = absl::StrSplit(lines.front(), ' ');
  if (first.size() < 2 || !absl::StartsWith(first[0], "HTTP/1.") ||
      !absl::SimpleAtoi(first[1], &head.status)) {
    return std::nullopt;
  }
  for (const absl::string_view line : lines) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const absl::string_view name = line.substr(0, colon);
    const absl::string_view value =
        absl::StripAsciiWhitespace(line.substr(std::min(colon + 1, line.size())));
    if (absl::EqualsIgnoreCase(name, "content-type")) head.content_type = std::string(value);
    if (absl::EqualsIgnoreCase(name, "content-length")) {
      has_length = absl::SimpleAtoi(value, &head.length);
    }
  }
  if (!has_length || head.length > kMaxBodyBytes) return std::nullopt;
  return head;
}

using TlsStream = asio::ssl::stream<tcp::socket>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

tcp::socket& SocketOf(tcp::socket& stream) { return stream; }
tcp::socket& SocketOf(TlsStream& stream) { return stream.next_layer(); }

// Null if `host` is no name.
Session TrustingSession(const std::string& host, const std::string& trusted_pem) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(trusted_pem.data(), static_cast<int>(trusted_pem.size())), &BIO_free);
  while (X509* const root = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), root);
    X509_free(root);
  }
  Session session(SSL_new(context.get()), &SSL_free);
  const bool is_address =
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), host.c_str()) == 1;
  const bool is_set = is_address || (SSL_set1_host(session.get(), host.c_str()) == 1 &&
                                     SSL_set_tlsext_host_name(session.get(), host.c_str()) == 1);
  ERR_clear_error();
  return is_set ? std::move(session) : Session(nullptr, &SSL_free);
}

// Operations are asynchronous so that they can time out, and each is run to its end.
template <typename Stream>
class AsioClient : public HttpClient {
 public:
  template <typename... Of>
  explicit AsioClient(absl::Duration timeout, Of... of)
      : stream_(tcp::socket(context_), of...), timeout_(absl::ToChronoMilliseconds(timeout)) {}

  absl::Status Open(const std::string& host, int port) {
    tcp::resolver resolver(context_);
    Error error;
    const auto addresses = resolver.resolve(host, std::to_string(port), error);
    if (!error) {
      error = Run([&](auto done) {
        asio::async_connect(SocketOf(stream_), addresses,
                            [done](Error failed, const tcp::endpoint&) { done(failed); });
      });
    }
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot reach ", host, ":", port, ": ", error.message()));
    }
    SocketOf(stream_).set_option(tcp::no_delay(true), error);
    return Greet(host);
  }

  absl::StatusOr<HttpAnswer> Post(
      absl::string_view host_header, absl::string_view body,
      const std::vector<std::pair<std::string, std::string>>& headers) override {
    std::string request = absl::StrCat("POST / HTTP/1.1\r\nHost: ", host_header, "\r\n");
    for (const auto& [name, value] : headers) absl::StrAppend(&request, name, ": ", value, "\r\n");
    absl::StrAppend(&request, "Content-Length: ", body.size(), "\r\n\r\n", body);
    Error error = Run([&](auto done) {
      asio::async_write(stream_, asio::buffer(request),
                        [done](Error failed, std::size_t) { done(failed); });
    });
    if (error) return NoAnswer(error.message());
    return ReadAnswer();
  }

 private:
  absl::Status Greet(const std::string& host) {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      const Error error = Run([&](auto done) { stream_.async_handshake(TlsStream::client, done); });
      const long verdict = SSL_get_verify_result(stream_.native_handle());
      if (error && verdict != X509_V_OK) {
        return absl::UnavailableError(absl::StrCat(
            "who answers as ", host, " is not trusted: ", X509_verify_cert_error_string(verdict)));
      }
      if (error) return absl::UnavailableError("no TLS with " + host + ": " + error.message());
    }
    return absl::OkStatus();
  }

  absl::StatusOr<HttpAnswer> ReadAnswer() {
    std::size_t head_bytes = 0;
    Error error = Run([&](auto done) {
      asio::async_read_until(stream_, asio::dynamic_buffer(received_, kMaxHeadBytes), "\r\n\r\n",
                             [done, &head_bytes](Error failed, std::size_t bytes) {
                               head_bytes = bytes;
                               done(failed);
                             });
    });
    if (error) return NoAnswer(error.message());
    const std::optional<Head> head = ParseHead(received_.substr(0, head_bytes));
    if (!head.has_value()) return NoAnswer("what came is not one");
    received_.erase(0, head_bytes);
    if (received_.size() < head->length) {
      error = Run([&](auto done) {
        asio::async_read(stream_, asio::dynamic_buffer(received_),
                         asio::transfer_exactly(head->length - received_.size()),
                         [done](Error failed, std::size_t) { done(failed); });
      });
    }
    if (error) return NoAnswer(error.message());
    HttpAnswer answer = {.status = head->status,
                         .content_type = head->content_type,
                         .body = received_.substr(0, head->length)};
    received_.erase(0, head->length);
    return answer;
  }

  static absl::Status NoAnswer(absl::string_view why) {
    return absl::UnavailableError(absl::StrCat("no answer: ", why));
  }

  // Starts an operation and waits for its end, or for the timeout, which closes the socket.
  template <typename Start>
  Error Run(const Start& start) {
    Error error = asio::error::would_block;
    start([&error](Error result) { error = result; });
    context_.restart();
    context_.run_for(timeout_);
    if (error != asio::error::would_block) return error;
    SocketOf(stream_).close(error);
    context_.run();
    return asio::error::timed_out;
  }

  asio::io_context context_{1};
  Stream stream_;
  std::string received_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::Connect(const std::string& host, int port,
                                                                absl::Duration timeout) {
  auto client = std::make_unique<AsioClient<tcp::socket>>(timeout);
  if (absl::Status opened = client->Open(host, port); !opened.ok()) return opened;
  return client;
}

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::ConnectTls(const std::string& host,
                                                                   int port,
                                                                   const std::string& trusted_pem,
                                                                   absl::Duration timeout) {
  Session session = TrustingSession(host, trusted_pem);
  if (session == nullptr) return absl::UnavailableError(host + " is no name for TLS");
  auto client = std::make_unique<AsioClient<TlsStream>>(timeout, session.release());
  if (absl::Status opened = client->Open(host, port); !opened.ok()) return opened;
  return client;
}

}  // namespace certwright
