#include "core/bound_resources.h"

namespace certwright {

absl::StatusOr<std::vector<BoundResource>> ResourcesBoundTo(Snapshot&, AccountId,
                                                            const CertificateId&) {
  return std::vector<BoundResource>();
}

}  // namespace certwright
