// How long a certificate may hold, by the day of its issue: a schedule, since public policy
// shortens it step by step.
#ifndef CERTWRIGHT_CORE_VALIDITY_H_
#define CERTWRIGHT_CORE_VALIDITY_H_

#include <vector>

#include "absl/time/time.h"

namespace certwright {

// What is issued at `from` or later holds for so many days at most.
struct ValidityStep {
  absl::Time from = absl::InfinitePast();
  int max_days = 0;
};

// The public policy: 398 days; 200 from 2026-03-15 on, 100 from 2027-03-15, 47 from 2029-03-15.
std::vector<ValidityStep> PublicValiditySchedule();

// By the last step that has begun when `issued`; the first one's before them all. `schedule` has a
// step at least and is in the order of its dates.
absl::Duration MaxValidity(const std::vector<ValidityStep>& schedule, absl::Time issued);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_VALIDITY_H_
