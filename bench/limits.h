// What the machine itself can do, measured in the same run.
#ifndef CERTWRIGHT_BENCH_LIMITS_H_
#define CERTWRIGHT_BENCH_LIMITS_H_

#include <string>

#include "absl/time/time.h"

namespace certwright::bench {

// Appends of one page to a file in `folder`, each followed by fdatasync, a second.
double DurableWritesPerSecond(const std::string& folder, absl::Duration time);

// ECDSA P-256 signatures over 32 bytes, on one core.
double SignaturesPerSecond(absl::Duration time);

}  // namespace certwright::bench

#endif  // CERTWRIGHT_BENCH_LIMITS_H_
