// How much of an allowed time is left, for calls that wait on several networks in turn.
#ifndef CERTWRIGHT_ADAPTERS_DEADLINE_H_
#define CERTWRIGHT_ADAPTERS_DEADLINE_H_

#include <algorithm>
#include <chrono>

#include "absl/time/time.h"

namespace certwright {

// A stopwatch, not a clock: it knows no date, and a clock that is moved does not move it.
class Deadline {
 public:
  explicit Deadline(absl::Duration allowed)
      : end_(std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(allowed)) {}

  // Zero once it has passed.
  absl::Duration Left() const {
    const auto left = end_ - std::chrono::steady_clock::now();
    return std::max(absl::FromChrono(left), absl::ZeroDuration());
  }
  bool HasPassed() const { return Left() == absl::ZeroDuration(); }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_DEADLINE_H_
