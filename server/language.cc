#include "server/language.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "server/auth/request_parts.h"
#include "server/auth/v1_request.h"

namespace certwright {
namespace {

constexpr absl::string_view kInternational = ".intl.";

// The first one: a form that has two is refused. Nothing in a language's name need be escaped.
// Forms may be large, and are not split for this.
absl::string_view FormLanguage(absl::string_view form) {
  constexpr absl::string_view kName = "Language=";
  std::size_t at = form.find(kName);
  while (at != absl::string_view::npos && at != 0 && form[at - 1] != '&') {
    at = form.find(kName, at + kName.size());
  }
  if (at == absl::string_view::npos) return "";
  const absl::string_view rest = form.substr(at + kName.size());
  return rest.substr(0, rest.find('&'));
}

}  // namespace

Language LanguageOf(absl::string_view asked, const Envelope& envelope, Language otherwise) {
  if (absl::EqualsIgnoreCase(asked, "zh-CN")) return Language::kChinese;
  if (absl::EqualsIgnoreCase(asked, "en-US")) return Language::kEnglish;
  const bool is_international = absl::StrContains(HeaderOr(envelope, "host"), kInternational);
  return is_international ? Language::kEnglish : otherwise;
}

Language ClaimedLanguage(const Envelope& envelope, Language otherwise) {
  return LanguageOf(LooksLikeV1(envelope) ? FormLanguage(V1FormOf(envelope))
                                          : HeaderOr(envelope, "x-tc-language"),
                    envelope, otherwise);
}

}  // namespace certwright
