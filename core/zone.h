// DNS zones that are hosted here, in which DNS_AUTO orders prove themselves.
#ifndef CERTWRIGHT_CORE_ZONE_H_
#define CERTWRIGHT_CORE_ZONE_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/ids.h"

namespace certwright {

// Belongs to one account: an operator vouches for that.
struct Zone {
  AccountId account = {};
  std::string domain = {};  // lower case
  std::int64_t records = 0;
  absl::Time created = {};
};

// What an order wrote into a zone.
struct ZoneRecord {
  std::string zone = {};
  AccountId account = {};
  CertificateId certificate = {};
  std::string name = {};
  RecordType type = RecordType::kCname;
  std::string value = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ZONE_H_
