// Encryption of secrets at rest: AES-256-GCM, bound to the place where the secret stands.
#ifndef CERTWRIGHT_CORE_CRYPTO_SEALER_H_
#define CERTWRIGHT_CORE_CRYPTO_SEALER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/random.h"

namespace certwright {

// Thread-safe. `random` must outlive it.
class Sealer {
 public:
  // REQUIRES: `master_key` is 32 bytes.
  Sealer(absl::string_view master_key, Random& random);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  // A self-contained blob: version byte, 12-byte nonce, ciphertext, 16-byte tag. `place` names the
  // row and column ("key_material/<account>/<id>/private_key") and is needed again to open it.
  std::string Seal(absl::string_view place, absl::string_view secret) const;

  // DataLoss if the blob was not sealed by this key for this place, or was changed.
  absl::StatusOr<std::string> Open(absl::string_view place, absl::string_view sealed) const;

 private:
  std::string master_key_;
  Random& random_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_SEALER_H_
