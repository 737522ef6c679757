// A small blocking HTTP/1.1 client over plain TCP or TLS, for `certwright call` and the benchmarks.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_HTTP_CLIENT_H_
#define CERTWRIGHT_SERVER_TRANSPORT_HTTP_CLIENT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace certwright {

struct HttpAnswer {
  int status = 0;
  std::string content_type = {};
  std::string body = {};
};

// One keep-alive connection. Not thread-safe.
class HttpClient {
 public:
  // Unavailable if nobody listens there.
  static absl::StatusOr<std::unique_ptr<HttpClient>> Connect(const std::string& host, int port,
                                                             absl::Duration timeout);
  // Over TLS, to whom a root of `trusted_pem` vouches for as `host`; Unavailable says so if none
  // does.
  static absl::StatusOr<std::unique_ptr<HttpClient>> ConnectTls(const std::string& host, int port,
                                                                const std::string& trusted_pem,
                                                                absl::Duration timeout);
  virtual ~HttpClient() = default;

  // POSTs `body` to "/" with these headers besides Host and Content-Length. Unavailable when the
  // connection broke or `timeout` passed; the client is then of no more use.
  virtual absl::StatusOr<HttpAnswer> Post(
      absl::string_view host_header, absl::string_view body,
      const std::vector<std::pair<std::string, std::string>>& headers) = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_HTTP_CLIENT_H_
