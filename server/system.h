// The machine's own clock and randomness. Built by main.cc alone.
#ifndef CERTWRIGHT_SERVER_SYSTEM_H_
#define CERTWRIGHT_SERVER_SYSTEM_H_

#include "core/clock.h"
#include "core/random.h"

namespace certwright {

class SystemClock : public Clock {
 public:
  absl::Time Now() const override;
};

// The kernel's generator. Ends the process if the kernel has none to give.
class SystemRandom : public Random {
 public:
  void Fill(unsigned char* bytes, std::size_t count) override;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_SYSTEM_H_
