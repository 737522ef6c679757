// Good requests, signed in every way that there is, and the keys that they were signed with.
#ifndef CERTWRIGHT_TESTS_SUPPORT_SIGNED_REQUESTS_H_
#define CERTWRIGHT_TESTS_SUPPORT_SIGNED_REQUESTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "core/service_names.h"
#include "tests/support/fake_store.h"
#include "tests/support/signing.h"

namespace certwright {

// Temporary keys, the first of them made by the key of the test vectors.
inline constexpr char kTemporaryId[] = "AKIDtemporary1";
inline constexpr char kTemporaryKey[] = "SecretKeyOfATemporaryKeyxxxxxxxx";
inline constexpr char kTemporaryToken[] = "Token-of-the-temporary-key";
inline constexpr char kOtherTemporaryId[] = "AKIDsomebodyelses";
inline constexpr char kOtherToken[] = "Token-of-the-other-one";

inline void AddKeys(FakeStore& store) {
  store.Add(TestAccount(), TestCredential());
  Credential temporary = {.id = {kTemporaryId},
                          .account = TestAccount().id,
                          .secret_key = kTemporaryKey,
                          .token_hash = LowerHex(Sha256(kTemporaryToken)),
                          .expires = absl::FromUnixSeconds(kTestTimestamp + 60),
                          .maker = {kTestSecretId}};
  store.Add(TestAccount(), temporary);
  temporary.id = {kOtherTemporaryId};
  temporary.token_hash = LowerHex(Sha256(kOtherToken));
  store.Add(TestAccount(), temporary);
}

struct SignedRequest {
  std::string name = {};
  Envelope envelope = {};
  std::vector<std::string> covered = {};  // headers that a change of must be seen in
  std::string service = kSslService;      // that the scope names
  bool is_v1 = false;
  bool is_temporary = false;         // its key is
  bool is_payload_unsigned = false;  // the body may be any
  bool is_action_lower = false;      // its action was signed in lower case
  // Where the signed payload stands.
  std::string Envelope::*payload = &Envelope::body;
};

// How else to sign than with the key of the test vectors, its payload too.
struct Variant {
  std::vector<std::string> signed_headers = {"content-type", "host"};
  std::string service = kSslService;
  bool is_temporary = false;
  bool is_payload_signed = true;
  bool is_lower_case = false;  // values are signed so, and sent as they are
};

inline SignedRequest SignedTc3(const std::string& name, const Envelope& envelope,
                               const Variant& variant = {}) {
  SignedRequest made = {.name = name,
                        .envelope = envelope,
                        .covered = {"authorization", "x-tc-timestamp", "host"},
                        .service = variant.service,
                        .is_temporary = variant.is_temporary,
                        .is_action_lower = variant.is_lower_case};
  const bool is_grpc = envelope.protocol == Protocol::kGrpc;
  for (const std::string& header : variant.signed_headers) {
    // The content type of gRPC is HTTP/2's.
    if (header == "host" || (header == "content-type" && is_grpc)) continue;
    made.covered.push_back(header);
  }
  Signer signer = {.service = variant.service,
                   .signed_headers = variant.signed_headers,
                   .is_payload_signed = variant.is_payload_signed};
  if (variant.is_temporary) {
    signer.secret_id = kTemporaryId;
    signer.secret_key = kTemporaryKey;
    made.envelope.headers.emplace_back("x-tc-token", kTemporaryToken);
    made.covered.emplace_back("x-tc-token");
  }
  if (!variant.is_payload_signed) {
    made.envelope.is_secure = true;
    made.covered.emplace_back("x-tc-content-sha256");
    made.is_payload_unsigned = envelope.method != "GET";
  }
  const auto headers = made.envelope.headers;
  for (auto& header : made.envelope.headers) {
    if (variant.is_lower_case) absl::AsciiStrToLower(&header.second);
  }
  Sign(made.envelope, signer);
  for (const auto& [header, value] : headers) SetHeader(header, value, made.envelope);
  if (envelope.method == "GET") made.payload = &Envelope::query;
  return made;
}

inline std::string FormOf(const std::vector<std::pair<std::string, std::string>>& parameters) {
  return absl::StrJoin(parameters, "&", [](std::string* out, const auto& parameter) {
    absl::StrAppend(
        out, parameter.first, "=",
        absl::StrReplaceAll(
            parameter.second,
            {{"%", "%25"}, {"&", "%26"}, {"=", "%3D"}, {"+", "%2B"}, {"/", "%2F"}, {" ", "+"}}));
  });
}

inline SignedRequest SignedV1(const std::string& verb, V1Method digest, bool is_temporary = false) {
  const std::string method = digest == V1Method::kHmacSha1 ? "HmacSHA1" : "HmacSHA256";
  std::vector<std::pair<std::string, std::string>> parameters = {
      {"Action", "UploadCertificate"},
      {"Alias", "a b+中"},
      {"CertificatePublicKey", "P=E/M"},
      {"Nonce", "11886"},
      {"Region", "ap-guangzhou"},
      {"Repeatable", "False"},
      {"SecretId", is_temporary ? kTemporaryId : kTestSecretId},
      {"SignatureMethod", method},
      {"Tags.0.TagKey", "team"},
      {"Tags.0.TagValue", "a&b"},
      {"Timestamp", absl::StrCat(kTestTimestamp)}};
  if (is_temporary) parameters.emplace_back("Token", kTemporaryToken);
  parameters.emplace_back("Version", "2019-12-05");
  parameters.emplace_back("Signature",
                          V1Signature(digest, is_temporary ? kTemporaryKey : kTestSecretKey,
                                      V1StringToSign(verb, "ssl.tencentcloudapi.com", parameters)));
  SignedRequest made = {
      .name = absl::StrCat(method, ", ", verb, is_temporary ? ", temporary key" : ""),
      .covered = {"host"},
      .is_v1 = true,
      .is_temporary = is_temporary};
  made.envelope = {.method = verb,
                   .path = "/",
                   .headers = {{"host", "ssl.tencentcloudapi.com"},
                               {"content-type", "application/x-www-form-urlencoded"}}};
  if (verb == "GET") {
    made.payload = &Envelope::query;
  } else {
    made.covered.emplace_back("content-type");
  }
  made.envelope.*made.payload = FormOf(parameters);
  return made;
}

// A call of the Tag API.
inline Envelope OfTags(Envelope envelope) {
  if (envelope.protocol == Protocol::kGrpc) {
    envelope.path = absl::StrReplaceAll(envelope.path,
                                        {{"ssl.v20191205.SslService", "tag.v20180813.TagService"}});
  } else {
    SetHeader("host", "tag.tencentcloudapi.com", envelope);
    SetHeader("x-tc-version", "2018-08-13", envelope);
  }
  return envelope;
}

inline std::vector<SignedRequest> SignedRequests() {
  const Envelope json =
      JsonPost("ModifyCertificateAlias", R"({"CertificateId":"abcd1234","Alias":"中","Limit":20})");
  const Envelope query = QueryGet("DescribeCertificates", "Limit=20&Offset=0&SearchKey=a+b");
  const Envelope grpc = GrpcCall("ModifyCertificateAlias",
                                 "\x0a\x08"
                                 "abcd1234");
  Envelope parts = JsonPost("UploadCertificate",
                            "--b\r\nContent-Disposition: form-data; name=\"Alias\"\r\n\r\nx\r\n"
                            "--b--\r\n");
  SetHeader("content-type", "multipart/form-data; boundary=b", parts);
  Envelope file = JsonPost("UploadConfirmLetter", std::string("\0\1binary", 8));
  SetHeader("content-type", "application/octet-stream", file);
  const std::vector<std::string> action = {"content-type", "host", "x-tc-action"};
  return {SignedTc3("TC3, JSON", json),
          SignedTc3("TC3, JSON, its action signed", json, {.signed_headers = action}),
          SignedTc3("TC3, JSON, its action signed in lower case", json,
                    {.signed_headers = action, .is_lower_case = true}),
          SignedTc3("TC3, JSON, not signed", json, {.is_payload_signed = false}),
          SignedTc3("TC3, JSON, temporary key", json, {.is_temporary = true}),
          SignedTc3("TC3, JSON, not signed, temporary key", json,
                    {.is_temporary = true, .is_payload_signed = false}),
          SignedTc3("TC3, query", query),
          SignedTc3("TC3, query, payload not signed", query, {.is_payload_signed = false}),
          SignedTc3("TC3, query, temporary key", query, {.is_temporary = true}),
          SignedTc3("TC3, multipart", parts),
          SignedTc3("TC3, octet-stream", file),
          SignedTc3("TC3, gRPC", grpc),
          SignedTc3("TC3, gRPC, not signed", grpc, {.is_payload_signed = false}),
          SignedTc3("TC3, gRPC, temporary key", grpc, {.is_temporary = true}),
          SignedV1("GET", V1Method::kHmacSha1),
          SignedV1("POST", V1Method::kHmacSha1),
          SignedV1("GET", V1Method::kHmacSha256),
          SignedV1("POST", V1Method::kHmacSha256),
          SignedV1("GET", V1Method::kHmacSha1, true),
          SignedV1("POST", V1Method::kHmacSha256, true),
          SignedTc3("TC3, JSON, of tags", OfTags(JsonPost("ModifyResourceTags", "{}")),
                    {.service = kTagService}),
          SignedTc3("TC3, gRPC, of tags", OfTags(GrpcCall("ModifyResourceTags", "\x0a\x01x")),
                    {.service = kTagService})};
}

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_SIGNED_REQUESTS_H_
