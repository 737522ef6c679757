// PEM armour (RFC 7468).
#ifndef CERTWRIGHT_CORE_CRYPTO_PEM_H_
#define CERTWRIGHT_CORE_CRYPTO_PEM_H_

#include <string>

#include "absl/strings/string_view.h"

namespace certwright {

// One block, lines of 64 characters, "\n" line ends.
std::string Pem(absl::string_view label, absl::string_view der);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_PEM_H_
