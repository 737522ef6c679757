#include "core/deployment_service.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/certificate_facts.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxDeployedIds = 50;
constexpr char kRecordField[] = "DeployRecordId";

absl::StatusOr<Certificate> RequireIn(Snapshot& snapshot, AccountId account,
                                      const CertificateId& id, absl::string_view field) {
  ASSIGN_OR_RETURN(std::optional<Certificate> found, snapshot.FindCertificate(account, id));
  if (found) return *std::move(found);
  return Refuse(
      ApiError::kFailedOperationCertificateNotFound,
      absl::StrCat(field, " `", Shown(id.value), "` names no certificate of this account."), field);
}

absl::Status InvalidParam(absl::string_view field, absl::string_view message) {
  return Refuse(ApiError::kFailedOperationInvalidParam, message, field);
}

absl::Status CheckTypes(ResourceUse use, const BindingUpdate& update) {
  for (std::size_t i = 0; i < update.types.size(); ++i) {
    RETURN_IF_ERROR(CheckResourceType(use, update.types[i], absl::StrCat("ResourceTypes.", i)));
  }
  return CheckTypeRegions(update.types, update.regions);
}

// A certificate that is there, or one to upload.
absl::Status CheckSource(const BindingUpdate& update) {
  const bool has_public = !update.public_pem.empty();
  const bool has_private = !update.private_pem.empty();
  if (has_public != has_private) {
    return InvalidParam(has_public ? "CertificatePrivateKey" : "CertificatePublicKey",
                        "CertificatePublicKey and CertificatePrivateKey go together.");
  }
  if (has_public != update.certificate.value.empty()) {
    return InvalidParam("CertificateId",
                        has_public ? "CertificateId and CertificatePublicKey cannot both be sent."
                                   : "CertificateId is missing; send it, or "
                                     "CertificatePublicKey and CertificatePrivateKey.");
  }
  return absl::OkStatus();
}

// Some codes of uploads are not documented for the updates.
absl::Status AsDocumented(const absl::Status& refusal) {
  const std::optional<ApiError> error = ErrorOf(refusal);
  if (error == ApiError::kFailedOperationCertificateChainError ||
      error == ApiError::kFailedOperationCertificateEncryptInvalid) {
    return Refuse(ApiError::kFailedOperationCertificateInvalid, refusal.message(),
                  FieldOf(refusal));
  }
  return refusal;
}

// "RSA" of "RSA 2048".
absl::string_view KeyKind(const Certificate& certificate) {
  const absl::string_view text = certificate.key_description;
  return text.substr(0, text.find(' '));
}

absl::Status CheckSameKind(const Certificate& old_one, const Certificate& new_one) {
  if (KeyKind(old_one) != KeyKind(new_one)) {
    return Refuse(ApiError::kInvalidParameterWithDetailReason,
                  absl::StrCat("CertificatePublicKey has a key of ", new_one.key_description,
                               ", and the certificate that it replaces ", old_one.key_description,
                               "; the kind of key stays."),
                  "CertificatePublicKey");
  }
  for (const std::string& name : old_one.names) {
    if (Covers(new_one.names, name)) continue;
    return Refuse(ApiError::kInvalidParameterWithDetailReason,
                  absl::StrCat("CertificatePublicKey does not cover ", name,
                               ", as the certificate does that it replaces."),
                  "CertificatePublicKey");
  }
  return absl::OkStatus();
}

absl::Status RefuseUnbound(const BindingUpdate& update) {
  return Refuse(ApiError::kFailedOperationCertificateDeployInstanceEmpty,
                absl::StrCat("No resource is bound to OldCertificateId `",
                             Shown(update.old_certificate.value), "`."),
                "OldCertificateId");
}

absl::Status RefuseRecord(bool has_own_code, absl::string_view field, absl::string_view id) {
  return Refuse(has_own_code ? ApiError::kFailedOperationCertificateDeployNotExist
                             : ApiError::kFailedOperationInvalidParam,
                absl::StrCat(field, " `", Shown(id), "` names no record of this account."), field);
}

}  // namespace

absl::Status DeploymentService::CheckDeployable(AccountId account, const CertificateId& id,
                                                absl::string_view field) {
  return store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const Certificate certificate, RequireIn(snapshot, account, id, field));
    if (IsDeployable(certificate, clock_.Now())) return absl::OkStatus();
    return Refuse(ApiError::kFailedOperationCertificateNotAvailable,
                  absl::StrCat(field, " `", id.value,
                               "` cannot be deployed: that needs an issued server certificate that "
                               "has not expired and whose private key is stored here."),
                  field);
  });
}

absl::Status DeploymentService::Deploy(const Deployment& deployment) {
  const std::string& type = deployment.resource_type;
  RETURN_IF_ERROR(CheckResourceType(ResourceUse::kDeploy, type, "ResourceType"));
  if (NeedsRegion(type) && deployment.region.empty()) {
    return Refuse(ApiError::kInvalidParameterRegionNotEmpty,
                  absl::StrCat("Region is missing; instances of ", type, " are regional."),
                  "Region");
  }
  for (std::size_t i = 0; i < deployment.instances.size(); ++i) {
    RETURN_IF_ERROR(
        CheckInstance(type, deployment.instances[i], absl::StrCat("InstanceIdList.", i)));
  }
  RETURN_IF_ERROR(CheckDeployable(deployment.account, deployment.certificate, "CertificateId"));
  return Refuse(ApiError::kFailedOperationCertificateNotDeployInstance,
                absl::StrCat("InstanceIdList.0 `", Shown(deployment.instances.front()),
                             "` names no ", type, " instance of this account."),
                "InstanceIdList.0");
}

absl::Status DeploymentService::Update(const BindingUpdate& update) {
  RETURN_IF_ERROR(CheckTypes(ResourceUse::kUpdate, update));
  RETURN_IF_ERROR(CheckSource(update));
  RETURN_IF_ERROR(CheckTags(update.tags));
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) {
    return RequireIn(snapshot, update.account, update.old_certificate, "OldCertificateId").status();
  }));
  UploadPreview preview;
  if (!update.public_pem.empty()) {
    absl::StatusOr<UploadPreview> made =
        certificates_.Preview({.account = update.account,
                               .public_pem = update.public_pem,
                               .private_pem = update.private_pem,
                               .project_id = update.project_id,
                               .is_repeatable = update.is_repeatable,
                               .is_in_project_only = update.is_in_project_only});
    if (!made.ok()) return AsDocumented(made.status());
    preview = *std::move(made);
  }
  if (preview.repeated) {
    return Refuse(ApiError::kFailedOperationCertificateExists,
                  absl::StrCat("CertificatePublicKey is stored already, as ",
                               preview.repeated->value, ", and must not repeat."),
                  "CertificatePublicKey");
  }
  if (!update.certificate.value.empty()) {
    RETURN_IF_ERROR(CheckDeployable(update.account, update.certificate, "CertificateId"));
  }
  if (update.certificate == update.old_certificate) {
    return Refuse(ApiError::kFailedOperationCertificateHostDeployCanNotAllow,
                  "CertificateId and OldCertificateId are the same certificate.", "CertificateId");
  }
  return RefuseUnbound(update);
}

absl::Status DeploymentService::UpdateSameId(const BindingUpdate& update) {
  RETURN_IF_ERROR(CheckTypes(ResourceUse::kSameIdUpdate, update));
  Certificate old_one;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(
        old_one, RequireIn(snapshot, update.account, update.old_certificate, "OldCertificateId"));
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(CheckOwned(update.account, update.certificate, "CertificateId"));
  const absl::StatusOr<UploadPreview> preview =
      certificates_.Preview({.account = update.account,
                             .public_pem = update.public_pem,
                             .private_pem = update.private_pem});
  if (!preview.ok()) return AsDocumented(preview.status());
  RETURN_IF_ERROR(CheckSameKind(old_one, preview->row));
  return RefuseUnbound(update);
}

absl::Status DeploymentService::CheckListed(AccountId account, const CertificateId& certificate,
                                            const CertificateId& old_certificate) {
  if (certificate.value.empty() && old_certificate.value.empty()) {
    return InvalidParam("CertificateId", "CertificateId is missing, and so is OldCertificateId.");
  }
  RETURN_IF_ERROR(CheckOwned(account, old_certificate, "OldCertificateId"));
  if (certificate.value.empty()) return absl::OkStatus();
  return CheckDeployable(account, certificate, "CertificateId");
}

absl::Status DeploymentService::CheckOwned(AccountId account, const CertificateId& certificate,
                                           absl::string_view field) {
  if (certificate.value.empty()) return absl::OkStatus();
  return store_.Read([&](Snapshot& snapshot) {
    return RequireIn(snapshot, account, certificate, field).status();
  });
}

absl::Status DeploymentService::CheckDeployed(AccountId account,
                                              const std::vector<CertificateId>& certificates) {
  if (certificates.size() > kMaxDeployedIds) {
    return Refuse(ApiError::kInvalidParameterCertificateIdNumberLimit,
                  absl::StrCat("CertificateIds has ", certificates.size(), " ids; at most ",
                               kMaxDeployedIds, " are allowed."),
                  "CertificateIds");
  }
  return store_.Read([&](Snapshot& snapshot) -> absl::Status {
    for (std::size_t i = 0; i < certificates.size(); ++i) {
      const std::string field = absl::StrCat("CertificateIds.", i);
      const absl::Status found = RequireIn(snapshot, account, certificates[i], field).status();
      if (ErrorOf(found) != ApiError::kFailedOperationCertificateNotFound) {
        RETURN_IF_ERROR(found);
        continue;
      }
      return Refuse(ApiError::kInvalidParameterContainsInvalidCertificateId, found.message(),
                    field);
    }
    return absl::OkStatus();
  });
}

absl::Status DeploymentService::CheckRecord(RecordKind kind, absl::string_view record) {
  if (record.empty() || !std::all_of(record.begin(), record.end(), absl::ascii_isdigit)) {
    return InvalidParam(kRecordField, absl::StrCat("DeployRecordId `", Shown(record),
                                                   "` is no number of a record."));
  }
  return RefuseRecord(kind != RecordKind::kSameIdUpdate, kRecordField, record);
}

absl::Status DeploymentService::Retry(RecordKind, const std::optional<std::int64_t>& record,
                                      const std::optional<std::int64_t>& item) {
  if (!record && !item) {
    return InvalidParam(kRecordField, "DeployRecordId is missing, and so is DeployRecordDetailId.");
  }
  if (record) return RefuseRecord(false, kRecordField, absl::StrCat(*record));
  return RefuseRecord(false, "DeployRecordDetailId", absl::StrCat(*item));
}

absl::Status DeploymentService::RollBack(RecordKind kind,
                                         const std::optional<std::int64_t>& record) {
  if (!record) return InvalidParam(kRecordField, "DeployRecordId is missing.");
  return RefuseRecord(kind == RecordKind::kDeploy, kRecordField, absl::StrCat(*record));
}

}  // namespace certwright
