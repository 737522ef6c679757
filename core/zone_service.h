// Hosted zones: made and ended by operators, written and read by orders.
#ifndef CERTWRIGHT_CORE_ZONE_SERVICE_H_
#define CERTWRIGHT_CORE_ZONE_SERVICE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/certificate.h"
#include "core/clock.h"
#include "core/public_suffix.h"
#include "core/store.h"
#include "core/zone.h"

namespace certwright {

inline constexpr std::size_t kMaxZones = 1000;  // of an account

// Thread-safe: all state is in the store.
class ZoneService {
 public:
  ZoneService(Store& store, const PublicSuffixList& suffixes, const Clock& clock)
      : store_(store), suffixes_(suffixes), clock_(clock) {}

  // The name as it is kept. Refuses a name that is no domain, ResourceInUse for one that is hosted
  // already, whoever's it is, ResourceNotFound without the account, LimitExceeded at kMaxZones.
  absl::StatusOr<std::string> Create(AccountId account, absl::string_view domain);

  // With its records. Refuses ResourceNotFound.
  absl::Status Delete(absl::string_view domain);

 private:
  Store& store_;
  const PublicSuffixList& suffixes_;
  const Clock& clock_;
};

// For use inside transactions.

// Whether the account's zones hold `name`.
absl::StatusOr<bool> IsHosted(Snapshot& snapshot, AccountId account, absl::string_view name);

// The same of all names of the certificate.
absl::StatusOr<bool> AreHosted(Snapshot& snapshot, const Certificate& certificate);

// Refuses FailedOperation.InvalidParam, naming `field`, when one of its names lies in no zone of
// the account.
absl::Status RequireHosted(Snapshot& snapshot, const Certificate& certificate,
                           absl::string_view field);

// Writes records that prove the certificate's names. Refuses FailedOperation.InvalidParam, naming
// `field`, when one lies in no zone of the account.
absl::Status WriteZoneRecords(Transaction& transaction, const Certificate& certificate,
                              const std::vector<DomainAuthorization>& records,
                              absl::string_view field);

// Whether the record stands in a zone of the account that is still hosted.
absl::StatusOr<bool> IsProvedByZone(Snapshot& snapshot, AccountId account,
                                    const DomainAuthorization& authorization);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ZONE_SERVICE_H_
