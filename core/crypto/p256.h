// P-256 keys, read and written by hand: OpenSSL's encoders and decoders take ten times as long as a
// signature, and these keys are made in every call. Only sources of core/crypto include this.
#ifndef CERTWRIGHT_CORE_CRYPTO_P256_H_
#define CERTWRIGHT_CORE_CRYPTO_P256_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/crypto/openssl.h"
#include "core/key_source.h"

namespace certwright::p256 {

// Always with the uncompressed point. REQUIRES: `key` is a P-256 key.
absl::StatusOr<PrivateKey> Encode(const EVP_PKEY* key);

// SubjectPublicKeyInfo, "" if the key has no public half. REQUIRES: `key` is a P-256 key.
std::string PublicKeyDer(const EVP_PKEY* key);

// True for a SubjectPublicKeyInfo with an uncompressed point; on the curve or not.
bool IsPublicKeyDer(absl::string_view der);

// What Encode wrote; null for any other key.
KeyPtr Decode(absl::string_view private_key_der);

// The SEC 1 form of what Encode wrote; "" for any other key.
std::string Sec1Of(absl::string_view private_key_der);

}  // namespace certwright::p256

#endif  // CERTWRIGHT_CORE_CRYPTO_P256_H_
