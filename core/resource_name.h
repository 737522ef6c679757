// The six-part names by which other services know what this one has.
#ifndef CERTWRIGHT_CORE_RESOURCE_NAME_H_
#define CERTWRIGHT_CORE_RESOURCE_NAME_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ids.h"

namespace certwright {

// A certificate, as "qcs::ssl:ap-guangzhou:uin/100000000001:certificate/kZ02aBvw" names it.
struct ResourceName {
  std::string region = {};                // "" if none is named; certificates are in none
  std::optional<AccountId> account = {};  // whose it is; none: the caller's
  CertificateId certificate = {};
};

inline constexpr std::size_t kMaxResourceNameBytes = 256;

// The region may be empty, and the account "", "uin/" or "uin/N"; the project, which the form keeps
// for older callers, is. Refuses InvalidParameterValue.ResourceDescriptionError of the member
// Resource, telling which part is wrong.
absl::StatusOr<ResourceName> ParseResourceName(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_RESOURCE_NAME_H_
