#include "adapters/validators/validators.h"

#include "core/domain_name.h"

namespace certwright {

Validators::Validators(const PublicSuffixList& suffixes, const Options& options)
    : has_lab_(options.has_lab),
      resolver_(options.dns_server),
      dns_(resolver_, suffixes, options.file.caa_identity),
      file_(resolver_, suffixes, options.file) {}

Probe Validators::Check(const DomainAuthorization& authorization, absl::Duration timeout) {
  if (has_lab_ && IsReservedName(authorization.name)) {
    return {.result = Probe::Result::kPassed, .means = "lab"};
  }
  return authorization.record_type == RecordType::kFile ? file_.Check(authorization, timeout)
                                                        : dns_.Check(authorization, timeout);
}

Probe Validators::MayIssue(const std::string& name, absl::Duration timeout) {
  if (has_lab_ && IsReservedName(name)) return {.result = Probe::Result::kPassed, .means = "lab"};
  return dns_.MayIssue(name, timeout);
}

}  // namespace certwright
