#include "server/messages.h"

#include "absl/strings/str_cat.h"
#include "core/certificate_life.h"
#include "core/shown.h"

namespace certwright {
namespace {

struct Sentence {
  absl::string_view english;
  absl::string_view chinese;
};

constexpr Sentence kFailures[] = {
    {kHoldsBlockedWord, "安全审核未通过，域名含有不允许的词"},
    {kForbiddenByCaa, "域名的 CAA 记录不允许本机构签发"},
    {kKeyIsRevoked, "所续费的证书已被吊销，且订单将使用相同的密钥"},
    {kValidatedTooLate, "域名未在期限内通过验证，订单已关闭"},
    {kLetterTooLate, "未在期限内收到确认函，订单已关闭"},
};

std::string InChinese(absl::string_view chinese, absl::string_view english) {
  if (english.empty()) return std::string(chinese);
  return absl::StrCat(chinese, "：", english);
}

const char* ChineseOf(Probe::Result result) {
  switch (result) {
    case Probe::Result::kPassed:
      return "验证通过";
    case Probe::Result::kTxtAbsent:
      return "未找到 TXT 记录";
    case Probe::Result::kTxtDiffers:
      return "TXT 记录的值不一致";
    case Probe::Result::kDnsLookupFailed:
      return "未能完成 DNS 查询";
    case Probe::Result::kFileLookupFailed:
      return "文件验证的主机无法解析";
    case Probe::Result::kHttpFileAbsent:
      return "未找到验证文件";
    case Probe::Result::kHttpFileDiffers:
      return "验证文件的内容不一致";
    case Probe::Result::kCnameAbsent:
      return "未找到 CNAME 记录";
    case Probe::Result::kCnameDiffers:
      return "CNAME 记录的值不一致";
    case Probe::Result::kCaaForbids:
      return "CAA 记录不允许签发";
  }
  return "";
}

const char* ChineseOf(RefundBar bar) {
  switch (bar) {
    case RefundBar::kNone:
      break;
    case RefundBar::kNotPaid:
      return "仅付费订单可以退款";
    case RefundBar::kNothingPaid:
      return "该订单没有支付记录";
    case RefundBar::kIssued:
      return "证书已签发，不能退款";
    case RefundBar::kRefunded:
      return "该订单已退款";
    case RefundBar::kStatus:
      return "当前状态不能退款，仅已失败或已取消的订单可以退款";
  }
  return "";
}

}  // namespace

std::string ErrorMessage(ApiError error, absl::string_view english, absl::string_view field,
                         Language language) {
  if (language == Language::kEnglish) return std::string(english);
  const char* const sentence = ChineseSentence(error);
  if (field.empty()) return InChinese(sentence, english);
  // The caller may have named it.
  return InChinese(absl::StrCat(sentence, "（参数 ", Shown(field), "）"), english);
}

std::string ErrorMessage(const absl::Status& refusal, Language language) {
  return ErrorMessage(*ErrorOf(refusal), refusal.message(), FieldOf(refusal), language);
}

std::string FailureText(absl::string_view english, Language language) {
  if (language == Language::kChinese) {
    for (const Sentence& known : kFailures) {
      if (english == known.english) return InChinese(known.chinese, english);
    }
  }
  return std::string(english);
}

std::string RefundBarText(const RefundQuote& quote, Language language) {
  if (language == Language::kEnglish || quote.bar == RefundBar::kNone) return quote.reason;
  return InChinese(ChineseOf(quote.bar), quote.reason);
}

std::string ProbeText(const Probe& probe, bool is_frequent, Language language) {
  if (language == Language::kEnglish || probe.reason.empty()) return probe.reason;
  return InChinese(is_frequent ? "尚未查询，请稍后重试" : ChineseOf(probe.result), probe.reason);
}

}  // namespace certwright
