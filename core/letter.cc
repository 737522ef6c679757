#include "core/letter.h"

#include "absl/strings/match.h"

namespace certwright {

LetterKind KindOfLetter(absl::string_view bytes) {
  if (absl::StartsWith(bytes, "\xff\xd8\xff")) return LetterKind::kJpeg;
  if (absl::StartsWith(bytes, "\x89PNG\r\n\x1a\n")) return LetterKind::kPng;
  if (absl::StartsWith(bytes, "%PDF-")) return LetterKind::kPdf;
  if (absl::StartsWith(bytes, "GIF87a") || absl::StartsWith(bytes, "GIF89a")) {
    return LetterKind::kGif;
  }
  return LetterKind::kUnknown;
}

}  // namespace certwright
