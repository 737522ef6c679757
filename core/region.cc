#include "core/region.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace certwright {

bool IsRegion(absl::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == absl::string_view::npos || dash < 2 || dash + 1 == text.size()) return false;
  return text.size() <= 64 && std::all_of(text.begin(), text.begin() + dash, absl::ascii_islower) &&
         std::all_of(text.begin() + dash, text.end(), [](unsigned char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

}  // namespace certwright
