// Roots that clients trust, and a certificate's way up to one of them (RFC 5280, 6.1).
#ifndef CERTWRIGHT_CORE_CRYPTO_TRUST_STORE_H_
#define CERTWRIGHT_CORE_CRYPTO_TRUST_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace certwright {

// Never changes: safe for every thread.
class TrustStore {
 public:
  // Every certificate that can be read of a bundle's text; whatever else it holds is passed over.
  explicit TrustStore(absl::string_view pem);
  ~TrustStore();

  std::size_t size() const;
  bool Holds(absl::string_view certificate_der) const;
  // DER of each root that has the issuer's name of this certificate. Signatures are not looked at.
  std::vector<std::string> PossibleIssuers(absl::string_view certificate_der) const;

 private:
  struct Roots;
  std::unique_ptr<const Roots> roots_;
};

// The best way from the leaf to a root: one that `roots` holds before another, one whose
// certificates are all within their dates before another, else as far up as it goes.
struct ChainPath {
  // Common names (else unit or organization), leaf first; the root too when only `roots` has it.
  std::vector<std::string> names = {};
  bool is_complete = false;      // ends in a root
  bool is_current = false;       // every certificate of it is within its dates
  bool uses_everything = false;  // each certificate given issued, directly or not, the leaf
  bool is_trusted = false;       // ends in a root that `roots` holds
};

// REQUIRES: at least one certificate; each is one that Describe reads. In any order, repeated ones
// count once. The leaf is the one that issued none of the others.
ChainPath FindChain(const std::vector<std::string>& certificates_der, const TrustStore& roots,
                    absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_TRUST_STORE_H_
