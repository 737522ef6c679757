#include "server/language.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/signing.h"

namespace certwright {
namespace {

constexpr Language kZh = Language::kChinese;
constexpr Language kEn = Language::kEnglish;

Envelope From(absl::string_view host) {
  Envelope envelope = JsonPost("DescribeCertificates", "{}");
  SetHeader("host", host, envelope);
  return envelope;
}

Envelope Form(const std::string& body) {
  Envelope envelope = From("ssl.test");
  SetHeader("content-type", "application/x-www-form-urlencoded", envelope);
  envelope.body = body;
  return envelope;
}

TEST_CASE("A language is taken in any case, and another one leaves the default", "[language]") {
  const Envelope envelope = From("ssl.tencentcloudapi.com");

  CHECK(LanguageOf("zh-CN", envelope, kEn) == kZh);
  CHECK(LanguageOf("ZH-cn", envelope, kEn) == kZh);
  CHECK(LanguageOf("en-us", envelope, kZh) == kEn);
  for (const char* other : {"", "en", "zh", "fr-FR", "zh-CN;en-US", "\xff"}) {
    CAPTURE(other);
    CHECK(LanguageOf(other, envelope, kZh) == kZh);
    CHECK(LanguageOf(other, envelope, kEn) == kEn);
  }
}

TEST_CASE("International names answer in English unless asked otherwise", "[language]") {
  const Envelope envelope = From("ssl.intl.tencentcloudapi.com");

  CHECK(LanguageOf("", envelope, kZh) == kEn);
  CHECK(LanguageOf("zh-CN", envelope, kEn) == kZh);
  CHECK(LanguageOf("", From("ssl.international.test"), kZh) == kZh);
}

TEST_CASE("What is not verified asks by its header, a v1 request by its parameter alone",
          "[language]") {
  Envelope tc3 = From("ssl.test");
  SetHeader("x-tc-language", "en-US", tc3);
  CHECK(ClaimedLanguage(tc3, kZh) == kEn);
  Sign(tc3);
  CHECK(ClaimedLanguage(tc3, kZh) == kEn);

  Envelope grpc = GrpcCall("DescribeCertificates", "Language=zh-CN&Signature=x");
  SetHeader("x-tc-language", "en-US", grpc);
  CHECK(ClaimedLanguage(grpc, kZh) == kEn);

  Envelope v1 = Form("Action=X&Language=en-US&Signature=x");
  CHECK(ClaimedLanguage(v1, kZh) == kEn);
  SetHeader("x-tc-language", "zh-CN", v1);
  CHECK(ClaimedLanguage(v1, kZh) == kEn);
  CHECK(ClaimedLanguage(Form("Signature=x&XLanguage=en-US&Alias=Language=en-US"), kZh) == kZh);

  // Signed with TC3, so that the form holds members.
  Envelope both = Form("Language=en-US&Signature=x");
  Sign(both);
  CHECK(ClaimedLanguage(both, kZh) == kZh);
}

TEST_CASE("A language is found in a form of 100,000 parameters", "[language]") {
  std::string form = "Signature=x";
  for (int i = 0; i < 100000; ++i) form += "&";
  CHECK(ClaimedLanguage(Form(form + "Language=en-US"), kZh) == kEn);
  CHECK(ClaimedLanguage(Form(form), kZh) == kZh);
}

}  // namespace
}  // namespace certwright
