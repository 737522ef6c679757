// The links between a certificate and what was reissued from it.
#ifndef CERTWRIGHT_CORE_REISSUE_H_
#define CERTWRIGHT_CORE_REISSUE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/certificate.h"
#include "core/store.h"

namespace certwright {

// Its reissues and theirs, each after the one that it was reissued from.
absl::StatusOr<std::vector<Certificate>> AllReissuesOf(Snapshot& snapshot,
                                                       const Certificate& original);

// Lets the certificate that a dead reissue came from be reissued again.
absl::Status ReleaseOriginal(Transaction& transaction, const Certificate& reissue);

// Notes in the reissues of a certificate that it is deleted. For whoever deletes it, in the same
// transaction.
absl::Status TellReissues(Transaction& transaction, const Certificate& original);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_REISSUE_H_
