// Threads that call Worker::Step when jobs are due.
#ifndef CERTWRIGHT_SERVER_SCHEDULER_H_
#define CERTWRIGHT_SERVER_SCHEDULER_H_

#include <functional>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "core/clock.h"
#include "core/worker.h"

namespace certwright {

// Everything given must outlive it.
class Scheduler {
 public:
  // `report` hears of errors, from any of the threads.
  Scheduler(Worker& worker, const Clock& clock, int threads,
            std::function<void(const absl::Status&)> report);
  // Ends the jobs that run, and no others.
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Jobs were queued or moved: look again. Does not block.
  void Wake();

 private:
  void Loop();
  void WaitForWork();

  Worker& worker_;
  const Clock& clock_;
  const std::function<void(const absl::Status&)> report_;
  absl::Mutex mutex_;
  bool is_awake_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_SCHEDULER_H_
