// A private key that signs certificates and requests.
#ifndef CERTWRIGHT_CORE_CRYPTO_SIGNING_KEY_H_
#define CERTWRIGHT_CORE_CRYPTO_SIGNING_KEY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/certificate.h"

namespace certwright {

// Of RSA signatures.
enum class RsaDigest { kSha256, kSha384 };

// Parsed once, then thread-safe. RSA signs PKCS#1 v1.5 with the digest that is asked for, P-256
// ECDSA with SHA-256, P-384 with SHA-384.
class SigningKey {
 public:
  static absl::StatusOr<std::unique_ptr<SigningKey>> Parse(
      absl::string_view private_key_der, RsaDigest rsa_digest = RsaDigest::kSha384);
  virtual ~SigningKey() = default;

  // SubjectPublicKeyInfo.
  virtual const std::string& public_key_der() const = 0;
  // AlgorithmIdentifier of its signatures.
  virtual const std::string& signature_algorithm_der() const = 0;
  // The signature as it stands in the certificate's BIT STRING.
  virtual absl::StatusOr<std::string> Sign(absl::string_view bytes) const = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_SIGNING_KEY_H_
