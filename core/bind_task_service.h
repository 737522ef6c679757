// Searches for the resources that use certificates: the rules of
// CreateCertificateBindResourceSyncTask and of the two actions that show what was found.
#ifndef CERTWRIGHT_CORE_BIND_TASK_SERVICE_H_
#define CERTWRIGHT_CORE_BIND_TASK_SERVICE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/bind_task.h"
#include "core/clock.h"
#include "core/store.h"

namespace certwright {

// So many certificates, or tasks, in one call.
inline constexpr std::size_t kMaxBindTasks = 100;
// A finished task answers for so long to callers who ask for what is cached.
inline constexpr absl::Duration kBindTaskFresh = absl::Minutes(30);

// Nothing can be bound yet: each search is finished when it begins and has found nothing.
// Thread-safe: all state is in the store. Everything given must outlive it.
class BindTaskService {
 public:
  BindTaskService(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // A task for each certificate, in their order, once for an id that stands twice. A task that runs
  // is taken again; with `uses_cache`, so is one that finished up to 30 minutes ago. Refuses when
  // one of the ids is unknown, and makes nothing then. A certificate's tasks are forgotten a day
  // after their making, when it gets a new one.
  absl::StatusOr<std::vector<BindTask>> Create(AccountId account,
                                               const std::vector<CertificateId>& ids,
                                               bool uses_cache);

  // By the ids that Create gave. Refuses FailedOperation.CertificateSyncTaskIdInvalid for the first
  // that names no task of the account, and for too many. `field` is for the refusal.
  absl::StatusOr<std::vector<BindTask>> Find(AccountId account, const std::vector<std::string>& ids,
                                             absl::string_view field);

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BIND_TASK_SERVICE_H_
