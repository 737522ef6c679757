// Keys as OpenSSL holds them. Only sources of core/crypto include this.
#ifndef CERTWRIGHT_CORE_CRYPTO_EVP_KEYS_H_
#define CERTWRIGHT_CORE_CRYPTO_EVP_KEYS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/certificate.h"
#include "core/crypto/openssl.h"
#include "core/key_source.h"

namespace certwright {

KeyAlgorithm AlgorithmOf(const EVP_PKEY* key);

// kOther but for 2048, 3072 and 4096.
KeyAlgorithm RsaAlgorithm(int bits);

// "RSA 2048", "ECC 256"; for others the algorithm's name and size.
std::string DescribeKey(const EVP_PKEY* key);

// SubjectPublicKeyInfo.
std::string PublicKeyDer(EVP_PKEY* key);

// From PKCS#8 that we wrote ourselves.
absl::StatusOr<KeyPtr> KeyFromDer(absl::string_view private_key_der);

absl::StatusOr<PrivateKey> EncodeKey(EVP_PKEY* key);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_EVP_KEYS_H_
