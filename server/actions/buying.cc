// CreateCertificate, CreateCertificateByPackage, DescribePackages
#include "server/actions/buying.h"

#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "core/billing/wallet_service.h"
#include "core/catalogue.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/paging.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

// "" is none.
absl::Status CheckOneOf(absl::string_view field, const std::string& value,
                        std::initializer_list<absl::string_view> allowed) {
  if (value.empty()) return absl::OkStatus();
  std::string names;
  for (const absl::string_view each : allowed) {
    if (value == each) return absl::OkStatus();
    absl::StrAppend(&names, names.empty() ? "" : ", ", each);
  }
  return WrongParameter(field, value, names);
}

absl::StatusOr<api::CreateCertificateResponse> CreateCertificate(
    Services& services, const Call& call, const api::CreateCertificateRequest& request) {
  return BuyOne<api::CreateCertificateResponse>(services, call, request, {});
}

absl::StatusOr<api::CreateCertificateByPackageResponse> CreateCertificateByPackage(
    Services& services, const Call& call, const api::CreateCertificateByPackageRequest& request) {
  return BuyByPackage<api::CreateCertificateByPackageResponse>(services, call, request, {});
}

void ShowPackage(const Grant& package, absl::Time now, api::PackageInfo& shown) {
  shown.set_package_id(PackageIdOf(package.id));
  shown.set_total(static_cast<std::uint64_t>(package.amount));
  shown.set_balance(static_cast<std::uint64_t>(package.balance));
  shown.set_type(package.type);
  shown.set_status(PackageState(package, now));
  shown.set_expire_time(TimeText(package.expires.value_or(absl::InfiniteFuture())));
  shown.set_update_time(TimeText(package.changed));
  shown.set_create_time(TimeText(package.created));
  shown.set_source_type("grant");
}

absl::StatusOr<api::DescribePackagesResponse> DescribePackages(
    Services& services, const Call& call, const api::DescribePackagesRequest& request) {
  RETURN_IF_ERROR(CheckClampedPage(request));
  RETURN_IF_ERROR(CheckOneOf("Status", request.status(), {"usable", "used", "expired", "refund"}));
  RETURN_IF_ERROR(CheckOneOf("ExpireTime", request.expire_time(), {"asc", "desc"}));
  if (!request.type().empty()) RETURN_IF_ERROR(RequirePackagePoints(request.type()).status());
  PackageQuery query = {
      .state = request.status(), .type = request.type(), .id = request.package_id()};
  if (!request.expire_time().empty()) query.is_by_latest_end = request.expire_time() == "desc";
  ASSIGN_OR_RETURN(const PackageList list, services.wallets.ListPackages(call.account.id, query));
  api::DescribePackagesResponse response;
  response.set_total_count(list.packages.size());
  response.set_total_balance(static_cast<std::uint64_t>(list.usable_points));
  const Page page = PageOf(request, list.packages.size());
  for (std::size_t i = page.begin; i < page.end; ++i) {
    ShowPackage(list.packages[i], call.now, *response.add_packages());
  }
  return response;
}

}  // namespace

void BindBuying(ActionTable& table) {
  table.Bind("CreateCertificate", CreateCertificate);
  table.Bind("CreateCertificateByPackage", CreateCertificateByPackage);
  table.Bind("DescribePackages", DescribePackages);
}

}  // namespace certwright
