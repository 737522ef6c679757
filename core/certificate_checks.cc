#include "core/certificate_checks.h"

#include "absl/strings/str_cat.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

absl::Status RefuseText(ApiError error, absl::string_view field, absl::string_view why) {
  return Refuse(error, absl::StrCat(field, " is not usable: ", why, "."), field);
}

}  // namespace

absl::StatusOr<ChainReport> CheckChainText(absl::string_view pem, const TrustStore& roots,
                                           absl::Time now) {
  constexpr char kField[] = "CertificateChain";
  constexpr ApiError kError = ApiError::kFailedOperationCertificateInvalid;
  const absl::StatusOr<std::vector<std::string>> certificates = ParseCertificatesPem(pem);
  if (!certificates.ok()) return RefuseText(kError, kField, certificates.status().message());
  for (std::size_t i = 0; i < certificates->size(); ++i) {
    const absl::StatusOr<CertificateFacts> facts = Describe((*certificates)[i]);
    if (facts.ok()) continue;
    return RefuseText(kError, kField,
                      absl::StrCat("certificate ", i + 1, ": ", facts.status().message()));
  }
  ChainPath path = FindChain(*certificates, roots, now);
  return ChainReport{.is_valid = path.is_complete && path.is_current && path.uses_everything,
                     .is_trusted = path.is_trusted,
                     .names = std::move(path.names)};
}

absl::StatusOr<std::optional<CertificateId>> FindSameCertificate(Store& store, AccountId account,
                                                                 absl::string_view pem) {
  constexpr char kField[] = "CertificatePublicKey";
  constexpr ApiError kError = ApiError::kFailedOperationInvalidParam;
  const absl::StatusOr<std::vector<std::string>> certificates = ParseCertificatesPem(pem);
  if (!certificates.ok()) return RefuseText(kError, kField, certificates.status().message());
  const absl::StatusOr<CertificateFacts> leaf = Describe(certificates->front());
  if (!leaf.ok()) return RefuseText(kError, kField, leaf.status().message());
  std::optional<CertificateId> found;
  RETURN_IF_ERROR(store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(found, snapshot.FindNewest(account, leaf->fingerprint_sha1));
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace certwright
