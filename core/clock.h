// Where the time comes from. Only server/main.cc builds the system's; tests stand theirs still.
#ifndef CERTWRIGHT_CORE_CLOCK_H_
#define CERTWRIGHT_CORE_CLOCK_H_

#include "absl/time/time.h"

namespace certwright {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CLOCK_H_
