// Threads for handlers, which block on the store.
#ifndef CERTWRIGHT_SERVER_TASK_POOL_H_
#define CERTWRIGHT_SERVER_TASK_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace certwright {

// Starts threads as they are needed, up to a limit, and keeps them. Thread-safe. Tasks must not
// throw.
class TaskPool {
 public:
  // REQUIRES: both are at least 1.
  TaskPool(int max_threads, std::size_t max_queued);
  // Runs what is queued, then ends the threads.
  ~TaskPool();
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;

  // False if the queue is full (or no thread can be made): `task` was not taken, and will not run.
  [[nodiscard]] bool Run(std::function<void()> task);

 private:
  void AddThread() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Loop();

  const int max_threads_;
  const std::size_t max_queued_;
  absl::Mutex mutex_;
  absl::CondVar work_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  int idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TASK_POOL_H_
