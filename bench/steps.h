// What the steps before a handler cost.
#ifndef CERTWRIGHT_BENCH_STEPS_H_
#define CERTWRIGHT_BENCH_STEPS_H_

#include "absl/time/time.h"

namespace certwright::bench {

// Of one DescribeCertificate by a sub-user's key with a policy of five statements: the admission
// (account, policy, rate limit) and the decoding (JSON, the policy on what is named). On one
// thread, for `time`.
absl::Duration AdmitAndDecode(absl::Duration time);

}  // namespace certwright::bench

#endif  // CERTWRIGHT_BENCH_STEPS_H_
