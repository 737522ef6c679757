// Turns validated orders into certificates: the built-in CA, later an ACME upstream.
#ifndef CERTWRIGHT_CORE_ISSUER_H_
#define CERTWRIGHT_CORE_ISSUER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/products.h"
#include "core/subject.h"

namespace certwright {

struct IssueRequest {
  std::vector<std::string> names = {};  // SANs
  std::string brand = {};               // of the product: each brand and level has its own signers
  Level level = Level::kDv;
  Subject subject = {};
  std::string public_key_der = {};  // SubjectPublicKeyInfo
  KeyAlgorithm key_algorithm =
      KeyAlgorithm::kRsa2048;  // RSA keys get an RSA signer, ECC an ECC one
  absl::Time not_before = {};
  absl::Time not_after = {};
};

struct Prepared {
  std::string issuer = {};         // which signer; hand it back to Sign
  std::string serial_number = {};  // lower-case hex of 16 random bytes, top bit clear
  std::string to_be_signed = {};   // TBSCertificate DER
};

struct IssuedCertificate {
  std::string leaf_der = {};
  std::vector<std::string> chain_der = {};  // intermediates, leaf side first, without the root
  std::string root_der = {};
};

// Thread-safe. Two steps, so that what will be signed is on record before a key signs it.
class Issuer {
 public:
  virtual ~Issuer() = default;

  // Draws a fresh serial number and fixes every byte that Sign will sign. Signs nothing.
  virtual absl::StatusOr<Prepared> Prepare(const IssueRequest& request) = 0;

  // REQUIRES: `to_be_signed` came from Prepare, in this or an earlier process, and is stored.
  // Unavailable: nothing was signed, try later.
  virtual absl::StatusOr<IssuedCertificate> Sign(absl::string_view issuer,
                                                 absl::string_view to_be_signed) = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ISSUER_H_
