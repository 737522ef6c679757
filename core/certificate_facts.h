// What follows from a certificate's row and the time: pure, no state.
#ifndef CERTWRIGHT_CORE_CERTIFICATE_FACTS_H_
#define CERTWRIGHT_CORE_CERTIFICATE_FACTS_H_

#include "absl/time/time.h"
#include "core/certificate.h"

namespace certwright {

// Product number of the free certificate (PackageType of the API).
inline constexpr int kFreePackageType = 83;
// Of free orders of a year, which were sold before those of three months.
inline constexpr int kLegacyFreePackageType = 2;

// A certificate is expiring, and may be renewed, when at most this much of it is left.
inline constexpr absl::Duration kExpiringWindow = absl::Hours(24 * 30);

bool IsIssued(const Certificate& certificate);

// Issued, and at most 30 days left.
bool IsExpiring(const Certificate& certificate, absl::Time now);

// Expiring, bought here, no renewal open (RenewAble of the API).
bool IsRenewable(const Certificate& certificate, absl::Time now);

// Issued, not yet expired, a server certificate whose key is stored (Deployable of the API).
bool IsDeployable(const Certificate& certificate, absl::Time now);

// The order has records, and each was seen.
bool IsProved(const Certificate& order);

// Its deadline came before its proof. A review may take longer than that.
bool IsTooLate(const Certificate& order, absl::Time now);

// Whether `now` still is the order that `before` was: a cancelled one may be opened again under its
// id, for other names.
bool IsSameOrder(const Certificate& before, const Certificate& now);

// The status as refusals name it: "5".
std::string StatusNumber(const Certificate& certificate);

bool IsWildcard(const Certificate& certificate);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CERTIFICATE_FACTS_H_
