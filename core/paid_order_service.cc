#include "core/paid_order_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/account_rules.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/letter.h"
#include "core/log_entries.h"
#include "core/order_end.h"
#include "core/project.h"
#include "core/renewed_request.h"
#include "core/row_rules.h"
#include "core/status_macros.h"
#include "core/submission_rules.h"
#include "core/validation_records.h"
#include "core/zone_service.h"

namespace certwright {
namespace {

absl::Status RefuseStatus(const Certificate& order, SubmissionForm form, absl::string_view why) {
  return Refuse(form == SubmissionForm::kOlder
                    ? ApiError::kFailedOperationInvalidCertificateStatusCode
                    : ApiError::kFailedOperationCertificateInfoSubmitStatusInvalid,
                absl::StrCat("The certificate `", order.id.value, "` has status ",
                             StatusNumber(order), ": ", why, "."),
                form == SubmissionForm::kOlder ? "CertificateId" : "CertId");
}

bool NeedsLetter(const Certificate& order, bool has_approved_manager) {
  if (LevelOf(order) == Level::kDv || IsWoTrus(order)) return false;
  return !has_approved_manager || IsOfBrand(order, "GlobalSign");
}

// The second of two calls that hand an order in finds it under way.
absl::Status CheckProcessing(const Certificate& order, SubmissionForm form, absl::Time now,
                             const Settings& settings) {
  constexpr absl::Duration kTick = absl::Seconds(1);
  const absl::Duration allowed =
      IsWaitingForLetter(order) ? kLetterDeadline : settings.validation_deadline;
  const bool is_under_way = IsWaitingForLetter(order) || IsOpenForValidation(order);
  const bool is_fresh = is_under_way && order.validation_deadline &&
                        now - (*order.validation_deadline - allowed) < kTick;
  if (form == SubmissionForm::kOlder || !is_fresh) return absl::OkStatus();
  return Refuse(ApiError::kFailedOperationCertificateOrderSubmitProcessing,
                absl::StrCat("The certificate `", order.id.value, "` is being handed in already."),
                "CertId");
}

// The applicant's request, if there is one, serves no other order.
absl::Status CheckOwnCsr(Snapshot& snapshot, const Certificate& order, const CertificateBody& body,
                         SubmissionForm form) {
  if (body.csr_der.empty()) return absl::OkStatus();
  const char* const field = form == SubmissionForm::kOlder ? "CsrContent" : "Csr";
  ASSIGN_OR_RETURN(const std::optional<Certificate> older, OlderOfRequest(snapshot, order, body));
  return older ? CheckGoesOn(*older, order, field)
               : CheckCsrIsFree(snapshot, order.account, order.id, body.csr_der, field);
}

// What the order renewed when it was closed is its to renew again, if nothing else renews it now.
absl::Status TakeOlder(Transaction& transaction, const Certificate& order) {
  if (order.renews.value.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::optional<Certificate> older,
                   transaction.FindCertificate(order.account, order.renews));
  if (!older || !older->renewed_by.value.empty()) return absl::OkStatus();
  older->renewed_by = order.id;
  return transaction.UpdateCertificate(*older);
}

LetterRules ConfirmationOf(const Certificate& order) {
  LetterRules rules = {.field = "ConfirmLetter",
                       .kinds = {LetterKind::kJpeg, LetterKind::kPdf, LetterKind::kPng},
                       .extensions = "jpg, jpeg, png, pdf",
                       .too_small = ApiError::kFailedOperationConfirmLetterTooSmall,
                       .too_large = ApiError::kFailedOperationConfirmLetterTooLarge,
                       .wrong_kind = ApiError::kFailedOperationInvalidConfirmLetterFormat};
  if (!IsWoTrus(order)) return rules;
  rules.kinds.back() = LetterKind::kGif;
  rules.extensions = "jpg, pdf, gif";
  rules.wrong_kind = ApiError::kFailedOperationInvalidConfirmLetterFormatWosign;
  return rules;
}

}  // namespace

absl::StatusOr<OpenedOrder> PaidOrderService::Open(const PaidOrder& wanted) {
  RETURN_IF_ERROR(CheckPaidOrder(wanted));
  RETURN_IF_ERROR(CheckAlias(wanted.alias));
  const absl::Time now = clock_.Now();
  Certificate order = OpenedRow(wanted, random_, now);
  const OpenedOrder opened = {.id = order.id, .deal_id = NewDealId(random_, now)};
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(RequireAccount(transaction, wanted.account).status());
    RETURN_IF_ERROR(RequireProject(transaction, order.account, order.project_id));
    RETURN_IF_ERROR(transaction.InsertCertificate(order, ""));
    return transaction.AppendOperateLog(ByCaller("applyVIP", wanted.account, order.id, now));
  }));
  return opened;
}

absl::Status PaidOrderService::Submit(const Caller& caller, const CertificateId& id,
                                      const Submission& submission, SubmissionForm form) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate order, RequireCertificate(transaction, caller, id));
    RETURN_IF_ERROR(TakeData(transaction, caller, order, submission, form));
    return transaction.AppendOperateLog(ByCaller("submitInfo", caller, id, clock_.Now()));
  });
}

absl::Status PaidOrderService::TakeData(Transaction& transaction, const Caller& caller,
                                        Certificate& order, const Submission& submission,
                                        SubmissionForm form) {
  if (!Next(order, Event::kDataSubmitted)) {
    return RefuseStatus(order, form, "only a paid order in status 5 takes data");
  }
  Submission kept = submission;
  RETURN_IF_ERROR(CheckSubmission(order, form, suffixes_, kept));
  RETURN_IF_ERROR(TakeCompany(transaction, caller, kept));
  ASSIGN_OR_RETURN(order.manager_id, ManagerOf(transaction, caller, kept));
  RETURN_IF_ERROR(CheckOrganization(transaction, order, form, kept, clock_.Now()));
  order.status = *Next(order, Event::kDataSubmitted);
  order.domain = kept.domain;
  order.names = NamesOf(order, kept, suffixes_);
  order.is_auto_renewed = kept.is_auto_renewed;
  if (kept.method) RETURN_IF_ERROR(CheckMethod(transaction, order, *kept.method));
  ASSIGN_OR_RETURN(const CertificateBody body, BodyOf(kept));
  RETURN_IF_ERROR(CheckOwnCsr(transaction, order, body, form));
  RETURN_IF_ERROR(transaction.UpdateCertificate(order));
  return transaction.PutSubmission(caller, order.id, kept);
}

absl::StatusOr<CommittedOrder> PaidOrderService::Commit(const Caller& caller,
                                                        const CertificateId& id,
                                                        std::optional<ValidationMethod> method,
                                                        bool deletes_dns_auto_record,
                                                        SubmissionForm form) {
  CommittedOrder committed;
  Certificate& order = committed.certificate;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(order, RequireCertificate(transaction, caller, id));
    ASSIGN_OR_RETURN(const std::optional<Submission> submission,
                     transaction.FindSubmission(caller, id));
    if (!Next(order, Event::kCommitted)) {
      RETURN_IF_ERROR(CheckProcessing(order, form, clock_.Now(), settings_));
      return RefuseStatus(order, form, "only a paid order in status 5 is handed in");
    }
    if (!submission) return RefuseStatus(order, form, "no data was submitted for it yet");
    const ValidationMethod chosen =
        method.value_or(submission->method.value_or(ValidationMethod::kDns));
    ASSIGN_OR_RETURN(
        committed.is_audited,
        HandIn(
            transaction, caller, order, *submission,
            {.method = chosen, .deletes_dns_auto_record = deletes_dns_auto_record, .form = form}));
    return transaction.AppendOperateLog(ByCaller("submitInfo", caller, id, clock_.Now()));
  }));
  return committed;
}

absl::StatusOr<bool> PaidOrderService::HandIn(Transaction& transaction, const Caller& caller,
                                              Certificate& order, const Submission& submission,
                                              const Handing& handing) {
  RETURN_IF_ERROR(CheckMethod(transaction, order, handing.method));
  if (handing.form == SubmissionForm::kCurrent) {
    RETURN_IF_ERROR(CheckContactMail(order, submission));
  }
  RETURN_IF_ERROR(ApplySubmission(order, submission));
  order.validation_method = handing.method;
  order.delete_dns_auto_record = handing.deletes_dns_auto_record;
  order.order_id = NewOrderId(random_);
  order.contact_email = ContactMail(submission);
  order.is_auto_renewed = submission.is_auto_renewed && CanBeAutoRenewed(order);
  order.contact_phone = submission.contact_number;
  ASSIGN_OR_RETURN(const CertificateBody body, BodyOf(submission));
  RETURN_IF_ERROR(CheckOwnCsr(transaction, order, body, handing.form));
  ASSIGN_OR_RETURN(order.manager_id, ManagerOf(transaction, caller, submission));
  if (!body.csr_der.empty()) {
    RETURN_IF_ERROR(transaction.PutOrderOfCsr(caller, body.csr_der, order.id));
  }
  RETURN_IF_ERROR(transaction.PutBody(caller, order.id, body));
  KeyMaterial key = {.key_password = submission.key_password};
  ASSIGN_OR_RETURN(const std::optional<Certificate> older,
                   OlderOfRequest(transaction, order, body));
  if (older) RETURN_IF_ERROR(TakeKeyAlong(transaction, *older, order, key));
  order.has_key_password = !key.key_password.empty();
  RETURN_IF_ERROR(transaction.PutKeyMaterial(caller, order.id, key));
  ASSIGN_OR_RETURN(const bool has_manager, HasApprovedManager(transaction, order, clock_.Now()));
  const bool needs_letter = !handing.is_confirmed && NeedsLetter(order, has_manager);
  const bool is_audited = has_manager && !needs_letter;
  if (needs_letter) {
    order.status = *Next(order, Event::kCommittedNeedsLetter);
    RETURN_IF_ERROR(AwaitLetter(transaction, order, clock_.Now()));
  } else {
    const bool is_automatic = handing.method == ValidationMethod::kDnsAuto;
    order.status = *Next(order, is_automatic ? Event::kCommittedDnsAuto : Event::kCommitted);
    RETURN_IF_ERROR(OpenValidation(transaction, order));
    if (is_audited) {
      order.status_message = std::string(kPendingValidation);
    } else {
      RETURN_IF_ERROR(reviews_.Begin(transaction, order, false));
    }
  }
  RETURN_IF_ERROR(transaction.UpdateCertificate(order));
  return is_audited;
}

absl::Status PaidOrderService::TakeUp(Transaction& transaction, const Certificate& older,
                                      Certificate& order) {
  order.domain = older.domain;
  order.names = older.names;
  order.manager_id = older.manager_id;
  order.is_auto_renewed = older.is_auto_renewed;
  RETURN_IF_ERROR(transaction.UpdateCertificate(order));
  ASSIGN_OR_RETURN(std::optional<Submission> data,
                   transaction.FindSubmission(order.account, older.id));
  if (!data) return absl::OkStatus();
  data->is_auto_renewed = older.is_auto_renewed;
  RETURN_IF_ERROR(transaction.PutSubmission(order.account, order.id, *data));
  ASSIGN_OR_RETURN(const bool are_hosted, AreHosted(transaction, order));
  const ValidationMethod before =
      older.validation_method.value_or(data->method.value_or(ValidationMethod::kDns));
  Certificate handed_in = order;
  const absl::Status status = HandIn(transaction, order.account, handed_in, *data,
                                     {.method = MethodToProveAgain(before, are_hosted),
                                      .deletes_dns_auto_record = older.delete_dns_auto_record,
                                      .is_confirmed = true})
                                  .status();
  // The data fit no more; nothing was written before they were seen not to.
  if (ErrorOf(status)) return absl::OkStatus();
  RETURN_IF_ERROR(status);
  order = std::move(handed_in);
  return absl::OkStatus();
}

// The names are there to be proved from now on.
absl::Status PaidOrderService::OpenValidation(Transaction& transaction, Certificate& order) {
  const absl::Time now = clock_.Now();
  order.authorizations =
      MakeAuthorizations(order, *order.validation_method, suffixes_, settings_, now, random_);
  order.validation_deadline = now + settings_.validation_deadline;
  const bool is_automatic = order.validation_method == ValidationMethod::kDnsAuto;
  if (is_automatic)
    RETURN_IF_ERROR(WriteZoneRecords(transaction, order, order.authorizations, "VerifyType"));
  return transaction.PutJob({.kind = JobKind::kValidate,
                             .account = order.account,
                             .certificate = order.id,
                             .due = is_automatic ? now : now + settings_.first_recheck});
}

absl::Status PaidOrderService::ResumeValidation(Transaction& transaction, Certificate& order) {
  const absl::Time now = clock_.Now();
  order.validation_deadline = now + settings_.validation_deadline;
  if (IsProved(order)) return absl::OkStatus();
  return transaction.PutJob({.kind = JobKind::kValidate,
                             .account = order.account,
                             .certificate = order.id,
                             .due = now + settings_.first_recheck});
}

absl::Status PaidOrderService::UploadLetter(const Caller& caller, const CertificateId& id,
                                            absl::string_view letter) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate order, RequireCertificate(transaction, caller, id));
    if (order.is_upload) {
      return Refuse(ApiError::kFailedOperationInvalidCertificateSource,
                    "An uploaded certificate has no order to confirm.", "CertificateId");
    }
    if (LevelOf(order) == Level::kDv) {
      return Refuse(ApiError::kFailedOperationUploadConfirmCertificateNotSupportDV,
                    "A DV order needs no confirmation letter.", "CertificateId");
    }
    if (!Next(order, Event::kLetterUploaded)) {
      return RefuseStatus(order, SubmissionForm::kOlder, "only status 8 waits for a letter");
    }
    RETURN_IF_ERROR(CheckLetter(letter, ConfirmationOf(order)));
    order.status = *Next(order, Event::kLetterUploaded);
    RETURN_IF_ERROR(transaction.PutLetter(caller, id, "confirmation", letter));
    // A letter that a reviewer asked for: records and proofs of the order stand.
    if (order.authorizations.empty()) {
      // Its zones may be gone meanwhile.
      ASSIGN_OR_RETURN(const bool are_hosted, AreHosted(transaction, order));
      order.validation_method = MethodToProveAgain(*order.validation_method, are_hosted);
      RETURN_IF_ERROR(OpenValidation(transaction, order));
    } else {
      RETURN_IF_ERROR(ResumeValidation(transaction, order));
    }
    RETURN_IF_ERROR(reviews_.Begin(transaction, order, true));
    RETURN_IF_ERROR(transaction.UpdateCertificate(order));
    return transaction.AppendOperateLog(ByCaller("uploadConfirmLetter", caller, id, clock_.Now()));
  });
}

absl::Status PaidOrderService::Reopen(const Caller& caller, const CertificateId& id) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate order, RequireCertificate(transaction, caller, id));
    // A reissue is its original's: it is asked for again there.
    if (!Next(order, Event::kReopened) || !order.replaced_by.value.empty()) {
      return Refuse(
          ApiError::kFailedOperationCertificateStatusNotAllowResubmit,
          absl::StrCat("The certificate `", id.value, "` has status ", StatusNumber(order),
                       "; only a paid order that failed (2) or was cancelled (7) is "
                       "opened again."),
          "CertificateId");
    }
    if (order.paid_until && *order.paid_until <= clock_.Now()) {
      return Refuse(
          ApiError::kFailedOperationCertificateStatusNotAllowResubmit,
          absl::StrCat("The time that the certificate `", id.value, "` was paid for is over."),
          "CertificateId");
    }
    RETURN_IF_ERROR(TakeOlder(transaction, order));
    order.status = *Next(order, Event::kReopened);
    order.status_message.clear();
    order.manager_id = 0;
    order.authorizations.clear();
    order.validation_deadline.reset();
    order.last_probe.reset();
    RETURN_IF_ERROR(transaction.DeleteSubmission(caller, id));
    RETURN_IF_ERROR(ReviewService::End(transaction, caller, id));
    RETURN_IF_ERROR(transaction.UpdateCertificate(order));
    return transaction.AppendOperateLog(ByCaller("Resubmit", caller, id, clock_.Now()));
  });
}

}  // namespace certwright
