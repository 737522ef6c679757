// Signed letters that callers hand in: what a file is, by its content.
#ifndef CERTWRIGHT_CORE_LETTER_H_
#define CERTWRIGHT_CORE_LETTER_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace certwright {

// "1 KB to 1.4 MB": longer than the first, shorter than the second, in bytes.
inline constexpr std::size_t kMinLetterBytes = 1024;
inline constexpr std::size_t kMaxLetterBytes = 1'468'006;

// Begins as a JPEG, a PNG or a PDF does.
bool IsLetter(absl::string_view bytes);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_LETTER_H_
