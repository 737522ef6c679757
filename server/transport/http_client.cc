#include "server/transport/http_client.h"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>

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

// Operations are asynchronous so that they can time out, and each is run to its end.
class AsioClient : public HttpClient {
 public:
  explicit AsioClient(absl::Duration timeout) : timeout_(absl::ToChronoMilliseconds(timeout)) {}

  absl::Status Open(const std::string& host, int port) {
    tcp::resolver resolver(context_);
    Error error;
    const auto addresses = resolver.resolve(host, std::to_string(port), error);
    if (!error) {
      error = Run([&](auto done) {
        asio::async_connect(socket_, addresses,
                            [done](Error failed, const tcp::endpoint&) { done(failed); });
      });
    }
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot reach ", host, ":", port, ": ", error.message()));
    }
    socket_.set_option(tcp::no_delay(true), error);
    return absl::OkStatus();
  }

  absl::StatusOr<HttpAnswer> Post(
      absl::string_view host_header, absl::string_view body,
      const std::vector<std::pair<std::string, std::string>>& headers) override {
    std::string request = absl::StrCat("POST / HTTP/1.1\r\nHost: ", host_header, "\r\n");
    for (const auto& [name, value] : headers) absl::StrAppend(&request, name, ": ", value, "\r\n");
    absl::StrAppend(&request, "Content-Length: ", body.size(), "\r\n\r\n", body);
    Error error = Run([&](auto done) {
      asio::async_write(socket_, asio::buffer(request),
                        [done](Error failed, std::size_t) { done(failed); });
    });
    if (error) return NoAnswer(error.message());
    return ReadAnswer();
  }

 private:
  absl::StatusOr<HttpAnswer> ReadAnswer() {
    std::size_t head_bytes = 0;
    Error error = Run([&](auto done) {
      asio::async_read_until(socket_, asio::dynamic_buffer(received_, kMaxHeadBytes), "\r\n\r\n",
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
        asio::async_read(socket_, asio::dynamic_buffer(received_),
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
    socket_.close(error);
    context_.run();
    return asio::error::timed_out;
  }

  asio::io_context context_{1};
  tcp::socket socket_{context_};
  std::string received_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::Connect(const std::string& host, int port,
                                                                absl::Duration timeout) {
  auto client = std::make_unique<AsioClient>(timeout);
  if (absl::Status opened = client->Open(host, port); !opened.ok()) return opened;
  return std::unique_ptr<HttpClient>(std::move(client));
}

}  // namespace certwright
