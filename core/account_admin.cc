// What the extension API does to accounts, credentials and projects.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/account_rules.h"
#include "core/account_service.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/policy.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxNameBytes = 100;

absl::Status CheckText(absl::string_view field, absl::string_view text) {
  const bool is_printable = std::none_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (!text.empty() && text.size() <= kMaxNameBytes && is_printable) return absl::OkStatus();
  return Refuse(ApiError::kInvalidParameterValue,
                absl::StrCat("The parameter `", field, "` has ", text.size(),
                             " bytes; allowed: 1 to ", kMaxNameBytes, " printable ones."),
                field);
}

absl::StatusOr<Credential> RequireCredential(Snapshot& snapshot, const Account& caller,
                                             const SecretId& id) {
  ASSIGN_OR_RETURN(std::optional<Credential> found, snapshot.FindCredential(id));
  if (found && (found->account == caller.id || caller.is_operator)) return *std::move(found);
  return Refuse(ApiError::kResourceNotFound, "There is no such key in this account.", "SecretId");
}

absl::Status CheckPolicy(absl::string_view policy) {
  return policy.empty() ? absl::OkStatus() : ParsePolicy(policy).status();
}

absl::Status RefuseTaken(absl::string_view name) {
  return Refuse(ApiError::kInvalidParameterValue,
                absl::StrCat("The project name `", name, "` is taken in this account."),
                "ProjectName");
}

}  // namespace

absl::Status AccountService::ModifyAccount(AccountId id, const AccountChange& change) {
  if (change.name) RETURN_IF_ERROR(CheckText("Name", *change.name));
  if (change.email) RETURN_IF_ERROR(CheckText("Email", *change.email));
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Account account, RequireAccount(transaction, id));
    account.name = change.name.value_or(account.name);
    account.email = change.email.value_or(account.email);
    account.is_suspended = change.is_suspended.value_or(account.is_suspended);
    account.is_operator = change.is_operator.value_or(account.is_operator);
    return transaction.UpdateAccount(account);
  });
}

absl::StatusOr<AccountService::NewCredential> AccountService::OrderCredential(
    const CredentialOrder& order) {
  RETURN_IF_ERROR(CheckPolicy(order.policy));
  RETURN_IF_ERROR(CheckPolicy(order.boundary));
  NewCredential made = {.credential = MakeCredential(order.account)};
  Credential& credential = made.credential;
  credential.sub_account = order.sub_account;
  credential.policy = order.policy;
  credential.boundary = order.boundary;
  credential.maker = order.maker;
  credential.must_sign_action = order.must_sign_action;
  if (order.lifetime != absl::InfiniteDuration()) {
    constexpr std::size_t kTokenCharacters = 64;
    made.token = RandomText(random_, kAlphanumeric, kTokenCharacters);
    credential.token_hash = LowerHex(Sha256(made.token));
    credential.expires = credential.created + order.lifetime;
  }
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(RequireAccount(transaction, order.account).status());
    ASSIGN_OR_RETURN(const std::vector<Credential> all, transaction.ListCredentials(order.account));
    // Temporary keys that ended make room.
    std::size_t kept = all.size();
    for (const Credential& one : all) {
      if (!one.expires || *one.expires > credential.created) continue;
      RETURN_IF_ERROR(transaction.DeleteCredential(one.id));
      --kept;
    }
    if (kept >= kMaxCredentials) {
      return Refuse(ApiError::kLimitExceeded,
                    absl::StrCat("The account has ", kept, " keys; allowed: ", kMaxCredentials,
                                 ". Delete one that is not used."));
    }
    return transaction.InsertCredential(credential);
  }));
  return made;
}

absl::Status AccountService::ModifyCredential(const Account& caller, const SecretId& id,
                                              const CredentialChange& change) {
  if (change.policy) RETURN_IF_ERROR(ParsePolicy(*change.policy).status());
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Credential credential, RequireCredential(transaction, caller, id));
    if (change.policy && credential.sub_account == 0) {
      return Refuse(ApiError::kUnsupportedOperation,
                    "The key is the owner's, which no policy limits: make one for a sub-user.",
                    "Policy");
    }
    credential.is_enabled = change.is_enabled.value_or(credential.is_enabled);
    credential.policy = change.policy.value_or(credential.policy);
    credential.must_sign_action = change.must_sign_action.value_or(credential.must_sign_action);
    return transaction.UpdateCredential(credential);
  });
}

absl::Status AccountService::DeleteCredential(const Account& caller, const SecretId& id) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Credential credential, RequireCredential(transaction, caller, id));
    if (credential.is_enabled) {
      return Refuse(ApiError::kResourceInUse,
                    "The key is switched on: switch it off first (ModifyAccessKey, Inactive).",
                    "SecretId");
    }
    return transaction.DeleteCredential(id);
  });
}

absl::StatusOr<std::int64_t> AccountService::CreateProject(AccountId account,
                                                           absl::string_view name) {
  RETURN_IF_ERROR(CheckText("ProjectName", name));
  Project project = {.name = std::string(name), .created = clock_.Now()};
  const absl::Status status = store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Project> all, transaction.ListProjects(account));
    if (all.size() >= kMaxProjects) {
      return Refuse(
          ApiError::kLimitExceeded,
          absl::StrCat("The account has ", all.size(), " projects; allowed: ", kMaxProjects, "."));
    }
    return transaction.InsertProject(account, project);
  });
  if (absl::IsAlreadyExists(status)) return RefuseTaken(name);
  RETURN_IF_ERROR(status);
  return project.id;
}

absl::Status AccountService::RenameProject(AccountId account, std::int64_t id,
                                           absl::string_view name) {
  RETURN_IF_ERROR(CheckText("ProjectName", name));
  const absl::Status status = store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Project> all, transaction.ListProjects(account));
    const bool is_there =
        std::any_of(all.begin(), all.end(), [id](const Project& one) { return one.id == id; });
    if (!is_there) {
      return Refuse(ApiError::kResourceNotFound,
                    absl::StrCat("There is no project ", id, " that can be renamed."), "ProjectId");
    }
    return transaction.RenameProject(account, {.id = id, .name = std::string(name)});
  });
  return absl::IsAlreadyExists(status) ? RefuseTaken(name) : status;
}

}  // namespace certwright
