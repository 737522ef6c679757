// Domain validation by a file on the site.
#ifndef CERTWRIGHT_ADAPTERS_VALIDATORS_FILE_VALIDATOR_H_
#define CERTWRIGHT_ADAPTERS_VALIDATORS_FILE_VALIDATOR_H_

#include <string>

#include "adapters/dns/resolver.h"
#include "core/domain_validator.h"
#include "core/public_suffix.h"

namespace certwright {

// Fetches over HTTP, then HTTPS (whose certificate is not looked at): the host's addresses come
// from `resolver`, and the connection goes to one of those that were checked. At most two
// redirects, to the same registrable domain and the same ports; the final status must be 200.
class FileValidator : public DomainValidator {
 public:
  struct Options {
    int http_port = 80;
    int https_port = 443;
    // Else loopback, private, link-local and reserved addresses are not connected to.
    bool allow_private_addresses = false;
    std::string caa_identity = {};
  };

  // `resolver` and `suffixes` must outlive it.
  FileValidator(const DnsResolver& resolver, const PublicSuffixList& suffixes, Options options);

  Probe Check(const DomainAuthorization& authorization, absl::Duration timeout) override;

 private:
  const DnsResolver& resolver_;
  const PublicSuffixList& suffixes_;
  const Options options_;
};

// Whether an address (4 or 16 bytes) is open to the public internet.
bool IsPublicAddress(absl::string_view bytes);

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_VALIDATORS_FILE_VALIDATOR_H_
