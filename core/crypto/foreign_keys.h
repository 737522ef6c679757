// Private keys that others made, and may have made to harm us. Only sources of core/crypto include
// this.
#ifndef CERTWRIGHT_CORE_CRYPTO_FOREIGN_KEYS_H_
#define CERTWRIGHT_CORE_CRYPTO_FOREIGN_KEYS_H_

#include "absl/strings/string_view.h"
#include "core/crypto/openssl.h"

namespace certwright {

// False if an encrypted PKCS#8 block of `pem` asks for so many rounds of key derivation that one
// call would hold a thread for more than a second or two, or does not say how many.
bool IsCheapToOpen(absl::string_view pem);

// True if what the private half signs, the public half verifies. False also for keys that cannot
// sign, and for RSA keys over 8192 bits or with numbers of absurd size.
bool IsConsistent(EVP_PKEY* key);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_FOREIGN_KEYS_H_
