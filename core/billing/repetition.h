// Calls that a client may send again after a lost answer: the same ClientToken, the same answer.
#ifndef CERTWRIGHT_CORE_BILLING_REPETITION_H_
#define CERTWRIGHT_CORE_BILLING_REPETITION_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/store.h"

namespace certwright {

// For how long a token stands for its call.
inline constexpr absl::Duration kTokenLife = absl::Hours(24 * 7);

struct ClientToken {
  std::string token = {};   // "" for a call that does its work each time
  std::string caller = {};  // Uin; another caller's tokens are others
  std::string asked = {};   // a digest of the whole call, its action too
};

// What `work` answers in one transaction, or answered when the account first called with the token.
// `check` comes first, but a repeated call is answered whatever it would say by now: an end that
// was to come then may be past. InvalidParameterValue for a token that stands for another call or
// is not 1 to 64 printable ASCII characters.
absl::StatusOr<std::string> Once(
    Store& store, AccountId account, const ClientToken& token, absl::Time now,
    const std::function<absl::Status()>& check,
    const std::function<absl::StatusOr<std::string>(Transaction&)>& work);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BILLING_REPETITION_H_
