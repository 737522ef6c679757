#include "server/extension/extension.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/account_rules.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"

namespace certwright {

absl::StatusOr<AccountId> AccountOf(const Call& call, const std::string& uin) {
  if (uin.empty()) return call.account.id;
  AccountId id;
  if (!absl::SimpleAtoi(uin, &id.value)) return WrongParameter("Uin", uin, "an account's number");
  if (id == call.account.id || call.account.is_operator) return id;
  return Refuse(ApiError::kAuthFailureUnauthorizedOperation,
                "Only operators may name another account in `Uin`.", "Uin");
}

bool IsOwner(const Call& call) { return call.policy.empty() && !call.is_temporary; }

absl::StatusOr<AccountId> ReadableAccountOf(Services& services, const Call& call,
                                            const std::string& uin) {
  ASSIGN_OR_RETURN(const AccountId account, AccountOf(call, uin));
  if (account == call.account.id) return account;
  if (!IsOwner(call)) {
    return Refuse(
        ApiError::kAuthFailureUnauthorizedOperation,
        "Another account in `Uin` is for an operator's own key, not for one with a policy.", "Uin");
  }
  RETURN_IF_ERROR(services.store.Read(
      [&](Snapshot& snapshot) { return RequireAccount(snapshot, account).status(); }));
  return account;
}

absl::StatusOr<AccountId> OwnerOf(Services& services, const Call& call, const CertificateId& id) {
  std::optional<AccountId> owner;
  if (call.account.is_operator && IsOwner(call)) {
    RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
      ASSIGN_OR_RETURN(owner, snapshot.FindOwner(id));
      return absl::OkStatus();
    }));
  }
  return owner.value_or(call.account.id);
}

absl::StatusOr<ClientToken> TokenOf(const Call& call, const google::protobuf::Message& request) {
  const auto* const member = request.GetDescriptor()->FindFieldByName("client_token");
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  std::string token = reflection.GetString(request, member);
  if (token.empty() && reflection.HasField(request, member)) {
    return WrongParameter("ClientToken", token, "1 to 64 printable ASCII characters, or none sent");
  }
  return ClientToken{.token = std::move(token),
                     .caller = call.AsCaller().Uin(),
                     .asked = Sha256(absl::StrCat(call.action, "\n", request.SerializeAsString()))};
}

void BindExtension(ActionTable& table) {
  BindAccounts(table);
  BindAccessKeys(table);
  BindManagers(table);
  BindProjects(table);
  BindReview(table);
  BindExtensionCertificates(table);
  BindZones(table);
  BindAlarms(table);
  BindBilling(table);
  BindOrderBooks(table);
}

}  // namespace certwright
