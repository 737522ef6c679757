#include "core/certificate_service.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/download.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kStorePasswordLength = 16;

absl::Status CheckDownload(const Certificate& certificate) {
  if (!IsIssued(certificate)) {
    return Refuse(ApiError::kFailedOperationInvalidCertificateStatusCode,
                  absl::StrCat("CertificateId `", certificate.id.value, "` has status ",
                               StatusNumber(certificate), "; only status 1 can be downloaded."),
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
                                               const CertificateId& id, absl::string_view field) {
  ASSIGN_OR_RETURN(std::optional<Certificate> found, snapshot.FindCertificate(account, id));
  if (found) return *std::move(found);
  return Refuse(
      ApiError::kFailedOperationCertificateNotFound,
      absl::StrCat(field, " `", Shown(id.value), "` names no certificate of this account."), field);
}

std::string NewStorePassword(Random& random) {
  return RandomText(random, kAlphanumeric, kStorePasswordLength);
}

CertificateService::CertificateService(Store& store, const PublicSuffixList& suffixes,
                                       const Clock& clock, Random& random, const Settings& settings)
    : store_(store), suffixes_(suffixes), clock_(clock), random_(random), settings_(settings) {}

absl::Status CertificateService::Rename(const Caller& caller, const CertificateId& id,
                                        const std::optional<std::string>& alias) {
  RETURN_IF_ERROR(CheckAlias(alias.value_or("")));
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate certificate, RequireCertificate(transaction, caller, id));
    if (!alias) return absl::OkStatus();
    certificate.alias = *alias;
    RETURN_IF_ERROR(transaction.UpdateCertificate(certificate));
    return transaction.AppendOperateLog(ByCaller("updateAlias", caller, id, clock_.Now()));
  });
}

absl::Status CertificateService::AllowDownload(const Caller& caller, const CertificateId& id,
                                               bool is_allowed) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate certificate, RequireCertificate(transaction, caller, id));
    certificate.allow_download = is_allowed;
    RETURN_IF_ERROR(transaction.UpdateCertificate(certificate));
    return transaction.AppendOperateLog(ByCaller("modifyDownloadLimit", caller, id, clock_.Now()));
  });
}

absl::StatusOr<std::string> CertificateService::Download(const Caller& caller,
                                                         const CertificateId& id) {
  const absl::Time now = clock_.Now();
  Certificate certificate;
  CertificateBody body;
  KeyMaterial key;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(certificate, RequireCertificate(transaction, caller, id));
    RETURN_IF_ERROR(CheckDownload(certificate));
    ASSIGN_OR_RETURN(body, transaction.FindBody(caller, id));
    ASSIGN_OR_RETURN(key, transaction.FindKeyMaterial(caller, id));
    return transaction.AppendOperateLog(ByCaller("download", caller, id, now));
  }));
  return MakeDownload(certificate, body, key, NewStorePassword(random_), now);
}

}  // namespace certwright
