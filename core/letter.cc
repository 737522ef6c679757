#include "core/letter.h"

#include "absl/strings/match.h"

namespace certwright {

bool IsLetter(absl::string_view bytes) {
  return absl::StartsWith(bytes, "\xff\xd8\xff") || absl::StartsWith(bytes, "\x89PNG\r\n\x1a\n") ||
         absl::StartsWith(bytes, "%PDF-");
}

}  // namespace certwright
