// Letters that applicants upload: confirmation of an order, revocation of a certificate.
#ifndef CERTWRIGHT_CORE_LETTER_H_
#define CERTWRIGHT_CORE_LETTER_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace certwright {

// More than 1 KB and less than 1.4 MB.
inline constexpr std::size_t kLetterTooSmallBytes = 1024;
inline constexpr std::size_t kLetterTooLargeBytes = 1400 * 1024;

enum class LetterKind { kJpeg, kPng, kPdf, kGif, kUnknown };

// By the first bytes, whatever the file was called.
LetterKind KindOfLetter(absl::string_view bytes);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_LETTER_H_
