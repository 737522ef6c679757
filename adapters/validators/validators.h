// The validators together: what an order's authorization is shown to.
#ifndef CERTWRIGHT_ADAPTERS_VALIDATORS_VALIDATORS_H_
#define CERTWRIGHT_ADAPTERS_VALIDATORS_VALIDATORS_H_

#include <string>

#include "adapters/dns/resolver.h"
#include "adapters/validators/dns_validator.h"
#include "adapters/validators/file_validator.h"
#include "core/domain_validator.h"
#include "core/public_suffix.h"

namespace certwright {

// Asks the validator of the record's type. With `has_lab`, names that nobody can own (.test and its
// like) pass without being asked, and the probe says "lab".
class Validators : public DomainValidator {
 public:
  struct Options {
    std::string dns_server = {};  // HOST:PORT, "" for the system's
    bool has_lab = false;
    FileValidator::Options file = {};
  };

  // `suffixes` must outlive it.
  Validators(const PublicSuffixList& suffixes, const Options& options);

  Probe Check(const DomainAuthorization& authorization, absl::Duration timeout) override;
  Probe MayIssue(const std::string& name, absl::Duration timeout) override;

 private:
  const bool has_lab_;
  DnsResolver resolver_;
  DnsValidator dns_;
  FileValidator file_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_VALIDATORS_VALIDATORS_H_
