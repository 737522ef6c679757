// The revocation that a certificate in status 9 waits for.
#ifndef CERTWRIGHT_CORE_REVOCATION_H_
#define CERTWRIGHT_CORE_REVOCATION_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/certificate_life.h"
#include "core/log_entries.h"
#include "core/store.h"

namespace certwright {

// Of a reissue, it is that of the first certificate in its line. REQUIRES: IsRevoking(certificate).
absl::StatusOr<std::optional<Revocation>> RevocationOf(Snapshot& snapshot,
                                                       const Certificate& certificate);

// Inside a transaction, end the revocation of a certificate in status 9, and with it what its
// reissues wait for: it is revoked; or `event` leads back to 1, and the operate log says `why`
// and who decided.
absl::Status EndRevocation(Transaction& transaction, Certificate& certificate, absl::Time now);
absl::Status GiveUpRevocation(Transaction& transaction, Certificate& certificate, Event event,
                              absl::Time now, absl::string_view why,
                              absl::string_view by = kNobody);

// Whether RevokeCertificate may start: refusals in their documented order.
absl::Status CheckRevocable(Snapshot& snapshot, const Certificate& certificate, absl::Time now);

// Whether the certificate waits for a revocation letter, and whether these bytes are one.
absl::Status CheckTakesLetter(const Certificate& certificate);
absl::Status CheckRevokeLetter(absl::string_view letter);

// When a job looks again for records that were not there: each minute in the first hour after
// `opened`, then each ten; at the deadline for the last time.
absl::Time NextRecheck(absl::Time opened, const std::optional<absl::Time>& deadline,
                       absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_REVOCATION_H_
