// A deletion that first looks for bound resources (DeleteCertificate with IsCheckResource).
#ifndef CERTWRIGHT_CORE_DELETE_TASK_H_
#define CERTWRIGHT_CORE_DELETE_TASK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/bound_resources.h"
#include "core/ids.h"

namespace certwright {

// The documented numbers (enum DeleteTaskStatus of the API).
enum class DeleteTaskStatus : int {
  kRunning = 0,
  kDeleted = 1,
  kFailed = 2,
  kRoleMissing = 3,
  kStillBound = 4,
  kScanTimedOut = 5,
};

struct DeleteTask {
  AccountId account = {};
  std::int64_t sub_account = 0;  // who asked for it; 0 for the account's owner
  std::string id = {};           // decimal
  CertificateId certificate = {};
  DeleteTaskStatus status = DeleteTaskStatus::kRunning;
  std::string error = {};                 // a documented code; "" while running and once deleted
  std::vector<std::string> domains = {};  // of the resources still bound
  absl::Time created = {};
  std::optional<absl::Time> checked = {};  // when resources were looked for
};

// Writes down what the look for resources found at `now`: it ends the task unless nothing is bound.
// DeadlineExceeded is a scan that took too long; any other error is returned.
absl::Status NoteResources(const absl::StatusOr<std::vector<BoundResource>>& found, absl::Time now,
                           DeleteTask& task);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_DELETE_TASK_H_
