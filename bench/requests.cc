#include "bench/requests.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/crypto/digest.h"
#include "server/auth/signature.h"

namespace certwright::bench {

Endpoint ReadEndpoint(const std::string& data) {
  Endpoint endpoint;
  std::ifstream file(absl::StrCat(data, "/endpoint.env"));
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string value = line.substr(equals + 1);
    if (absl::StartsWith(line, "CERTWRIGHT_HTTP=")) {
      endpoint.http_port = std::atoi(value.substr(value.rfind(':') + 1).c_str());
    }
    if (absl::StartsWith(line, "CERTWRIGHT_HTTPS=")) {
      endpoint.https_port = std::atoi(value.substr(value.rfind(':') + 1).c_str());
    }
    if (absl::StartsWith(line, "CERTWRIGHT_GRPC=")) endpoint.grpc = value;
    if (absl::StartsWith(line, "TENCENTCLOUD_SECRET_ID=")) endpoint.secret_id = value;
    if (absl::StartsWith(line, "TENCENTCLOUD_SECRET_KEY=")) endpoint.secret_key = value;
  }
  if (endpoint.secret_key.empty()) {
    std::fprintf(stderr, "bench: %s/endpoint.env names no key\n", data.c_str());
    std::exit(1);
  }
  return endpoint;
}

namespace {

std::string SignedRequest(const Endpoint& endpoint, absl::string_view version,
                          absl::string_view action, absl::string_view body) {
  const std::string host = absl::StrCat("127.0.0.1:", endpoint.http_port);
  const std::int64_t timestamp = absl::ToUnixSeconds(absl::Now());
  const Tc3Request request = {.method = "POST",
                              .headers = {{"content-type", "application/json"}, {"host", host}},
                              .payload_hash = LowerHex(Sha256(body))};
  return absl::StrCat(
      "POST / HTTP/1.1\r\nHost: ", host,
      "\r\nContent-Type: application/json\r\nContent-Length: ", body.size(),
      "\r\nX-TC-Action: ", action, "\r\nX-TC-Version: ", version, "\r\nX-TC-Timestamp: ", timestamp,
      "\r\nAuthorization: ",
      Tc3AuthorizationHeader(endpoint.secret_id, endpoint.secret_key, "ssl", timestamp, request),
      "\r\n\r\n", body);
}

}  // namespace

std::string HttpRequest(const Endpoint& endpoint, absl::string_view action,
                        absl::string_view body) {
  return SignedRequest(endpoint, "2019-12-05", action, body);
}

std::string ExtensionRequest(const Endpoint& endpoint, absl::string_view action,
                             absl::string_view body) {
  return SignedRequest(endpoint, "2026-12-01", action, body);
}

std::string TextMember(absl::string_view json, absl::string_view name) {
  const std::string key = absl::StrCat("\"", name, "\":\"");
  const std::size_t at = json.find(key);
  if (at == absl::string_view::npos) return "";
  const std::size_t start = at + key.size();
  return std::string(json.substr(start, json.find('"', start) - start));
}

}  // namespace certwright::bench
