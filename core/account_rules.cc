#include "core/account_rules.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/status_macros.h"

namespace certwright {

absl::StatusOr<Account> RequireAccount(Snapshot& snapshot, AccountId id) {
  ASSIGN_OR_RETURN(std::optional<Account> found, snapshot.FindAccount(id));
  if (found) return *std::move(found);
  return Refuse(ApiError::kResourceNotFound, absl::StrCat("There is no account ", id.value, "."),
                "Uin");
}

}  // namespace certwright
