// Where random bytes come from. Only server/main.cc builds the system's; tests seed theirs.
#ifndef CERTWRIGHT_CORE_RANDOM_H_
#define CERTWRIGHT_CORE_RANDOM_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace certwright {

// A cryptographically strong source. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(unsigned char* bytes, std::size_t count) = 0;
};

// `count` random bytes.
std::string RandomBytes(Random& random, std::size_t count);

// `length` characters, each drawn evenly from `alphabet` (2 to 256 of them).
std::string RandomText(Random& random, absl::string_view alphabet, std::size_t length);

// A version-4 UUID in lower case (RFC 4122).
std::string RandomUuid(Random& random);

inline constexpr char kAlphanumeric[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr char kLowerHex[] = "0123456789abcdef";
inline constexpr char kDigits[] = "0123456789";

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_RANDOM_H_
