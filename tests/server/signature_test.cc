// The vectors were computed by an independent script and equal the official Python SDK's bytes.
#include "server/auth/signature.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "tests/support/fakes.h"

namespace certwright {
namespace {

constexpr char kSecretId[] = "AKIDEXAMPLExxxxxxxxxxxxxxxxxxxxxxxxx";
constexpr char kSecretKey[] = "SecretKeyEXAMPLExxxxxxxxxxxxxxxx";
constexpr char kHost[] = "ssl.tencentcloudapi.com";
constexpr std::int64_t kTimestamp = 1767229261;
constexpr char kBodyA[] =
    R"({"DvAuthMethod": "DNS", "DomainName": "example.com", "Alias": "\u6d4b\u8bd5", )"
    R"("DeleteDnsAutoRecord": false})";

Tc3Request Post(absl::string_view content_type, absl::string_view body) {
  return {.method = "POST",
          .headers = {{"content-type", std::string(content_type)}, {"host", kHost}},
          .payload_hash = LowerHex(Sha256(body))};
}

std::string SignatureOf(const Tc3Request& request) {
  return Tc3Signature(
      Tc3SigningKey(kSecretKey, "2026-01-01", "ssl"),
      Tc3StringToSign("1767229261", "2026-01-01", "ssl", CanonicalRequest(request)));
}

TEST_CASE("The signing key of the published example", "[signature]") {
  CHECK(LowerHex(Tc3SigningKey(kSecretKey, "2026-01-01", "ssl")) ==
        "3afa794d615a4b728407cbd1affcc798c64e6cf6bc70acf5ad21186ffe76e763");
}

TEST_CASE("Vector A: a JSON POST", "[signature]") {
  const Tc3Request request = Post("application/json", kBodyA);
  const std::string canonical = CanonicalRequest(request);

  CHECK(canonical ==
        "POST\n/\n\ncontent-type:application/json\nhost:ssl.tencentcloudapi.com\n\n"
        "content-type;host\nd65f7f7fd811043f6f094c7319ba0cdaba0b99c1a01e5a1582b0765efee1d2b3");
  CHECK(Tc3StringToSign("1767229261", "2026-01-01", "ssl", canonical) ==
        "TC3-HMAC-SHA256\n1767229261\n2026-01-01/ssl/tc3_request\n"
        "0775fe5dcb255706529589905f03ce9da73dc6749d7e39935311044a9c21f231");
  CHECK(Tc3AuthorizationHeader(kSecretId, kSecretKey, "ssl", kTimestamp, request) ==
        "TC3-HMAC-SHA256 Credential=AKIDEXAMPLExxxxxxxxxxxxxxxxxxxxxxxxx/2026-01-01/ssl/"
        "tc3_request, SignedHeaders=content-type;host, Signature="
        "c04f5ce56d40e9cfe12a291d6abc7362be819cbfcec6e036f175ee6344fb5ff8");
}

TEST_CASE("Vector A with an unsigned payload", "[signature]") {
  CHECK(SignatureOf(Post("application/json", "UNSIGNED-PAYLOAD")) ==
        "cf060b403876d224eb8a2d5a5ff6fc1e1725fb598e4d2abf88263fbf1ac4aa09");
}

TEST_CASE("Vector A with the action among the signed headers", "[signature]") {
  Tc3Request request = Post("application/json; charset=utf-8", kBodyA);
  request.headers.emplace_back("x-tc-action", "applycertificate");

  CHECK(LowerHex(Sha256(CanonicalRequest(request))) ==
        "aba9d8c5ea10ed26a69fd22b0c4dd65a5f2cd8a8b5338e899c268c6308c00786");
  CHECK(SignatureOf(request) == "1a6a6ba4e3e47a03cf55d6a40fbebaf0b4b0c215456186dc818d026027b54460");
}

TEST_CASE("Vector B: a GET signs its raw query", "[signature]") {
  const Tc3Request request = {
      .method = "GET",
      .query =
          "Limit=20&Offset=0&SearchKey=a+b%2B%E4%B8%AD&CertificateStatus.0=0&"
          "CertificateStatus.1=1",
      .headers = {{"content-type", "application/x-www-form-urlencoded"}, {"host", kHost}},
      .payload_hash = LowerHex(Sha256(""))};

  CHECK(LowerHex(Sha256(CanonicalRequest(request))) ==
        "dfd00d191aec113551c05b6743df3f59951713209387885336bf4c6af06e15fe");
  CHECK(SignatureOf(request) == "4d88152b231f968f7143fa1c2eb92a1676bfa5eb1c9d8ea7bc330e627324a04f");
}

TEST_CASE("Vector C: a v1 GET with HmacSHA1", "[signature]") {
  const std::string text = V1StringToSign("GET", kHost,
                                          {{"Version", "2019-12-05"},
                                           {"Limit", "20"},
                                           {"Offset", "0"},
                                           {"SearchKey", "a b+中"},
                                           {"CertificateStatus.0", "0"},
                                           {"CertificateStatus.1", "1"},
                                           {"Action", "DescribeCertificates"},
                                           {"RequestClient", "SDK_TEST"},
                                           {"Nonce", "11886"},
                                           {"Timestamp", "1767229261"},
                                           {"SecretId", kSecretId},
                                           {"SignatureMethod", "HmacSHA1"},
                                           {"Language", "en-US"},
                                           {"Signature", "is not part of it"}});

  CHECK(text ==
        "GETssl.tencentcloudapi.com/?Action=DescribeCertificates&CertificateStatus.0=0&"
        "CertificateStatus.1=1&Language=en-US&Limit=20&Nonce=11886&Offset=0&RequestClient=SDK_TEST&"
        "SearchKey=a b+中&SecretId=AKIDEXAMPLExxxxxxxxxxxxxxxxxxxxxxxxx&SignatureMethod=HmacSHA1&"
        "Timestamp=1767229261&Version=2019-12-05");
  CHECK(V1Signature(V1Method::kHmacSha1, kSecretKey, text) == "PQdHqZ0IdyeAe6MH5Ydj+AMpGBU=");
}

TEST_CASE("Vector D: a v1 form POST with HmacSHA256", "[signature]") {
  const std::string text = V1StringToSign("POST", kHost,
                                          {{"CertificatePublicKey", "PEM"},
                                           {"CertificateType", "CA"},
                                           {"Repeatable", "False"},
                                           {"Tags.0.TagKey", "env"},
                                           {"Tags.0.TagValue", "dev"},
                                           {"Tags.1.TagKey", "team"},
                                           {"Tags.1.TagValue", "a&b"},
                                           {"Action", "UploadCertificate"},
                                           {"RequestClient", "SDK_TEST"},
                                           {"Nonce", "11886"},
                                           {"Timestamp", "1767229261"},
                                           {"Version", "2019-12-05"},
                                           {"SecretId", kSecretId},
                                           {"SignatureMethod", "HmacSHA256"},
                                           {"Language", "en-US"}});

  CHECK(V1Signature(V1Method::kHmacSha256, kSecretKey, text) ==
        "lt3CJeO3TSy7oimvGgXsvQDXYjwSJykAKi0c3pczkAk=");
}

TEST_CASE("v1 sorts names by bytes", "[signature]") {
  CHECK(V1StringToSign("GET", "h", {{"Tags.2", "b"}, {"Tags.10", "a"}, {"Empty", ""}}) ==
        "GETh/?Empty=&Tags.10=a&Tags.2=b");
}

TEST_CASE("Vector E: a multipart POST", "[signature]") {
  const std::string body = absl::StrReplaceAll(
      R"(--0123456789abcdef0123456789abcdef
Content-Disposition: form-data; name="CertificatePublicKey"; filename="CertificatePublicKey"

PEM
--0123456789abcdef0123456789abcdef
Content-Disposition: form-data; name="CertificateType"

CA
--0123456789abcdef0123456789abcdef
Content-Disposition: form-data; name="Tags"
Content-Type: application/json

[{"TagKey": "env", "TagValue": "dev"}]
--0123456789abcdef0123456789abcdef--
)",
      {{"\n", "\r\n"}});

  CHECK(SignatureOf(Post("multipart/form-data; boundary=0123456789abcdef0123456789abcdef", body)) ==
        "e441f49eb5ec4a83aed44c68797b9adaed29671c2296a4c4b48140733f3bee9a");
}

TEST_CASE("Vector F: an octet-stream POST", "[signature]") {
  CHECK(SignatureOf(Post("application/octet-stream", std::string("\x00\x01", 2) + "binary")) ==
        "d044f6686c2a6384305e843919d01165fca9d4222b254a43e2fd65b4ae425bc1");
}

// A well-formed header, and what the parts in it are.
const std::string kDigits64(64, '0');

TEST_CASE("An Authorization header is read with its parts in any order", "[signature]") {
  const std::string header = absl::StrCat("TC3-HMAC-SHA256 Signature=", kDigits64,
                                          ",SignedHeaders=content-type;host;x-tc-action,  "
                                          "Credential=AKIDabc/2026-01-01/127/tc3_request ");

  const auto authorization = ParseTc3Authorization(header);

  REQUIRE(authorization.ok());
  CHECK(authorization->secret_id == "AKIDabc");
  CHECK(authorization->date == "2026-01-01");
  CHECK(authorization->service == "127");
  CHECK(authorization->signed_headers ==
        std::vector<std::string>{"content-type", "host", "x-tc-action"});
  CHECK(authorization->signature == kDigits64);
}

TEST_CASE("An Authorization header that is not in order is refused", "[signature]") {
  const std::string scope = "Credential=AKIDabc/2026-01-01/ssl/tc3_request";
  const std::string names = "SignedHeaders=content-type;host";
  const std::string signature = "Signature=" + kDigits64;
  const std::string tc3 = "TC3-HMAC-SHA256 ";
  const std::string header = GENERATE_COPY(
      std::string(""), std::string("SKIP"), std::string("Bearer abc"), tc3,
      "tc3-hmac-sha256 " + scope + "," + names + "," + signature,
      "TC3-HMAC-SHA1 " + scope + "," + names + "," + signature, tc3 + scope + "," + names,
      tc3 + scope + "," + signature, tc3 + names + "," + signature,
      tc3 + scope + "," + names + "," + signature + "," + signature,
      tc3 + scope + "," + names + "," + names + "," + signature,
      tc3 + scope + "," + names + "," + signature + ",Extra=1",
      tc3 + "Credential=AKIDabc/2026-01-01/ssl," + names + "," + signature,
      tc3 + "Credential=AKIDabc/2026-01-01/ssl/tc4_request," + names + "," + signature,
      tc3 + "Credential=AKIDabc/2026-01-01/a/ssl/tc3_request," + names + "," + signature,
      tc3 + scope + ",SignedHeaders=content-type," + signature,
      tc3 + scope + ",SignedHeaders=host," + signature,
      tc3 + scope + ",SignedHeaders=content-type;host;host," + signature,
      tc3 + scope + ",SignedHeaders=host;content-type," + signature,
      tc3 + scope + ",SignedHeaders=Content-Type;Host," + signature,
      tc3 + scope + "," + names + ",Signature=" + kDigits64.substr(1),
      tc3 + scope + "," + names + ",Signature=" + kDigits64.substr(1) + "A",
      tc3 + scope + "," + names + ",Signature=" + kDigits64 + "0");
  CAPTURE(header);

  CHECK(ErrorOf(ParseTc3Authorization(header).status()) ==
        ApiError::kAuthFailureInvalidAuthorization);
}

TEST_CASE("Damaged Authorization headers are read whole or refused", "[signature]") {
  SeededRandom random;
  const std::string whole =
      "TC3-HMAC-SHA256 Credential=AKIDabc/2026-01-01/ssl/tc3_request, "
      "SignedHeaders=content-type;host, Signature=" +
      kDigits64;
  for (int round = 0; round < 2000; ++round) {
    std::string header = whole;
    const std::string noise = RandomBytes(random, 6);
    for (std::size_t i = 0; i + 1 < noise.size(); i += 2) {
      header[static_cast<unsigned char>(noise[i]) % header.size()] = noise[i + 1];
    }
    CAPTURE(header);

    const auto authorization = ParseTc3Authorization(header);

    if (authorization.ok()) {
      CHECK(authorization->signed_headers.size() == 2);
      CHECK(authorization->signature.size() == 64);
    } else {
      CHECK(ErrorOf(authorization.status()) == ApiError::kAuthFailureInvalidAuthorization);
    }
  }
}

}  // namespace
}  // namespace certwright
