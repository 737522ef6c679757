// Digests, MACs and text encodings of bytes.
#ifndef CERTWRIGHT_CORE_CRYPTO_DIGEST_H_
#define CERTWRIGHT_CORE_CRYPTO_DIGEST_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace certwright {

// Raw digests. MD5 protects nothing: an API shows it.
std::string Md5(absl::string_view bytes);
std::string Sha1(absl::string_view bytes);
std::string Sha256(absl::string_view bytes);

// Raw MACs (RFC 2104). Cheap to call often: the algorithm is fetched once a thread.
std::string HmacSha1(absl::string_view key, absl::string_view bytes);
std::string HmacSha256(absl::string_view key, absl::string_view bytes);

std::string LowerHex(absl::string_view bytes);
std::string UpperHex(absl::string_view bytes);

// RFC 4648 section 4, padded, no line breaks. Decoding accepts nothing else.
std::string Base64(absl::string_view bytes);
std::optional<std::string> FromBase64(absl::string_view text);

// Takes the same time wherever the two differ; their lengths are not secret.
bool EqualInConstantTime(absl::string_view a, absl::string_view b);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_DIGEST_H_
