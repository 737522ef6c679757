#include "core/random.h"

#include <cassert>

namespace certwright {

std::string RandomBytes(Random& random, std::size_t count) {
  std::string bytes(count, '\0');
  random.Fill(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size());
  return bytes;
}

std::string RandomText(Random& random, absl::string_view alphabet, std::size_t length) {
  assert(alphabet.size() >= 2 && alphabet.size() <= 256);
  // Bytes at or above the largest multiple of the alphabet's size would favour its first letters.
  const std::size_t fair = 256 - 256 % alphabet.size();
  std::string text;
  while (text.size() < length) {
    for (const char byte : RandomBytes(random, length - text.size() + 8)) {
      const auto value = static_cast<unsigned char>(byte);
      if (value < fair && text.size() < length) text += alphabet[value % alphabet.size()];
    }
  }
  return text;
}

std::string RandomUuid(Random& random) {
  std::string bytes = RandomBytes(random, 16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string uuid;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    const auto value = static_cast<unsigned char>(bytes[i]);
    uuid += kLowerHex[value >> 4];
    uuid += kLowerHex[value & 15];
  }
  return uuid;
}

}  // namespace certwright
