// Certificates: parsed, described, checked against each other (RFC 5280).
#ifndef CERTWRIGHT_CORE_CRYPTO_X509_H_
#define CERTWRIGHT_CORE_CRYPTO_X509_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/certificate.h"

namespace certwright {

struct CertificateFacts {
  std::string common_name = {};
  std::vector<std::string> names = {};  // SAN DNS names and IP addresses, lower case
  std::string issuer_name = {};         // common name of the issuer
  std::string issuer_organization = {};
  std::string serial_number = {};  // lower-case hex
  absl::Time not_before = {};
  absl::Time not_after = {};
  std::string public_key_der = {};
  KeyAlgorithm key_algorithm = KeyAlgorithm::kOther;
  std::string key_description = {};      // "RSA 2048", "ECC 256", else the algorithm's name
  std::string signature_algorithm = {};  // "ecdsa-with-SHA256"
  std::string fingerprint_sha1 = {};     // upper-case hex
  std::string fingerprint_sha256 = {};   // upper-case hex
  bool is_ca = false;                    // basicConstraints CA:TRUE
  bool is_sm2 = false;
};

// Reads every CERTIFICATE block of `pem`, in order, as DER. Blanks around blocks are tolerated;
// anything else between them, an unreadable block, none at all or more than 20 are InvalidArgument
// with the block's number.
absl::StatusOr<std::vector<std::string>> ParseCertificatesPem(absl::string_view pem);

absl::StatusOr<CertificateFacts> Describe(absl::string_view certificate_der);

// OK if each certificate is signed by its successor and names it as issuer. InvalidArgument names
// the first pair that breaks, by position and common name. Dates are not looked at.
absl::Status CheckChain(const std::vector<std::string>& certificates_der);

// `der` of each as PEM, one after the other, "\n" line ends.
std::string CertificatesPem(const std::vector<std::string>& certificates_der);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_X509_H_
