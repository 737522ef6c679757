// What the members of companies and managers may hold, and how managers are searched.
#ifndef CERTWRIGHT_CORE_PROFILE_RULES_H_
#define CERTWRIGHT_CORE_PROFILE_RULES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/profile.h"
#include "core/public_suffix.h"

namespace certwright {

// The documented names of the members are the fields of the refusals, which show none of the
// values: InvalidParameterValue for texts that are empty, over 255 bytes or not printable, phones,
// mails, countries and kinds of documents that are none.
absl::Status CheckCompany(const Company& company);
absl::Status CheckManager(const Manager& manager);

// 0 to 255 printable bytes.
absl::Status CheckReason(absl::string_view reason);

// The name in lower case. InvalidParameterValue for what is no host name below a public suffix.
absl::StatusOr<std::string> ParseManagerDomain(absl::string_view text,
                                               const PublicSuffixList& suffixes);

// Which managers of a company to list; a member that is empty asks for nothing.
struct ManagerFilter {
  std::optional<ManagerStatus> status = {};
  std::string name = {};  // part of the name, either way round
  std::string mail = {};  // part of the address
  // "last|first|mail|department": whole parts, of which empty ones ask for nothing. Without a "|":
  // a part of any of them.
  std::string search = {};
};

// FailedOperation.InvalidParam for a search of more than four parts, or over 255 bytes.
absl::Status CheckFilter(const ManagerFilter& filter);

// Parts are found in either case of ASCII letters, whole ones only as they stand.
// REQUIRES: CheckFilter passed.
bool Matches(const ManagerFilter& filter, const Manager& manager, absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PROFILE_RULES_H_
