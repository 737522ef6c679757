#include "server/auth/verifier.h"

#include <catch2/catch.hpp>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "tests/support/fake_store.h"
#include "tests/support/fakes.h"
#include "tests/support/signing.h"

namespace certwright {
namespace {

struct Door {
  explicit Door(Verifier::Options options = {}) : verifier(store, clock, options) {
    store.Add(TestAccount(), TestCredential());
  }

  // What is refused; nothing if the request passes.
  std::optional<ApiError> Refusal(const Envelope& envelope) {
    return ErrorOf(verifier.Verify(envelope).status());
  }
  bool Passes(const Envelope& envelope) { return verifier.Verify(envelope).ok(); }

  FakeStore store;
  FakeClock clock;
  Verifier verifier;
};

Envelope SignedPost(const Signer& signer = {}) {
  Envelope envelope = JsonPost("DescribeCertificates", R"({"Limit":20})");
  Sign(envelope, signer);
  return envelope;
}

Envelope OnLoopback(Envelope envelope, absl::string_view host) {
  envelope.is_loopback = true;
  SetHeader("host", host, envelope);
  return envelope;
}

// Published vectors, through the front door.

Envelope VectorC() {
  return {.method = "GET",
          .path = "/",
          .query =
              "Limit=20&Offset=0&SearchKey=a+b%2B%E4%B8%AD&CertificateStatus.0=0&"
              "CertificateStatus.1=1&Action=DescribeCertificates&RequestClient=SDK_TEST&"
              "Nonce=11886&Timestamp=1767229261&Version=2019-12-05&"
              "SecretId=AKIDEXAMPLExxxxxxxxxxxxxxxxxxxxxxxxx&SignatureMethod=HmacSHA1&"
              "Language=en-US&Signature=PQdHqZ0IdyeAe6MH5Ydj%2BAMpGBU%3D",
          .headers = {{"host", "ssl.tencentcloudapi.com"}}};
}

Envelope VectorD() {
  return {.method = "POST",
          .path = "/",
          .headers = {{"host", "ssl.tencentcloudapi.com"},
                      {"content-type", "application/x-www-form-urlencoded"}},
          .body =
              "CertificatePublicKey=PEM&CertificateType=CA&Repeatable=False&Tags.0.TagKey=env&"
              "Tags.0.TagValue=dev&Tags.1.TagKey=team&Tags.1.TagValue=a%26b&"
              "Action=UploadCertificate&RequestClient=SDK_TEST&Nonce=11886&"
              "Timestamp=1767229261&Version=2019-12-05&"
              "SecretId=AKIDEXAMPLExxxxxxxxxxxxxxxxxxxxxxxxx&SignatureMethod=HmacSHA256&"
              "Language=en-US&Signature=lt3CJeO3TSy7oimvGgXsvQDXYjwSJykAKi0c3pczkAk%3D"};
}

// `envelope` with a v1 signature over its changed text.
Envelope WithV1(Envelope envelope, absl::string_view from, absl::string_view to) {
  std::string& text = envelope.method == "GET" ? envelope.query : envelope.body;
  text = absl::StrReplaceAll(text, {{from, to}});
  return envelope;
}

TEST_CASE("A signed request tells who asks for what", "[verifier]") {
  Door door;
  Envelope envelope = JsonPost("ApplyCertificate", "{}");
  envelope.headers.emplace_back("x-tc-region", "ap-guangzhou");
  envelope.headers.emplace_back("x-tc-language", "en-US");
  Sign(envelope);

  const auto principal = door.verifier.Verify(envelope);

  REQUIRE(principal.ok());
  CHECK(principal->account.id == TestAccount().id);
  CHECK(principal->secret_id.value == kTestSecretId);
  CHECK(principal->action == "ApplyCertificate");
  CHECK(principal->version == "2019-12-05");
  CHECK(principal->region == "ap-guangzhou");
  CHECK(principal->language == "en-US");
  CHECK_FALSE(principal->is_v1);
  CHECK(door.store.reads == 1);
}

TEST_CASE("The same key verifies again and again, also after it was changed", "[verifier]") {
  Door door;
  CHECK(door.Passes(SignedPost()));
  CHECK(door.Passes(SignedPost()));

  door.store.credentials[SecretId{kTestSecretId}].secret_key = "another";

  CHECK(door.Refusal(SignedPost()) == ApiError::kAuthFailureSignatureFailure);
  CHECK(door.Passes(SignedPost({.secret_key = "another"})));
}

TEST_CASE("The timestamp may be 300 seconds off, to both sides and inclusive", "[verifier]") {
  Door door;
  const int distance = GENERATE(-301, -300, 0, 300, 301);
  CAPTURE(distance);

  const auto refusal = door.Refusal(SignedPost({.timestamp = kTestTimestamp + distance}));

  if (std::abs(distance) <= 300) {
    CHECK(refusal == std::nullopt);
  } else {
    CHECK(refusal == ApiError::kAuthFailureSignatureExpire);
  }
}

TEST_CASE("A timestamp that is no number is refused", "[verifier]") {
  Door door;
  const std::string text = GENERATE("-5", "1e9", "0x10", " ", "99999999999999999999", "+1767229261",
                                    "1767229261.0", "1234567890123");
  CAPTURE(text);
  Envelope envelope = SignedPost();
  SetHeader("x-tc-timestamp", text, envelope);

  const auto refusal = door.Refusal(envelope);

  CHECK((refusal == ApiError::kInvalidParameter || refusal == ApiError::kMissingParameter));
}

TEST_CASE("The scope's date is the UTC day of the timestamp", "[verifier]") {
  Door door;
  Envelope envelope = SignedPost();
  const std::string header = GetHeader("authorization", envelope);
  const std::string day = GENERATE("2025-12-31", "2026-01-02", "20260101", "");
  SetHeader("authorization", absl::StrReplaceAll(header, {{"2026-01-01", day}}), envelope);

  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureInvalidAuthorization);
}

TEST_CASE("The scope's service is ssl", "[verifier]") {
  Door door;
  CHECK(door.Refusal(SignedPost({.service = "cvm"})) == ApiError::kAuthFailureInvalidAuthorization);
  CHECK(door.Refusal(SignedPost({.service = ""})) == ApiError::kAuthFailureInvalidAuthorization);
}

TEST_CASE("The scope's service is the one that has the version", "[verifier]") {
  struct Case {
    std::string version, service;
    bool passes;
  };
  const Case c = GENERATE(Case{"2018-08-13", "tag", true}, Case{"2018-08-13", "ssl", false},
                          Case{"2019-12-05", "tag", false}, Case{"2019-12-05", "ssl", true},
                          Case{"2026-12-01", "tag", false}, Case{"2026-12-01", "ssl", true},
                          Case{"2099-01-01", "tag", false}, Case{"2018-08-13", "", false});
  // A label of the endpoint is no way round.
  const std::string host = GENERATE("tag.localhost:8080", "ssl.localhost:8080", "127.0.0.1:8080");
  CAPTURE(c.version, c.service, host);
  Door door;

  Envelope post = OnLoopback(JsonPost("ModifyResourceTags", "{}"), host);
  SetHeader("x-tc-version", c.version, post);
  Sign(post, {.service = c.service});
  CHECK(door.Passes(post) == c.passes);

  Envelope call = OnLoopback(GrpcCall("ModifyResourceTags", ""), host);
  call.path = absl::StrCat("/certwright.any.v", absl::StrReplaceAll(c.version, {{"-", ""}}),
                           ".Service/ModifyResourceTags");
  Sign(call, {.service = c.service});
  CHECK(door.Passes(call) == c.passes);
}

TEST_CASE("A client of tags may name the endpoint's first label on loopback", "[verifier]") {
  Envelope envelope = OnLoopback(JsonPost("ModifyResourceTags", "{}"), "127.0.0.1:8080");
  SetHeader("x-tc-version", "2018-08-13", envelope);
  Sign(envelope, {.service = "127"});
  Door door;
  CHECK(door.Passes(envelope));
}

TEST_CASE("On loopback the scope may name the endpoint's first label", "[verifier]") {
  struct Case {
    std::string host, service;
    bool passes;
  };
  const Case c =
      GENERATE(Case{"127.0.0.1:8080", "127", true}, Case{"localhost:8080", "localhost:8080", true},
               Case{"localhost:8080", "localhost", true}, Case{"localhost:8080", "unknown", true},
               Case{"127.0.0.1:8080", "unknown", false}, Case{"127.0.0.1:8080", "cvm", false},
               Case{"127.0.0.1:8080", "0", false});
  CAPTURE(c.host, c.service);
  Envelope envelope = OnLoopback(JsonPost("DescribeCertificates", "{}"), c.host);
  Sign(envelope, {.service = c.service});

  Door door;
  CHECK(door.Passes(envelope) == c.passes);

  Door strict({.lenient_service_on_loopback = false});
  CHECK_FALSE(strict.Passes(envelope));
  envelope.is_loopback = false;
  CHECK_FALSE(door.Passes(envelope));
}

TEST_CASE("The host may be signed with and without its port, and as a whole URL", "[verifier]") {
  struct Case {
    std::string sent, is_signed;
    bool passes;
  };
  const Case c = GENERATE(
      Case{"ssl.example:8443", "ssl.example:8443", true},
      Case{"ssl.example:8443", "ssl.example", true}, Case{"ssl.example", "ssl.example", true},
      Case{"ssl.example", "ssl.example:8443", false},
      Case{"ssl.example:8443", "ssl.example:8444", false},
      Case{"http://127.0.0.1:8080", "http://127.0.0.1:8080", true},
      Case{"[::1]:8080", "[::1]", true}, Case{"[::1]", "[:", false},
      Case{"SSL.Example", "ssl.example", true}, Case{"ssl.example", "public.example", true},
      Case{"ssl.example", "other.example", false});
  CAPTURE(c.sent, c.is_signed);
  Door door({.public_names = {"public.example"}});
  Envelope envelope = JsonPost("DescribeCertificates", "{}");
  SetHeader("host", c.is_signed, envelope);
  Sign(envelope);
  SetHeader("host", c.sent, envelope);

  CHECK(door.Passes(envelope) == c.passes);
}

TEST_CASE("Header values may be signed raw or in lower case", "[verifier]") {
  Door door;
  Envelope raw = JsonPost("ApplyCertificate", "{}");
  SetHeader("content-type", "application/json; charset=UTF-8", raw);
  Sign(raw, {.signed_headers = {"content-type", "host", "x-tc-action"}});
  CHECK(door.Passes(raw));

  Envelope lower = JsonPost("applycertificate", "{}");
  SetHeader("content-type", "application/json; charset=utf-8", lower);
  Sign(lower, {.signed_headers = {"content-type", "host", "x-tc-action"}});
  SetHeader("x-tc-action", "ApplyCertificate", lower);
  SetHeader("content-type", " application/json; charset=UTF-8 ", lower);
  CHECK(door.Passes(lower));
}

TEST_CASE("A signed action cannot be exchanged", "[verifier]") {
  Door door;
  Envelope envelope = JsonPost("DescribeCertificates", "{}");
  Sign(envelope, {.signed_headers = {"content-type", "host", "x-tc-action"}});
  SetHeader("x-tc-action", "DeleteCertificate", envelope);

  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureSignatureFailure);
}

TEST_CASE("A key may ask that its actions are signed", "[verifier]") {
  Door door;
  door.store.credentials[SecretId{kTestSecretId}].must_sign_action = true;
  Envelope envelope = JsonPost("DescribeCertificates", "{}");
  Sign(envelope, {.signed_headers = {"content-type", "host", "x-tc-action"}});
  REQUIRE(door.Passes(envelope));
  CHECK(door.verifier.Verify(envelope)->must_sign_action);

  CHECK(door.Refusal(SignedPost()) == ApiError::kAuthFailureInvalidAuthorization);
  // Only who has the key learns what it asks.
  CHECK(door.Refusal(SignedPost({.secret_key = "wrong"})) ==
        ApiError::kAuthFailureSignatureFailure);
  // These always sign it.
  CHECK(door.Passes(VectorC()));
  CHECK(door.Passes(VectorD()));
  Envelope grpc = GrpcCall("DescribeCertificates", "");
  Sign(grpc);
  CHECK(door.Passes(grpc));
}

TEST_CASE("The path may be signed as / or as it is", "[verifier]") {
  Door door;
  Envelope envelope = SignedPost();
  envelope.path = "/api";
  CHECK(door.Passes(envelope));
}

TEST_CASE("Missing common parameters are named as documented", "[verifier]") {
  Door door;
  const auto [header, name] = GENERATE(table<std::string, std::string>({
      {"x-tc-action", "Action"},
      {"x-tc-version", "Version"},
      {"x-tc-timestamp", "Timestamp"},
      {"authorization", "SecretId"},
  }));
  CAPTURE(header);
  Envelope envelope = SignedPost();
  if (GENERATE(true, false)) {
    RemoveHeader(header, envelope);
  } else if (header != "authorization") {
    SetHeader(header, "", envelope);
  } else {
    return;
  }

  const absl::Status status = door.verifier.Verify(envelope).status();

  CHECK(ErrorOf(status) == ApiError::kMissingParameter);
  CHECK(FieldOf(status) == name);
  CHECK(status.message() == "The request is missing a required parameter `" + name + "`.");
}

TEST_CASE("A signed header that is not in the request is refused", "[verifier]") {
  Door door;
  const std::string name = GENERATE("host", "content-type", "x-tc-language");
  CAPTURE(name);
  Envelope envelope = JsonPost("DescribeCertificates", "{}");
  envelope.headers.emplace_back("x-tc-language", "en-US");
  Sign(envelope, {.signed_headers = {"content-type", "host", "x-tc-language"}});
  RemoveHeader(name, envelope);

  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureSignatureFailure);
}

TEST_CASE("Headers that a signature may cover stand once", "[verifier]") {
  Door door;
  const auto [name, error] = GENERATE(table<std::string, ApiError>({
      {"authorization", ApiError::kAuthFailureInvalidAuthorization},
      {"host", ApiError::kInvalidParameter},
      {"content-type", ApiError::kInvalidParameter},
      {"x-tc-action", ApiError::kInvalidParameter},
      {"x-tc-timestamp", ApiError::kInvalidParameter},
      {"x-custom", ApiError::kInvalidParameter},
  }));
  CAPTURE(name);
  Envelope envelope = JsonPost("DescribeCertificates", "{}");
  envelope.headers.emplace_back("x-custom", "1");
  envelope.headers.emplace_back("accept", "*/*");
  envelope.headers.emplace_back("accept", "text/plain");
  Sign(envelope, {.signed_headers = {"content-type", "host", "x-custom"}});
  REQUIRE(door.Passes(envelope));
  envelope.headers.emplace_back(name, GetHeader(name, envelope));

  CHECK(door.Refusal(envelope) == error);
}

TEST_CASE("An unsigned call is refused", "[verifier]") {
  Door door;
  Envelope envelope = SignedPost();
  SetHeader("authorization", "SKIP", envelope);

  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureInvalidAuthorization);
}

TEST_CASE("Keys that nobody may use are refused", "[verifier]") {
  Door door;
  CHECK(door.Refusal(SignedPost({.secret_id = "AKIDunknownunknown"})) ==
        ApiError::kAuthFailureSecretIdNotFound);
  CHECK(door.Refusal(SignedPost({.secret_key = "wrong"})) ==
        ApiError::kAuthFailureSignatureFailure);

  door.store.credentials[SecretId{kTestSecretId}].is_enabled = false;

  CHECK(door.Refusal(SignedPost()) == ApiError::kAuthFailureSecretIdNotFound);
}

TEST_CASE("A SecretId of another form never reaches the store", "[verifier]") {
  Door door;
  const std::string id =
      GENERATE(std::string("AKID"), std::string("AKID1234567"), std::string("akidEXAMPLExxxx"),
               std::string("AKIDabcdefgh'--"), std::string("AKIDabcdefgh\xc3\xa4"),
               "AKID" + std::string(125, 'a'));
  CAPTURE(id);

  CHECK(door.Refusal(SignedPost({.secret_id = id})) == ApiError::kAuthFailureInvalidSecretId);
  CHECK(door.store.reads == 0);
}

TEST_CASE("A permanent key takes no token", "[verifier]") {
  Door door;
  Envelope envelope = SignedPost();
  SetHeader("x-tc-token", "", envelope);
  CHECK(door.Passes(envelope));

  SetHeader("x-tc-token", "a-token", envelope);
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureTokenFailure);
}

constexpr char kToken[] = "token-of-the-temporary-key";

Credential TemporaryCredential(const std::string& id, const std::string& token) {
  Credential credential = TestCredential();
  credential.id = {id};
  credential.token_hash = LowerHex(Sha256(token));
  credential.expires = absl::FromUnixSeconds(kTestTimestamp + 60);
  return credential;
}

// A temporary key beside another one, and the permanent one.
struct TemporaryDoor : Door {
  TemporaryDoor() {
    store.Add(TestAccount(), TemporaryCredential("AKIDtemporary1", kToken));
    store.Add(TestAccount(), TemporaryCredential("AKIDtemporary2", "token-of-the-other-one"));
  }
};

// Signed as HTTP, v1 and gRPC clients do, with a token unless it is empty.
Envelope WithToken(const std::string& way, const std::string& id, const std::string& token) {
  if (way == "v1") {
    std::vector<std::pair<std::string, std::string>> parameters = {
        {"Action", "DescribeCertificates"},
        {"Nonce", "1"},
        {"SecretId", id},
        {"Timestamp", absl::StrCat(kTestTimestamp)},
        {"Version", "2019-12-05"}};
    if (!token.empty()) parameters.emplace_back("Token", token);
    Envelope envelope = QueryGet("", "");
    envelope.headers = {{"host", "ssl.tencentcloudapi.com"}};
    for (const auto& [name, value] : parameters) {
      absl::StrAppend(&envelope.query, name, "=", value, "&");
    }
    std::string signature =
        V1Signature(V1Method::kHmacSha1, kTestSecretKey,
                    V1StringToSign("GET", "ssl.tencentcloudapi.com", parameters));
    signature = absl::StrReplaceAll(signature, {{"+", "%2B"}, {"/", "%2F"}, {"=", "%3D"}});
    absl::StrAppend(&envelope.query, "Signature=", signature);
    return envelope;
  }
  Envelope envelope =
      way == "grpc" ? GrpcCall("DescribeCertificates", "") : JsonPost("DescribeCertificates", "{}");
  if (!token.empty()) SetHeader("x-tc-token", token, envelope);
  Sign(envelope, {.secret_id = id});
  return envelope;
}

TEST_CASE("A temporary key goes with its token, however it signs", "[verifier][token]") {
  TemporaryDoor door;
  const std::string way = GENERATE("http", "v1", "grpc");
  CAPTURE(way);
  const auto refusal = [&](const std::string& id, const std::string& token) {
    return door.Refusal(WithToken(way, id, token));
  };
  const auto principal = door.verifier.Verify(WithToken(way, "AKIDtemporary1", kToken));
  REQUIRE(principal.ok());
  CHECK(principal->is_temporary);
  CHECK(refusal("AKIDtemporary2", "token-of-the-other-one") == std::nullopt);

  CHECK(refusal("AKIDtemporary1", "") == ApiError::kAuthFailureTokenFailure);
  CHECK(refusal("AKIDtemporary1", "wrong") == ApiError::kAuthFailureTokenFailure);
  CHECK(refusal("AKIDtemporary1", "token-of-the-other-one") == ApiError::kAuthFailureTokenFailure);
  CHECK(refusal("AKIDtemporary2", kToken) == ApiError::kAuthFailureTokenFailure);
  CHECK(refusal(kTestSecretId, kToken) == ApiError::kAuthFailureTokenFailure);
  CHECK(refusal(kTestSecretId, "") == std::nullopt);
}

TEST_CASE("A temporary key ends at its end, exactly", "[verifier][token]") {
  TemporaryDoor door;
  const std::string way = GENERATE("http", "v1", "grpc");
  CAPTURE(way);
  const Envelope envelope = WithToken(way, "AKIDtemporary1", kToken);
  const absl::Time end = absl::FromUnixSeconds(kTestTimestamp + 60);

  door.clock.Set(end - absl::Microseconds(1));
  CHECK(door.Passes(envelope));
  door.clock.Set(end);
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureTokenFailure);
  door.clock.Set(end + absl::Microseconds(1));
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureTokenFailure);
}

TEST_CASE("A temporary key ends with the key that made it", "[verifier][token]") {
  TemporaryDoor door;
  const std::string way = GENERATE("http", "v1", "grpc");
  CAPTURE(way);
  Credential made = TemporaryCredential("AKIDtemporary3", kToken);
  made.maker = {kTestSecretId};
  door.store.Add(TestAccount(), made);
  const Envelope envelope = WithToken(way, "AKIDtemporary3", kToken);
  CHECK(door.Passes(envelope));

  door.store.credentials[{kTestSecretId}].is_enabled = false;
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureTokenFailure);
  door.store.credentials[{kTestSecretId}].is_enabled = true;
  CHECK(door.Passes(envelope));
  door.store.credentials.erase({kTestSecretId});
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureTokenFailure);
}

// What is compared are digests, by EqualInConstantTime: where a token differs changes nothing, and
// the digest itself is no token.
TEST_CASE("Wherever a token differs, the refusal is the same", "[verifier][token]") {
  TemporaryDoor door;
  const std::string token = kToken;
  const absl::Status first =
      door.verifier.Verify(WithToken("http", "AKIDtemporary1", "X")).status();
  CHECK(ErrorOf(first) == ApiError::kAuthFailureTokenFailure);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'X' ? 'Y' : 'X';
    CHECK(door.verifier.Verify(WithToken("http", "AKIDtemporary1", changed)).status() == first);
  }
  for (const std::string& other :
       {token + "x", token.substr(1), token.substr(0, token.size() - 1), LowerHex(Sha256(token))}) {
    CHECK(door.verifier.Verify(WithToken("http", "AKIDtemporary1", other)).status() == first);
  }
}

TEST_CASE("A token does not stand for a signature", "[verifier][token]") {
  TemporaryDoor door;
  Envelope envelope = JsonPost("DescribeCertificates", "{}");
  SetHeader("x-tc-token", kToken, envelope);
  Sign(envelope, {.secret_id = "AKIDtemporary1", .secret_key = "wrong"});

  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureSignatureFailure);
}

TEST_CASE("A store that fails is not the caller's mistake", "[verifier]") {
  Door door;
  door.store.failure = absl::ResourceExhaustedError("busy");

  const absl::Status status = door.verifier.Verify(SignedPost()).status();

  CHECK(ErrorOf(status) == std::nullopt);
  CHECK(status.code() == absl::StatusCode::kResourceExhausted);
}

TEST_CASE("A body changed after signing is refused, unless it was not signed", "[verifier]") {
  Door door;
  Envelope envelope = SignedPost();
  envelope.body += " ";
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureSignatureFailure);

  Envelope unsigned_payload = SignedPost({.is_payload_signed = false});
  unsigned_payload.is_secure = true;
  unsigned_payload.body += " ";
  CHECK(door.Passes(unsigned_payload));
}

TEST_CASE("Unsigned payloads pass over TLS and on loopback, where switched on", "[verifier]") {
  Door door;
  Door strict({.allow_unsigned_payload = false});
  Envelope envelope = SignedPost({.is_payload_signed = false});
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureInvalidAuthorization);

  const bool is_secure = GENERATE(true, false);
  envelope.is_secure = is_secure;
  envelope.is_loopback = !is_secure;

  CHECK(door.Passes(envelope));
  CHECK(strict.Refusal(envelope) == ApiError::kAuthFailureInvalidAuthorization);
}

TEST_CASE("Saying that the payload is unsigned does not unsign it", "[verifier]") {
  Door door;
  Envelope envelope = SignedPost();
  envelope.is_secure = true;
  SetHeader("x-tc-content-sha256", "UNSIGNED-PAYLOAD", envelope);

  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureSignatureFailure);
}

TEST_CASE("A GET signs its query as it stands", "[verifier]") {
  Door door;
  Envelope envelope = QueryGet("DescribeCertificates", "Limit=20&Offset=0");
  Sign(envelope);
  CHECK(door.Passes(envelope));

  const std::string changed = GENERATE("Offset=0&Limit=20", "Limit=2%30&Offset=0",
                                       "Limit=20&Offset=0&", "Limit=20&Offset=1", "");
  envelope.query = changed;

  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureSignatureFailure);
}

TEST_CASE("Any changed byte of what was signed is refused", "[verifier]") {
  Door door;
  Envelope original = JsonPost("DescribeCertificates", R"({"Limit":20,"SearchKey":"x"})");
  Sign(original);
  REQUIRE(door.Passes(original));

  // Not 0x20, which only changes case: that is tolerated in header values.
  const int mask = GENERATE(0x01, 0x02, 0x04, 0x40, 0x80);
  const auto refuses_every_change = [&](std::string Envelope::*member) {
    for (std::size_t i = 0; i < (original.*member).size(); ++i) {
      Envelope changed = original;
      (changed.*member)[i] = static_cast<char>((changed.*member)[i] ^ mask);
      CAPTURE(i, changed.*member);
      CHECK_FALSE(door.Passes(changed));
    }
  };
  refuses_every_change(&Envelope::body);
  refuses_every_change(&Envelope::method);
  for (std::size_t h = 0; h < original.headers.size(); ++h) {
    const std::string& name = original.headers[h].first;
    if (name == "x-tc-action" || name == "x-tc-version") continue;  // not signed
    for (std::size_t i = 0; i < original.headers[h].second.size(); ++i) {
      Envelope changed = original;
      char& byte = changed.headers[h].second[i];
      byte = static_cast<char>(byte ^ mask);
      CAPTURE(name, i, changed.headers[h].second);
      CHECK_FALSE(door.Passes(changed));
    }
  }
}

TEST_CASE("Every single bit of the body is signed", "[verifier]") {
  Door door;
  Envelope envelope = SignedPost();
  for (std::size_t bit = 0; bit < envelope.body.size() * 8; ++bit) {
    Envelope changed = envelope;
    changed.body[bit / 8] = static_cast<char>(changed.body[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    CHECK(door.Refusal(changed) == ApiError::kAuthFailureSignatureFailure);
  }
}

// v1

TEST_CASE("v1 requests pass, with their parameters freed of the common ones", "[verifier][v1]") {
  Door door;

  const auto get = door.verifier.Verify(VectorC());
  const auto post = door.verifier.Verify(VectorD());

  REQUIRE(get.ok());
  CHECK(get->is_v1);
  CHECK(get->action == "DescribeCertificates");
  CHECK(get->version == "2019-12-05");
  CHECK(get->language == "en-US");
  CHECK(get->secret_id.value == kTestSecretId);
  CHECK(get->parameters ==
        std::vector<std::pair<std::string, std::string>>{{"Limit", "20"},
                                                         {"Offset", "0"},
                                                         {"SearchKey", "a b+中"},
                                                         {"CertificateStatus.0", "0"},
                                                         {"CertificateStatus.1", "1"}});
  REQUIRE(post.ok());
  CHECK(post->action == "UploadCertificate");
  CHECK(post->parameters.size() == 7);
}

TEST_CASE("A v1 host may carry its port on the wire only", "[verifier][v1]") {
  Door door;
  Envelope envelope = VectorC();
  SetHeader("host", "ssl.tencentcloudapi.com:443", envelope);
  CHECK(door.Passes(envelope));

  SetHeader("host", "ssl.example", envelope);
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureSignatureFailure);
}

TEST_CASE("A v1 request that lacks something or is not fresh is refused", "[verifier][v1]") {
  Door door;
  struct Case {
    std::string from, to;
    ApiError error;
  };
  const Case c = GENERATE(
      Case{"&Action=", "&Aktion=", ApiError::kMissingParameter},
      Case{"&Version=", "&Wersion=", ApiError::kMissingParameter},
      Case{"&Timestamp=", "&Dimestamp=", ApiError::kMissingParameter},
      Case{"&Nonce=", "&Once=", ApiError::kMissingParameter},
      Case{"&SecretId=", "&Secret=", ApiError::kMissingParameter},
      Case{"&Signature=", "&XSignature=", ApiError::kMissingParameter},
      Case{"Nonce=11886", "Nonce=-1", ApiError::kInvalidParameter},
      Case{"Nonce=11886", "Nonce=0", ApiError::kInvalidParameter},
      Case{"Timestamp=1767229261", "Timestamp=x", ApiError::kInvalidParameter},
      Case{"Timestamp=1767229261", "Timestamp=1767228960", ApiError::kAuthFailureSignatureExpire},
      Case{"HmacSHA1", "HmacMD5", ApiError::kAuthFailureSignatureFailure},
      Case{"HmacSHA1", "HmacSHA256", ApiError::kAuthFailureSignatureFailure},
      Case{"HmacSHA1", "TC3-HMAC-SHA256", ApiError::kAuthFailureInvalidAuthorization},
      Case{"SecretId=AKIDEX", "SecretId=AKIDEY", ApiError::kAuthFailureSecretIdNotFound},
      Case{"SecretId=AKIDEX", "SecretId=KEY", ApiError::kAuthFailureInvalidSecretId},
      Case{"Limit=20", "Limit=21", ApiError::kAuthFailureSignatureFailure},
      Case{"Limit=20", "Limit=20&Token=t", ApiError::kAuthFailureTokenFailure},
      Case{"Limit=20", "Limit=20&Limit=20", ApiError::kInvalidParameter},
      Case{"Signature=PQ", "Signature=PR", ApiError::kAuthFailureSignatureFailure});
  CAPTURE(c.from, c.to);

  CHECK(door.Refusal(WithV1(VectorC(), c.from, c.to)) == c.error);
}

// A v1 GET of `parameters`, which are sent as they are and signed as they are given.
Envelope V1Get(const std::vector<std::pair<std::string, std::string>>& more,
               absl::string_view path = "/", absl::string_view sent_as = "") {
  std::vector<std::pair<std::string, std::string>> parameters = {
      {"Action", "DescribeCertificates"},
      {"Nonce", "9223372036854775807"},
      {"SecretId", kTestSecretId},
      {"Timestamp", absl::StrCat(kTestTimestamp)},
      {"Version", "2019-12-05"}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  std::string signature =
      V1Signature(V1Method::kHmacSha1, kTestSecretKey,
                  V1StringToSign("GET", "ssl.tencentcloudapi.com", parameters, path));
  Envelope envelope = QueryGet("", "");
  envelope.path = std::string(path);
  envelope.headers = {{"host", "ssl.tencentcloudapi.com"}};
  for (const auto& [name, value] : parameters) {
    if (!sent_as.empty() && name == more[0].first) continue;
    absl::StrAppend(&envelope.query, name, "=", absl::StrReplaceAll(value, {{"&", "%26"}}), "&");
  }
  if (!sent_as.empty()) absl::StrAppend(&envelope.query, sent_as, "&");
  signature = absl::StrReplaceAll(signature, {{"+", "%2B"}, {"/", "%2F"}, {"=", "%3D"}});
  absl::StrAppend(&envelope.query, "Signature=", signature);
  return envelope;
}

TEST_CASE("v1 signs empty values, blanks and the path of an endpoint", "[verifier][v1]") {
  Door door;
  CHECK(door.Passes(V1Get({{"Region", ""}, {"Language", ""}})));
  CHECK(door.Passes(V1Get({{"SearchKey", "a b"}}, "/", "SearchKey=a+b")));
  CHECK(door.Passes(V1Get({{"SearchKey", "a b"}}, "/", "SearchKey=a%20b")));
  CHECK(door.Passes(V1Get({{"Limit", "1"}}, "/api/")));
  CHECK(door.Passes(V1Get({{"Repeatable", "True"}, {"Tags.10.TagKey", "a&b"}})));
}

// SearchKey=a&Tag=b is signed alike, whether Tag is a parameter or a part of SearchKey's value.
TEST_CASE("v1 parameters have one reading only", "[verifier][v1]") {
  Door door;
  CHECK(door.Passes(V1Get({{"SearchKey", "a"}, {"SecretIdx", "b"}})));
  CHECK(door.Refusal(V1Get({{"SearchKey", "a&SecretHm=b"}})) == ApiError::kInvalidParameter);
  // Merged on the way: what was signed were two.
  Envelope merged = V1Get({{"SearchKey", "a"}, {"SearchMode", "b"}});
  merged.query = absl::StrReplaceAll(merged.query, {{"&SearchMode=", "%26SearchMode%3D"}});
  CHECK(door.Refusal(merged) == ApiError::kInvalidParameter);
  CHECK(door.Refusal(V1Get({{"SearchKey", "a"}}, "/", "SearchKey%3Da=")) ==
        ApiError::kInvalidParameter);
  // These sort elsewhere as parameters of their own, so their signatures differ.
  CHECK(door.Passes(V1Get({{"Hook", "http://h/?a&Alias=2"}})));
  CHECK(door.Passes(V1Get({{"Hook", "http://h/?a=1&b=2"}})));
}

TEST_CASE("v1 can be switched off", "[verifier][v1]") {
  Door door({.allow_v1 = false});

  CHECK(door.Refusal(VectorC()) == ApiError::kAuthFailureInvalidAuthorization);
}

TEST_CASE("A v1 signature in a JSON body is none", "[verifier][v1]") {
  Door door;
  Envelope envelope = VectorD();
  SetHeader("content-type", "application/json", envelope);

  CHECK(door.Refusal(envelope) == ApiError::kMissingParameter);
}

// gRPC

TEST_CASE("A gRPC call is signed over its method and message", "[verifier][grpc]") {
  Door door;
  Envelope envelope = GrpcCall("ApplyCertificate", std::string("\x0a\x01x\x00", 4));
  Sign(envelope);

  const auto principal = door.verifier.Verify(envelope);

  REQUIRE(principal.ok());
  CHECK(principal->action == "ApplyCertificate");
  CHECK(principal->version == "2019-12-05");

  Envelope other_method = envelope;
  other_method.path = "/certwright.ssl.v20191205.SslService/DeleteCertificate";
  CHECK(door.Refusal(other_method) == ApiError::kAuthFailureSignatureFailure);
  Envelope other_message = envelope;
  other_message.body[2] = 'y';
  CHECK(door.Refusal(other_message) == ApiError::kAuthFailureSignatureFailure);
}

TEST_CASE("A gRPC path cannot be signed as /", "[verifier][grpc]") {
  Door door;
  Envelope envelope = GrpcCall("ApplyCertificate", "");
  const std::string path = envelope.path;
  envelope.path = "/";
  Sign(envelope);
  envelope.path = path;

  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureSignatureFailure);
}

TEST_CASE("gRPC content types are signed with and without +proto", "[verifier][grpc]") {
  Door door;
  const std::string type = GENERATE("application/grpc", "application/grpc+proto");
  Envelope envelope = GrpcCall("ApplyCertificate", "");
  SetHeader("content-type", type, envelope);
  Sign(envelope);
  if (GENERATE(true, false)) RemoveHeader("content-type", envelope);

  CHECK(door.Passes(envelope));
}

TEST_CASE("gRPC metadata may repeat action and version, not contradict", "[verifier][grpc]") {
  Door door;
  struct Case {
    std::string name, value;
    bool passes;
  };
  const Case c =
      GENERATE(Case{"x-tc-action", "ApplyCertificate", true},
               Case{"x-tc-action", "DeleteCertificate", false},
               Case{"x-tc-version", "2019-12-05", true}, Case{"x-tc-version", "2020-01-01", false});
  CAPTURE(c.name, c.value);
  Envelope envelope = GrpcCall("ApplyCertificate", "");
  SetHeader(c.name, c.value, envelope);
  Sign(envelope, {.signed_headers = {"content-type", "host", c.name}});

  CHECK(door.Passes(envelope) == c.passes);
  if (!c.passes) CHECK(door.Refusal(envelope) == ApiError::kInvalidParameterValue);
}

TEST_CASE("A gRPC call needs its signature", "[verifier][grpc]") {
  Door door;
  Envelope envelope = GrpcCall("ApplyCertificate", "Signature=none&Action=x");
  CHECK(door.Refusal(envelope) == ApiError::kMissingParameter);

  Sign(envelope, {.is_payload_signed = false});
  CHECK(door.Refusal(envelope) == ApiError::kAuthFailureInvalidAuthorization);
  envelope.is_loopback = true;
  CHECK(door.Passes(envelope));
}

TEST_CASE("No refusal shows a secret", "[verifier]") {
  Door door;
  for (const Signer& signer : {Signer{.secret_key = "wrong"}, Signer{.service = "cvm"},
                               Signer{.timestamp = 5}, Signer{.secret_id = "bad"}}) {
    const Envelope envelope = SignedPost(signer);
    const std::string message(door.verifier.Verify(envelope).status().message());
    CHECK_FALSE(absl::StrContains(message, kTestSecretKey));
    CHECK_FALSE(absl::StrContains(message, GetHeader("authorization", envelope).substr(100)));
  }
}

}  // namespace
}  // namespace certwright
