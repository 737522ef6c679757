// Punycode (RFC 3492): the ASCII form that internationalised labels have behind `xn--`.
#ifndef CERTWRIGHT_CORE_PUNYCODE_H_
#define CERTWRIGHT_CORE_PUNYCODE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace certwright {

// The text, in UTF-8, that `encoded` (without `xn--`, letters in either case) stands for; nothing
// if no text has this encoding.
std::optional<std::string> DecodePunycode(absl::string_view encoded);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PUNYCODE_H_
