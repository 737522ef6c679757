// Domain validation by TXT and CNAME records, with the check of CAA (RFC 8659).
#ifndef CERTWRIGHT_ADAPTERS_VALIDATORS_DNS_VALIDATOR_H_
#define CERTWRIGHT_ADAPTERS_VALIDATORS_DNS_VALIDATOR_H_

#include <string>

#include "adapters/dns/resolver.h"
#include "core/domain_validator.h"
#include "core/public_suffix.h"

namespace certwright {

// Finds the closest CAA record set of `name`, up to its registrable domain. kPassed if there is
// none or it names `identity`; kCaaForbids; kDnsLookupFailed when a name server fails or does not
// answer within `timeout`, which is for all of them together. A server that answers that it takes
// no such question has no record set.
Probe CheckCaa(const DnsResolver& resolver, const PublicSuffixList& suffixes,
               const std::string& name, const std::string& identity, absl::Duration timeout);

// For TXT and CNAME authorizations. Among several records at the name any one may match.
class DnsValidator : public DomainValidator {
 public:
  // `resolver` and `suffixes` must outlive it.
  DnsValidator(const DnsResolver& resolver, const PublicSuffixList& suffixes,
               std::string caa_identity);

  Probe Check(const DomainAuthorization& authorization, absl::Duration timeout) override;
  Probe MayIssue(const std::string& name, absl::Duration timeout) override;

 private:
  const DnsResolver& resolver_;
  const PublicSuffixList& suffixes_;
  const std::string caa_identity_;
};

// What foreign servers sent, for people: printable, at most 256 bytes.
std::string Sanitize(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_VALIDATORS_DNS_VALIDATOR_H_
