// Requests as clients sign them.
#ifndef CERTWRIGHT_TESTS_SUPPORT_SIGNING_H_
#define CERTWRIGHT_TESTS_SUPPORT_SIGNING_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/account.h"
#include "core/crypto/digest.h"
#include "server/auth/signature.h"
#include "server/call.h"

namespace certwright {

// The key and the moment of the published test vectors; FakeClock starts there.
inline constexpr char kTestSecretId[] = "AKIDEXAMPLExxxxxxxxxxxxxxxxxxxxxxxxx";
inline constexpr char kTestSecretKey[] = "SecretKeyEXAMPLExxxxxxxxxxxxxxxx";
inline constexpr std::int64_t kTestTimestamp = 1767229261;

inline Account TestAccount() { return {.id = {100000000001}, .name = "test"}; }
inline Credential TestCredential() {
  return {.id = {kTestSecretId}, .account = TestAccount().id, .secret_key = kTestSecretKey};
}

// What a client is configured with.
struct Signer {
  std::string secret_id = kTestSecretId;
  std::string secret_key = kTestSecretKey;
  std::string service = "ssl";
  std::int64_t timestamp = kTestTimestamp;
  std::vector<std::string> signed_headers = {"content-type", "host"};
  bool is_payload_signed = true;
};

inline void SetHeader(absl::string_view name, absl::string_view value, Envelope& envelope) {
  for (auto& header : envelope.headers) {
    if (header.first == name) {
      header.second = std::string(value);
      return;
    }
  }
  envelope.headers.emplace_back(name, value);
}

inline void RemoveHeader(absl::string_view name, Envelope& envelope) {
  auto& headers = envelope.headers;
  headers.erase(std::remove_if(headers.begin(), headers.end(),
                               [name](const auto& header) { return header.first == name; }),
                headers.end());
}

inline std::string GetHeader(absl::string_view name, const Envelope& envelope) {
  for (const auto& header : envelope.headers) {
    if (header.first == name) return header.second;
  }
  return "";
}

// Signs with TC3 what the envelope shows, and puts timestamp and Authorization into it.
inline void Sign(Envelope& envelope, const Signer& signer = {}) {
  SetHeader("x-tc-timestamp", absl::StrCat(signer.timestamp), envelope);
  Tc3Request request = {.method = envelope.method};
  if (envelope.protocol == Protocol::kGrpc) request.path = envelope.path;
  if (envelope.method == "GET") request.query = envelope.query;
  for (const std::string& name : signer.signed_headers) {
    std::string value = GetHeader(name, envelope);
    if (name == "content-type" && value.empty()) value = "application/grpc";
    request.headers.emplace_back(name, value);
  }
  if (!signer.is_payload_signed) {
    SetHeader("x-tc-content-sha256", "UNSIGNED-PAYLOAD", envelope);
    request.payload_hash = LowerHex(Sha256("UNSIGNED-PAYLOAD"));
  } else {
    request.payload_hash = LowerHex(Sha256(envelope.method == "GET" ? "" : envelope.body));
  }
  SetHeader("authorization",
            Tc3AuthorizationHeader(signer.secret_id, signer.secret_key, signer.service,
                                   signer.timestamp, request),
            envelope);
}

// Not signed yet.
inline Envelope JsonPost(absl::string_view action, absl::string_view body) {
  return {.protocol = Protocol::kHttp,
          .method = "POST",
          .path = "/",
          .headers = {{"host", "ssl.tencentcloudapi.com"},
                      {"content-type", "application/json"},
                      {"x-tc-action", std::string(action)},
                      {"x-tc-version", "2019-12-05"}},
          .body = std::string(body),
          .peer = "192.0.2.1"};
}

inline Envelope QueryGet(absl::string_view action, absl::string_view query) {
  Envelope envelope = JsonPost(action, "");
  envelope.method = "GET";
  envelope.query = std::string(query);
  SetHeader("content-type", "application/x-www-form-urlencoded", envelope);
  return envelope;
}

inline Envelope GrpcCall(absl::string_view action, absl::string_view message) {
  return {.protocol = Protocol::kGrpc,
          .method = "POST",
          .path = absl::StrCat("/certwright.ssl.v20191205.SslService/", action),
          .headers = {{"host", "127.0.0.1:9090"}},
          .body = std::string(message),
          .peer = "192.0.2.1"};
}

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_SIGNING_H_
