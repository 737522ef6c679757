// Certificates that exist: uploaded, renamed, downloaded, deleted. The rules of UploadCertificate,
// ModifyCertificateAlias, DownloadCertificate and DeleteCertificate.
#ifndef CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_
#define CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_

#include <optional>
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

// What an upload would make.
struct UploadPreview {
  Certificate row = {};                        // without an id
  std::optional<CertificateId> repeated = {};  // the existing one that would stand for it
};

// Thread-safe: all state is in the store. Everything given must outlive it.
class CertificateService {
 public:
  CertificateService(Store& store, const PublicSuffixList& suffixes, const Clock& clock,
                     Random& random, const Settings& settings);

  // Refusals as documented for UploadCertificate, in its order of checks.
  absl::StatusOr<UploadOutcome> Upload(const certwright::Upload& upload);

  // Refuses as Upload, and stores nothing.
  absl::StatusOr<UploadPreview> Preview(const certwright::Upload& upload);

  absl::Status Rename(AccountId account, const CertificateId& id, absl::string_view alias);

  // Whether its packages may be had.
  absl::Status AllowDownload(AccountId account, const CertificateId& id, bool is_allowed);

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

// The row, or the refusal for an id that the account does not have. For use inside transactions.
absl::StatusOr<Certificate> RequireCertificate(Snapshot& snapshot, AccountId account,
                                               const CertificateId& id);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_
