// Private keys: made, parsed, written.
#ifndef CERTWRIGHT_CORE_CRYPTO_KEYS_H_
#define CERTWRIGHT_CORE_CRYPTO_KEYS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/certificate.h"
#include "core/key_source.h"

namespace certwright {

// Makes a key on the calling thread. RSA-2048 takes a fraction of a second: see KeyPool.
absl::StatusOr<PrivateKey> GenerateKey(KeyAlgorithm algorithm);

// Reads one PEM private key (PKCS#8, PKCS#1 or SEC 1; encrypted ones with `password`). Blanks
// around it are tolerated. InvalidArgument tells why, without any of the key's bytes.
absl::StatusOr<PrivateKey> ParsePrivateKeyPem(absl::string_view pem, absl::string_view password);

// Unencrypted PEM as OpenSSL writes it: "RSA PRIVATE KEY" (PKCS#1) for RSA, "EC PRIVATE KEY"
// (SEC 1) for ECC, else PKCS#8.
absl::StatusOr<std::string> PrivateKeyPem(absl::string_view private_key_der);

// "ENCRYPTED PRIVATE KEY" (PKCS#8): AES-256-CBC under PBKDF2 with SHA-256. Takes a good part of a
// second, as guessing each password then does. REQUIRES: `password` is not empty.
absl::StatusOr<std::string> EncryptedPrivateKeyPem(absl::string_view private_key_der,
                                                   absl::string_view password);

// "RSA 2048", "ECC 256" (EncryptAlgorithm of the API).
std::string KeyDescription(KeyAlgorithm algorithm);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_KEYS_H_
