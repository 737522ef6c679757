// Writing DER (X.690), as far as certificates and requests need it.
#ifndef CERTWRIGHT_CORE_CRYPTO_DER_H_
#define CERTWRIGHT_CORE_CRYPTO_DER_H_

#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace certwright::der {

// One element: tag, length, contents. Every function below returns whole elements.
std::string Element(unsigned char tag, absl::string_view contents);

std::string Sequence(std::initializer_list<absl::string_view> elements);
std::string Set(absl::string_view element);
// A context tag around whole elements: [0], [3].
std::string Explicit(int number, absl::string_view element);
// A non-negative INTEGER from its big-endian bytes.
std::string Integer(absl::string_view big_endian);
std::string Boolean(bool value);
// `encoded` is the object identifier's contents.
std::string ObjectId(absl::string_view encoded);
std::string OctetString(absl::string_view bytes);
std::string BitString(absl::string_view bytes, int unused_bits = 0);
std::string Utf8String(absl::string_view text);
// UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). Whole seconds.
std::string Time(absl::Time time);

}  // namespace certwright::der

#endif  // CERTWRIGHT_CORE_CRYPTO_DER_H_
