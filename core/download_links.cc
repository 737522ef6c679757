// CertificateService's links: DescribeDownloadCertificateUrl, and what stands behind its link.
#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/certificate_service.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr absl::Duration kLinkLifetime = absl::Minutes(5);
constexpr std::size_t kTokenLength = 43;  // 256 bits

absl::Status RefuseLink(ApiError error, const Certificate& certificate, absl::string_view why,
                        absl::string_view field = "CertificateId") {
  return Refuse(error, absl::StrCat("CertificateId `", certificate.id.value, "` ", why, "."),
                field);
}

absl::Status CheckLink(const Certificate& certificate, ServerType type) {
  if (!IsIssued(certificate)) {
    return RefuseLink(ApiError::kFailedOperationCertificateStatusNotAllowDownload, certificate,
                      absl::StrCat("has status ", StatusNumber(certificate),
                                   "; only status 1 can be downloaded"));
  }
  if (!certificate.allow_download) {
    return RefuseLink(ApiError::kFailedOperationCertificateNotAllowDownload, certificate,
                      "may not be downloaded: that is switched off");
  }
  if (!IsPackable(type, certificate)) {
    return RefuseLink(
        ApiError::kFailedOperationCertificateDownloadServiceTypeNotSupport, certificate,
        absl::StrCat("has not what ServiceType `", ServerTypeText(type), "` needs"), "ServiceType");
  }
  if (certificate.is_upload || certificate.package_type) return absl::OkStatus();
  return RefuseLink(ApiError::kFailedOperationCertificateTypeInfoNotFound, certificate,
                    "is of no known product");
}

}  // namespace

absl::StatusOr<MadeLink> CertificateService::MakeDownloadLink(const Caller& caller,
                                                              const CertificateId& id,
                                                              ServerType type) {
  const absl::Time now = clock_.Now();
  const std::string token = RandomText(random_, kAlphanumeric, kTokenLength);
  MadeLink made = {.token = token};
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Certificate certificate, RequireCertificate(transaction, caller, id));
    RETURN_IF_ERROR(CheckLink(certificate, type));
    made.filename = absl::StrCat(PackageName(type, certificate), ".zip");
    RETURN_IF_ERROR(transaction.DeleteDownloadLinks(now));
    RETURN_IF_ERROR(transaction.InsertDownloadLink({.token_hash = Sha256(token),
                                                    .account = caller,
                                                    .certificate = id,
                                                    .type = type,
                                                    .expires = now + kLinkLifetime}));
    return transaction.AppendOperateLog(ByCaller("download", caller, id, now));
  }));
  return made;
}

absl::StatusOr<std::optional<LinkedPackage>> CertificateService::OpenDownloadLink(
    absl::string_view token) {
  if (token.size() != kTokenLength) return std::nullopt;
  const absl::Time now = clock_.Now();
  std::optional<DownloadLink> link;
  std::optional<Certificate> certificate;
  CertificateBody body;
  KeyMaterial key;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(link, snapshot.FindDownloadLink(Sha256(token)));
    if (!link || link->expires <= now) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::optional<Account> account, snapshot.FindAccount(link->account));
    if (!account || account->is_suspended) return absl::OkStatus();
    ASSIGN_OR_RETURN(certificate, snapshot.FindCertificate(link->account, link->certificate));
    ASSIGN_OR_RETURN(body, snapshot.FindBody(link->account, link->certificate));
    ASSIGN_OR_RETURN(key, snapshot.FindKeyMaterial(link->account, link->certificate));
    return absl::OkStatus();
  }));
  // What forbids a link also ends it.
  if (!certificate || !CheckLink(*certificate, link->type).ok()) return std::nullopt;
  LinkedPackage package = {.certificate = certificate->id,
                           .filename = absl::StrCat(PackageName(link->type, *certificate), ".zip")};
  ASSIGN_OR_RETURN(package.zip, MakePackage(link->type, *certificate, body, key,
                                            NewStorePassword(random_), now));
  return package;
}

}  // namespace certwright
