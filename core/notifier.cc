#include "core/notifier.h"

#include "absl/strings/ascii.h"

namespace certwright {

std::string PlainText(absl::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '"' && c != '\\') plain += c;
  }
  return plain;
}

std::string UtcText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace certwright
