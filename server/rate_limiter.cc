#include "server/rate_limiter.h"

#include "absl/strings/str_cat.h"
#include "core/error.h"

namespace certwright {

RateLimiter::RateLimiter(int calls_per_second) : calls_per_second_(calls_per_second) {}

absl::Status RateLimiter::Admit(AccountId account, absl::string_view action, absl::Time now) {
  if (calls_per_second_ <= 0) return absl::OkStatus();
  const std::int64_t second = absl::ToUnixSeconds(now);
  int count = 0;
  {
    absl::MutexLock lock(&mutex_);
    // Not only later ones: a clock may be set back.
    if (second != second_) {
      second_ = second;
      counts_.clear();
    }
    count = ++counts_[absl::StrCat(account.value, " ", action)];
  }
  if (count <= calls_per_second_) return absl::OkStatus();
  return Refuse(
      ApiError::kRequestLimitExceeded,
      absl::StrCat("Your current request times equals to `", count,
                   "` in a second, which exceeds the frequency limit `", calls_per_second_,
                   "` for a second. Please reduce the frequency of calls."));
}

}  // namespace certwright
