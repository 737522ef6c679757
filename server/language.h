// Which language an answer is in.
#ifndef CERTWRIGHT_SERVER_LANGUAGE_H_
#define CERTWRIGHT_SERVER_LANGUAGE_H_

#include "absl/strings/string_view.h"
#include "server/call.h"

namespace certwright {

// `asked` is "zh-CN" or "en-US", in any case. For anything else, English if `envelope` came to an
// international name ("ssl.intl.…"), else `otherwise`.
Language LanguageOf(absl::string_view asked, const Envelope& envelope, Language otherwise);

// The same for what is refused before it is verified: by X-TC-Language, or, of a request that would
// have been read as a v1 one, by its parameter Language, which counts there alone.
Language ClaimedLanguage(const Envelope& envelope, Language otherwise);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_LANGUAGE_H_
