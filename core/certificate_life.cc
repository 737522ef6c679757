#include "core/certificate_life.h"

namespace certwright {
namespace {

using Status = CertificateStatus;

struct Transition {
  Status from;
  Event event;
  Status to;
};

constexpr Transition kLife[] = {
    // Paid orders, before they are handed in.
    {Status::kPendingSubmission, Event::kDataSubmitted, Status::kPendingSubmission},
    {Status::kPendingSubmission, Event::kCommitted, Status::kReviewing},
    {Status::kPendingSubmission, Event::kCommittedDnsAuto, Status::kDnsRecordAdded},
    {Status::kPendingSubmission, Event::kCommittedNeedsLetter, Status::kPendingConfirmationLetter},
    {Status::kPendingConfirmationLetter, Event::kLetterUploaded, Status::kReviewing},
    {Status::kFreePendingSubmission, Event::kCommitted, Status::kReviewing},
    {Status::kFreePendingSubmission, Event::kCommittedDnsAuto, Status::kDnsRecordAdded},
    // Review, validation, issue.
    {Status::kReviewing, Event::kValidated, Status::kReviewing},
    {Status::kDnsRecordAdded, Event::kValidated, Status::kDnsRecordAdded},
    {Status::kReviewing, Event::kIssued, Status::kIssued},
    {Status::kDnsRecordAdded, Event::kIssued, Status::kIssued},
    {Status::kReviewing, Event::kReviewFailed, Status::kFailed},
    {Status::kDnsRecordAdded, Event::kReviewFailed, Status::kFailed},
    {Status::kPendingConfirmationLetter, Event::kReviewFailed, Status::kFailed},
    {Status::kReviewing, Event::kValidationTimedOut, Status::kFailed},
    {Status::kDnsRecordAdded, Event::kValidationTimedOut, Status::kFailed},
    {Status::kPendingConfirmationLetter, Event::kValidationTimedOut, Status::kFailed},
    // Cancellation, reopening, refund.
    {Status::kReviewing, Event::kAuditCancelled, Status::kCancelling},
    {Status::kDnsRecordAdded, Event::kAuditCancelled, Status::kCancelling},
    {Status::kPendingConfirmationLetter, Event::kAuditCancelled, Status::kCancelling},
    {Status::kReviewing, Event::kOrderCancelled, Status::kCancelling},
    {Status::kDnsRecordAdded, Event::kOrderCancelled, Status::kCancelling},
    {Status::kPendingSubmission, Event::kOrderCancelled, Status::kCancelling},
    {Status::kPendingConfirmationLetter, Event::kOrderCancelled, Status::kCancelling},
    {Status::kFreePendingSubmission, Event::kOrderCancelled, Status::kCancelling},
    {Status::kCancelling, Event::kCancellationDone, Status::kCancelled},
    {Status::kFailed, Event::kReopened, Status::kPendingSubmission},
    {Status::kCancelled, Event::kReopened, Status::kPendingSubmission},
    {Status::kFailed, Event::kRefunded, Status::kRefunded},
    {Status::kPendingSubmission, Event::kRefunded, Status::kRefunded},
    {Status::kCancelled, Event::kRefunded, Status::kRefunded},
    // The end of an issued certificate.
    {Status::kIssued, Event::kExpired, Status::kExpired},
    {Status::kIssued, Event::kRevocationRequested, Status::kRevoking},
    {Status::kIssued, Event::kRevocationNeedsLetter, Status::kPendingRevocationLetter},
    {Status::kPendingRevocationLetter, Event::kRevocationLetterUploaded, Status::kRevoking},
    {Status::kRevoking, Event::kRevoked, Status::kRevoked},
    {Status::kRevoking, Event::kRevocationTimedOut, Status::kIssued},
    // Reissue: a new row, which need not be validated when its request is unchanged.
    {Status::kReissuing, Event::kReissueOpened, Status::kReviewing},
    {Status::kReissuing, Event::kReissueOpenedDnsAuto, Status::kDnsRecordAdded},
    {Status::kReissuing, Event::kIssued, Status::kIssued},
    {Status::kMigrating, Event::kMigrated, Status::kIssued},
};

}  // namespace

std::optional<CertificateStatus> Next(CertificateStatus status, Event event) {
  for (const Transition& transition : kLife) {
    if (transition.from == status && transition.event == event) return transition.to;
  }
  return std::nullopt;
}

bool IsWaitingForIssue(const Certificate& certificate) {
  return certificate.status_message == kWaitingForIssue;
}

bool IsOpenForValidation(CertificateStatus status) {
  return Next(status, Event::kValidated).has_value();
}

bool IsDeletable(CertificateStatus status) {
  return status == Status::kFailed || status == Status::kExpired || status == Status::kCancelled ||
         status == Status::kRevoked || status == Status::kRefunded;
}

}  // namespace certwright
