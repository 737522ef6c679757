// One bound on the bytes of all request bodies that a listener holds at the same time. Without it
// the bound is the largest body times the number of connections. A string grows by doubling, so
// that the memory behind these bytes may be twice as large.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_BODY_BUDGET_H_
#define CERTWRIGHT_SERVER_TRANSPORT_BODY_BUDGET_H_

#include <atomic>
#include <cstddef>

namespace certwright {

// Thread-safe.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes) : left_(bytes) {}

  // All of `bytes` or, if they do not fit, nothing and false.
  bool Take(std::size_t bytes) {
    std::size_t left = left_.load(std::memory_order_relaxed);
    while (left >= bytes) {
      if (left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed)) return true;
    }
    return false;
  }
  void Give(std::size_t bytes) { left_.fetch_add(bytes, std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> left_;
};

// What one body holds of the budget, which must outlive it. Not thread-safe.
class BodyShare {
 public:
  explicit BodyShare(BodyBudget& budget) : budget_(budget) {}
  ~BodyShare() { Release(); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  // False, with nothing changed, if the budget has no room for a body of `bytes`. Only bytes that
  // are here count, never those announced: an announcement would be the cheapest way to take all.
  bool GrowTo(std::size_t bytes) {
    const std::size_t wanted = bytes > kFreeBytes ? bytes - kFreeBytes : 0;
    if (wanted <= taken_) return true;
    if (!budget_.Take(wanted - taken_)) return false;
    taken_ = wanted;
    return true;
  }

  void Release() {
    if (taken_ == 0) return;
    budget_.Give(taken_);
    taken_ = 0;
  }

 private:
  // Ordinary calls go on while large bodies fill the budget; the number of connections bounds them.
  static constexpr std::size_t kFreeBytes = 16 * 1024;

  BodyBudget& budget_;
  std::size_t taken_ = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_BODY_BUDGET_H_
