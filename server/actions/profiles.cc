// DescribeCompanies, DescribeManagers, DescribeManagerDetail, SubmitAuditManager, VerifyManager,
// DeleteManager
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/profile_service.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

constexpr std::int64_t kDefaultCompanies = 20;
constexpr std::int64_t kDefaultManagers = 10;
constexpr std::int64_t kMaxLimit = 1000;

struct Rows {
  std::size_t begin = 0;
  std::size_t end = 0;
};

absl::Status CheckPaging(std::int64_t offset, std::int64_t limit) {
  if (offset < 0) return WrongParameter("Offset", absl::StrCat(offset), "0 and more");
  if (limit < 0) return WrongParameter("Limit", absl::StrCat(limit), "0 to 1000");
  return absl::OkStatus();
}

// REQUIRES: CheckPaging passed.
Rows RowsOf(std::int64_t offset, std::int64_t limit, std::size_t all) {
  const auto begin = static_cast<std::size_t>(std::min(offset, static_cast<std::int64_t>(all)));
  const auto count = static_cast<std::size_t>(std::min(limit, kMaxLimit));
  return {.begin = begin, .end = begin + std::min(count, all - begin)};
}

// The documented values of what is answered are fewer than those of the filter: both reviews are
// `audit`, and StatusInfo tells them apart.
const char* StatusText(ManagerStatus status) {
  return NameOf(status == ManagerStatus::kCaAudit ? ManagerStatus::kAudit : status);
}

const char* LevelText(ManagerStatus status) {
  switch (status) {
    case ManagerStatus::kNone:
    case ManagerStatus::kAudit:
      return "pending";
    case ManagerStatus::kCaAudit:
      return "submitted";
    case ManagerStatus::kOk:
      return "completed";
    case ManagerStatus::kInvalid:
    case ManagerStatus::kExpiring:
    case ManagerStatus::kExpired:
      break;
  }
  return NameOf(status);
}

void ShowCompany(const Company& company, api::CompanyInfo& shown) {
  shown.set_company_name(company.name);
  shown.set_company_id(company.id);
  shown.set_company_country(company.country);
  shown.set_company_province(company.province);
  shown.set_company_city(company.city);
  shown.set_company_address(company.address);
  shown.set_company_phone(company.phone);
  shown.set_id_type(company.id_type);
  shown.set_id_number(company.id_number);
}

void ShowLevel(const char* level, const ManagerView& view, api::ManagerStatusInfo& shown) {
  const Manager& manager = view.manager;
  shown.set_type(level);
  shown.set_status(LevelText(view.status));
  shown.set_create_time(TimeText(manager.submitted.value_or(manager.created)));
  shown.set_expire_time(manager.approved ? TimeText(ApprovalEnd(*manager.approved)) : "");
  for (const ManagerDomain& domain : manager.domains) {
    api::ManagerPreAuditDomain& row = *shown.add_manager_pre_audit_domains();
    row.set_domain(domain.name);
    row.set_create_time(TimeText(domain.created));
    row.set_expire_time(TimeText(domain.expires));
  }
}

// What the list and the detail have in common.
template <typename Shown>
void ShowManager(const ManagerView& view, Shown& shown) {
  const Manager& manager = view.manager;
  shown.set_status(StatusText(view.status));
  shown.set_manager_id(manager.id);
  shown.set_manager_first_name(manager.person.first_name);
  shown.set_manager_last_name(manager.person.last_name);
  shown.set_manager_position(manager.person.position);
  shown.set_manager_phone(manager.person.phone);
  shown.set_manager_mail(manager.person.mail);
  shown.set_manager_department(manager.department);
  shown.set_create_time(TimeText(manager.created));
  if (manager.approved) {
    shown.set_verify_time(TimeText(*manager.approved));
    shown.set_expire_time(TimeText(ApprovalEnd(*manager.approved)));
  }
  if (manager.is_for_ov) ShowLevel("ov", view, *shown.add_status_info());
  if (manager.is_for_ev) ShowLevel("ev", view, *shown.add_status_info());
}

absl::StatusOr<api::DescribeCompaniesResponse> DescribeCompanies(
    Services& services, const Call& call, const api::DescribeCompaniesRequest& request) {
  RETURN_IF_ERROR(CheckPaging(request.offset(), request.limit()));
  // Documented as 0 by default, which cannot mean none.
  const std::int64_t limit = request.limit() == 0 ? kDefaultCompanies : request.limit();
  const auto only =
      request.has_company_id() ? std::make_optional(request.company_id()) : std::nullopt;
  ASSIGN_OR_RETURN(const std::vector<Company> companies,
                   services.profiles.ListCompanies(call.account.id, only));
  api::DescribeCompaniesResponse response;
  response.set_total_count(static_cast<std::int64_t>(companies.size()));
  const Rows rows = RowsOf(request.offset(), limit, companies.size());
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    ShowCompany(companies[i], *response.add_companies());
  }
  return response;
}

absl::StatusOr<api::DescribeManagersResponse> DescribeManagers(
    Services& services, const Call& call, const api::DescribeManagersRequest& request) {
  const std::int64_t limit = request.has_limit() ? request.limit() : kDefaultManagers;
  RETURN_IF_ERROR(CheckPaging(request.offset(), limit));
  ManagerFilter filter = {.status = ParseManagerStatus(request.status()),
                          .name = request.manager_name(),
                          .mail = request.manager_mail(),
                          .search = request.search_key()};
  if (!request.status().empty() && !filter.status) {
    return WrongParameter("Status", request.status(),
                          "none, audit, CAaudit, ok, invalid, expiring, expired");
  }
  ASSIGN_OR_RETURN(const std::vector<ManagerView> views,
                   services.profiles.ListManagers(call.account.id, request.company_id(), filter));
  api::DescribeManagersResponse response;
  response.set_total_count(static_cast<std::int64_t>(views.size()));
  const Rows rows = RowsOf(request.offset(), limit, views.size());
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    const ManagerView& view = views[i];
    api::ManagerInfo& shown = *response.add_managers();
    ShowManager(view, shown);
    shown.set_domain_count(static_cast<std::int64_t>(view.manager.domains.size()));
    shown.set_cert_count(view.certificates);
    if (view.manager.submitted) shown.set_submit_audit_time(TimeText(*view.manager.submitted));
  }
  return response;
}

absl::StatusOr<api::DescribeManagerDetailResponse> DescribeManagerDetail(
    Services& services, const Call& call, const api::DescribeManagerDetailRequest& request) {
  ASSIGN_OR_RETURN(const ManagerView view,
                   services.profiles.FindManager(call.account.id, request.manager_id()));
  api::DescribeManagerDetailResponse response;
  ShowManager(view, response);
  const Person& contact = view.manager.contact;
  response.set_contact_first_name(contact.first_name);
  response.set_contact_last_name(contact.last_name);
  response.set_contact_position(contact.position);
  response.set_contact_phone(contact.phone);
  response.set_contact_mail(contact.mail);
  response.set_company_id(view.manager.company);
  ShowCompany(view.company, *response.mutable_company_info());
  return response;
}

absl::StatusOr<api::SubmitAuditManagerResponse> SubmitAuditManager(
    Services& services, const Call& call, const api::SubmitAuditManagerRequest& request) {
  RETURN_IF_ERROR(services.profiles.Submit(call.account.id, request.manager_id()));
  api::SubmitAuditManagerResponse response;
  response.set_manager_id(request.manager_id());
  return response;
}

absl::StatusOr<api::VerifyManagerResponse> VerifyManager(Services& services, const Call& call,
                                                         const api::VerifyManagerRequest& request) {
  RETURN_IF_ERROR(services.profiles.Verify(call.account.id, request.manager_id()));
  api::VerifyManagerResponse response;
  response.set_manager_id(request.manager_id());
  return response;
}

absl::StatusOr<api::DeleteManagerResponse> DeleteManager(Services& services, const Call& call,
                                                         const api::DeleteManagerRequest& request) {
  RETURN_IF_ERROR(services.profiles.Delete(call.account.id, request.manager_id()));
  api::DeleteManagerResponse response;
  response.set_manager_id(request.manager_id());
  return response;
}

}  // namespace

void BindProfiles(ActionTable& table) {
  table.Bind("DescribeCompanies", DescribeCompanies);
  table.Bind("DescribeManagers", DescribeManagers);
  table.Bind("DescribeManagerDetail", DescribeManagerDetail);
  table.Bind("SubmitAuditManager", SubmitAuditManager);
  table.Bind("VerifyManager", VerifyManager);
  table.Bind("DeleteManager", DeleteManager);
}

}  // namespace certwright
