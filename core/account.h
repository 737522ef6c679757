// Who owns certificates, and the credentials that sign calls for them.
#ifndef CERTWRIGHT_CORE_ACCOUNT_H_
#define CERTWRIGHT_CORE_ACCOUNT_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

struct Account {
  AccountId id = {};
  std::int64_t app_id = 0;
  std::string name = {};
  std::string email = {};
  bool is_suspended = false;  // its calls are refused at the door
  absl::Time created = {};
};

// One SecretId/SecretKey pair. The store keeps `secret_key` encrypted; it is never shown again
// after creation and never logged.
struct Credential {
  SecretId id = {};
  AccountId account = {};
  std::string secret_key = {};
  bool is_enabled = true;
  absl::Time created = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ACCOUNT_H_
