// Projects, which group an account's certificates.
#ifndef CERTWRIGHT_CORE_PROJECT_H_
#define CERTWRIGHT_CORE_PROJECT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/store.h"

namespace certwright {

inline constexpr std::int64_t kDefaultProject = 0;

// Whether certificates of the account may be put there: the default project, or one that the
// account made through the extension API.
absl::StatusOr<bool> ProjectExists(Snapshot& snapshot, AccountId account, std::int64_t project);

// Refuses FailedOperation.NoProjectPermission for one that does not exist.
absl::Status RequireProject(Snapshot& snapshot, AccountId account, std::int64_t project);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PROJECT_H_
