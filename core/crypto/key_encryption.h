// What a caller's encrypted key would cost us. Only sources of core/crypto include this.
#ifndef CERTWRIGHT_CORE_CRYPTO_KEY_ENCRYPTION_H_
#define CERTWRIGHT_CORE_CRYPTO_KEY_ENCRYPTION_H_

#include "absl/strings/string_view.h"

namespace certwright {

// False if an encrypted PKCS#8 block of `pem` asks for so many rounds of key derivation that one
// call would hold a thread for more than a second or two, or does not say how many.
bool IsCheapToOpen(absl::string_view pem);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_KEY_ENCRYPTION_H_
