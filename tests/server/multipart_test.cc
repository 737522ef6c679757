#include "server/multipart.h"

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"

namespace certwright {
namespace {

constexpr char kType[] = "multipart/form-data; boundary=b";

// A part called A with more header lines.
std::string One(const std::string& more) {
  return absl::StrCat("--b\r\nContent-Disposition: form-data; name=\"A\"\r\n", more,
                      "\r\nx\r\n--b--\r\n");
}

TEST_CASE("A multipart body is its parts, in order", "[multipart]") {
  const std::string body =
      "--b\r\nContent-Disposition: form-data; name=\"Letter\"; filename=\"a/../b\\c.pdf\"\r\n"
      "content-TYPE: application/pdf\r\n\r\n\r\n--a--\r\n\r\n"
      "--b\r\ncontent-disposition:FORM-DATA;name=Tags\r\nContent-Type: Application/JSON; "
      "charset=utf-8\r\n\r\n[]\r\n--b\r\nContent-Disposition: form-data; name=\"Empty\"\r\n\r\n"
      "\r\n--b--\r\n";

  const auto parts = ParseMultipart(kType, body);

  REQUIRE(parts.ok());
  REQUIRE(parts->size() == 3);
  CHECK((*parts)[0].name == "Letter");
  CHECK((*parts)[0].is_file);
  CHECK_FALSE((*parts)[0].is_json);
  CHECK((*parts)[1].name == "Tags");
  CHECK((*parts)[1].is_json);
  CHECK((*parts)[1].bytes == "[]");
  CHECK((*parts)[2].bytes.empty());
  CHECK_FALSE((*parts)[2].is_file);
}

TEST_CASE("A part's bytes are whatever stands there", "[multipart]") {
  const std::string bytes("\r\n--a\0\xff--\r\n-b\r\n", 16);
  const auto parts = ParseMultipart(
      kType, absl::StrCat("--b\r\nContent-Disposition: form-data; name=\"A\"\r\n\r\n", bytes,
                          "\r\n--b--"));

  REQUIRE(parts.ok());
  CHECK((*parts)[0].bytes == bytes);
}

TEST_CASE("The boundary stands in the content type, in any usual spelling", "[multipart]") {
  const std::string type =
      GENERATE("multipart/form-data; boundary=b", "multipart/form-data;boundary=\"b\"",
               "Multipart/Form-Data; charset=utf-8; BOUNDARY=b",
               "multipart/form-data ; boundary = b", "multipart/form-data; boundary=b;");
  CAPTURE(type);

  CHECK(ParseMultipart(type, One("")).ok());
}

TEST_CASE("A content type without a usable boundary is refused", "[multipart]") {
  const std::string type = GENERATE(
      std::string("multipart/form-data"), std::string("multipart/form-data; boundary="),
      std::string("multipart/form-data; boundary=\"\""),
      std::string("multipart/form-data; boundary=b; boundary=b"),
      std::string("multipart/form-data; boundary=\"b"),
      std::string("multipart/form-data; boundary=\"b\" c"),
      std::string("multipart/form-data; boundary=b b"), std::string("multipart/form-data; xx"),
      std::string("multipart/form-data; boundary=\"a\nb\""),
      "multipart/form-data; boundary=" + std::string(71, 'b'));
  CAPTURE(type);

  CHECK(ErrorOf(ParseMultipart(type, One("")).status()) == ApiError::kInvalidRequest);
}

TEST_CASE("A damaged multipart body is refused", "[multipart]") {
  const std::string head = "--b\r\nContent-Disposition: form-data; name=\"A\"\r\n\r\nx";
  const std::string body = GENERATE_COPY(
      std::string("\r\n"), std::string("--"), std::string("--b"), std::string("--c\r\n"), head,
      head + "\r\n", head + "\r\n--b", head + "\r\n--b\r\n", head + "\r\n--b-",
      head + "\r\n--bb--\r\n", head + "\r\n--b--\r\nmore", head + "\r\n--b--\n", "\r\n" + One(""),
      "preamble\r\n" + One(""), One("") + One(""), std::string("--b\r\n\r\nx\r\n--b--\r\n"),
      std::string("--b\r\n\r\n--b--\r\n"), std::string("--b\r\n--b--\r\n"),
      std::string("--b\nContent-Disposition: form-data; name=\"A\"\n\nx\n--b--\n"),
      std::string("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
      std::string("--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--b--\r\n"),
      std::string("--b\r\nContent-Disposition: file; name=\"A\"\r\n\r\nx\r\n--b--\r\n"),
      std::string("--b\r\nContent-Disposition: form-data; name=\"A\"; name=\"B\"\r\n\r\nx\r\n"
                  "--b--\r\n"),
      std::string("--b\r\nContent-Disposition: form-data; name=\"A\\\"B\"\r\n\r\nx\r\n--b--\r\n"),
      One("Content-Disposition: form-data; name=\"B\"\r\n"), One("no colon\r\n"), One(": x\r\n"),
      One("Content-Transfer-Encoding: base64\r\n"), One("X: " + std::string(5000, 'x') + "\r\n"));
  CAPTURE(body);

  CHECK(ErrorOf(ParseMultipart(kType, body).status()) == ApiError::kInvalidRequest);
}

TEST_CASE("Parts do not hold parts", "[multipart]") {
  const std::string type = GENERATE("multipart/mixed; boundary=c", "Multipart/Form-Data");
  const auto refused =
      ParseMultipart(kType, One(absl::StrCat("Content-Type: ", type, "\r\n"))).status();

  CHECK(ErrorOf(refused) == ApiError::kInvalidRequest);
  CHECK(absl::StrContains(refused.message(), "parts may not hold parts"));
}

TEST_CASE("A body of very many parts is refused", "[multipart]") {
  std::string body;
  for (std::size_t i = 0; i <= kMaxParts; ++i) {
    absl::StrAppend(&body, "--b\r\nContent-Disposition: form-data; name=A\r\n\r\nx\r\n");
  }
  body += "--b--\r\n";

  CHECK(ErrorOf(ParseMultipart(kType, body).status()) == ApiError::kInvalidRequest);
}

TEST_CASE("A body without parts is one without parameters", "[multipart]") {
  const std::string body = GENERATE("--b--\r\n", "--b--", "");
  const auto parts = ParseMultipart(kType, body);
  REQUIRE(parts.ok());
  CHECK(parts->empty());
}

}  // namespace
}  // namespace certwright
