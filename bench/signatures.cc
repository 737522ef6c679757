#include "bench/signatures.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/crypto/digest.h"
#include "server/auth/signature.h"

namespace certwright::bench {
namespace {

constexpr char kHost[] = "127.0.0.1:80";
constexpr char kForm[] = "application/x-www-form-urlencoded";

Envelope Unsigned(const std::string& type, const std::string& body) {
  return {.method = "POST",
          .path = "/",
          .headers = {{"host", kHost},
                      {"content-type", type},
                      {"x-tc-action", "DescribeCertificate"},
                      {"x-tc-version", "2019-12-05"}},
          .body = body,
          .is_loopback = true};
}

Envelope SignTc3(Envelope envelope, const Credential& credential, absl::Time now,
                 bool is_payload_signed = true) {
  const std::int64_t seconds = absl::ToUnixSeconds(now);
  const std::string payload = envelope.method == "GET" ? "" : envelope.body;
  const std::string hashed = is_payload_signed ? payload : "UNSIGNED-PAYLOAD";
  if (!is_payload_signed) envelope.headers.emplace_back("x-tc-content-sha256", hashed);
  const Tc3Request request = {
      .method = envelope.method,
      .path = envelope.path,
      .query = envelope.query,
      .headers = {{"content-type", envelope.headers[1].second}, {"host", kHost}},
      .payload_hash = LowerHex(Sha256(hashed))};
  envelope.headers.emplace_back("x-tc-timestamp", absl::StrCat(seconds));
  envelope.headers.emplace_back(
      "authorization",
      Tc3AuthorizationHeader(credential.id.value, credential.secret_key, "ssl", seconds, request));
  return envelope;
}

Envelope SignV1(const std::string& method, V1Method digest, const Credential& credential,
                absl::Time now) {
  std::vector<std::pair<std::string, std::string>> parameters = {
      {"Action", "DescribeCertificate"},
      {"CertificateId", "abcd1234"},
      {"Language", "en-US"},
      {"Nonce", "11886"},
      {"SecretId", credential.id.value},
      {"SignatureMethod", digest == V1Method::kHmacSha1 ? "HmacSHA1" : "HmacSHA256"},
      {"Timestamp", absl::StrCat(absl::ToUnixSeconds(now))},
      {"Version", "2019-12-05"}};
  const std::string signature =
      V1Signature(digest, credential.secret_key, V1StringToSign(method, kHost, parameters));
  std::string form = absl::StrCat(
      "Signature=", absl::StrReplaceAll(signature, {{"+", "%2B"}, {"/", "%2F"}, {"=", "%3D"}}));
  for (const auto& [name, value] : parameters) absl::StrAppend(&form, "&", name, "=", value);
  Envelope envelope = Unsigned(kForm, "");
  envelope.method = method;
  (method == "GET" ? envelope.query : envelope.body) = form;
  return envelope;
}

}  // namespace

std::vector<SignedRequest> SignedEachWay(const Credential& credential, absl::Time now) {
  const std::string json = R"({"CertificateId":"abcd1234"})";
  const std::string part =
      "--b\r\nContent-Disposition: form-data; name=\"CertificateId\"\r\n\r\nabcd1234\r\n--b--\r\n";
  Envelope get = Unsigned(kForm, "");
  get.method = "GET";
  get.query = "CertificateId=abcd1234";
  Envelope grpc = Unsigned("application/grpc", std::string("\x0a\x08") + "abcd1234");
  grpc.protocol = Protocol::kGrpc;
  grpc.path = "/certwright.ssl.v20191205.SslService/DescribeCertificate";
  const auto tc3 = [&](Envelope envelope) { return SignTc3(std::move(envelope), credential, now); };
  return {
      {"TC3, JSON", tc3(Unsigned("application/json", json))},
      {"TC3, JSON of 64 KB", tc3(Unsigned("application/json", std::string(65536, ' ')))},
      {"TC3, JSON, payload not signed",
       SignTc3(Unsigned("application/json", json), credential, now, false)},
      {"TC3, query", tc3(get)},
      {"TC3, multipart", tc3(Unsigned("multipart/form-data; boundary=b", part))},
      {"TC3, octet-stream", tc3(Unsigned("application/octet-stream", "letter"))},
      {"TC3, gRPC", tc3(grpc)},
      {"HmacSHA1, query", SignV1("GET", V1Method::kHmacSha1, credential, now)},
      {"HmacSHA256, form", SignV1("POST", V1Method::kHmacSha256, credential, now)},
  };
}

}  // namespace certwright::bench
