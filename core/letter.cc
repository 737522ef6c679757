#include "core/letter.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

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

absl::Status CheckLetter(absl::string_view letter, const LetterRules& rules) {
  const std::string size = absl::StrCat(rules.field, " has ", letter.size(), " bytes; allowed: ");
  if (letter.size() >= kLetterTooLargeBytes) {
    return Refuse(rules.too_large, absl::StrCat(size, "less than ", kLetterTooLargeBytes, "."),
                  rules.field);
  }
  if (letter.size() <= kLetterTooSmallBytes) {
    return Refuse(rules.too_small, absl::StrCat(size, "more than ", kLetterTooSmallBytes, "."),
                  rules.field);
  }
  const LetterKind kind = KindOfLetter(letter);
  if (std::find(rules.kinds.begin(), rules.kinds.end(), kind) != rules.kinds.end()) {
    return absl::OkStatus();
  }
  return Refuse(rules.wrong_kind,
                absl::StrCat(rules.field, " is of another kind by its content; allowed: ",
                             rules.extensions, "."),
                rules.field);
}

}  // namespace certwright
