#include "core/shown.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace certwright {
namespace {

struct Character {
  std::size_t bytes = 0;  // 0 if the text does not start with valid UTF-8
  std::uint32_t point = 0;
};

// The first character of a text that is not empty.
Character First(absl::string_view text) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(text[i]);
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  std::uint32_t point = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    point = point << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < kLeast[bytes] || point > 0x10ffff || is_surrogate) return {};
  return {bytes, point};
}

// Controls, line separators, and marks that turn the direction of the text around them.
bool IsEscaped(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0x200e || point == 0x200f ||
         point == 0x61c;
}

}  // namespace

std::string Shown(absl::string_view text, std::size_t max_bytes) {
  std::string shown;
  std::size_t taken = 0;
  while (taken < text.size()) {
    const Character next = First(text.substr(taken));
    const std::size_t bytes = next.bytes == 0 ? 1 : next.bytes;
    if (taken + bytes > max_bytes) return absl::StrCat(shown, "…");
    if (next.bytes == 0) {
      absl::StrAppendFormat(&shown, "\\x%02x", static_cast<unsigned char>(text[taken]));
    } else if (IsEscaped(next.point)) {
      absl::StrAppendFormat(&shown, "\\u%04x", next.point);
    } else {
      shown.append(text.data() + taken, bytes);
    }
    taken += bytes;
  }
  return shown;
}

}  // namespace certwright
