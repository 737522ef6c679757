#include "core/account_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr char kDemoName[] = "demo";
constexpr std::size_t kMaxNameBytes = 100;

absl::Status CheckName(absl::string_view name) {
  bool is_printable = true;
  for (const char c : name) {
    is_printable = is_printable && !absl::ascii_iscntrl(static_cast<unsigned char>(c));
  }
  if (!name.empty() && name.size() <= kMaxNameBytes && is_printable) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "an account's name is 1 to ", kMaxNameBytes, " printable bytes; this one has ", name.size(),
      is_printable ? "" : ", and some are not printable", ". Give another"));
}

// Numbers of the documented length: Uin of 12 digits, AppId of 10.
Account MakeAccount(absl::string_view name, absl::Time now, Random& random) {
  Account account;
  account.name = std::string(name);
  account.created = now;
  (void)absl::SimpleAtoi(absl::StrCat("1000", RandomText(random, kDigits, 8)), &account.id.value);
  (void)absl::SimpleAtoi(absl::StrCat("125", RandomText(random, kDigits, 7)), &account.app_id);
  return account;
}

absl::StatusOr<std::optional<Credential>> FindDemo(Snapshot& snapshot) {
  ASSIGN_OR_RETURN(const std::vector<Account> accounts, snapshot.ListAccounts());
  for (const Account& account : accounts) {
    if (account.name != kDemoName) continue;
    ASSIGN_OR_RETURN(const std::vector<Credential> credentials,
                     snapshot.ListCredentials(account.id));
    for (const Credential& credential : credentials) {
      if (credential.is_enabled) return std::optional<Credential>(credential);
    }
  }
  return std::optional<Credential>();
}

}  // namespace

AccountService::AccountService(Store& store, const Clock& clock, Random& random)
    : store_(store), clock_(clock), random_(random) {}

absl::StatusOr<Account> AccountService::CreateAccount(absl::string_view name) {
  RETURN_IF_ERROR(CheckName(name));
  const Account account = MakeAccount(name, clock_.Now(), random_);
  RETURN_IF_ERROR(
      store_.Write([&](Transaction& transaction) { return transaction.InsertAccount(account); }));
  return account;
}

absl::StatusOr<Credential> AccountService::CreateCredential(AccountId account) {
  const Credential credential = MakeCredential(account);
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Account> found, transaction.FindAccount(account));
    if (!found) return absl::NotFoundError(absl::StrCat("there is no account ", account.value));
    return transaction.InsertCredential(credential);
  }));
  return credential;
}

absl::Status AccountService::ChangeCredential(const SecretId& id,
                                              const std::function<void(Credential&)>& change) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Credential> found, transaction.FindCredential(id));
    if (!found) return absl::NotFoundError(absl::StrCat("there is no key ", id.value));
    Credential changed = *found;
    change(changed);
    return transaction.UpdateCredential(changed);
  });
}

absl::Status AccountService::DisableCredential(const SecretId& id) {
  return ChangeCredential(id, [](Credential& credential) { credential.is_enabled = false; });
}

absl::Status AccountService::RequireSignedAction(const SecretId& id, bool is_required) {
  return ChangeCredential(
      id, [&](Credential& credential) { credential.must_sign_action = is_required; });
}

absl::StatusOr<Credential> AccountService::EnsureDemo() {
  Account account = MakeAccount(kDemoName, clock_.Now(), random_);
  account.is_operator = true;
  const Credential fresh = MakeCredential(account.id);
  Credential result;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Credential> found, FindDemo(transaction));
    result = found.value_or(fresh);
    if (found) return absl::OkStatus();
    RETURN_IF_ERROR(transaction.InsertAccount(account));
    return transaction.InsertCredential(fresh);
  }));
  return result;
}

Credential AccountService::MakeCredential(AccountId account) {
  return {.id = {absl::StrCat("AKID", RandomText(random_, kAlphanumeric, 32))},
          .account = account,
          .secret_key = RandomText(random_, kAlphanumeric, 32),
          .is_enabled = true,
          .created = clock_.Now()};
}

}  // namespace certwright
