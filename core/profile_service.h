// Companies and managers: the rules of DescribeCompanies, the actions on managers, and of what the
// documented service has only in its console and the extension API here.
#ifndef CERTWRIGHT_CORE_PROFILE_SERVICE_H_
#define CERTWRIGHT_CORE_PROFILE_SERVICE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/profile.h"
#include "core/profile_rules.h"
#include "core/public_suffix.h"
#include "core/store.h"

namespace certwright {

inline constexpr std::size_t kMaxCompanies = 10;  // of an account
inline constexpr std::size_t kMaxManagers = 100;  // of a company
inline constexpr std::size_t kMaxManagerDomains = 100;

// A manager as it is at one moment.
struct ManagerView {
  Manager manager = {};  // with those of its domains that stand
  ManagerStatus status = ManagerStatus::kNone;
  std::int64_t certificates = 0;  // that name it
  Company company = {};
};

// Thread-safe: all state is in the store. Everything given must outlive it.
class ProfileService {
 public:
  ProfileService(Store& store, const PublicSuffixList& suffixes, const Clock& clock);

  // The id. Sets `id` and `created` itself. Refuses as CheckCompany does, and LimitExceeded at
  // kMaxCompanies.
  absl::StatusOr<std::int64_t> CreateCompany(Company company);

  // The id of a manager that is in review. Refuses as CheckManager does, ResourceNotFound without
  // the company, LimitExceeded at kMaxManagers.
  absl::StatusOr<std::int64_t> CreateManager(Manager manager);

  // By id. With `only`, at most that one.
  absl::StatusOr<std::vector<Company>> ListCompanies(AccountId account,
                                                     std::optional<std::int64_t> only);

  // By id. Nothing for a company that the account does not have. Refuses as CheckFilter does.
  absl::StatusOr<std::vector<ManagerView>> ListManagers(AccountId account, std::int64_t company,
                                                        const ManagerFilter& filter);

  // All below refuse ResourceNotFound.Manager for ids that the account does not have.
  absl::StatusOr<ManagerView> FindManager(AccountId account, std::int64_t id);

  // To review again: from none, invalid and expired, else IllegalManagerStatus.
  absl::Status Submit(AccountId account, std::int64_t id);

  // To review again what was approved: from ok, expiring and expired. InvalidParameterValue from
  // any other, since the documentation has no code of its own for it.
  absl::Status Verify(AccountId account, std::int64_t id);

  // With its domains. ManagerCanNotDeleteCert while certificates name it, ManagerCanNotDeleteCa
  // while the CA reviews it.
  absl::Status Delete(AccountId account, std::int64_t id);

  // An operator's decision on a manager of any account that is in review: the agent's approval
  // sends it on to the CA, and the CA's approves it. IllegalManagerStatus if it is not in review.
  // The status that follows.
  absl::StatusOr<ManagerStatus> Review(std::int64_t id, bool is_approved, absl::string_view reason);

  // For 13 months. IllegalManagerStatus while it is not approved; InvalidParameterValue for a name
  // that is no domain or stands there already; LimitExceeded at kMaxManagerDomains. The name as it
  // is kept.
  absl::StatusOr<std::string> AddDomain(AccountId account, std::int64_t id,
                                        absl::string_view domain, ValidationMethod method);

 private:
  // To review again from one of `allowed`, else refuses with `error`.
  absl::Status ReviewAgain(AccountId account, std::int64_t id, ApiError error,
                           const std::vector<ManagerStatus>& allowed);

  Store& store_;
  const PublicSuffixList& suffixes_;
  const Clock& clock_;
};

// How many certificates and open orders name the manager.
absl::StatusOr<std::int64_t> CountCertificatesOf(Snapshot& snapshot, const Manager& manager);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PROFILE_SERVICE_H_
