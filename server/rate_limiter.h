// Calls per action and account within one second of the wall clock.
#ifndef CERTWRIGHT_SERVER_RATE_LIMITER_H_
#define CERTWRIGHT_SERVER_RATE_LIMITER_H_

#include <cstdint>
#include <string>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

// Thread-safe. Forgets the past second's counts as the next one starts.
class RateLimiter {
 public:
  // 0 is no limit.
  explicit RateLimiter(int calls_per_second);

  // Counts one call. Refuses RequestLimitExceeded in the documented words, which SDKs parse.
  absl::Status Admit(AccountId account, absl::string_view action, absl::Time now);

 private:
  const int calls_per_second_;
  absl::Mutex mutex_;
  std::int64_t second_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, int> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_RATE_LIMITER_H_
