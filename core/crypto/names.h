// Names out of foreign certificates and requests. Only sources of core/crypto include this.
#ifndef CERTWRIGHT_CORE_CRYPTO_NAMES_H_
#define CERTWRIGHT_CORE_CRYPTO_NAMES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/crypto/openssl.h"

namespace certwright {

// SubjectPublicKeyInfo as it stands there: encoding the parsed key anew costs more.
inline std::string PublicKeyInfoDer(X509_PUBKEY* info) {
  unsigned char* bytes = nullptr;
  const int length = i2d_X509_PUBKEY(info, &bytes);
  std::string der;
  if (length > 0) der.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

inline void FreeExtensions(STACK_OF(X509_EXTENSION) * extensions) {
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}

// The last attribute of this kind as UTF-8, "" if there is none. InvalidArgument for a text with
// control characters, an embedded NUL among them, or over 256 bytes.
absl::StatusOr<std::string> TextOf(const X509_NAME* name, int nid);
absl::StatusOr<std::string> CommonNameOf(const X509_NAME* name);

// DNS names in lower case and IP addresses as text; other kinds are passed over. `names` may be
// null. InvalidArgument over 100 names, for names that TextOf would refuse, and for DNS names with
// blanks or anything beyond ASCII.
absl::StatusOr<std::vector<std::string>> NamesIn(const GENERAL_NAMES* names);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_NAMES_H_
