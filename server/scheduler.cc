#include "server/scheduler.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace certwright {
namespace {

// Jobs wake the scheduler when they are queued; looking again after this is only the safety net.
constexpr absl::Duration kSafetyNet = absl::Seconds(30);
constexpr absl::Duration kAfterError = absl::Seconds(1);

}  // namespace

Scheduler::Scheduler(Worker& worker, const Clock& clock, int threads,
                     std::function<void(const absl::Status&)> report)
    : worker_(worker), clock_(clock), report_(std::move(report)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Loop(); });
}

Scheduler::~Scheduler() {
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

void Scheduler::Wake() {
  absl::MutexLock lock(&mutex_);
  is_awake_ = true;
}

void Scheduler::Loop() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (is_stopping_) return;
      is_awake_ = false;
    }
    const absl::StatusOr<int> done = worker_.Step();
    if (!done.ok()) report_(done.status());
    if (!done.ok() || *done == 0) WaitForWork();
  }
}

void Scheduler::WaitForWork() {
  absl::Duration pause = kSafetyNet;
  const absl::StatusOr<std::optional<absl::Time>> due = worker_.NextDue();
  if (!due.ok()) {
    report_(due.status());
    pause = kAfterError;
  } else if (*due) {
    pause = std::clamp(**due - clock_.Now(), absl::Milliseconds(1), kSafetyNet);
  }
  const auto has_news = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return is_awake_ || is_stopping_;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&has_news), pause);
}

}  // namespace certwright
