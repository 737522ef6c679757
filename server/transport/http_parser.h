// Beast's parser writing straight into an Envelope. Included by http_server.cc alone: Beast takes
// long to compile.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_HTTP_PARSER_H_
#define CERTWRIGHT_SERVER_TRANSPORT_HTTP_PARSER_H_

#include <boost/beast/http.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "server/call.h"
#include "server/transport/http_message.h"

namespace certwright {

// One request. Stricter than Beast where two readers of the same bytes could disagree about where
// a request ends or whom it addresses.
class HttpParser : public boost::beast::http::basic_parser<true> {
 public:
  explicit HttpParser(std::size_t max_header_bytes) {
    header_limit(static_cast<std::uint32_t>(max_header_bytes));
    body_limit(boost::none);  // the server looks at Content-Length itself
  }

  bool is_http_1_1() const { return is_http_1_1_; }
  bool expects_continue() const { return is_http_1_1_ && expects_continue_; }

  Envelope envelope = {};

 private:
  using Field = boost::beast::http::field;
  using Error = boost::beast::http::error;
  using ErrorCode = boost::beast::error_code;
  using View = boost::beast::string_view;

  static constexpr std::size_t kMaxFields = 256;

  void on_request_impl(boost::beast::http::verb, View method, View target, int version,
                       ErrorCode&) override {
    is_http_1_1_ = version >= 11;
    HttpTarget split = SplitTarget({target.data(), target.size()});
    envelope.method.assign(method.data(), method.size());
    envelope.path = std::move(split.path);
    envelope.query = std::move(split.query);
  }

  void on_field_impl(Field name, View name_text, View value, ErrorCode& error) override {
    if (is_header_done_) return;  // a trailer must not pass for a header
    const absl::string_view text(value.data(), value.size());
    if (envelope.headers.size() == kMaxFields) error = Error::header_limit;
    if (name == Field::host) ++hosts_;
    if (name == Field::content_length && (++lengths_ > 1 || absl::StrContains(text, ','))) {
      error = Error::multiple_content_length;
    }
    if (name == Field::transfer_encoding) {
      is_encoded_ = true;
      if (!absl::EqualsIgnoreCase(text, "chunked")) error = Error::bad_transfer_encoding;
    }
    if (name == Field::expect) expects_continue_ = absl::EqualsIgnoreCase(text, "100-continue");
    envelope.headers.emplace_back(absl::AsciiStrToLower({name_text.data(), name_text.size()}),
                                  std::string(text));
  }

  void on_header_impl(ErrorCode& error) override {
    is_header_done_ = true;
    if (hosts_ > 1 || (hosts_ == 0 && is_http_1_1_)) error = Error::bad_field;
    if (is_encoded_ && !is_http_1_1_) error = Error::bad_transfer_encoding;
  }

  std::size_t on_body_impl(View body, ErrorCode&) override {
    envelope.body.append(body.data(), body.size());
    return body.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View body, ErrorCode&) override {
    envelope.body.append(body.data(), body.size());
    return body.size();
  }

  void on_response_impl(int, View, int, ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}
  void on_finish_impl(ErrorCode&) override {}

  bool is_http_1_1_ = false;
  bool is_header_done_ = false;
  bool is_encoded_ = false;
  bool expects_continue_ = false;
  int hosts_ = 0;
  int lengths_ = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_HTTP_PARSER_H_
