// Where server-made private keys come from.
#ifndef CERTWRIGHT_CORE_KEY_SOURCE_H_
#define CERTWRIGHT_CORE_KEY_SOURCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/certificate.h"

namespace certwright {

struct PrivateKey {
  KeyAlgorithm algorithm = KeyAlgorithm::kRsa2048;
  std::string private_key_der = {};  // PKCS#8
  std::string public_key_der = {};   // SubjectPublicKeyInfo
};

// Thread-safe.
class KeySource {
 public:
  virtual ~KeySource() = default;

  // A fresh key that nobody else has. May block while one is made.
  virtual absl::StatusOr<PrivateKey> Take(KeyAlgorithm algorithm) = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_KEY_SOURCE_H_
