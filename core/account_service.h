// Accounts, their credentials and their projects. The documented service has these in its console;
// here they stand in the extension API and on the command line.
#ifndef CERTWRIGHT_CORE_ACCOUNT_SERVICE_H_
#define CERTWRIGHT_CORE_ACCOUNT_SERVICE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/account.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/store.h"

namespace certwright {

inline constexpr int kMaxCredentials = 1000;
inline constexpr int kMaxProjects = 1000;

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
  // Whether the key's calls must sign their action. As above.
  absl::Status RequireSignedAction(const SecretId& id, bool is_required);

  // What an operator changes of an account; what is not set stays.
  struct AccountChange {
    std::optional<std::string> name = {};
    std::optional<std::string> email = {};
    std::optional<bool> is_suspended = {};
    std::optional<bool> is_operator = {};
  };
  // Refuses ResourceNotFound without the account, and a name that CreateAccount would not take.
  absl::Status ModifyAccount(AccountId account, const AccountChange& change);

  struct CredentialOrder {
    AccountId account = {};
    std::int64_t sub_account = 0;  // 0: the owner's own
    std::string policy = {};
    std::string boundary = {};
    absl::Duration lifetime = absl::InfiniteDuration();  // less makes a temporary key
    SecretId maker = {};                                 // of a temporary key
    bool must_sign_action = false;
  };
  struct NewCredential {
    Credential credential = {};
    std::string token = {};  // of a temporary key: shown this once
  };
  // The one moment at which secrets are there to be shown. Refuses ResourceNotFound without the
  // account, InvalidParameterValue for a policy that does not read, LimitExceeded at
  // kMaxCredentials keys of an account.
  absl::StatusOr<NewCredential> OrderCredential(const CredentialOrder& order);

  struct CredentialChange {
    std::optional<bool> is_enabled = {};
    std::optional<std::string> policy = {};
    std::optional<bool> must_sign_action = {};
  };
  // `caller` is the account that asks: another one's key is ResourceNotFound, unless it is an
  // operator. A key without a policy (an owner's) takes none. Takes effect with the next call.
  absl::Status ModifyCredential(const Account& caller, const SecretId& id,
                                const CredentialChange& change);
  // Refuses ResourceInUse while the key is enabled.
  absl::Status DeleteCredential(const Account& caller, const SecretId& id);

  // Refuses a name that is empty, over 100 characters, not printable or taken.
  absl::StatusOr<std::int64_t> CreateProject(AccountId account, absl::string_view name);
  absl::Status RenameProject(AccountId account, std::int64_t id, absl::string_view name);

  // The account of --demo, which is an operator, with an enabled credential: the same at every
  // start.
  absl::StatusOr<Credential> EnsureDemo();

 private:
  Credential MakeCredential(AccountId account);
  absl::Status ChangeCredential(const SecretId& id, const std::function<void(Credential&)>& change);

  Store& store_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ACCOUNT_SERVICE_H_
