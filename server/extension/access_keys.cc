// CreateAccessKey, CreateTemporaryAccessKey, DescribeAccessKeys, ModifyAccessKey, DeleteAccessKey
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/account_service.h"
#include "core/error.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/accounts.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

constexpr char kActive[] = "Active";
constexpr char kInactive[] = "Inactive";

// Keys give rights away: a key that a policy limits makes none but temporary ones, which it bounds.
absl::Status RequireOwner(const Call& call) {
  if (IsOwner(call)) return absl::OkStatus();
  return Refuse(ApiError::kAuthFailureUnauthorizedOperation,
                "Only the account's owner makes and changes keys; a sub-user may make temporary "
                "ones (CreateTemporaryAccessKey).");
}

absl::StatusOr<ext::CreateAccessKeyResponse> CreateAccessKey(
    Services& services, const Call& call, const ext::CreateAccessKeyRequest& request) {
  RETURN_IF_ERROR(RequireOwner(call));
  AccountService::CredentialOrder order = {.policy = request.policy(),
                                           .must_sign_action = request.must_sign_action()};
  ASSIGN_OR_RETURN(order.account, AccountOf(call, request.uin()));
  const bool is_sub_user = request.has_sub_account_uin();
  if (is_sub_user && (!absl::SimpleAtoi(request.sub_account_uin(), &order.sub_account) ||
                      order.sub_account <= 0)) {
    return WrongParameter("SubAccountUin", request.sub_account_uin(), "a positive number");
  }
  if (is_sub_user == order.policy.empty()) {
    return Refuse(ApiError::kInvalidParameter,
                  "`SubAccountUin` and `Policy` go together: a sub-user may do what a policy "
                  "allows, and the owner's key may do all.",
                  is_sub_user ? "Policy" : "SubAccountUin");
  }
  ASSIGN_OR_RETURN(const auto made, services.accounts.OrderCredential(order));
  ext::CreateAccessKeyResponse response;
  response.set_secret_id(made.credential.id.value);
  response.set_secret_key(made.credential.secret_key);
  return response;
}

absl::StatusOr<ext::CreateTemporaryAccessKeyResponse> CreateTemporaryAccessKey(
    Services& services, const Call& call, const ext::CreateTemporaryAccessKeyRequest& request) {
  constexpr std::uint64_t kDefaultSeconds = 1800;
  constexpr std::uint64_t kMinSeconds = 60;
  constexpr std::uint64_t kMaxSeconds = 129600;
  const std::uint64_t seconds =
      request.has_duration_seconds() ? request.duration_seconds() : kDefaultSeconds;
  if (seconds < kMinSeconds || seconds > kMaxSeconds) {
    return WrongParameter("DurationSeconds", absl::StrCat(seconds), "60 to 129600");
  }
  if (call.is_temporary) {
    return Refuse(ApiError::kAuthFailureUnauthorizedOperation,
                  "A temporary key makes no other one: use the key that made it.");
  }
  ASSIGN_OR_RETURN(const auto made,
                   services.accounts.OrderCredential(
                       {.account = call.account.id,
                        .sub_account = call.sub_account,
                        .policy = request.policy(),
                        .boundary = call.policy,
                        .lifetime = absl::Seconds(static_cast<std::int64_t>(seconds)),
                        .maker = call.secret_id,
                        .must_sign_action = call.must_sign_action}));
  ext::CreateTemporaryAccessKeyResponse response;
  response.set_secret_id(made.credential.id.value);
  response.set_secret_key(made.credential.secret_key);
  response.set_token(made.token);
  response.set_expired_time(TimeText(*made.credential.expires));
  return response;
}

absl::StatusOr<ext::DescribeAccessKeysResponse> DescribeAccessKeys(
    Services& services, const Call& call, const ext::DescribeAccessKeysRequest& request) {
  ASSIGN_OR_RETURN(const AccountId account, AccountOf(call, request.uin()));
  if (account != call.account.id) RETURN_IF_ERROR(RequireOwner(call));
  std::vector<Credential> credentials;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(credentials, snapshot.ListCredentials(account));
    return absl::OkStatus();
  }));
  // A sub-user sees its own keys, whatever its policy: others' policies are the owner's to read.
  if (call.sub_account != 0) {
    const auto is_others = [&call](const Credential& credential) {
      return credential.sub_account != call.sub_account;
    };
    credentials.erase(std::remove_if(credentials.begin(), credentials.end(), is_others),
                      credentials.end());
  }
  ext::DescribeAccessKeysResponse response;
  response.set_total_count(credentials.size());
  for (const Credential& credential : credentials) {
    ext::AccessKeyInfo& shown = *response.add_access_keys();
    shown.set_secret_id(credential.id.value);
    shown.set_uin(absl::StrCat(account.value));
    if (credential.sub_account != 0) {
      shown.set_sub_account_uin(absl::StrCat(credential.sub_account));
    }
    shown.set_status(credential.is_enabled ? kActive : kInactive);
    if (!credential.policy.empty()) shown.set_policy(credential.policy);
    if (credential.expires) shown.set_expired_time(TimeText(*credential.expires));
    shown.set_create_time(TimeText(credential.created));
    shown.set_must_sign_action(credential.must_sign_action);
  }
  return response;
}

absl::StatusOr<ext::ModifyAccessKeyResponse> ModifyAccessKey(
    Services& services, const Call& call, const ext::ModifyAccessKeyRequest& request) {
  RETURN_IF_ERROR(RequireOwner(call));
  AccountService::CredentialChange change;
  if (request.has_status()) {
    if (request.status() != kActive && request.status() != kInactive) {
      return WrongParameter("Status", request.status(), "Active, Inactive");
    }
    change.is_enabled = request.status() == kActive;
  }
  if (request.has_policy()) change.policy = request.policy();
  if (request.has_must_sign_action()) change.must_sign_action = request.must_sign_action();
  RETURN_IF_ERROR(
      services.accounts.ModifyCredential(call.account, SecretId{request.secret_id()}, change));
  ext::ModifyAccessKeyResponse response;
  response.set_secret_id(request.secret_id());
  return response;
}

absl::StatusOr<ext::DeleteAccessKeyResponse> DeleteAccessKey(
    Services& services, const Call& call, const ext::DeleteAccessKeyRequest& request) {
  RETURN_IF_ERROR(RequireOwner(call));
  RETURN_IF_ERROR(services.accounts.DeleteCredential(call.account, SecretId{request.secret_id()}));
  ext::DeleteAccessKeyResponse response;
  response.set_secret_id(request.secret_id());
  return response;
}

}  // namespace

void BindAccessKeys(ActionTable& table) {
  table.Bind("CreateAccessKey", CreateAccessKey);
  table.Bind("CreateTemporaryAccessKey", CreateTemporaryAccessKey);
  table.Bind("DescribeAccessKeys", DescribeAccessKeys);
  table.Bind("ModifyAccessKey", ModifyAccessKey);
  table.Bind("DeleteAccessKey", DeleteAccessKey);
}

}  // namespace certwright
