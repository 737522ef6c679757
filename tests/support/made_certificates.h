// Certificates of a small hierarchy of the test's own, for uploads.
#ifndef CERTWRIGHT_TESTS_SUPPORT_MADE_CERTIFICATES_H_
#define CERTWRIGHT_TESTS_SUPPORT_MADE_CERTIFICATES_H_

#include <string>

#include "absl/time/time.h"
#include "core/crypto/certificate_builder.h"
#include "core/crypto/keys.h"
#include "core/crypto/signing_key.h"
#include "core/crypto/x509.h"

namespace certwright {

struct Made {
  PrivateKey key = {};
  std::string name_der = {};
  std::string der = {};
  std::string pem() const { return CertificatesPem({der}); }
  std::string key_pem() const { return *PrivateKeyPem(key.private_key_der); }
};

struct MadeOptions {
  bool is_ca = false;
  absl::Time not_before = absl::FromUnixSeconds(1760000000);
  absl::Time not_after = absl::FromUnixSeconds(1790000000);
};

// Signed by `issuer`, or by itself if that is null.
inline Made Make(const std::string& name, const Made* issuer, const MadeOptions& options = {}) {
  static char serial = 0;
  Made made = {.key = *GenerateKey(KeyAlgorithm::kEccP256), .name_der = NameDer("Tests", name)};
  const Made& by = issuer == nullptr ? made : *issuer;
  const auto signer = *SigningKey::Parse(by.key.private_key_der);
  const CertificateParts parts = {.serial_number = std::string("\x01") + ++serial,
                                  .signature_algorithm_der = signer->signature_algorithm_der(),
                                  .issuer_name_der = by.name_der,
                                  .issuer_public_key_der = by.key.public_key_der,
                                  .subject_name_der = made.name_der,
                                  .public_key_der = made.key.public_key_der,
                                  .not_before = options.not_before,
                                  .not_after = options.not_after};
  const std::string to_be_signed =
      options.is_ca ? CaCertificateTbs(parts, true) : ServerCertificateTbs(parts, {name}, false);
  made.der = *SignCertificate(to_be_signed, *signer);
  return made;
}

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_MADE_CERTIFICATES_H_
