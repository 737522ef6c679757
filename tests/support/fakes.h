// Stand-ins for the outside world: a clock that stands still and seeded randomness.
#ifndef CERTWRIGHT_TESTS_SUPPORT_FAKES_H_
#define CERTWRIGHT_TESTS_SUPPORT_FAKES_H_

#include <cstdint>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/clock.h"
#include "core/random.h"

namespace certwright {

// Stands at 2026-01-01T01:01:01Z until moved.
class FakeClock : public Clock {
 public:
  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Advance(absl::Duration by) {
    absl::MutexLock lock(&mutex_);
    now_ += by;
  }
  void Set(absl::Time now) {
    absl::MutexLock lock(&mutex_);
    now_ = now;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::FromUnixSeconds(1767229261);
};

// The same bytes in every run (splitmix64).
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}
  void Fill(unsigned char* bytes, std::size_t count) override {
    absl::MutexLock lock(&mutex_);
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      bytes[i] = static_cast<unsigned char>(z ^ (z >> 31));
    }
  }

 private:
  absl::Mutex mutex_;
  std::uint64_t state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_FAKES_H_
