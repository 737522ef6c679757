#include "server/binary_payload.h"

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "server/payload.h"
#include "ssl/v20191205/ssl.pb.h"
#include "tests/support/signing.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

struct Piece {
  std::string name = {};
  std::string bytes = {};
  std::string more = {};  // of the disposition
  std::string type = {};
};

Envelope Multipart(const std::vector<Piece>& pieces) {
  Envelope envelope = JsonPost("UploadCertificate", "");
  SetHeader("content-type", "multipart/form-data; boundary=0123456789abcdef", envelope);
  for (const Piece& piece : pieces) {
    absl::StrAppend(&envelope.body, "--0123456789abcdef\r\nContent-Disposition: form-data; name=\"",
                    piece.name, "\"", piece.more, "\r\n");
    if (!piece.type.empty()) absl::StrAppend(&envelope.body, "Content-Type: ", piece.type, "\r\n");
    absl::StrAppend(&envelope.body, "\r\n", piece.bytes, "\r\n");
  }
  absl::StrAppend(&envelope.body, "--0123456789abcdef--\r\n");
  return envelope;
}

Envelope OctetStream(const std::string& body,
                     const std::vector<std::pair<std::string, std::string>>& headers) {
  Envelope envelope = JsonPost("UploadConfirmLetter", body);
  SetHeader("content-type", "application/octet-stream", envelope);
  envelope.headers.insert(envelope.headers.end(), headers.begin(), headers.end());
  return envelope;
}

template <typename Request>
absl::StatusOr<Request> Decoded(const Envelope& envelope) {
  Request request;
  absl::Status status = CheckContentType(envelope);
  if (status.ok()) status = DecodePayload(envelope, {}, request);
  if (!status.ok()) return status;
  return request;
}

TEST_CASE("Vector E: texts, a text as a file and a list as JSON", "[payload]") {
  const auto request = Decoded<api::UploadCertificateRequest>(
      Multipart({{"CertificatePublicKey", "PEM", "; filename=\"CertificatePublicKey\""},
                 {"CertificateType", "CA"},
                 {"Repeatable", "False"},
                 {"Tags", R"([{"TagKey": "env", "TagValue": "dev"}])", "", "application/json"}}));

  REQUIRE(request.ok());
  CHECK(request->certificate_public_key() == "PEM");
  CHECK(request->certificate_type() == "CA");
  CHECK_FALSE(request->repeatable());
  REQUIRE(request->tags_size() == 1);
  CHECK(request->tags(0).tag_value() == "dev");
}

TEST_CASE("A letter travels as a file or in base64", "[payload]") {
  const std::string letter("\x00\x01\xff letter\r\n", 12);
  const std::string name = GENERATE("a.pdf", "../../etc/passwd", "C:\\a.pdf", "");
  CAPTURE(name);

  const auto as_file = Decoded<api::UploadConfirmLetterRequest>(Multipart(
      {{"CertificateId", "abcd1234"},
       {"ConfirmLetter", letter, absl::StrCat("; filename=\"", name, "\""), "application/pdf"}}));
  const auto as_text = Decoded<api::UploadConfirmLetterRequest>(
      Multipart({{"CertificateId", "abcd1234"}, {"ConfirmLetter", Base64(letter)}}));

  REQUIRE(as_file.ok());
  REQUIRE(as_text.ok());
  CHECK(FromBase64(as_file->confirm_letter()) == letter);
  CHECK(as_text->confirm_letter() == as_file->confirm_letter());
}

TEST_CASE("What is wrong with a multipart parameter has its documented code", "[payload]") {
  struct Case {
    std::vector<Piece> pieces;
    ApiError error;
  };
  const Piece pem = {"CertificatePublicKey", "PEM"};
  const Case c = GENERATE_COPY(
      Case{{}, ApiError::kMissingParameter}, Case{{pem, pem}, ApiError::kInvalidParameter},
      Case{{pem, {"Nope", "1"}}, ApiError::kUnknownParameter},
      Case{{pem, {"certificatePublicKey", "1"}}, ApiError::kUnknownParameter},
      Case{{pem, {"Tags.0.TagKey", "1"}}, ApiError::kUnknownParameter},
      Case{{pem, {"Tags", "[]"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Tags", "1", "", "application/json"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Tags", "{}", "", "application/json"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Tags", "[", "", "application/json"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Tags", "[],\"Alias\":\"x\"", "", "application/json"}},
           ApiError::kInvalidParameter},
      Case{{pem, {"Tags", "[][]", "", "application/json"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Tags", "", "", "application/json"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Tags", "[{\"Nope\":1}]", "", "application/json"}}, ApiError::kUnknownParameter},
      Case{{pem, {"Alias", "\"x\"", "", "application/json"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Alias", "\xff"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Alias", "\xff", "; filename=\"a\""}}, ApiError::kInvalidParameter},
      Case{{pem, {"ProjectId", "1.5"}}, ApiError::kInvalidParameter},
      Case{{pem, {"Repeatable", "1"}}, ApiError::kInvalidParameter});

  const auto request = Decoded<api::UploadCertificateRequest>(Multipart(c.pieces));

  CAPTURE(Multipart(c.pieces).body);
  CHECK(ErrorOf(request.status()) == c.error);
}

TEST_CASE("Vector F: the body is the file, headers are the rest", "[payload]") {
  const std::string letter = std::string("\x00\x01", 2) + "binary";
  const auto request = Decoded<api::UploadConfirmLetterRequest>(
      OctetStream(letter, {{"x-ssl-certificateid", " abcd1234 "}}));

  REQUIRE(request.ok());
  CHECK(request->certificate_id() == "abcd1234");
  CHECK(FromBase64(request->confirm_letter()) == letter);
}

TEST_CASE("An octet-stream is for actions that take a file", "[payload]") {
  CHECK(ErrorOf(Decoded<api::UploadCertificateRequest>(OctetStream("x", {})).status()) ==
        ApiError::kInvalidParameter);
  CHECK(Decoded<api::UploadRevokeLetterRequest>(
            OctetStream("x", {{"x-ssl-certificateid", "abcd1234"}}))
            .ok());
}

TEST_CASE("What is wrong with an octet-stream has its documented code", "[payload]") {
  struct Case {
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    ApiError error;
  };
  const Case c = GENERATE(
      Case{"x", {}, ApiError::kMissingParameter},
      Case{"", {{"x-ssl-certificateid", "a"}}, ApiError::kMissingParameter},
      Case{"x",
           {{"x-ssl-certificateid", "a"}, {"x-ssl-certificateid", "a"}},
           ApiError::kInvalidParameter},
      Case{"x",
           {{"x-ssl-certificateid", "a"}, {"x-ssl-confirmletter", "eA=="}},
           ApiError::kInvalidParameter},
      Case{"x", {{"x-ssl-certificateid", "\xff"}}, ApiError::kInvalidParameter},
      Case{"x", {{"x-ssl-certificateid", "a"}, {"x-ssl-nope", "1"}}, ApiError::kUnknownParameter},
      Case{"x", {{"x-ssl-certificateid", "a"}, {"x-ssl-", "1"}}, ApiError::kUnknownParameter});

  CHECK(
      ErrorOf(Decoded<api::UploadConfirmLetterRequest>(OctetStream(c.body, c.headers)).status()) ==
      c.error);
}

TEST_CASE("A content type has no case", "[payload]") {
  Envelope envelope = Multipart({{"CertificatePublicKey", "PEM"}});
  SetHeader("content-type", "MULTIPART/Form-Data;Boundary=0123456789abcdef", envelope);
  CHECK(Decoded<api::UploadCertificateRequest>(envelope).ok());

  SetHeader("content-type", "multipart/form-datax; boundary=0123456789abcdef", envelope);
  CHECK(ErrorOf(Decoded<api::UploadCertificateRequest>(envelope).status()) ==
        ApiError::kInvalidRequest);
}

}  // namespace
}  // namespace certwright
