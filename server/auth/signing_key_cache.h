// TC3 signing keys already derived: three of the four MACs of a signature depend only on the key
// and the day.
#ifndef CERTWRIGHT_SERVER_AUTH_SIGNING_KEY_CACHE_H_
#define CERTWRIGHT_SERVER_AUTH_SIGNING_KEY_CACHE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace certwright {

// What a signing key is derived from, beside the SecretId that leads to it.
struct SigningScope {
  std::string secret_id = {};
  std::string secret_key = {};
  std::string date = {};
  std::string service = {};
};

// Thread-safe. Keeps no SecretKey, only its digest: a key that was changed is another entry. Put
// only what verified, so that strangers cannot fill it; forgets everything when full.
class SigningKeyCache {
 public:
  explicit SigningKeyCache(std::size_t limit) : limit_(limit) {}

  std::optional<std::string> Find(const SigningScope& scope);
  void Put(const SigningScope& scope, absl::string_view signing_key);

 private:
  const std::size_t limit_;
  absl::Mutex mutex_;
  std::unordered_map<std::string, std::string> keys_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_SIGNING_KEY_CACHE_H_
