// Deploying certificates to resources: the checks of the deploy and update actions, of their
// records and of the instance lists.
//
// There are no resources yet that a certificate could be bound to. Every call is checked as
// documented, and then answered as for an account that has none: what would deploy is refused, what
// lists finds nothing.
#ifndef CERTWRIGHT_CORE_DEPLOYMENT_SERVICE_H_
#define CERTWRIGHT_CORE_DEPLOYMENT_SERVICE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/certificate_service.h"
#include "core/clock.h"
#include "core/deployment_rules.h"
#include "core/store.h"

namespace certwright {

struct Deployment {
  AccountId account = {};
  CertificateId certificate = {};
  std::string resource_type = "clb";
  std::vector<std::string> instances = {};  // one at least
  std::string region = {};                  // of the call; "" if none
};

// What all bound resources of a certificate are to change to.
struct BindingUpdate {
  AccountId account = {};
  CertificateId old_certificate = {};
  CertificateId certificate = {};  // "" if not sent
  std::string public_pem = {};     // both "" if not sent
  std::string private_pem = {};
  bool is_repeatable = true;
  bool is_in_project_only = false;  // see Upload
  std::vector<Tag> tags = {};
  std::int64_t project_id = 0;
  std::vector<std::string> types = {};
  std::vector<TypeRegions> regions = {};
};

// By which action a record was made.
enum class RecordKind { kDeploy, kUpdate, kSameIdUpdate };

// Thread-safe: all state is in the store. Everything given must outlive it.
class DeploymentService {
 public:
  DeploymentService(Store& store, CertificateService& certificates, const Clock& clock)
      : store_(store), certificates_(certificates), clock_(clock) {}

  // The next three are never OK while there is nothing to deploy to; see above.

  // Refuses FailedOperation.CertificateNotDeployInstance for instances that do not exist.
  absl::Status Deploy(const Deployment& deployment);
  // Refuses FailedOperation.CertificateDeployInstanceEmpty when nothing is bound; a PEM pair is
  // then checked as an upload and not stored.
  absl::Status Update(const BindingUpdate& update);
  // The same for new content under the old id.
  absl::Status UpdateSameId(const BindingUpdate& update);

  // Of an instance list: one of the two is given. What the new certificate is to be put on must be
  // able to take it: FailedOperation.CertificateNotAvailable.
  absl::Status CheckListed(AccountId account, const CertificateId& certificate,
                           const CertificateId& old_certificate);
  // Refuses a certificate that the account does not have; "" is none.
  absl::Status CheckOwned(AccountId account, const CertificateId& certificate,
                          absl::string_view field);
  // Of DescribeDeployedResources, with its codes.
  absl::Status CheckDeployed(AccountId account, const std::vector<CertificateId>& certificates);

  // The items of a record, its retry, its rollback. Each refuses a record that does not exist, with
  // the code that is documented for its action.
  absl::Status CheckRecord(RecordKind kind, absl::string_view record);
  absl::Status Retry(RecordKind kind, const std::optional<std::int64_t>& record,
                     const std::optional<std::int64_t>& item);
  absl::Status RollBack(RecordKind kind, const std::optional<std::int64_t>& record);

 private:
  absl::Status CheckDeployable(AccountId account, const CertificateId& id, absl::string_view field);

  Store& store_;
  CertificateService& certificates_;
  const Clock& clock_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_DEPLOYMENT_SERVICE_H_
