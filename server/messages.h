// What people read in answers, in the language that they asked for. Core speaks English alone, and
// so do the log and the commands; only what a caller is told is put into Chinese, here.
//
// Chinese texts keep the English behind a Chinese sentence, word for word: it has the values, and
// clients look for it (the text of a rate limit is parsed).
#ifndef CERTWRIGHT_SERVER_MESSAGES_H_
#define CERTWRIGHT_SERVER_MESSAGES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/billing/refund_service.h"
#include "core/domain_validator.h"
#include "core/error.h"
#include "server/call.h"

namespace certwright {

// What stands for the documented code, without a stop at its end; a static string.
const char* ChineseSentence(ApiError error);

// An error's message: `english`, or in Chinese "证书不存在或不属于该账号（参数
// CertificateId）：english", where the brackets are left out if there is no `field`.
std::string ErrorMessage(ApiError error, absl::string_view english, absl::string_view field,
                         Language language);

// The same of a refusal. REQUIRES: `refusal` has an ApiError.
std::string ErrorMessage(const absl::Status& refusal, Language language);

// Why an order failed: of the service's own sentences (core/certificate_life.h) in Chinese
// "域名未在期限内通过验证，订单已关闭：english"; all else as it is.
std::string FailureText(absl::string_view english, Language language);

// Why a quote says no, in English or as "已退款：it was refunded before". "" if it does not.
std::string RefundBarText(const RefundQuote& quote, Language language);

// Why a probe did not pass, or was not made because there were many (`is_frequent`): its reason, or
// in Chinese "未找到 TXT 记录：reason". "" if it passed.
std::string ProbeText(const Probe& probe, bool is_frequent, Language language);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_MESSAGES_H_
