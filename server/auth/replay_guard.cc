#include "server/auth/replay_guard.h"

#include "core/crypto/digest.h"
#include "core/error.h"

namespace certwright {

absl::Status ReplayGuard::Admit(absl::string_view call, absl::Time ends, absl::Time now) {
  if (limit_ == 0) return absl::OkStatus();
  std::string digest = Sha256(call);
  absl::MutexLock lock(&mutex_);
  while (!by_end_.empty() && by_end_.begin()->first < now) ForgetFirst();
  if (!seen_.insert(digest).second) {
    return Refuse(ApiError::kAuthFailureSignatureFailure,
                  "This very call was made before: sign it again, with a later Timestamp or, in "
                  "the older signatures, another Nonce.");
  }
  by_end_.emplace(ends, std::move(digest));
  if (by_end_.size() > limit_) ForgetFirst();
  return absl::OkStatus();
}

std::size_t ReplayGuard::size() const {
  absl::MutexLock lock(&mutex_);
  return by_end_.size();
}

void ReplayGuard::ForgetFirst() {
  seen_.erase(by_end_.begin()->second);
  by_end_.erase(by_end_.begin());
}

}  // namespace certwright
