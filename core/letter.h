// Letters that applicants upload: confirmation of an order, revocation of a certificate.
#ifndef CERTWRIGHT_CORE_LETTER_H_
#define CERTWRIGHT_CORE_LETTER_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/error.h"

namespace certwright {

// More than 1 KB and less than 1.4 MB.
inline constexpr std::size_t kLetterTooSmallBytes = 1024;
inline constexpr std::size_t kLetterTooLargeBytes = 1400 * 1024;

// How long an order waits for its letter (ours).
inline constexpr absl::Duration kLetterDeadline = absl::Hours(24 * 30);

enum class LetterKind { kJpeg, kPng, kPdf, kGif, kUnknown };

// By the first bytes, whatever the file was called.
LetterKind KindOfLetter(absl::string_view bytes);

// What a letter for one purpose may be, and what else is refused with.
struct LetterRules {
  const char* field = "";
  std::vector<LetterKind> kinds = {};
  const char* extensions = "";  // what `kinds` are called in the refusal
  ApiError too_small = {};
  ApiError too_large = {};
  ApiError wrong_kind = {};
};

absl::Status CheckLetter(absl::string_view letter, const LetterRules& rules);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_LETTER_H_
