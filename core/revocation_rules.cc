// What may be revoked, and which letters are taken for it.
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/bound_resources.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/error.h"
#include "core/letter.h"
#include "core/reissue.h"
#include "core/revocation.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

absl::Status RefuseId(ApiError error, const Certificate& certificate, absl::string_view why) {
  return Refuse(error, absl::StrCat("CertificateId `", certificate.id.value, "` ", why, "."),
                "CertificateId");
}

std::string StatusText(const Certificate& certificate) {
  return absl::StrCat("has status ", StatusNumber(certificate));
}

absl::Status CheckUnbound(Snapshot& snapshot, const Certificate& certificate) {
  ASSIGN_OR_RETURN(std::vector<Certificate> all, AllReissuesOf(snapshot, certificate));
  all.push_back(certificate);
  for (const Certificate& one : all) {
    ASSIGN_OR_RETURN(const std::vector<BoundResource> bound,
                     ResourcesBoundTo(snapshot, one.account, one.id));
    if (bound.empty()) continue;
    return RefuseId(ApiError::kFailedOperationRevokeResourceFailed, one,
                    absl::StrCat("is in use by ", bound.size(), " resources; unbind it first"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRevocable(Snapshot& snapshot, const Certificate& certificate, absl::Time now) {
  if (certificate.is_upload) {
    return RefuseId(ApiError::kFailedOperationInvalidCertificateSource, certificate,
                    "was uploaded; who issued it revokes it");
  }
  if (!IsIssued(certificate)) {
    return RefuseId(ApiError::kFailedOperationInvalidCertificateStatusCode, certificate,
                    absl::StrCat(StatusText(certificate), "; only 1 is revoked"));
  }
  if (IsExpiring(certificate, now) && !IsRevocableToTheEnd(certificate)) {
    return RefuseId(ApiError::kFailedOperationInvalidCertificateStatusCode, certificate,
                    "has at most 30 days left, in which it is not revoked");
  }
  if (!certificate.replaced_by.value.empty()) {
    return RefuseId(ApiError::kFailedOperationRevokeFailed, certificate,
                    absl::StrCat("is a reissue and is revoked with its original, ",
                                 certificate.replaced_by.value));
  }
  return CheckUnbound(snapshot, certificate);
}

absl::Status CheckTakesLetter(const Certificate& certificate) {
  if (IsDomainValidated(certificate)) {
    return RefuseId(ApiError::kFailedOperationUploadConfirmCertificateNotSupportDV, certificate,
                    "is domain validated, and is revoked without a letter");
  }
  if (!NeedsRevokeLetter(certificate)) {
    return RefuseId(ApiError::kFailedOperationUploadConfirmCertificateNotSupport, certificate,
                    "takes no revocation letter");
  }
  if (!Next(certificate, Event::kRevocationLetterUploaded)) {
    return RefuseId(ApiError::kFailedOperationInvalidCertificateStatusCode, certificate,
                    absl::StrCat(StatusText(certificate), "; a letter is taken in 12"));
  }
  if (certificate.replaced_by.value.empty()) return absl::OkStatus();
  return RefuseId(ApiError::kFailedOperationInvalidParam, certificate,
                  absl::StrCat("is a reissue; the letter is for its original, ",
                               certificate.replaced_by.value));
}

absl::Status CheckRevokeLetter(absl::string_view letter) {
  return CheckLetter(letter, {.field = "RevokeLetter",
                              .kinds = {LetterKind::kJpeg, LetterKind::kPng, LetterKind::kPdf},
                              .extensions = "jpg, jpeg, png, pdf",
                              .too_small = ApiError::kFailedOperationFileTooSmall,
                              .too_large = ApiError::kFailedOperationFileTooLarge,
                              .wrong_kind = ApiError::kFailedOperationInvalidFileType});
}

}  // namespace certwright
