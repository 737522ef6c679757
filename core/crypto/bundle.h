// The formats that servers load certificates from: PKCS#12, JKS, and the ZIP around them.
#ifndef CERTWRIGHT_CORE_CRYPTO_BUNDLE_H_
#define CERTWRIGHT_CORE_CRYPTO_BUNDLE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace certwright {

// A private key with its chain, leaf first.
struct KeyStoreEntry {
  std::string alias = {};            // ASCII
  std::string private_key_der = {};  // PKCS#8
  std::vector<std::string> chain_der = {};
  absl::Time created = {};
};

// PKCS#12 with AES-256-CBC, PBKDF2 and HMAC-SHA256 (RFC 7292, RFC 8018).
absl::StatusOr<std::string> MakePfx(const KeyStoreEntry& entry, absl::string_view password);

// Java key store version 2: key protector and SHA-1 integrity as every JDK reads them.
absl::StatusOr<std::string> MakeJks(const KeyStoreEntry& entry, absl::string_view password);

struct ZipEntry {
  std::string path = {};  // forward slashes, relative
  std::string bytes = {};
  bool is_secret = false;  // unpacked readable for its owner alone, on systems that have owners
};

// A ZIP whose entries all bear `modified`.
absl::StatusOr<std::string> MakeZip(const std::vector<ZipEntry>& entries, absl::Time modified);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_BUNDLE_H_
