// The six-part names by which other services know what this one has.
#ifndef CERTWRIGHT_CORE_RESOURCE_NAME_H_
#define CERTWRIGHT_CORE_RESOURCE_NAME_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ids.h"

namespace certwright {

// A certificate, as "qcs::ssl:ap-guangzhou:uin/100000000001:certificate/kZ02aBvw" names it.
struct ResourceName {
  std::optional<AccountId> account = {};  // whose it is; none: the caller's
  CertificateId certificate = {};
};

inline constexpr std::size_t kMaxResourceNameBytes = 256;

// The region is empty or a name of one, and says nothing, since certificates are in none. The
// account is "", "uin/" or "uin/N"; the project, which the form keeps for older callers, empty.
// Refuses InvalidParameterValue.ResourceDescriptionError of the member Resource, telling which part
// is wrong.
absl::StatusOr<ResourceName> ParseResourceName(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_RESOURCE_NAME_H_
