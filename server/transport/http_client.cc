#include "server/transport/http_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

#include "absl/strings/str_cat.h"

namespace certwright {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Error = boost::system::error_code;

constexpr std::uint64_t kMaxAnswerBytes = 64 * 1024 * 1024;

// Operations are asynchronous so that the stream's timeout applies, and each is run to its end.
class BeastClient : public HttpClient {
 public:
  explicit BeastClient(absl::Duration timeout)
      : stream_(context_), timeout_(absl::ToChronoMilliseconds(timeout)) {}

  absl::Status Open(const std::string& host, int port) {
    asio::ip::tcp::resolver resolver(context_);
    Error error;
    const auto addresses = resolver.resolve(host, std::to_string(port), error);
    if (!error) {
      stream_.expires_after(timeout_);
      stream_.async_connect(addresses, [&](Error failed, const auto&) { error = failed; });
      Run();
    }
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot reach ", host, ":", port, ": ", error.message()));
    }
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), error);
    return absl::OkStatus();
  }

  absl::StatusOr<HttpAnswer> Post(
      absl::string_view host_header, absl::string_view body,
      const std::vector<std::pair<std::string, std::string>>& headers) override {
    http::request<http::string_body> request(http::verb::post, "/", 11);
    request.set(http::field::host, std::string(host_header));
    for (const auto& [name, value] : headers) request.set(name, value);
    request.body() = std::string(body);
    request.prepare_payload();

    Error error;
    stream_.expires_after(timeout_);
    http::async_write(stream_, request, [&](Error failed, std::size_t) { error = failed; });
    Run();
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxAnswerBytes);
    if (!error) {
      http::async_read(stream_, buffer_, parser,
                       [&](Error failed, std::size_t) { error = failed; });
      Run();
    }
    if (error) return absl::UnavailableError(absl::StrCat("no answer: ", error.message()));
    http::response<http::string_body> response = parser.release();
    return HttpAnswer{.status = static_cast<int>(response.result_int()),
                      .content_type = std::string(response[http::field::content_type]),
                      .body = std::move(response.body())};
  }

 private:
  void Run() {
    context_.restart();
    context_.run();
  }

  asio::io_context context_{1};
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::Connect(const std::string& host, int port,
                                                                absl::Duration timeout) {
  auto client = std::make_unique<BeastClient>(timeout);
  if (absl::Status opened = client->Open(host, port); !opened.ok()) return opened;
  return std::unique_ptr<HttpClient>(std::move(client));
}

}  // namespace certwright
