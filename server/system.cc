#include "server/system.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

#include "absl/time/clock.h"

namespace certwright {

absl::Time SystemClock::Now() const { return absl::Now(); }

void SystemRandom::Fill(unsigned char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t got = getrandom(bytes, count, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) std::abort();  // no certificate is better than a guessable one
    bytes += got;
    count -= static_cast<std::size_t>(got);
  }
}

}  // namespace certwright
