// Who owns certificates, and the credentials that sign calls for them.
#ifndef CERTWRIGHT_CORE_ACCOUNT_H_
#define CERTWRIGHT_CORE_ACCOUNT_H_

#include <cstdint>
#include <optional>
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
  bool is_operator = false;   // may call what is for operators
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
  std::int64_t sub_account = 0;  // the sub-user's number; 0 for the account's owner
  // JSON, version 2.0. The key may do what both allow; "" allows all.
  std::string policy = {};
  std::string boundary = {};
  // Temporary keys only: the SHA-256 of the token that goes with every call, and the end.
  std::string token_hash = {};
  std::optional<absl::Time> expires = {};
  SecretId maker = {};  // and the key that made it: it counts only while that does; "" is not known
  // Refused unless its calls sign which action they mean.
  bool must_sign_action = false;
};

struct Project {
  std::int64_t id = 0;
  std::string name = {};
  absl::Time created = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ACCOUNT_H_
