// The built-in CA: an RSA and an ECC hierarchy, each a root with one intermediate a brand and
// level.
#ifndef CERTWRIGHT_ADAPTERS_ISSUERS_BUILT_IN_CA_H_
#define CERTWRIGHT_ADAPTERS_ISSUERS_BUILT_IN_CA_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/issuer.h"
#include "core/random.h"
#include "core/store.h"

namespace certwright {

// TrustAsia's DV intermediates are made with the roots: free certificates come from them. Any other
// is made when the first certificate of its brand and level is prepared, and found again then.
// Keeps the parsed keys of those that it used in memory; the store has all sealed. Thread-safe.
class BuiltInCa : public Issuer {
 public:
  // Loads the CA from `store`; on first start makes it and stores it, once, whoever else starts at
  // the same time. Everything given must outlive it.
  static absl::StatusOr<std::unique_ptr<BuiltInCa>> Open(Store& store, const Clock& clock,
                                                         Random& random);

  // Whether `store` has a CA, so that Open is quick.
  static absl::StatusOr<bool> IsMade(Store& store);

  // Both roots, PEM: what clients of the issued certificates must trust.
  virtual std::string RootsPem() const = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_ISSUERS_BUILT_IN_CA_H_
