// BuyCertificate, BuyCertificateByPackage: buying with a ClientToken; DescribeOrders,
// DescribeOrderInvoice, DescribeRefundQuote, RefundCertificateOrder
#include "absl/strings/str_cat.h"
#include "core/billing/refund_service.h"
#include "core/error.h"
#include "core/products.h"
#include "core/purchase_service.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "server/actions/buying.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "server/extension/invoice.h"
#include "server/messages.h"
#include "ssl/v20261201/orders.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

constexpr std::size_t kMaxIds = 100;

absl::StatusOr<ext::BuyCertificateResponse> BuyCertificate(
    Services& services, const Call& call, const ext::BuyCertificateRequest& request) {
  ASSIGN_OR_RETURN(const ClientToken token, TokenOf(call, request));
  return BuyOne<ext::BuyCertificateResponse>(services, call, request, token);
}

absl::StatusOr<ext::BuyCertificateByPackageResponse> BuyCertificateByPackage(
    Services& services, const Call& call, const ext::BuyCertificateByPackageRequest& request) {
  ASSIGN_OR_RETURN(const ClientToken token, TokenOf(call, request));
  return BuyByPackage<ext::BuyCertificateByPackageResponse>(services, call, request, token);
}

void ShowOrder(const Purchase& purchase, ext::OrderInfo& shown) {
  const bool is_refunded = purchase.refunded.has_value();
  const Product* const product = FindProduct(purchase.product);
  shown.set_deal_id(purchase.deal_id);
  shown.set_certificate_id(purchase.certificate.value);
  shown.set_product_id(static_cast<std::uint64_t>(purchase.product));
  if (product != nullptr) shown.set_product_name(ProductTitle(*product));
  shown.set_domain_num(static_cast<std::uint64_t>(purchase.domains));
  shown.set_time_span(static_cast<std::uint64_t>(purchase.years));
  shown.set_currency(purchase.currency);
  shown.set_price(purchase.price);
  shown.set_discount(purchase.discount);
  shown.set_voucher(purchase.voucher);
  shown.set_gift_card(purchase.gift_card);
  shown.set_cash(purchase.cash);
  shown.set_points(purchase.points);
  if (purchase.package != 0) shown.set_package_id(PackageIdOf(purchase.package));
  shown.set_refunded_cash(is_refunded ? purchase.cash : 0);
  shown.set_refunded_gift_card(is_refunded ? purchase.gift_card : 0);
  shown.set_refunded_points(is_refunded ? purchase.points : 0);
  shown.set_status(is_refunded ? "refunded" : "paid");
  shown.set_create_time(TimeText(purchase.created));
  if (is_refunded) shown.set_refund_time(TimeText(*purchase.refunded));
}

// What a limited key's policies were asked about: certificates whose rows are there. Orders outlive
// them, and are then for the account's owner.
absl::Status KeepKnown(Snapshot& snapshot, const Call& call,
                       std::vector<CertificateId>& certificates) {
  if (IsOwner(call)) return absl::OkStatus();
  std::vector<CertificateId> known;
  for (const CertificateId& id : certificates) {
    ASSIGN_OR_RETURN(const std::optional<Certificate> found,
                     snapshot.FindCertificate(call.account.id, id));
    if (found) known.push_back(id);
  }
  certificates = std::move(known);
  return absl::OkStatus();
}

absl::StatusOr<ext::DescribeOrdersResponse> DescribeOrders(
    Services& services, const Call& call, const ext::DescribeOrdersRequest& request) {
  RETURN_IF_ERROR(CheckCount("CertificateIds",
                             static_cast<std::size_t>(request.certificate_ids_size()), kMaxIds,
                             ApiError::kInvalidParameterValue));
  RETURN_IF_ERROR(CheckCount("DealIds", static_cast<std::size_t>(request.deal_ids_size()), kMaxIds,
                             ApiError::kInvalidParameterValue));
  ASSIGN_OR_RETURN(const AccountId account, ReadableAccountOf(services, call, request.uin()));
  const Window window = WindowOf(request);
  PurchaseQuery query = {.deal_ids = {request.deal_ids().begin(), request.deal_ids().end()},
                         .offset = window.offset,
                         .limit = window.limit};
  for (const std::string& id : request.certificate_ids()) query.certificates.push_back({id});
  const bool is_about_some = !query.certificates.empty();
  ext::DescribeOrdersResponse response;
  response.set_total_count(0);
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    RETURN_IF_ERROR(KeepKnown(snapshot, call, query.certificates));
    if (is_about_some && query.certificates.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const PurchasePage page, snapshot.ListPurchases(account, query));
    response.set_total_count(static_cast<std::uint64_t>(page.total));
    for (const Purchase& purchase : page.purchases) ShowOrder(purchase, *response.add_orders());
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<ext::DescribeOrderInvoiceResponse> DescribeOrderInvoice(
    Services& services, const Call& call, const ext::DescribeOrderInvoiceRequest& request) {
  ASSIGN_OR_RETURN(const AccountId account, ReadableAccountOf(services, call, request.uin()));
  PurchaseQuery query = {.limit = 1};
  if (!request.certificate_id().empty()) query.certificates = {{request.certificate_id()}};
  if (!request.deal_id().empty()) query.deal_ids = {request.deal_id()};
  if (query.certificates.empty() && query.deal_ids.empty()) {
    return Refuse(ApiError::kMissingParameter,
                  "The request is missing a required parameter: `CertificateId` or `DealId`.",
                  "DealId");
  }
  const bool is_about_one = !query.certificates.empty();
  ext::DescribeOrderInvoiceResponse response;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    RETURN_IF_ERROR(KeepKnown(snapshot, call, query.certificates));
    PurchasePage page;
    if (!is_about_one || !query.certificates.empty()) {
      ASSIGN_OR_RETURN(page, snapshot.ListPurchases(account, query));
    }
    ASSIGN_OR_RETURN(const std::optional<Account> payer, snapshot.FindAccount(account));
    if (page.purchases.empty()) {
      return Refuse(ApiError::kResourceNotFound,
                    absl::StrCat("The account has no order `",
                                 Shown(request.deal_id().empty() ? request.certificate_id()
                                                                 : request.deal_id()),
                                 "` that was paid for."),
                    request.deal_id().empty() ? "CertificateId" : "DealId");
    }
    const Purchase& purchase = page.purchases.front();
    response.set_deal_id(purchase.deal_id);
    response.set_content(InvoiceText(purchase, payer.value_or(call.account), call.language));
    return absl::OkStatus();
  }));
  return response;
}

template <typename Response>
void ShowQuote(const RefundQuote& quote, Response& response) {
  response.set_cash(quote.cash);
  response.set_gift_card(quote.gift_card);
  response.set_points(quote.points);
  if (quote.package != 0) response.set_package_id(PackageIdOf(quote.package));
}

absl::StatusOr<ext::DescribeRefundQuoteResponse> DescribeRefundQuote(
    Services& services, const Call& call, const ext::DescribeRefundQuoteRequest& request) {
  const CertificateId id = {request.certificate_id()};
  ASSIGN_OR_RETURN(const AccountId owner, OwnerOf(services, call, id));
  ASSIGN_OR_RETURN(const RefundQuote quote, services.refunds.Quote(owner, id, IsOwner(call)));
  ext::DescribeRefundQuoteResponse response;
  response.set_refundable(quote.bar == RefundBar::kNone);
  response.set_reason(RefundBarText(quote, call.language));
  ShowQuote(quote, response);
  return response;
}

absl::StatusOr<ext::RefundCertificateOrderResponse> RefundCertificateOrder(
    Services& services, const Call& call, const ext::RefundCertificateOrderRequest& request) {
  const CertificateId id = {request.certificate_id()};
  ASSIGN_OR_RETURN(const AccountId owner, OwnerOf(services, call, id));
  ASSIGN_OR_RETURN(const RefundQuote quote,
                   services.refunds.Refund(owner, id, request.agree_policy(), call.AsCaller().Uin(),
                                           IsOwner(call)));
  ext::RefundCertificateOrderResponse response;
  response.set_certificate_id(id.value);
  ShowQuote(quote, response);
  return response;
}

}  // namespace

void BindOrderBooks(ActionTable& table) {
  table.Bind("BuyCertificate", BuyCertificate);
  table.Bind("BuyCertificateByPackage", BuyCertificateByPackage);
  table.Bind("DescribeOrders", DescribeOrders);
  table.Bind("DescribeOrderInvoice", DescribeOrderInvoice);
  table.Bind("DescribeRefundQuote", DescribeRefundQuote);
  table.Bind("RefundCertificateOrder", RefundCertificateOrder);
}

}  // namespace certwright
