// Signed requests of the API, as bytes.
#ifndef CERTWRIGHT_BENCH_REQUESTS_H_
#define CERTWRIGHT_BENCH_REQUESTS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace certwright::bench {

struct Endpoint {
  int http_port = 0;
  int https_port = 0;     // 0 without TLS
  std::string grpc = {};  // HOST:PORT
  std::string secret_id = {};
  std::string secret_key = {};
};

// Reads DATA/endpoint.env, or ends the process.
Endpoint ReadEndpoint(const std::string& data);

// One whole HTTP request, signed now.
std::string HttpRequest(const Endpoint& endpoint, absl::string_view action, absl::string_view body);
// The same of the extension API.
std::string ExtensionRequest(const Endpoint& endpoint, absl::string_view action,
                             absl::string_view body);

// The text of member `name` in a JSON answer, or "".
std::string TextMember(absl::string_view json, absl::string_view name);

}  // namespace certwright::bench

#endif  // CERTWRIGHT_BENCH_REQUESTS_H_
