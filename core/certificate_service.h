// Certificates that exist: uploaded, changed, downloaded, deleted. The rules of UploadCertificate,
// ModifyCertificateAlias, ModifyCertificateProject, ModifyCertificatesExpiringNotificationSwitch,
// DownloadCertificate, DescribeDownloadCertificateUrl, DeleteCertificate and DeleteCertificates,
// and of the tag service's ModifyResourceTags.
#ifndef CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_
#define CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/caller.h"
#include "core/certificate.h"
#include "core/clock.h"
#include "core/delete_task.h"
#include "core/download.h"
#include "core/public_suffix.h"
#include "core/random.h"
#include "core/resource_name.h"
#include "core/settings.h"
#include "core/store.h"

namespace certwright {

struct Upload {
  Caller account = {};
  std::string public_pem = {};
  std::string private_pem = {};  // "" if not sent
  std::string key_password = {};
  CertificateKind kind = CertificateKind::kServer;
  std::string alias = {};
  std::int64_t project_id = 0;
  std::vector<Tag> tags = {};
  bool is_repeatable = true;
  // The caller may know of nothing outside of `project_id`: what lies there is not repeated.
  bool is_in_project_only = false;
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

struct TagChange {
  std::vector<Tag> replaced = {};         // put on, or given another value
  std::vector<std::string> deleted = {};  // keys; one that is not there is no mistake
};

struct MoveOutcome {
  std::vector<CertificateId> moved = {};
  std::vector<CertificateId> unknown = {};
};

// A link that was made. The token opens it and is a secret; the store has its hash alone.
struct MadeLink {
  std::string token = {};
  std::string filename = {};
};

// What a link leads to.
struct LinkedPackage {
  CertificateId certificate = {};
  std::string filename = {};
  std::string zip = {};
};

// What became of each certificate, named once.
struct BatchDelete {
  struct Refused {
    CertificateId id = {};
    absl::Status why = {};
  };
  struct Task {
    CertificateId id = {};
    std::string task = {};
  };
  std::vector<CertificateId> deleted = {};
  std::vector<Refused> refused = {};
  std::vector<Task> tasks = {};
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

  absl::Status Rename(const Caller& caller, const CertificateId& id,
                      const std::optional<std::string>& alias);

  // Whether its packages may be had.
  absl::Status AllowDownload(const Caller& caller, const CertificateId& id, bool is_allowed);
  // Whether it is to be renewed by itself. FailedOperation.InvalidCertificateSource for what cannot
  // be (CanBeAutoRenewed); on, .InvalidCertificateStatusCode within the last 14 days, and after.
  absl::Status SetAutoRenewed(const Caller& caller, const CertificateId& id, bool is_auto_renewed);
  // The text of a letter ("confirmation", "revocation") to be signed and uploaded. Refuses
  // FailedOperation.UploadConfirmCertificateNotSupportDV.
  absl::StatusOr<std::string> TakeLetterTemplate(const Caller& caller, const CertificateId& id,
                                                 absl::string_view kind);
  // Up to 100; those that are not the account's are told, and change nothing. Refuses a project
  // that does not exist.
  absl::StatusOr<MoveOutcome> MoveToProject(const Caller& caller,
                                            const std::vector<CertificateId>& ids,
                                            std::int64_t project);
  // Switches notices of expiry off or on, for up to 50; for none if one is not the account's.
  absl::Status SetIgnored(const Caller& caller, const std::vector<CertificateId>& ids,
                          bool is_ignored);

  // All of the change or nothing of it. Refuses ResourceNotFound for what is not the account's; up
  // to 10 tags in each list, each key once in both, and 50 on the certificate in the end. The log
  // has the keys; where nothing changes, nothing is written, there neither.
  absl::Status ChangeTags(const Caller& caller, const ResourceName& resource,
                          const TagChange& change);

  // The row, its key material and its pending work. Refusals by state and age.
  absl::Status Delete(const Caller& caller, const CertificateId& id);

  // The number of a task that deletes it once no resource is bound to it; of the one that runs
  // already, if one does. Refusals by state and age are the task's end.
  absl::StatusOr<std::string> BeginDelete(const Caller& caller, const CertificateId& id);
  // Up to 100, each as Delete, or as BeginDelete if `as_tasks`.
  absl::StatusOr<BatchDelete> DeleteMany(const Caller& caller,
                                         const std::vector<CertificateId>& ids, bool as_tasks,
                                         const std::vector<ForbiddenCertificate>& forbidden = {});
  // In the order of `ids`. Refuses one that is not the account's.
  absl::StatusOr<std::vector<DeleteTask>> FindDeleteTasks(AccountId account,
                                                          const std::vector<std::string>& ids);
  // For the worker. Brings a deletion task to its end, once.
  absl::Status RunDelete(const Job& job);

  // The ZIP of DownloadCertificate: the layouts for nginx, Apache, IIS, Tomcat and root.
  absl::StatusOr<std::string> Download(const Caller& caller, const CertificateId& id);

  // A link to the package of one server type, good for five minutes.
  absl::StatusOr<MadeLink> MakeDownloadLink(const Caller& caller, const CertificateId& id,
                                            ServerType type);
  // Nothing for a token that was never given out or is too old, and where the certificate may not
  // be downloaded any more.
  absl::StatusOr<std::optional<LinkedPackage>> OpenDownloadLink(absl::string_view token);

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

// For key stores whose owner set no password.
std::string NewStorePassword(Random& random);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CERTIFICATE_SERVICE_H_
