// Questions about certificate texts that change nothing. The rules of CheckCertificateChain and
// CheckCertificateExist.
#ifndef CERTWRIGHT_CORE_CERTIFICATE_CHECKS_H_
#define CERTWRIGHT_CORE_CERTIFICATE_CHECKS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/crypto/trust_store.h"
#include "core/store.h"

namespace certwright {

struct ChainReport {
  bool is_valid = false;                // leaf to root without gap, all within their dates
  bool is_trusted = false;              // the root is one of `roots`
  std::vector<std::string> names = {};  // common names, leaf to root
};

// A text that cannot be read is refused; a chain that does not hold is an answer.
absl::StatusOr<ChainReport> CheckChainText(absl::string_view pem, const TrustStore& roots,
                                           absl::Time now);

// The newest certificate of the account with the text's leaf; nothing if there is none.
absl::StatusOr<std::optional<CertificateId>> FindSameCertificate(Store& store, AccountId account,
                                                                 absl::string_view pem);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CERTIFICATE_CHECKS_H_
