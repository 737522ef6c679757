// Signatures that were used, so that none counts twice.
#ifndef CERTWRIGHT_SERVER_AUTH_REPLAY_GUARD_H_
#define CERTWRIGHT_SERVER_AUTH_REPLAY_GUARD_H_

#include <cstddef>
#include <map>
#include <string>
#include <unordered_set>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace certwright {

// Two equal calls within one second are legal and are signed alike: whoever switches this on gives
// that up. Thread-safe.
class ReplayGuard {
 public:
  // Remembers at most `limit` calls, each until nobody could take its timestamp for fresh. When all
  // are still needed, the one that ends first is forgotten. 0 remembers none and refuses none.
  explicit ReplayGuard(std::size_t limit) : limit_(limit) {}

  // Notes a call, by what makes it the same as another. Refuses AuthFailure.SignatureFailure for
  // one that was noted before and is not over.
  absl::Status Admit(absl::string_view call, absl::Time ends, absl::Time now);

  std::size_t size() const;

 private:
  void ForgetFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::size_t limit_;
  mutable absl::Mutex mutex_;
  std::unordered_set<std::string> seen_ ABSL_GUARDED_BY(mutex_);
  std::multimap<absl::Time, std::string> by_end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_REPLAY_GUARD_H_
