// Buying, as both versions of the API take it: the documented one, and the extension's, which has a
// ClientToken beside the same members.
#ifndef CERTWRIGHT_SERVER_ACTIONS_BUYING_H_
#define CERTWRIGHT_SERVER_ACTIONS_BUYING_H_

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/purchase_service.h"
#include "core/status_macros.h"
#include "server/action.h"
#include "server/actions/paging.h"
#include "server/actions/parameters.h"

namespace certwright {

template <typename Response, typename Request>
absl::StatusOr<Response> BuyOne(Services& services, const Call& call, const Request& request,
                                const ClientToken& token) {
  RETURN_IF_ERROR(
      CheckNumber("ProductId", request.product_id(), 1, std::numeric_limits<int>::max()));
  bool uses_vouchers = true;
  if (request.has_auto_voucher()) {
    ASSIGN_OR_RETURN(uses_vouchers, ParseFlag("AutoVoucher", request.auto_voucher()));
  }
  ASSIGN_OR_RETURN(const OpenedOrder opened,
                   services.purchases.Buy({.account = call.AsCaller(),
                                           .product = static_cast<int>(request.product_id()),
                                           .domains = request.domain_num(),
                                           .years = request.time_span(),
                                           .tags = TagsOf(request.tags())},
                                          uses_vouchers, token));
  Response response;
  response.add_certificate_ids(opened.id.value);
  response.add_deal_ids(opened.deal_id);
  return response;
}

// "0" is none.
inline std::string NumberText(std::uint64_t number) {
  return number == 0 ? "" : absl::StrCat(number);
}

template <typename Response, typename Request>
absl::StatusOr<Response> BuyByPackage(Services& services, const Call& call, const Request& request,
                                      const ClientToken& token) {
  PackagePurchase purchase = {
      .account = call.AsCaller(),
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
      .company_id = NumberText(request.company_id()),
      .manager_id = NumberText(request.manager_id()),
      .tags = TagsOf(request.tags()),
      .token = token,
  };
  if (request.has_project_id()) {
    ASSIGN_OR_RETURN(purchase.project_id, ParseProject(request.project_id()));
  }
  if (!request.verify_type().empty()) {
    ASSIGN_OR_RETURN(purchase.method, ParseMethod("VerifyType", request.verify_type()));
  }
  ASSIGN_OR_RETURN(const std::vector<OpenedOrder> orders,
                   services.purchases.BuyWithPackage(purchase));
  Response response;
  response.set_certificate_id(orders.front().id.value);
  for (const OpenedOrder& order : orders) response.add_certificate_ids(order.id.value);
  return response;
}

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTIONS_BUYING_H_
