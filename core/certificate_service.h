// Certificates that exist: uploaded, changed, downloaded, deleted. The rules of UploadCertificate,
// ModifyCertificateAlias, ModifyCertificateProject, ModifyCertificatesExpiringNotificationSwitch,
// DownloadCertificate and DeleteCertificate.
#ifndef CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_
#define CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/certificate.h"
#include "core/clock.h"
#include "core/public_suffix.h"
#include "core/random.h"
#include "core/settings.h"
#include "core/store.h"

namespace certwright {

struct Upload {
  AccountId account = {};
  std::string public_pem = {};
  std::string private_pem = {};  // "" if not sent
  std::string key_password = {};
  CertificateKind kind = CertificateKind::kServer;
  std::string alias = {};
  std::int64_t project_id = 0;
  std::vector<Tag> tags = {};
  bool is_repeatable = true;
};

struct UploadOutcome {
  CertificateId id = {};
  CertificateId repeated = {};  // the existing one, when Repeatable was false and it was there
};

struct MoveOutcome {
  std::vector<CertificateId> moved = {};
  std::vector<CertificateId> unknown = {};
};

// Thread-safe: all state is in the store. Everything given must outlive it.
class CertificateService {
 public:
  CertificateService(Store& store, const PublicSuffixList& suffixes, const Clock& clock,
                     Random& random, const Settings& settings);

  // Refusals as documented for UploadCertificate, in its order of checks.
  absl::StatusOr<UploadOutcome> Upload(const certwright::Upload& upload);

  absl::Status Rename(AccountId account, const CertificateId& id, absl::string_view alias);

  // Up to 100; those that are not the account's are told, and change nothing. Refuses a project
  // that does not exist.
  absl::StatusOr<MoveOutcome> MoveToProject(AccountId account,
                                            const std::vector<CertificateId>& ids,
                                            std::int64_t project);
  // Switches notices of expiry off or on, for up to 50; for none if one is not the account's.
  absl::Status SetIgnored(AccountId account, const std::vector<CertificateId>& ids,
                          bool is_ignored);

  // The row, its key material and its pending work. Refusals by state and age.
  absl::Status Delete(AccountId account, const CertificateId& id);

  // The ZIP of DownloadCertificate: the layouts for nginx, Apache, IIS, Tomcat and root.
  absl::StatusOr<std::string> Download(AccountId account, const CertificateId& id);

 private:
  Store& store_;
  const PublicSuffixList& suffixes_;
  const Clock& clock_;
  Random& random_;
  const Settings& settings_;
};

// The row, or the refusal for an id, sent as `field`, that the account does not have. For use
// inside transactions.
absl::StatusOr<Certificate> RequireCertificate(Snapshot& snapshot, AccountId account,
                                               const CertificateId& id,
                                               absl::string_view field = "CertificateId");

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_
