#include "core/job.h"

#include <algorithm>

namespace certwright {

absl::Duration RetryAfter(int attempts) {
  constexpr absl::Duration kFirst = absl::Seconds(5);
  constexpr absl::Duration kLast = absl::Minutes(10);
  constexpr int kDoublings = 7;
  return std::min(kFirst * (1 << std::clamp(attempts - 1, 0, kDoublings)), kLast);
}

Job Again(Job job, absl::Time due, absl::string_view note) {
  job.due = due;
  job.lease_until = absl::InfinitePast();
  job.attempts = 0;
  job.last_error = std::string(note);
  return job;
}

Job Delayed(Job job, absl::Time now, const absl::Status& failure) {
  constexpr std::size_t kMaxErrorBytes = 500;
  job.due = now + RetryAfter(job.attempts);
  job.lease_until = absl::InfinitePast();
  job.last_error = failure.ToString().substr(0, kMaxErrorBytes);
  return job;
}

}  // namespace certwright
