#include "server/extension/extension.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
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

void BindExtension(ActionTable& table) {
  BindAccounts(table);
  BindAccessKeys(table);
  BindManagers(table);
  BindProjects(table);
  BindReview(table);
  BindExtensionCertificates(table);
  BindZones(table);
  BindAlarms(table);
}

}  // namespace certwright
