// CertificateService's changes of many rows at once: ModifyCertificateProject and
// ModifyCertificatesExpiringNotificationSwitch.
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/products.h"
#include "core/project.h"
#include "core/row_rules.h"
#include "core/status_macros.h"
#include "core/years.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxMoved = 100;
constexpr std::size_t kMaxMuted = 50;
constexpr absl::Duration kLeastBeforeEnd = absl::Hours(24 * 14);

}  // namespace

absl::StatusOr<MoveOutcome> CertificateService::MoveToProject(const Caller& caller,
                                                              const std::vector<CertificateId>& ids,
                                                              std::int64_t project) {
  RETURN_IF_ERROR(CheckCount("CertificateIdList", ids.size(), kMaxMoved,
                             ApiError::kFailedOperationInvalidParam));
  const absl::Time now = clock_.Now();
  MoveOutcome outcome;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    outcome = {};
    RETURN_IF_ERROR(RequireProject(transaction, caller, project));
    for (const CertificateId& id : EachOnce(ids)) {
      ASSIGN_OR_RETURN(std::optional<Certificate> certificate,
                       transaction.FindCertificate(caller, id));
      (certificate ? outcome.moved : outcome.unknown).push_back(id);
      if (!certificate) continue;
      certificate->project_id = project;
      RETURN_IF_ERROR(transaction.UpdateCertificate(*certificate));
      RETURN_IF_ERROR(transaction.AppendOperateLog(ByCaller("changeProject", caller, id, now)));
    }
    return absl::OkStatus();
  }));
  return outcome;
}

absl::Status CertificateService::SetAutoRenewed(const Caller& caller, const CertificateId& id,
                                                bool is_auto_renewed) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate certificate, RequireCertificate(transaction, caller, id));
    if (!CanBeAutoRenewed(certificate)) {
      return Refuse(ApiError::kFailedOperationInvalidCertificateSource,
                    "Only DV orders of DNSPod, TrustAsia and WoTrus are renewed by themselves.",
                    "CertificateId");
    }
    const bool is_late = certificate.status != CertificateStatus::kIssued ||
                         !certificate.not_after || *certificate.not_after - now < kLeastBeforeEnd;
    if (is_auto_renewed && is_late) {
      return Refuse(ApiError::kFailedOperationInvalidCertificateStatusCode,
                    absl::StrCat("CertificateId `", id.value,
                                 "` is not issued, or ends in less than 14 days."),
                    "CertificateId");
    }
    certificate.is_auto_renewed = is_auto_renewed;
    RETURN_IF_ERROR(transaction.UpdateCertificate(certificate));
    RETURN_IF_ERROR(QueueRenewal(transaction, certificate));
    return transaction.AppendOperateLog(
        ByCaller(is_auto_renewed ? "autoRenew-1" : "autoRenew-0", caller, id, now));
  });
}

absl::Status CertificateService::SetIgnored(const Caller& caller,
                                            const std::vector<CertificateId>& ids,
                                            bool is_ignored) {
  RETURN_IF_ERROR(CheckCount("CertificateIds", ids.size(), kMaxMuted,
                             ApiError::kInvalidParameterCertificatesNumberExceeded));
  const absl::Time now = clock_.Now();
  const char* const type = is_ignored ? "ignoreExpiringNotice-1" : "ignoreExpiringNotice-0";
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    for (const CertificateId& id : EachOnce(ids)) {
      ASSIGN_OR_RETURN(Certificate certificate,
                       RequireCertificate(transaction, caller, id, "CertificateIds"));
      certificate.is_ignored = is_ignored;
      RETURN_IF_ERROR(transaction.UpdateCertificate(certificate));
      RETURN_IF_ERROR(transaction.AppendOperateLog(ByCaller(type, caller, id, now)));
    }
    return absl::OkStatus();
  });
}

}  // namespace certwright
