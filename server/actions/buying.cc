// CreateCertificate, CreateCertificateByPackage, DescribePackages
#include <initializer_list>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/purchase_service.h"
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
    Services&, const Call& call, const api::CreateCertificateRequest& request) {
  RETURN_IF_ERROR(
      CheckNumber("ProductId", request.product_id(), 1, std::numeric_limits<int>::max()));
  RETURN_IF_ERROR(ParseFlag("AutoVoucher", request.auto_voucher()).status());
  return PurchaseService::Buy({.account = call.account.id,
                               .product = static_cast<int>(request.product_id()),
                               .domains = request.domain_num(),
                               .years = request.time_span()},
                              TagsOf(request.tags()));
}

absl::StatusOr<api::CreateCertificateByPackageResponse> CreateCertificateByPackage(
    Services& services, const Call& call, const api::CreateCertificateByPackageRequest& request) {
  ASSIGN_OR_RETURN(const std::int64_t project, ParseProject(request.project_id()));
  if (!request.verify_type().empty()) {
    RETURN_IF_ERROR(ParseMethod("VerifyType", request.verify_type()).status());
  }
  return services.purchases.BuyWithPackage({
      .account = call.account.id,
      .pid = request.product_pid(),
      .packages = {request.package_ids().begin(), request.package_ids().end()},
      .domain_count = request.domain_count(),
      .years = request.period(),
      .certificates = request.has_certificate_count() ? request.certificate_count() : 1,
      .domains = request.domain_names(),
      .price_key = request.price_key(),
      .old_certificate = {request.old_certificate_id()},
      .csr_method = request.renew_gen_csr_method(),
      .csr_pem = request.renew_csr(),
      .key_algorithm = request.renew_algorithm_type(),
      .key_parameter = request.renew_algorithm_param(),
      .key_password = request.renew_key_pass(),
      .project_id = project,
      .tags = TagsOf(request.tags()),
  });
}

// No account has packages yet.
absl::StatusOr<api::DescribePackagesResponse> DescribePackages(
    Services&, const Call&, const api::DescribePackagesRequest& request) {
  RETURN_IF_ERROR(CheckClampedPage(request));
  RETURN_IF_ERROR(CheckOneOf("Status", request.status(), {"usable", "used", "expired", "refund"}));
  RETURN_IF_ERROR(CheckOneOf("ExpireTime", request.expire_time(), {"asc", "desc"}));
  RETURN_IF_ERROR(CheckOneOf("Type", request.type(), {"ssl_100", "ssl_500", "ssl_2000"}));
  api::DescribePackagesResponse response;
  response.set_total_count(0);
  response.set_total_balance(0);
  return response;
}

}  // namespace

void BindBuying(ActionTable& table) {
  table.Bind("CreateCertificate", CreateCertificate);
  table.Bind("CreateCertificateByPackage", CreateCertificateByPackage);
  table.Bind("DescribePackages", DescribePackages);
}

}  // namespace certwright
