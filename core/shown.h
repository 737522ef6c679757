// Foreign text in messages for people.
#ifndef CERTWRIGHT_CORE_SHOWN_H_
#define CERTWRIGHT_CORE_SHOWN_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace certwright {

// `text` as it is, in valid UTF-8 and on one line: control characters and those that reorder what
// stands around them are \u0000, bytes that are no UTF-8 are \xff. Of a text of more than
// `max_bytes` whole characters up to there, and "…".
std::string Shown(absl::string_view text, std::size_t max_bytes = 64);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_SHOWN_H_
