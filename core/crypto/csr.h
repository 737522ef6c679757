// Certificate signing requests (PKCS#10, RFC 2986).
#ifndef CERTWRIGHT_CORE_CRYPTO_CSR_H_
#define CERTWRIGHT_CORE_CRYPTO_CSR_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/certificate.h"
#include "core/csr_record.h"
#include "core/key_source.h"

namespace certwright {

struct Csr {
  std::string der = {};
  std::string common_name = {};         // lower case
  std::vector<std::string> names = {};  // DNS names of the SAN extension, lower case
  std::string public_key_der = {};
  KeyAlgorithm key_algorithm = KeyAlgorithm::kOther;
};

// Checks syntax and the request's own signature. InvalidArgument tells why.
absl::StatusOr<Csr> ParseCsrPem(absl::string_view pem);

// The SubjectPublicKeyInfo of a request that ParseCsrPem or MakeCsr has given: nothing is checked
// again. DataLoss if it does not parse.
absl::StatusOr<std::string> CsrPublicKey(absl::string_view csr_der);

// A CSR for `names` (the first is the common name), signed by `key`.
absl::StatusOr<std::string> MakeCsr(const PrivateKey& key, const std::vector<std::string>& names);

// A CSR with the whole subject, and its domain as the only name, signed by `key`.
absl::StatusOr<std::string> MakeSubjectCsr(const PrivateKey& key, const CsrSubject& subject);

std::string CsrPem(absl::string_view csr_der);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_CSR_H_
