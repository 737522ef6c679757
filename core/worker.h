// What happens without a caller: validation, issuing, expiry, deletion tasks.
#ifndef CERTWRIGHT_CORE_WORKER_H_
#define CERTWRIGHT_CORE_WORKER_H_

#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/certificate_service.h"
#include "core/clock.h"
#include "core/order_service.h"
#include "core/store.h"

namespace certwright {

// Thread-safe: several threads may step at once. Everything given must outlive it.
class Worker {
 public:
  using Report = std::function<void(const Job&, const absl::Status&)>;

  // How many validations may run at once: in all, and of one account. They wait for servers of
  // others, and may keep a thread for long.
  struct Limits {
    int validations = std::numeric_limits<int>::max();
    int validations_per_account = std::numeric_limits<int>::max();

    // Leaves one of `threads` to jobs that wait for nobody, and one to other accounts.
    static Limits For(int threads);
  };

  // Does the jobs of orders and certificates itself; others are told by On. `report`, which may be
  // null, hears of each job that failed and will be tried again.
  Worker(Store& store, OrderService& orders, CertificateService& certificates, const Clock& clock,
         Limits limits, Report report);
  Worker(Store& store, OrderService& orders, CertificateService& certificates, const Clock& clock)
      : Worker(store, orders, certificates, clock, Limits(), {}) {}

  // Has jobs of a kind done by `run`. To be called before the first step.
  void On(JobKind kind, std::function<absl::Status(const Job&)> run) {
    runs_[kind] = std::move(run);
  }

  // Claims up to `limit` due jobs, does them, and returns how many it claimed. A job that fails is
  // tried again later, with growing distance. Jobs beyond the limits stay where they are: who ends
  // one should step again. Errors are the store's.
  absl::StatusOr<int> Step(int limit = 1);

  // When the next job is due that Step would claim then; nothing if there is none.
  absl::StatusOr<std::optional<absl::Time>> NextDue();

 private:
  absl::StatusOr<std::vector<Job>> Claim(absl::Time now, int limit);
  absl::Status Do(const Job& job);
  absl::Status Run(const Job& job);
  absl::Status PutBack(const Job& job, const absl::Status& failure);
  JobFilter Filter();
  void Begin(const Job& job);
  void End(const Job& job);

  Store& store_;
  const Clock& clock_;
  const Limits limits_;
  const Report report_;
  std::map<JobKind, std::function<absl::Status(const Job&)>> runs_;
  absl::Mutex claiming_;  // one claims at a time, or two would both take the last place
  absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(claiming_);
  int validations_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<AccountId, int> validations_by_ ABSL_GUARDED_BY(mutex_);  // accounts that have any
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_WORKER_H_
