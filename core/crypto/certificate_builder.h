// Certificates in the making (RFC 5280): every byte is fixed before a key signs.
#ifndef CERTWRIGHT_CORE_CRYPTO_CERTIFICATE_BUILDER_H_
#define CERTWRIGHT_CORE_CRYPTO_CERTIFICATE_BUILDER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/crypto/signing_key.h"
#include "core/products.h"
#include "core/subject.h"

namespace certwright {

// A Name of these attributes, in the order in which Subject lists them.
std::string NameDer(const Subject& subject);
std::string NameDer(absl::string_view organization, absl::string_view common_name);

// subjectKeyIdentifier: the first 160 bits of SHA-256 over the SubjectPublicKeyInfo (RFC 7093).
std::string KeyIdentifier(absl::string_view public_key_der);

struct CertificateParts {
  std::string serial_number = {};  // big-endian bytes, top bit clear, not zero
  std::string signature_algorithm_der = {};
  std::string issuer_name_der = {};
  std::string issuer_public_key_der = {};
  std::string subject_name_der = {};
  std::string public_key_der = {};
  absl::Time not_before = {};
  absl::Time not_after = {};
  Level level = Level::kDv;
};

// TBSCertificate of a server certificate for `names` (DNS names and IP addresses), validated as
// `parts.level` says, for TLS servers and clients; RSA keys may also encipher keys.
std::string ServerCertificateTbs(const CertificateParts& parts,
                                 const std::vector<std::string>& names, bool is_rsa);

// TBSCertificate of a root (`is_root`), or of an intermediate that signs leaves of its level only.
std::string CaCertificateTbs(const CertificateParts& parts, bool is_root);

// The whole certificate.
absl::StatusOr<std::string> SignCertificate(absl::string_view to_be_signed, const SigningKey& key);

// The extensions of a request for `names` (DNS names and IP addresses), as PKCS#10 attributes want
// them.
std::string SubjectAltNameExtension(const std::vector<std::string>& names);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_CERTIFICATE_BUILDER_H_
