#include "server/messages.h"

#include <catch2/catch.hpp>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "core/certificate_life.h"
#include "server/rate_limiter.h"

namespace certwright {
namespace {

// UTF-8 of U+4E00 to U+9FFF begins with these bytes.
bool HasChinese(const std::string& text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xe4 && byte <= 0xe9) return true;
  }
  return false;
}

TEST_CASE("Each error has one Chinese sentence of its own", "[messages]") {
  std::set<std::string> sentences;
  for (int i = 0; i <= static_cast<int>(ApiError::kUnsupportedRegion); ++i) {
    const auto error = static_cast<ApiError>(i);
    const std::string sentence = ChineseSentence(error);
    CAPTURE(WireCode(error), sentence);

    CHECK(HasChinese(sentence));
    CHECK(sentences.insert(sentence).second);
    CHECK_FALSE(absl::EndsWith(sentence, "。"));
    // Those stand around it in a message.
    CHECK_FALSE(absl::StrContains(sentence, "："));
    CHECK_FALSE(absl::StrContains(sentence, "（"));
  }
}

TEST_CASE("A Chinese message is the code's sentence, the field and the English as it was",
          "[messages]") {
  const absl::Status of_field =
      Refuse(ApiError::kFailedOperationCertificateNotFound, "No `x` here.", "CertificateId");
  const absl::Status of_none = Refuse(ApiError::kAuthFailureSignatureFailure, "It is not right.");

  CHECK(ErrorMessage(of_field, Language::kChinese) ==
        "证书不存在或不属于该账号（参数 CertificateId）：No `x` here.");
  CHECK(ErrorMessage(of_field, Language::kEnglish) == "No `x` here.");
  CHECK(ErrorMessage(of_none, Language::kChinese) == "签名校验失败：It is not right.");
  CHECK(ErrorMessage(ApiError::kInternalError, "", "", Language::kChinese) == "服务内部错误");
}

TEST_CASE("A field that the caller named is shown as foreign text is", "[messages]") {
  const std::string name = "\n\xff" + std::string(1000, 'a');

  const std::string message =
      ErrorMessage(ApiError::kUnknownParameter, "No.", name, Language::kChinese);

  CHECK(absl::StrContains(message, "（参数 \\u000a\\xffaaa"));
  CHECK(message.size() < 200);
}

TEST_CASE("The text of a rate limit can be parsed in either language", "[messages]") {
  RateLimiter limiter(1);
  const absl::Time now = absl::FromUnixSeconds(1767229261);
  REQUIRE(limiter.Admit({1}, "DescribeCertificates", now).ok());
  const absl::Status refusal = limiter.Admit({1}, "DescribeCertificates", now);
  const Language language = GENERATE(Language::kChinese, Language::kEnglish);

  const std::string message = ErrorMessage(refusal, language);

  const std::regex parsed(
      "Your current request times equals to `(\\d+)` in a second, which exceeds the frequency "
      "limit `(\\d+)` for a second\\. Please reduce the frequency of calls\\.");
  std::smatch numbers;
  REQUIRE(std::regex_search(message, numbers, parsed));
  CHECK(numbers[1] == "2");
  CHECK(numbers[2] == "1");
  CHECK(absl::StartsWith(message, "请求频率超过限制：") == (language == Language::kChinese));
}

TEST_CASE("Why an order failed is told in both languages, a reviewer's reason in their own",
          "[messages]") {
  CHECK(FailureText(kValidatedTooLate, Language::kEnglish) == kValidatedTooLate);
  for (const absl::string_view english :
       {kHoldsBlockedWord, kForbiddenByCaa, kKeyIsRevoked, kValidatedTooLate, kLetterTooLate}) {
    const std::string chinese = FailureText(english, Language::kChinese);
    CHECK(HasChinese(chinese));
    CHECK(absl::EndsWith(chinese, absl::StrCat("：", english)));
  }
  for (const absl::string_view as_it_is : {"PENDING-DCV", "The seal is missing", "缺少公章", ""}) {
    CHECK(FailureText(as_it_is, Language::kChinese) == as_it_is);
  }
}

TEST_CASE("Why an order is not refunded is told in both languages", "[messages]") {
  for (const RefundBar bar : {RefundBar::kNotPaid, RefundBar::kNothingPaid, RefundBar::kIssued,
                              RefundBar::kRefunded, RefundBar::kStatus}) {
    const RefundQuote quote = {.bar = bar, .reason = "why"};
    CHECK(RefundBarText(quote, Language::kEnglish) == "why");
    const std::string chinese = RefundBarText(quote, Language::kChinese);
    CHECK(HasChinese(chinese));
    CHECK(absl::EndsWith(chinese, "：why"));
  }
  CHECK(RefundBarText({}, Language::kChinese).empty());
}

TEST_CASE("Why a probe did not pass is told in both languages", "[messages]") {
  const Probe absent = {.result = Probe::Result::kTxtAbsent, .reason = "txt record not found"};

  CHECK(ProbeText(absent, false, Language::kEnglish) == "txt record not found");
  CHECK(ProbeText(absent, false, Language::kChinese) == "未找到 TXT 记录：txt record not found");
  CHECK(ProbeText({.reason = "again"}, true, Language::kChinese) == "尚未查询，请稍后重试：again");
  CHECK(ProbeText({.result = Probe::Result::kPassed}, false, Language::kChinese) == "");
  std::set<std::string> texts;
  for (int i = 0; i <= static_cast<int>(Probe::Result::kCaaForbids); ++i) {
    const Probe probe = {.result = static_cast<Probe::Result>(i), .reason = "x"};
    texts.insert(ProbeText(probe, false, Language::kChinese));
  }
  CHECK(texts.size() == static_cast<std::size_t>(Probe::Result::kCaaForbids) + 1);
}

}  // namespace
}  // namespace certwright
