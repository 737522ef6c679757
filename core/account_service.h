// Accounts and their credentials, which operators make; no documented action does.
#ifndef CERTWRIGHT_CORE_ACCOUNT_SERVICE_H_
#define CERTWRIGHT_CORE_ACCOUNT_SERVICE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/account.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/store.h"

namespace certwright {

// Thread-safe: all state is in the store. Everything given must outlive it.
class AccountService {
 public:
  AccountService(Store& store, const Clock& clock, Random& random);

  // InvalidArgument for a name that is empty, over 100 characters or not printable.
  absl::StatusOr<Account> CreateAccount(absl::string_view name);

  // The one moment at which `secret_key` is there to be shown. NotFound without the account.
  absl::StatusOr<Credential> CreateCredential(AccountId account);

  // Takes effect with the next call. NotFound without it.
  absl::Status DisableCredential(const SecretId& id);

  // The account of --demo with an enabled credential: the same at every start.
  absl::StatusOr<Credential> EnsureDemo();

 private:
  Credential MakeCredential(AccountId account);

  Store& store_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ACCOUNT_SERVICE_H_
