// CreateAccount, DescribeAccounts, ModifyAccount
#include "absl/strings/str_cat.h"
#include "core/account_service.h"
#include "core/domain_name.h"
#include "core/error.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/accounts.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

absl::StatusOr<ext::CreateAccountResponse> CreateAccount(Services& services, const Call&,
                                                         const ext::CreateAccountRequest& request) {
  constexpr std::size_t kMaxEmailBytes = 100;
  if (request.has_email() &&
      (!IsEmail(request.email()) || request.email().size() > kMaxEmailBytes)) {
    return RefuseUnshown(ApiError::kInvalidParameterValue, "Email", request.email(),
                         "a mail address of at most 100 bytes");
  }
  const absl::StatusOr<Account> account = services.accounts.CreateAccount(request.name());
  if (absl::IsInvalidArgument(account.status())) {
    return WrongParameter("Name", request.name(), "1 to 100 printable bytes");
  }
  RETURN_IF_ERROR(account.status());
  if (request.has_email()) {
    RETURN_IF_ERROR(services.accounts.ModifyAccount(account->id, {.email = request.email()}));
  }
  ext::CreateAccountResponse response;
  response.set_uin(absl::StrCat(account->id.value));
  response.set_app_id(static_cast<std::uint64_t>(account->app_id));
  return response;
}

absl::StatusOr<ext::DescribeAccountsResponse> DescribeAccounts(
    Services& services, const Call&, const ext::DescribeAccountsRequest& request) {
  std::vector<Account> accounts;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(accounts, snapshot.ListAccounts());
    return absl::OkStatus();
  }));
  ext::DescribeAccountsResponse response;
  response.set_total_count(accounts.size());
  const Page page = PageOf(request, accounts.size());
  for (std::size_t i = page.begin; i < page.end; ++i) {
    const Account& account = accounts[i];
    ext::AccountInfo& shown = *response.add_accounts();
    shown.set_uin(absl::StrCat(account.id.value));
    shown.set_app_id(static_cast<std::uint64_t>(account.app_id));
    shown.set_name(account.name);
    shown.set_email(account.email);
    shown.set_is_suspended(account.is_suspended);
    shown.set_is_operator(account.is_operator);
    shown.set_create_time(TimeText(account.created));
  }
  return response;
}

absl::StatusOr<ext::ModifyAccountResponse> ModifyAccount(Services& services, const Call& call,
                                                         const ext::ModifyAccountRequest& request) {
  ASSIGN_OR_RETURN(const AccountId id, AccountOf(call, request.uin()));
  const bool locks_itself_out =
      id == call.account.id && ((request.has_is_operator() && !request.is_operator()) ||
                                (request.has_is_suspended() && request.is_suspended()));
  if (locks_itself_out) {
    return Refuse(ApiError::kUnsupportedOperation,
                  "An operator does not take its own rights: another operator may.", "Uin");
  }
  AccountService::AccountChange change;
  if (request.has_name()) change.name = request.name();
  if (request.has_email()) change.email = request.email();
  if (request.has_is_suspended()) change.is_suspended = request.is_suspended();
  if (request.has_is_operator()) change.is_operator = request.is_operator();
  RETURN_IF_ERROR(services.accounts.ModifyAccount(id, change));
  ext::ModifyAccountResponse response;
  response.set_uin(absl::StrCat(id.value));
  return response;
}

}  // namespace

void BindAccounts(ActionTable& table) {
  table.Bind("CreateAccount", CreateAccount);
  table.Bind("DescribeAccounts", DescribeAccounts);
  table.Bind("ModifyAccount", ModifyAccount);
}

}  // namespace certwright
