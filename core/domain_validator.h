// Looks whether a name's owner has published what the authorization asks for.
#ifndef CERTWRIGHT_CORE_DOMAIN_VALIDATOR_H_
#define CERTWRIGHT_CORE_DOMAIN_VALIDATOR_H_

#include <string>

#include "absl/time/time.h"
#include "core/certificate.h"

namespace certwright {

struct Probe {
  // The causes that CheckCertificateDomainVerification reports as LocalCheck.
  enum class Result {
    kPassed,
    kTxtAbsent,
    kTxtDiffers,
    kDnsLookupFailed,   // no name server, SERVFAIL, timeout: never consent
    kFileLookupFailed,  // the host of a file validation does not resolve
    kHttpFileAbsent,
    kHttpFileDiffers,
    kCnameAbsent,
    kCnameDiffers,
    kCaaForbids,  // a CAA record set without our name: blocks issuance
  };
  Result result = Result::kDnsLookupFailed;
  std::string reason = {};  // short text: "txt record not found"; "" when passed
  std::string seen = {};    // what was found instead, at most 256 bytes, printable; "" if nothing
  std::string means = {};   // "dns", "file" or "lab" when passed
};

// Thread-safe. Calls block on the network, at most until `timeout` has passed.
class DomainValidator {
 public:
  virtual ~DomainValidator() = default;
  virtual Probe Check(const DomainAuthorization& authorization, absl::Duration timeout) = 0;

  // Whether CAA records (RFC 8659) let this CA issue for `name`: kPassed, kCaaForbids, or
  // kDnsLookupFailed. For names that the proof of another covers; Check asks it of its own name.
  virtual Probe MayIssue(const std::string& name, absl::Duration timeout) {
    (void)name;
    (void)timeout;
    return {.result = Probe::Result::kPassed};
  }
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_DOMAIN_VALIDATOR_H_
