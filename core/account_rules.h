// Finding an account that a caller has named.
#ifndef CERTWRIGHT_CORE_ACCOUNT_RULES_H_
#define CERTWRIGHT_CORE_ACCOUNT_RULES_H_

#include "absl/status/statusor.h"
#include "core/store.h"

namespace certwright {

// Refuses ResourceNotFound, for the member `Uin`.
absl::StatusOr<Account> RequireAccount(Snapshot& snapshot, AccountId id);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ACCOUNT_RULES_H_
