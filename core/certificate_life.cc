#include "core/certificate_life.h"

#include "core/certificate_facts.h"

namespace certwright {
namespace {

using Status = CertificateStatus;

// Sets of origins, a bit each.
constexpr unsigned Bit(Origin origin) { return 1u << static_cast<unsigned>(origin); }
constexpr unsigned kFree = Bit(Origin::kFree);
constexpr unsigned kPaid = Bit(Origin::kPaid);
constexpr unsigned kOrder = kFree | kPaid;
constexpr unsigned kAny = kOrder | Bit(Origin::kUpload);

struct Transition {
  unsigned origins;
  Status from;
  Event event;
  Status to;
};

constexpr Transition kLife[] = {
    // Before an order is handed in, and its letter.
    {kPaid, Status::kPendingSubmission, Event::kDataSubmitted, Status::kPendingSubmission},
    {kPaid, Status::kPendingSubmission, Event::kCommitted, Status::kReviewing},
    {kPaid, Status::kPendingSubmission, Event::kCommittedDnsAuto, Status::kDnsRecordAdded},
    {kPaid, Status::kPendingSubmission, Event::kCommittedNeedsLetter,
     Status::kPendingConfirmationLetter},
    {kPaid, Status::kPendingConfirmationLetter, Event::kLetterUploaded, Status::kReviewing},
    {kPaid, Status::kReviewing, Event::kLetterRequested, Status::kPendingConfirmationLetter},
    // Review, validation, issue.
    {kPaid, Status::kReviewing, Event::kReviewPassed, Status::kReviewing},
    {kPaid, Status::kDnsRecordAdded, Event::kReviewPassed, Status::kDnsRecordAdded},
    {kOrder, Status::kReviewing, Event::kValidated, Status::kReviewing},
    {kOrder, Status::kDnsRecordAdded, Event::kValidated, Status::kDnsRecordAdded},
    {kOrder, Status::kReviewing, Event::kIssued, Status::kIssued},
    {kOrder, Status::kDnsRecordAdded, Event::kIssued, Status::kIssued},
    {kOrder, Status::kReviewing, Event::kReviewFailed, Status::kFailed},
    {kOrder, Status::kDnsRecordAdded, Event::kReviewFailed, Status::kFailed},
    {kPaid, Status::kPendingConfirmationLetter, Event::kReviewFailed, Status::kFailed},
    {kOrder, Status::kReviewing, Event::kValidationTimedOut, Status::kFailed},
    {kOrder, Status::kDnsRecordAdded, Event::kValidationTimedOut, Status::kFailed},
    {kPaid, Status::kPendingConfirmationLetter, Event::kValidationTimedOut, Status::kFailed},
    // Cancellation, reopening, refund.
    {kOrder, Status::kReviewing, Event::kAuditCancelled, Status::kCancelling},
    {kOrder, Status::kDnsRecordAdded, Event::kAuditCancelled, Status::kCancelling},
    {kPaid, Status::kPendingConfirmationLetter, Event::kAuditCancelled, Status::kCancelling},
    {kOrder, Status::kReviewing, Event::kOrderCancelled, Status::kCancelling},
    {kOrder, Status::kDnsRecordAdded, Event::kOrderCancelled, Status::kCancelling},
    {kPaid, Status::kPendingSubmission, Event::kOrderCancelled, Status::kCancelling},
    {kPaid, Status::kPendingConfirmationLetter, Event::kOrderCancelled, Status::kCancelling},
    {kFree, Status::kFreePendingSubmission, Event::kOrderCancelled, Status::kCancelling},
    {kOrder, Status::kCancelling, Event::kCancellationDone, Status::kCancelled},
    {kPaid, Status::kFailed, Event::kReopened, Status::kPendingSubmission},
    {kPaid, Status::kCancelled, Event::kReopened, Status::kPendingSubmission},
    {kPaid, Status::kFailed, Event::kRefunded, Status::kRefunded},
    {kPaid, Status::kCancelled, Event::kRefunded, Status::kRefunded},
    // The end of an issued certificate.
    {kAny, Status::kIssued, Event::kExpired, Status::kExpired},
    {kOrder, Status::kIssued, Event::kRevocationRequested, Status::kRevoking},
    {kPaid, Status::kIssued, Event::kRevocationNeedsLetter, Status::kPendingRevocationLetter},
    {kPaid, Status::kPendingRevocationLetter, Event::kRevocationLetterUploaded, Status::kRevoking},
    {kOrder, Status::kRevoking, Event::kRevoked, Status::kRevoked},
    {kOrder, Status::kRevoking, Event::kRevocationTimedOut, Status::kIssued},
    {kOrder, Status::kRevoking, Event::kRevocationRefused, Status::kIssued},
    // Reissue: a new row, which need not be validated when its request is unchanged.
    {kOrder, Status::kReissuing, Event::kReissueOpened, Status::kReviewing},
    {kOrder, Status::kReissuing, Event::kReissueOpenedDnsAuto, Status::kDnsRecordAdded},
    {kOrder, Status::kReissuing, Event::kIssued, Status::kIssued},
    {kOrder, Status::kReissuing, Event::kReviewFailed, Status::kFailed},
    {kOrder, Status::kReissuing, Event::kValidationTimedOut, Status::kFailed},
    // What becomes of a reissue when its original is revoked.
    {kOrder, Status::kReissuing, Event::kOriginalRevoked, Status::kCancelled},
    {kOrder, Status::kReviewing, Event::kOriginalRevoked, Status::kCancelled},
    {kOrder, Status::kDnsRecordAdded, Event::kOriginalRevoked, Status::kCancelled},
    {kOrder, Status::kIssued, Event::kOriginalRevoked, Status::kRevoked},
    {kOrder, Status::kRevoking, Event::kOriginalRevoked, Status::kRevoked},
    {kPaid, Status::kPendingRevocationLetter, Event::kOriginalRevoked, Status::kRevoked},
};

}  // namespace

Origin OriginOf(const Certificate& certificate) {
  if (certificate.is_upload) return Origin::kUpload;
  const bool is_free = certificate.package_type == kFreePackageType ||
                       certificate.package_type == kLegacyFreePackageType;
  return is_free ? Origin::kFree : Origin::kPaid;
}

std::optional<CertificateStatus> Next(Origin origin, CertificateStatus status, Event event) {
  for (const Transition& row : kLife) {
    if ((row.origins & Bit(origin)) != 0 && row.from == status && row.event == event) return row.to;
  }
  return std::nullopt;
}

std::optional<CertificateStatus> Next(const Certificate& certificate, Event event) {
  return Next(OriginOf(certificate), certificate.status, event);
}

bool IsWaitingForIssue(const Certificate& certificate) {
  return certificate.status_message == kWaitingForIssue;
}

bool IsOpenForValidation(const Certificate& certificate) {
  return Next(certificate, Event::kValidated).has_value();
}

bool IsWaitingForLetter(const Certificate& certificate) {
  return Next(certificate, Event::kLetterUploaded).has_value();
}

bool IsRevoking(const Certificate& certificate) {
  return Next(certificate, Event::kRevoked).has_value();
}

bool IsOpenOrder(const Certificate& certificate) {
  return Next(certificate, Event::kIssued).has_value();
}

bool IsDeletable(CertificateStatus status) {
  return status == Status::kFailed || status == Status::kExpired || status == Status::kCancelled ||
         status == Status::kRevoked || status == Status::kRefunded;
}

}  // namespace certwright
