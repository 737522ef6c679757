#include "server/task_pool.h"

#include <cassert>
#include <system_error>
#include <utility>

namespace certwright {

TaskPool::TaskPool(int max_threads, std::size_t max_queued)
    : max_threads_(max_threads), max_queued_(max_queued) {
  assert(max_threads > 0 && max_queued > 0);
}

TaskPool::~TaskPool() {
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
    threads.swap(threads_);
    work_.SignalAll();
  }
  for (std::thread& thread : threads) thread.join();
}

bool TaskPool::Run(std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (queue_.size() >= max_queued_ || is_stopping_) return false;
  // One more than is idle has no thread to go to yet.
  if (queue_.size() >= static_cast<std::size_t>(idle_)) AddThread();
  if (threads_.empty()) return false;
  queue_.push_back(std::move(task));
  work_.Signal();
  return true;
}

void TaskPool::AddThread() {
  if (threads_.size() >= static_cast<std::size_t>(max_threads_)) return;
  try {
    threads_.emplace_back([this] { Loop(); });
  } catch (const std::system_error&) {
    // The machine has no more: those that run must do.
  }
}

void TaskPool::Loop() {
  mutex_.Lock();
  while (true) {
    ++idle_;
    while (queue_.empty() && !is_stopping_) work_.Wait(&mutex_);
    --idle_;
    if (queue_.empty()) break;
    std::function<void()> task = std::move(queue_.front());
    queue_.pop_front();
    mutex_.Unlock();
    task();
    task = nullptr;  // what it holds goes before the next wait, and outside of the lock
    mutex_.Lock();
  }
  mutex_.Unlock();
}

}  // namespace certwright
