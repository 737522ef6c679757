// CertificateService's templates of letters: what an applicant prints, signs, stamps and uploads.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/products.h"
#include "core/row_rules.h"
#include "core/status_macros.h"
#include "core/subject_rules.h"

namespace certwright {
namespace {

std::string OrganizationLine(const Subject& subject) {
  const std::string name = subject.organization.empty() ? "____________" : subject.organization;
  std::string place = absl::StrJoin({subject.locality, subject.province, subject.country}, " ");
  return absl::StrCat(name, ", ", place);
}

std::string ConfirmationText(const Certificate& order, const Subject& subject) {
  return absl::StrCat(
      "CONFIRMATION OF A CERTIFICATE ORDER\n\nCertificate: ", order.id.value,
      "\nProduct: ", ProductTitle(*ProductOf(order)), "\nNames: ", absl::StrJoin(order.names, ", "),
      "\nOrganisation: ", OrganizationLine(subject),
      "\n\nWe confirm that we ordered this certificate, that the organisation above "
      "is ours, and that we may use the names above.\n");
}

std::string RevocationText(const Certificate& certificate, const Subject& subject) {
  return absl::StrCat("REVOCATION OF A CERTIFICATE\n\nCertificate: ", certificate.id.value,
                      "\nSerial number: ", certificate.serial_number,
                      "\nNames: ", absl::StrJoin(certificate.names, ", "),
                      "\nOrganisation: ", OrganizationLine(subject),
                      "\n\nWe ask for the revocation of this certificate. It cannot be undone.\n");
}

constexpr char kSignature[] =
    "\nPlace, date: ____________\nName and position: ____________\nSignature and stamp: "
    "____________\n";

}  // namespace

absl::StatusOr<std::string> CertificateService::TakeLetterTemplate(const Caller& caller,
                                                                   const CertificateId& id,
                                                                   absl::string_view kind) {
  const absl::Time now = clock_.Now();
  std::string text;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Certificate certificate, RequireCertificate(transaction, caller, id));
    if (LevelOf(certificate) == Level::kDv) {
      return Refuse(ApiError::kFailedOperationUploadConfirmCertificateNotSupportDV,
                    "A DV order needs no letter.", "CertificateId");
    }
    // Before anything is submitted the applicant fills in whom it is for.
    const absl::StatusOr<Subject> subject = SubjectOf(transaction, certificate, now);
    const Subject named = subject.ok() ? *subject : Subject();
    text = absl::StrCat(kind == "revocation" ? RevocationText(certificate, named)
                                             : ConfirmationText(certificate, named),
                        kSignature);
    return transaction.AppendOperateLog(ByCaller("downloadConfirmLetter", caller, id, now));
  }));
  return text;
}

}  // namespace certwright
