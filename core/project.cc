#include "core/project.h"

namespace certwright {

absl::StatusOr<bool> ProjectExists(Snapshot&, AccountId, std::int64_t project) {
  return project == kDefaultProject;
}

}  // namespace certwright
