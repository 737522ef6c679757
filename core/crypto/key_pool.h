// Private keys that are ready before they are asked for.
#ifndef CERTWRIGHT_CORE_CRYPTO_KEY_POOL_H_
#define CERTWRIGHT_CORE_CRYPTO_KEY_POOL_H_

#include <deque>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "core/key_source.h"

namespace certwright {

// RSA-2048 keys come from a pool that one thread of lowest priority fills; others, and those when
// the pool is empty, are made on the calling thread. Nothing is made before the first RSA key
// is asked for, or Fill() is called.
class KeyPool : public KeySource {
 public:
  struct Options {
    int size = 16;
  };

  explicit KeyPool(Options options);
  // Waits for the key that is being made.
  ~KeyPool() override;
  KeyPool(const KeyPool&) = delete;
  KeyPool& operator=(const KeyPool&) = delete;

  absl::StatusOr<PrivateKey> Take(KeyAlgorithm algorithm) override;

  // Starts filling.
  void Fill();

 private:
  void Loop();

  const std::size_t size_;
  absl::Mutex mutex_;
  std::deque<PrivateKey> ready_ ABSL_GUARDED_BY(mutex_);
  bool is_wanted_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_KEY_POOL_H_
