#include "server/language.h"

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/auth/request_parts.h"
#include "server/auth/v1_request.h"

namespace certwright {
namespace {

constexpr absl::string_view kInternational = ".intl.";

// The first one: a form that has two is refused. Nothing in a language's name need be escaped.
absl::string_view FormLanguage(absl::string_view form) {
  for (absl::string_view part : absl::StrSplit(form, '&')) {
    if (absl::ConsumePrefix(&part, "Language=")) return part;
  }
  return "";
}

}  // namespace

Language LanguageOf(absl::string_view asked, const Envelope& envelope, Language otherwise) {
  if (absl::EqualsIgnoreCase(asked, "zh-CN")) return Language::kChinese;
  if (absl::EqualsIgnoreCase(asked, "en-US")) return Language::kEnglish;
  const bool is_international = absl::StrContains(HeaderOr(envelope, "host"), kInternational);
  return is_international ? Language::kEnglish : otherwise;
}

Language ClaimedLanguage(const Envelope& envelope, Language otherwise) {
  const absl::string_view form = V1FormOf(envelope);
  const bool is_v1 =
      !FindHeader(envelope, "authorization") && absl::StrContains(form, "Signature=");
  return LanguageOf(is_v1 ? FormLanguage(form) : HeaderOr(envelope, "x-tc-language"), envelope,
                    otherwise);
}

}  // namespace certwright
