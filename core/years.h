// The time that an order is paid for, and the certificates, one after the other, that fill it.
//
// It begins when the order's first certificate does; of a renewal, when the older certificate ends.
// A certificate holds to the end of its year, or as long as the schedule lets it. So an order of
// several years, or one whose years are longer than the schedule, takes several certificates: rows
// of their own, each of which renews the one before it.
#ifndef CERTWRIGHT_CORE_YEARS_H_
#define CERTWRIGHT_CORE_YEARS_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/settings.h"
#include "core/store.h"

namespace certwright {

inline constexpr absl::Duration kPaidYear = absl::Hours(24 * 365);

// Whom an order renews, while it ends later than `not_before`: the renewal takes over the rest.
absl::StatusOr<std::optional<Certificate>> RenewedBy(Snapshot& snapshot, const Certificate& order,
                                                     absl::Time not_before);

// Until when a paid order that is issued with `not_before` is paid; like not_after, the last
// second.
absl::Time PaidUntil(const Certificate& order, const std::optional<Certificate>& older,
                     absl::Time not_before);

// The not_after to issue the order with. Never less than a day after `not_before`.
absl::Time EndOf(const Certificate& order, const std::optional<Certificate>& older,
                 absl::Time not_before, const Settings& settings);

// The year of a paid order (1, 2, …) that a certificate from `begin` on is for.
// REQUIRES: its paid_until.
int YearAt(const Certificate& order, absl::Time begin);

// Refuses FailedOperation.CertificateCancelFailedMulti for what is for a later year.
absl::Status CheckFirstYear(const Certificate& order);

// When the next certificate is to be ordered: 30 days before this one ends, but not before a third
// of it has passed. REQUIRES: its dates.
absl::Time RenewalDue(const Certificate& certificate);

// Inside the transaction that issues a certificate or has it renewed by itself: queues that, if
// there is something to do.
absl::Status QueueRenewal(Transaction& transaction, const Certificate& certificate);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_YEARS_H_
