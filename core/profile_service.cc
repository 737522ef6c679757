#include "core/profile_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/error.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

absl::Status RefuseUnknown(std::int64_t id) {
  return Refuse(ApiError::kResourceNotFoundManager,
                absl::StrCat("ManagerId ", id, " names no manager of this account."), "ManagerId");
}

absl::StatusOr<Manager> RequireManager(Snapshot& snapshot, AccountId account, std::int64_t id) {
  ASSIGN_OR_RETURN(std::optional<Manager> found, snapshot.FindManager(account, id));
  if (found) return *std::move(found);
  return RefuseUnknown(id);
}

absl::StatusOr<std::optional<Company>> FindCompany(Snapshot& snapshot, AccountId account,
                                                   std::int64_t id) {
  ASSIGN_OR_RETURN(std::vector<Company> all, snapshot.ListCompanies(account));
  for (Company& one : all) {
    if (one.id == id) return std::move(one);
  }
  return std::nullopt;
}

absl::StatusOr<ManagerView> ViewOf(Snapshot& snapshot, Manager manager, absl::Time now) {
  ManagerView view = {.status = StatusOf(manager, now)};
  ASSIGN_OR_RETURN(view.certificates, CountCertificatesOf(snapshot, manager));
  manager.domains = StandingDomains(manager, now);
  view.manager = std::move(manager);
  return view;
}

absl::Status RefuseStatus(ApiError error, const Manager& manager, absl::Time now,
                          const std::vector<ManagerStatus>& allowed) {
  const std::string names = absl::StrJoin(allowed, ", ", [](std::string* out, ManagerStatus one) {
    absl::StrAppend(out, "`", NameOf(one), "`");
  });
  return Refuse(error,
                absl::StrCat("ManagerId ", manager.id, " has status `",
                             NameOf(StatusOf(manager, now)), "`; allowed: ", names, "."),
                "ManagerId");
}

absl::Status CheckStatus(ApiError error, const Manager& manager, absl::Time now,
                         const std::vector<ManagerStatus>& allowed) {
  const bool is_allowed =
      std::find(allowed.begin(), allowed.end(), StatusOf(manager, now)) != allowed.end();
  return is_allowed ? absl::OkStatus() : RefuseStatus(error, manager, now, allowed);
}

absl::Status CheckRoom(std::size_t count, std::size_t limit, absl::string_view what) {
  if (count < limit) return absl::OkStatus();
  return Refuse(ApiError::kLimitExceeded,
                absl::StrCat("There are ", count, " ", what, "; allowed: ", limit, "."));
}

void SendToReview(Manager& manager, absl::Time now) {
  manager.review = ManagerReview::kWithAgent;
  manager.submitted = now;
  manager.approved.reset();
  manager.refusal.clear();
}

}  // namespace

absl::StatusOr<std::int64_t> CountCertificatesOf(Snapshot& snapshot, const Manager& manager) {
  return snapshot.CountManaged(manager.account, manager.id);
}

ProfileService::ProfileService(Store& store, const PublicSuffixList& suffixes, const Clock& clock)
    : store_(store), suffixes_(suffixes), clock_(clock) {}

absl::StatusOr<std::int64_t> ProfileService::CreateCompany(Company company) {
  RETURN_IF_ERROR(CheckCompany(company));
  company.created = clock_.Now();
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Company> all, transaction.ListCompanies(company.account));
    RETURN_IF_ERROR(CheckRoom(all.size(), kMaxCompanies, "companies in the account"));
    return transaction.InsertCompany(company);
  }));
  return company.id;
}

absl::StatusOr<std::int64_t> ProfileService::CreateManager(Manager manager) {
  RETURN_IF_ERROR(CheckManager(manager));
  manager.created = clock_.Now();
  SendToReview(manager, manager.created);
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Company> company,
                     FindCompany(transaction, manager.account, manager.company));
    if (!company) {
      return Refuse(
          ApiError::kResourceNotFound,
          absl::StrCat("CompanyId ", manager.company, " names no company of this account."),
          "CompanyId");
    }
    ASSIGN_OR_RETURN(const std::vector<Manager> all,
                     transaction.ListManagers(manager.account, manager.company));
    RETURN_IF_ERROR(CheckRoom(all.size(), kMaxManagers, "managers of the company"));
    return transaction.InsertManager(manager);
  }));
  return manager.id;
}

absl::StatusOr<std::vector<Company>> ProfileService::ListCompanies(
    AccountId account, std::optional<std::int64_t> only) {
  std::vector<Company> companies;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(companies, snapshot.ListCompanies(account));
    return absl::OkStatus();
  }));
  if (only) std::erase_if(companies, [&](const Company& one) { return one.id != *only; });
  return companies;
}

absl::StatusOr<std::vector<ManagerView>> ProfileService::ListManagers(AccountId account,
                                                                      std::int64_t company,
                                                                      const ManagerFilter& filter) {
  RETURN_IF_ERROR(CheckFilter(filter));
  const absl::Time now = clock_.Now();
  std::vector<ManagerView> views;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Manager> all, snapshot.ListManagers(account, company));
    for (Manager& one : all) {
      if (!Matches(filter, one, now)) continue;
      ASSIGN_OR_RETURN(ManagerView view, ViewOf(snapshot, std::move(one), now));
      views.push_back(std::move(view));
    }
    return absl::OkStatus();
  }));
  return views;
}

absl::StatusOr<ManagerView> ProfileService::FindManager(AccountId account, std::int64_t id) {
  ManagerView view;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(Manager manager, RequireManager(snapshot, account, id));
    ASSIGN_OR_RETURN(view, ViewOf(snapshot, std::move(manager), clock_.Now()));
    ASSIGN_OR_RETURN(std::optional<Company> company,
                     FindCompany(snapshot, account, view.manager.company));
    view.company = std::move(company).value_or(Company());
    return absl::OkStatus();
  }));
  return view;
}

absl::Status ProfileService::Submit(AccountId account, std::int64_t id) {
  return ReviewAgain(account, id, ApiError::kFailedOperationIllegalManagerStatus,
                     {ManagerStatus::kNone, ManagerStatus::kInvalid, ManagerStatus::kExpired});
}

absl::Status ProfileService::Verify(AccountId account, std::int64_t id) {
  return ReviewAgain(account, id, ApiError::kInvalidParameterValue,
                     {ManagerStatus::kOk, ManagerStatus::kExpiring, ManagerStatus::kExpired});
}

absl::Status ProfileService::ReviewAgain(AccountId account, std::int64_t id, ApiError error,
                                         const std::vector<ManagerStatus>& allowed) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Manager manager, RequireManager(transaction, account, id));
    RETURN_IF_ERROR(CheckStatus(error, manager, now, allowed));
    SendToReview(manager, now);
    return transaction.UpdateManager(manager);
  });
}

absl::Status ProfileService::Delete(AccountId account, std::int64_t id) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Manager manager, RequireManager(transaction, account, id));
    ASSIGN_OR_RETURN(const std::int64_t certificates, CountCertificatesOf(transaction, manager));
    if (certificates > 0) {
      return Refuse(ApiError::kFailedOperationManagerCanNotDeleteCert,
                    absl::StrCat("ManagerId ", id, " is named by ", certificates,
                                 " certificates and stays as long as they."),
                    "ManagerId");
    }
    if (manager.review == ManagerReview::kWithCa) {
      return Refuse(ApiError::kFailedOperationManagerCanNotDeleteCa,
                    absl::StrCat("ManagerId ", id,
                                 " was sent to the CA; it can be deleted once the CA has decided."),
                    "ManagerId");
    }
    return transaction.DeleteManager(account, id);
  });
}

absl::StatusOr<ManagerStatus> ProfileService::Review(std::int64_t id, bool is_approved,
                                                     absl::string_view reason) {
  RETURN_IF_ERROR(CheckReason(reason));
  const absl::Time now = clock_.Now();
  ManagerStatus status = ManagerStatus::kNone;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<AccountId> owner, transaction.FindManagerOwner(id));
    if (!owner) {
      return Refuse(ApiError::kResourceNotFoundManager,
                    absl::StrCat("ManagerId ", id, " names no manager."), "ManagerId");
    }
    ASSIGN_OR_RETURN(Manager manager, RequireManager(transaction, *owner, id));
    RETURN_IF_ERROR(CheckStatus(ApiError::kFailedOperationIllegalManagerStatus, manager, now,
                                {ManagerStatus::kAudit, ManagerStatus::kCaAudit}));
    if (!is_approved) {
      manager.review = ManagerReview::kRefused;
      manager.refusal = std::string(reason);
    } else if (manager.review == ManagerReview::kWithAgent) {
      manager.review = ManagerReview::kWithCa;
    } else {
      manager.review = ManagerReview::kApproved;
      manager.approved = now;
    }
    status = StatusOf(manager, now);
    return transaction.UpdateManager(manager);
  }));
  return status;
}

absl::StatusOr<std::string> ProfileService::AddDomain(AccountId account, std::int64_t id,
                                                      absl::string_view domain,
                                                      ValidationMethod method) {
  ASSIGN_OR_RETURN(const std::string name, ParseManagerDomain(domain, suffixes_));
  const absl::Time now = clock_.Now();
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Manager manager, RequireManager(transaction, account, id));
    RETURN_IF_ERROR(CheckStatus(ApiError::kFailedOperationIllegalManagerStatus, manager, now,
                                {ManagerStatus::kOk, ManagerStatus::kExpiring}));
    // Those that ended make room.
    manager.domains = StandingDomains(manager, now);
    const bool is_there = std::any_of(manager.domains.begin(), manager.domains.end(),
                                      [&](const ManagerDomain& one) { return one.name == name; });
    if (is_there) {
      return Refuse(ApiError::kInvalidParameterValue,
                    absl::StrCat("The domain `", name, "` is among those of ManagerId ", id, "."),
                    "Domain");
    }
    RETURN_IF_ERROR(
        CheckRoom(manager.domains.size(), kMaxManagerDomains, "domains of the manager"));
    manager.domains.push_back(
        {.name = name, .method = method, .created = now, .expires = ApprovalEnd(now)});
    return transaction.UpdateManager(manager);
  }));
  return name;
}

}  // namespace certwright
