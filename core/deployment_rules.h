// What the documentation says of resources that certificates are deployed to: their types, which of
// them are regional, how their instances are written. Pure, no state.
#ifndef CERTWRIGHT_CORE_DEPLOYMENT_RULES_H_
#define CERTWRIGHT_CORE_DEPLOYMENT_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace certwright {

// Each action has its own list of types.
enum class ResourceUse : unsigned {
  kDeploy = 1,         // DeployCertificateInstance
  kUpdate = 2,         // UpdateCertificateInstance, and what a search looks for
  kSameIdUpdate = 4,   // UploadUpdateCertificateInstance
  kSearchDetail = 8,   // DescribeCertificateBindResourceTaskDetail
  kDeployed = 16,      // DescribeDeployedResources
  kDeployRecord = 32,  // DescribeHostDeployRecord
};

bool IsResourceType(ResourceUse use, absl::string_view type);
// "clb, cdn, …"
std::string ResourceTypeNames(ResourceUse use);
// In the documented order.
std::vector<std::string> ResourceTypes(ResourceUse use);

// FailedOperation.CertificateHostResourceTypeInvalid for a type that is not of the list.
absl::Status CheckResourceType(ResourceUse use, absl::string_view type, absl::string_view field);

// Whether its deployment needs the region of the call.
bool NeedsRegion(absl::string_view type);

// FailedOperation.CertificateDeployInstanceFormatError unless `instance` is written as documented
// for the type: parts between `|`. REQUIRES: `type` is of ResourceUse::kDeploy.
absl::Status CheckInstance(absl::string_view type, absl::string_view instance,
                           absl::string_view field);

struct TypeRegions {
  std::string type = {};
  std::vector<std::string> regions = {};
};

// ResourceTypesRegions of the updates: each row is of a regional type and names regions, and every
// regional type of `types` has a row. Refuses FailedOperation.InvalidParam, for a type
// FailedOperation.CertificateHostResourceTypeInvalid.
absl::Status CheckTypeRegions(const std::vector<std::string>& types,
                              const std::vector<TypeRegions>& regions);

// Whether one of a certificate's names is `name`, or a wildcard over its first label.
bool Covers(const std::vector<std::string>& names, absl::string_view name);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_DEPLOYMENT_RULES_H_
