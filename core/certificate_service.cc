#include "core/certificate_service.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/download.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/reissue.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr absl::Duration kDeleteAfter = absl::Hours(1);
constexpr std::size_t kStorePasswordLength = 16;

std::string Number(CertificateStatus status) { return absl::StrCat(static_cast<int>(status)); }

absl::Status RefuseDelete(ApiError error, const Certificate& certificate, absl::string_view why) {
  return Refuse(error, absl::StrCat("CertificateId `", certificate.id.value, "` ", why, "."),
                "CertificateId");
}

absl::Status CheckRenewalIsDone(Snapshot& snapshot, const Certificate& certificate) {
  if (certificate.renewed_by.value.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Certificate> renewal,
                   snapshot.FindCertificate(certificate.account, certificate.renewed_by));
  if (!renewal || !IsOpenForValidation(*renewal)) return absl::OkStatus();
  return RefuseDelete(ApiError::kFailedOperationRenewNotIssued, certificate,
                      absl::StrCat("is being renewed by ", renewal->id.value,
                                   ", which is not issued yet; cancel that first"));
}

absl::Status CheckDelete(Snapshot& snapshot, const Certificate& certificate, absl::Time now) {
  if (certificate.is_upload) return absl::OkStatus();
  if (now - certificate.inserted < kDeleteAfter) {
    return RefuseDelete(ApiError::kFailedOperationCannotBeDeletedWithinHour, certificate,
                        "is younger than an hour; a free certificate is deleted after that");
  }
  RETURN_IF_ERROR(CheckRenewalIsDone(snapshot, certificate));
  if (IsIssued(certificate)) {
    return RefuseDelete(ApiError::kFailedOperationCannotBeDeletedIssued, certificate,
                        "is issued; it can be deleted once it is revoked or expired");
  }
  if (IsDeletable(certificate.status)) return absl::OkStatus();
  return RefuseDelete(ApiError::kFailedOperationInvalidCertificateStatusCode, certificate,
                      absl::StrCat("has status ", Number(certificate.status),
                                   ", in which something is under way; cancel it first"));
}

absl::Status CheckDownload(const Certificate& certificate) {
  if (!IsIssued(certificate)) {
    return Refuse(ApiError::kFailedOperationInvalidCertificateStatusCode,
                  absl::StrCat("CertificateId `", certificate.id.value, "` has status ",
                               Number(certificate.status), "; only status 1 can be downloaded."),
                  "CertificateId");
  }
  if (certificate.allow_download) return absl::OkStatus();
  return Refuse(
      ApiError::kFailedOperationAuthError,
      absl::StrCat("Downloading of CertificateId `", certificate.id.value, "` is switched off."),
      "CertificateId");
}

}  // namespace

absl::StatusOr<Certificate> RequireCertificate(Snapshot& snapshot, AccountId account,
                                               const CertificateId& id) {
  ASSIGN_OR_RETURN(std::optional<Certificate> found, snapshot.FindCertificate(account, id));
  if (found) return *std::move(found);
  return Refuse(ApiError::kFailedOperationCertificateNotFound,
                absl::StrCat("CertificateId `", absl::CHexEscape(id.value.substr(0, 64)),
                             "` names no certificate of this account."),
                "CertificateId");
}

CertificateService::CertificateService(Store& store, const PublicSuffixList& suffixes,
                                       const Clock& clock, Random& random, const Settings& settings)
    : store_(store), suffixes_(suffixes), clock_(clock), random_(random), settings_(settings) {}

absl::Status CertificateService::Rename(AccountId account, const CertificateId& id,
                                        absl::string_view alias) {
  RETURN_IF_ERROR(CheckAlias(alias));
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate certificate, RequireCertificate(transaction, account, id));
    certificate.alias = std::string(alias);
    RETURN_IF_ERROR(transaction.UpdateCertificate(certificate));
    return transaction.AppendOperateLog(ByCaller("updateAlias", account, id, clock_.Now()));
  });
}

absl::Status CertificateService::Delete(AccountId account, const CertificateId& id) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Certificate certificate, RequireCertificate(transaction, account, id));
    RETURN_IF_ERROR(CheckDelete(transaction, certificate, now));
    RETURN_IF_ERROR(TellReissues(transaction, certificate));
    RETURN_IF_ERROR(transaction.DeleteCertificate(account, id));
    return transaction.AppendOperateLog(ByCaller("delete", account, id, now));
  });
}

absl::StatusOr<std::string> CertificateService::Download(AccountId account,
                                                         const CertificateId& id) {
  const absl::Time now = clock_.Now();
  Certificate certificate;
  CertificateBody body;
  KeyMaterial key;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(certificate, RequireCertificate(transaction, account, id));
    RETURN_IF_ERROR(CheckDownload(certificate));
    ASSIGN_OR_RETURN(body, transaction.FindBody(account, id));
    ASSIGN_OR_RETURN(key, transaction.FindKeyMaterial(account, id));
    return transaction.AppendOperateLog(ByCaller("download", account, id, now));
  }));
  return MakeDownload(certificate, body, key,
                      RandomText(random_, kAlphanumeric, kStorePasswordLength), now);
}

}  // namespace certwright
