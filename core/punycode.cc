#include "core/punycode.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"

namespace certwright {
namespace {

// RFC 3492, section 5.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kLeastThreshold = 1;
constexpr std::uint32_t kMostThreshold = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kFirstBias = 72;
constexpr std::uint32_t kFirstCodePoint = 0x80;
constexpr std::uint32_t kLastCodePoint = 0x10ffff;

std::optional<std::uint32_t> DigitOf(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 26;
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  return std::nullopt;
}

std::uint32_t Adapt(std::uint32_t delta, std::uint32_t points, bool is_first) {
  delta /= is_first ? kDamp : 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (kBase - kLeastThreshold) * kMostThreshold / 2; k += kBase) {
    delta /= kBase - kLeastThreshold;
  }
  return k + (kBase - kLeastThreshold + 1) * delta / (delta + kSkew);
}

std::uint32_t Threshold(std::uint32_t k, std::uint32_t bias) {
  if (k <= bias + kLeastThreshold) return kLeastThreshold;
  return k >= bias + kMostThreshold ? kMostThreshold : k - bias;
}

// One number of variable length, taken off the front of `digits`. Numbers that could not be a place
// in a text of this size are refused, so nothing overflows.
std::optional<std::uint32_t> TakeNumber(absl::string_view& digits, std::uint32_t bias) {
  constexpr std::uint64_t kMost = UINT32_MAX;
  std::uint64_t number = 0;
  std::uint64_t weight = 1;
  for (std::uint32_t k = kBase;; k += kBase) {
    if (digits.empty()) return std::nullopt;
    const std::optional<std::uint32_t> digit = DigitOf(digits.front());
    if (!digit) return std::nullopt;
    digits.remove_prefix(1);
    number += *digit * weight;
    if (number > kMost) return std::nullopt;
    const std::uint32_t threshold = Threshold(k, bias);
    if (*digit < threshold) return static_cast<std::uint32_t>(number);
    weight *= kBase - threshold;
    if (weight > kMost) return std::nullopt;
  }
}

void AppendUtf8(std::string& text, std::uint32_t point) {
  const auto append = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  const auto append_rest = [&](std::uint32_t shift) { append(0x80 | ((point >> shift) & 0x3f)); };
  if (point < 0x80) {
    append(point);
  } else if (point < 0x800) {
    append(0xc0 | (point >> 6));
    append_rest(0);
  } else if (point < 0x10000) {
    append(0xe0 | (point >> 12));
    append_rest(6);
    append_rest(0);
  } else {
    append(0xf0 | (point >> 18));
    append_rest(12);
    append_rest(6);
    append_rest(0);
  }
}

bool IsSurrogate(std::uint32_t point) { return point >= 0xd800 && point <= 0xdfff; }

}  // namespace

std::optional<std::string> DecodePunycode(absl::string_view encoded) {
  std::u32string points;
  const std::size_t hyphen = encoded.rfind('-');
  // A hyphen in front separates nothing: it is no digit either, and so a mistake below.
  if (hyphen != absl::string_view::npos && hyphen > 0) {
    for (const char c : encoded.substr(0, hyphen)) {
      if (!absl::ascii_isascii(static_cast<unsigned char>(c))) return std::nullopt;
      points += static_cast<char32_t>(c);
    }
    encoded.remove_prefix(hyphen + 1);
  }
  std::uint64_t point = kFirstCodePoint;
  std::uint64_t place = 0;
  std::uint32_t bias = kFirstBias;
  for (bool is_first = true; !encoded.empty(); is_first = false) {
    const std::optional<std::uint32_t> delta = TakeNumber(encoded, bias);
    if (!delta) return std::nullopt;
    const auto size = static_cast<std::uint32_t>(points.size() + 1);
    bias = Adapt(*delta, size, is_first);
    place += *delta;
    point += place / size;
    place %= size;
    if (point > kLastCodePoint || IsSurrogate(static_cast<std::uint32_t>(point))) {
      return std::nullopt;
    }
    points.insert(points.begin() + static_cast<std::ptrdiff_t>(place),
                  static_cast<char32_t>(point));
    ++place;
  }
  std::string text;
  for (const char32_t c : points) AppendUtf8(text, c);
  return text;
}

}  // namespace certwright
