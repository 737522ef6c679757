// The certificate's life: which event leads which kind of row from which status to which. This
// table is the only place that knows; whatever is not in it is refused.
#ifndef CERTWRIGHT_CORE_CERTIFICATE_LIFE_H_
#define CERTWRIGHT_CORE_CERTIFICATE_LIFE_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "core/certificate.h"

namespace certwright {

// Where a row comes from decides which of the transitions it has.
enum class Origin { kFree, kPaid, kUpload };

Origin OriginOf(const Certificate& certificate);

enum class Event {
  kDataSubmitted,         // order data stored, may be repeated
  kCommitted,             // handed in; validation by the user's record
  kCommittedDnsAuto,      // handed in; the record is ours
  kCommittedNeedsLetter,  // handed in; organisation, letter missing
  kLetterUploaded,
  kLetterRequested,  // a reviewer wants one (again)
  kReviewPassed,     // one reviewer of several, or all; the order is issued once validated too
  kValidated,        // every name proved; waiting for the signature
  kIssued,
  kReviewFailed,  // blocked word, CAA, reviewer
  kValidationTimedOut,
  kAuditCancelled,  // CancelAuditCertificate
  kOrderCancelled,  // CancelCertificateOrder
  kCancellationDone,
  kReopened,  // ModifyCertificateResubmit
  kRefunded,
  kExpired,
  kRevocationRequested,  // domain validated, or review only
  kRevocationNeedsLetter,
  kRevocationLetterUploaded,
  kRevoked,
  kRevocationTimedOut,
  kRevocationRefused,  // by a reviewer
  kReissueOpened,      // validation of a reissue begins
  kReissueOpenedDnsAuto,
  kOriginalRevoked,  // a reissue ends with the certificate that it was reissued from
};

// The status after `event`, or nothing: the event has no place there.
std::optional<CertificateStatus> Next(Origin origin, CertificateStatus status, Event event);
std::optional<CertificateStatus> Next(const Certificate& certificate, Event event);

// In these a free certificate counts against its account's quota.
inline constexpr CertificateStatus kQuotaStatuses[] = {
    CertificateStatus::kReviewing,
    CertificateStatus::kIssued,
    CertificateStatus::kDnsRecordAdded,
    CertificateStatus::kRevoking,
    CertificateStatus::kReissuing,
    CertificateStatus::kPendingRevocationLetter,
    CertificateStatus::kFreePendingSubmission,
};

// StatusMsg of the API for an order in review.
inline constexpr absl::string_view kPendingValidation = "PENDING-DCV";
inline constexpr absl::string_view kWaitingForIssue = "WAIT-ISSUE";

// The same for an order that the service itself gave up; a reviewer's reason is in their own words.
inline constexpr absl::string_view kHoldsBlockedWord =
    "The security review failed: the name holds a word that is not allowed";
inline constexpr absl::string_view kForbiddenByCaa =
    "The domain's CAA records do not let this CA issue";
inline constexpr absl::string_view kKeyIsRevoked =
    "The certificate that it renews was revoked, and the order would have the same key";
inline constexpr absl::string_view kValidatedTooLate =
    "The domain was not validated in time, and the order was closed";
inline constexpr absl::string_view kLetterTooLate =
    "The confirmation letter did not come in time, and the order was closed";

// Validated, with its to-be-signed bytes on record, and not signed yet.
bool IsWaitingForIssue(const Certificate& certificate);
// Probes of the validation records mean something.
bool IsOpenForValidation(const Certificate& certificate);
// An order in 8.
bool IsWaitingForLetter(const Certificate& certificate);
// Its revocation was asked for and is neither proved nor given up.
bool IsRevoking(const Certificate& certificate);
// An order that may still become a certificate, in whatever state of review.
bool IsOpenOrder(const Certificate& certificate);
// Nothing is under way any more that deletion would tear.
bool IsDeletable(CertificateStatus status);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CERTIFICATE_LIFE_H_
