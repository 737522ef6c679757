// What uses a certificate: load balancers, CDN domains and the like.
#ifndef CERTWRIGHT_CORE_BOUND_RESOURCES_H_
#define CERTWRIGHT_CORE_BOUND_RESOURCES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/ids.h"

namespace certwright {

class Snapshot;

struct BoundResource {
  std::string domain = {};
};

// The resources bound to a certificate. Today none: there is no registry of resources yet, and
// when there is one, it is asked here.
absl::StatusOr<std::vector<BoundResource>> ResourcesBoundTo(Snapshot& snapshot, AccountId account,
                                                            const CertificateId& id);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BOUND_RESOURCES_H_
