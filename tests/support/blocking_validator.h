// A domain whose servers do not answer, for as long as the test likes.
#ifndef CERTWRIGHT_TESTS_SUPPORT_BLOCKING_VALIDATOR_H_
#define CERTWRIGHT_TESTS_SUPPORT_BLOCKING_VALIDATOR_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/domain_validator.h"

namespace certwright {

class BlockingValidator : public DomainValidator {
 public:
  Probe Check(const DomainAuthorization&, absl::Duration) override {
    absl::MutexLock lock(&mutex_);
    ++begun_;
    mutex_.Await(absl::Condition(&is_released_));
    return answer_;
  }

  // Until so many probes have begun, since the beginning.
  void AwaitBegun(int count) {
    const auto is_enough = [this, count]()
                               ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return begun_ >= count; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&is_enough));
  }
  int begun() {
    absl::MutexLock lock(&mutex_);
    return begun_;
  }
  // Answers everybody, those to come too.
  void Release(Probe answer = {.result = Probe::Result::kCnameAbsent, .reason = "absent"}) {
    absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
    is_released_ = true;
  }

 private:
  absl::Mutex mutex_;
  bool is_released_ ABSL_GUARDED_BY(mutex_) = false;
  int begun_ ABSL_GUARDED_BY(mutex_) = 0;
  Probe answer_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_BLOCKING_VALIDATOR_H_
