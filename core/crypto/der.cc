#include "core/crypto/der.h"

namespace certwright::der {

std::string Element(unsigned char tag, absl::string_view contents) {
  std::string element(1, static_cast<char>(tag));
  const std::size_t length = contents.size();
  if (length < 0x80) {
    element += static_cast<char>(length);
  } else {
    std::string bytes;
    for (std::size_t rest = length; rest > 0; rest >>= 8) {
      bytes.insert(bytes.begin(), static_cast<char>(rest & 0xff));
    }
    element += static_cast<char>(0x80 | bytes.size());
    element += bytes;
  }
  element.append(contents.data(), contents.size());
  return element;
}

std::string Sequence(std::initializer_list<absl::string_view> elements) {
  std::string contents;
  for (const absl::string_view element : elements) contents.append(element.data(), element.size());
  return Element(0x30, contents);
}

std::string Set(absl::string_view element) { return Element(0x31, element); }

std::string Explicit(int number, absl::string_view element) {
  return Element(static_cast<unsigned char>(0xa0 | number), element);
}

std::string Integer(absl::string_view big_endian) {
  while (big_endian.size() > 1 && big_endian[0] == '\0') big_endian.remove_prefix(1);
  std::string contents(big_endian);
  if (contents.empty()) contents = std::string(1, '\0');
  if ((contents[0] & 0x80) != 0) contents.insert(contents.begin(), '\0');
  return Element(0x02, contents);
}

std::string Boolean(bool value) {
  return Element(0x01, value ? "\xff" : absl::string_view("\0", 1));
}

std::string ObjectId(absl::string_view encoded) { return Element(0x06, encoded); }

std::string OctetString(absl::string_view bytes) { return Element(0x04, bytes); }

std::string BitString(absl::string_view bytes, int unused_bits) {
  std::string contents(1, static_cast<char>(unused_bits));
  contents.append(bytes.data(), bytes.size());
  return Element(0x03, contents);
}

std::string Utf8String(absl::string_view text) { return Element(0x0c, text); }

std::string Time(absl::Time time) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const bool is_utc_time = absl::ToCivilYear(time, utc).year() < 2050;
  return is_utc_time ? Element(0x17, absl::FormatTime("%y%m%d%H%M%SZ", time, utc))
                     : Element(0x18, absl::FormatTime("%Y%m%d%H%M%SZ", time, utc));
}

}  // namespace certwright::der
