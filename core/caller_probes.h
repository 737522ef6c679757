// Who may wait for a probe of a domain. Servers that do not answer keep a probe for many seconds,
// and whoever owns the domain decides that: without a bound one caller's calls would hold every
// thread that answers calls.
#ifndef CERTWRIGHT_CORE_CALLER_PROBES_H_
#define CERTWRIGHT_CORE_CALLER_PROBES_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/domain_validator.h"
#include "core/ids.h"

namespace certwright {

// Thread-safe. Seats must not outlive it.
class CallerProbes {
 public:
  struct Limits {
    int in_all = 16;
    int per_account = 4;
    // Who finds no seat may wait so long for one, if not too many wait: most probes are quick.
    int waiting_in_all = 0;
    int waiting_per_account = 0;
    absl::Duration patience = absl::ZeroDuration();
  };
  using Result = absl::StatusOr<std::vector<Probe>>;

  // The right to wait, for a probe of one's own or for another's; given back when destroyed.
  class Seat {
   public:
    Seat(Seat&& other) noexcept
        : desk_(std::exchange(other.desk_, nullptr)), account_(other.account_) {}
    Seat& operator=(Seat&&) = delete;
    ~Seat() {
      if (desk_ != nullptr) desk_->Leave(account_);
    }

   private:
    friend class CallerProbes;
    Seat(CallerProbes* desk, AccountId account) : desk_(desk), account_(account) {}

    CallerProbes* desk_;
    AccountId account_;
  };

  explicit CallerProbes(Limits limits) : limits_(limits) {}
  CallerProbes(const CallerProbes&) = delete;
  CallerProbes& operator=(const CallerProbes&) = delete;

  // Nothing if the account, or the process, has as many waiting as it may, and none leaves within
  // Limits::patience.
  std::optional<Seat> TakeSeat(AccountId account);

  // Runs `probe`; or, while one of the same certificate runs, waits for it and answers the same.
  // REQUIRES: the caller holds a seat. `probe` must not ask for the same certificate again.
  Result Share(AccountId account, const CertificateId& id, const std::function<Result()>& probe);

  // How many wait for another's probe.
  int sharers() const;

 private:
  using Key = std::pair<AccountId, CertificateId>;
  struct Flight {
    std::optional<Result> result = {};
  };

  void Leave(AccountId account);
  bool HasRoom(AccountId account) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool AwaitRoom(AccountId account) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Limits limits_;
  mutable absl::Mutex mutex_;
  int taken_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<AccountId, int> waiting_by_ ABSL_GUARDED_BY(mutex_);  // accounts that have any
  int sharers_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<AccountId, int> taken_by_ ABSL_GUARDED_BY(mutex_);  // accounts that hold a seat
  std::map<Key, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CALLER_PROBES_H_
