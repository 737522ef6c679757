#include "core/crypto/key_pool.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "core/crypto/keys.h"
#include "core/crypto/rsa_generator.h"

namespace certwright {
namespace {

// Of this thread alone: on Linux a thread has a priority of its own.
void YieldToEverybody() {
  constexpr int kLowest = 19;
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kLowest);
}

}  // namespace

KeyPool::KeyPool(Options options)
    : size_(static_cast<std::size_t>(options.size)), thread_([this] { Loop(); }) {}

KeyPool::~KeyPool() {
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  thread_.join();
}

absl::StatusOr<PrivateKey> KeyPool::Take(KeyAlgorithm algorithm) {
  if (algorithm == KeyAlgorithm::kRsa4096) return GenerateRsa4096();
  if (algorithm != KeyAlgorithm::kRsa2048) return GenerateKey(algorithm);
  {
    absl::MutexLock lock(&mutex_);
    is_wanted_ = true;
    if (!ready_.empty()) {
      PrivateKey key = std::move(ready_.front());
      ready_.pop_front();
      return key;
    }
  }
  return GenerateRsa2048();
}

void KeyPool::Fill() {
  absl::MutexLock lock(&mutex_);
  is_wanted_ = true;
}

void KeyPool::Loop() {
  YieldToEverybody();
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return is_stopping_ || (is_wanted_ && ready_.size() < size_);
  };
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (is_stopping_) return;
    }
    absl::StatusOr<PrivateKey> key = GenerateRsa2048();
    absl::MutexLock lock(&mutex_);
    // A generator that fails would fail again at once: wait until a key is asked for.
    if (key.ok()) {
      ready_.push_back(*std::move(key));
    } else {
      is_wanted_ = false;
    }
  }
}

}  // namespace certwright
