#include "core/project.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/status_macros.h"

namespace certwright {

absl::StatusOr<bool> ProjectExists(Snapshot& snapshot, AccountId account, std::int64_t project) {
  if (project == kDefaultProject) return true;
  ASSIGN_OR_RETURN(const std::vector<Project> all, snapshot.ListProjects(account));
  return std::any_of(all.begin(), all.end(),
                     [project](const Project& one) { return one.id == project; });
}

absl::Status RequireProject(Snapshot& snapshot, AccountId account, std::int64_t project) {
  ASSIGN_OR_RETURN(const bool exists, ProjectExists(snapshot, account, project));
  if (exists) return absl::OkStatus();
  return Refuse(ApiError::kFailedOperationNoProjectPermission,
                absl::StrCat("ProjectId `", project, "` names no project of this account."),
                "ProjectId");
}

}  // namespace certwright
