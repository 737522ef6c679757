#include "server/auth/signing_key_cache.h"

#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"

namespace certwright {
namespace {

// None of the other three can hold a line end: the first is a stored id, the rest were accepted.
std::string NameOf(const SigningScope& scope) {
  return absl::StrCat(Sha256(scope.secret_key), scope.secret_id, "\n", scope.date, "\n",
                      scope.service);
}

}  // namespace

std::optional<std::string> SigningKeyCache::Find(const SigningScope& scope) {
  const std::string name = NameOf(scope);
  absl::MutexLock lock(&mutex_);
  const auto found = keys_.find(name);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

void SigningKeyCache::Put(const SigningScope& scope, absl::string_view signing_key) {
  const std::string name = NameOf(scope);
  absl::MutexLock lock(&mutex_);
  if (keys_.size() >= limit_) keys_.clear();
  keys_[name] = std::string(signing_key);
}

}  // namespace certwright
