// Who asks for a change.
#ifndef CERTWRIGHT_CORE_CALLER_H_
#define CERTWRIGHT_CORE_CALLER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/ids.h"

namespace certwright {

// The account that a change is made in, and who of it makes the change; an AccountId alone is its
// owner. Rights are checked before: here it is for the operate log.
struct Caller : AccountId {
  Caller() = default;
  // Implicit: an owner is the account.
  Caller(AccountId account, std::int64_t sub_user = 0)  // NOLINT(google-explicit-constructor)
      : AccountId(account), sub_account(sub_user) {}

  // The number that the operate log shows: the sub-user's, or the account's own.
  std::string Uin() const { return absl::StrCat(sub_account == 0 ? value : sub_account); }

  std::int64_t sub_account = 0;  // 0 for the account's owner
};

// A certificate that the caller has no right to, in a call that answers for each by itself.
struct ForbiddenCertificate {
  CertificateId id = {};
  absl::Status why = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CALLER_H_
