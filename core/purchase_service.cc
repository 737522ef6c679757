#include "core/purchase_service.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "core/billing/funds.h"
#include "core/catalogue.h"
#include "core/certificate_facts.h"
#include "core/certificate_service.h"
#include "core/crypto/csr.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/project.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

// Orders as a repeated call's answer: "id:deal,id:deal".
std::string Written(const std::vector<OpenedOrder>& orders) {
  return absl::StrJoin(orders, ",", [](std::string* out, const OpenedOrder& order) {
    absl::StrAppend(out, order.id.value, ":", order.deal_id);
  });
}

std::vector<OpenedOrder> ParseOrders(const std::string& text) {
  std::vector<OpenedOrder> orders;
  for (const absl::string_view one : absl::StrSplit(text, ',')) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(one, absl::MaxSplits(':', 1));
    orders.push_back({.id = {parts.first}, .deal_id = parts.second});
  }
  return orders;
}

// The entry, and the purchase that it is of.
absl::Status Record(Transaction& transaction, Purchase purchase, std::vector<Posting> postings,
                    absl::string_view actor) {
  ASSIGN_OR_RETURN(purchase.currency, CurrencyOf(transaction, purchase.account));
  LedgerEntry entry = {.account = purchase.account,
                       .kind = EntryKind::kPurchase,
                       .currency = purchase.currency,
                       .certificate = purchase.certificate,
                       .deal_id = purchase.deal_id,
                       .actor = std::string(actor),
                       .detail = PurchaseDetail(purchase),
                       .time = purchase.created,
                       .postings = std::move(postings)};
  RETURN_IF_ERROR(transaction.AppendLedger(entry));
  purchase.entry = entry.sequence;
  return transaction.InsertPurchase(purchase);
}

Purchase PurchaseOf(const PaidOrder& order, const OpenedOrder& opened, absl::Time now) {
  return {.account = order.account,
          .deal_id = opened.deal_id,
          .certificate = opened.id,
          .product = order.product,
          .domains = static_cast<int>(order.domains),
          .years = static_cast<int>(order.years),
          .created = now};
}

absl::StatusOr<std::int64_t> RequirePrice(const PaidOrder& order) {
  const std::optional<std::int64_t> price =
      PriceOf(*FindProduct(order.product), order.domains, order.years);
  if (price) return *price;
  return Refuse(ApiError::kInvalidParameterValue,
                absl::StrCat("ProductId `", order.product, "` has no price in the catalogue."),
                "ProductId");
}

// The account's, and usable.
absl::StatusOr<std::vector<Grant>> RequirePackages(Snapshot& snapshot,
                                                   const PackagePurchase& purchase,
                                                   absl::Time now) {
  std::vector<Grant> packages;
  for (std::size_t i = 0; i < purchase.packages.size(); ++i) {
    const std::string& named = purchase.packages[i];
    const std::string field = absl::StrCat("PackageIds.", i);
    const auto refuse = [&](absl::string_view why) {
      return Refuse(ApiError::kInvalidParameterPackageIdsInvalid,
                    absl::StrCat(field, " `", Shown(named), "` ", why, "."), field);
    };
    ASSIGN_OR_RETURN(std::optional<Grant> found,
                     snapshot.FindGrant(purchase.account, ParsePackageId(named).value_or(0)));
    if (!found || found->kind != GrantKind::kPackage) {
      return refuse("names no package of this account");
    }
    for (const Grant& other : packages) {
      if (other.id == found->id) return refuse("is named twice");
    }
    if (found->refunded) return refuse("was refunded");
    if (IsExpired(*found, now)) return refuse("has expired");
    packages.push_back(*std::move(found));
  }
  return packages;
}

// The codes for what is not the account's are not documented here: FailedOperation stands for them.
absl::Status AsFailed(const absl::Status& checked) {
  if (!ErrorOf(checked)) return checked;
  return Refuse(ApiError::kFailedOperation, checked.message(), FieldOf(checked));
}

// In the names of this action: the older form's are not its members.
absl::Status AsRenewal(const absl::Status& checked, const PackagePurchase& purchase) {
  constexpr char kCsr[] = "CsrContent";
  if (!ErrorOf(checked) || FieldOf(checked) != kCsr) return AsFailed(checked);
  const bool is_original = purchase.csr_method == "original";
  return Refuse(
      is_original ? ApiError::kFailedOperation : ApiError::kInvalidParameterRenewCsrInvalid,
      is_original
          ? absl::StrCat("RenewGenCsrMethod `original` does not go: ",
                         absl::StrReplaceAll(checked.message(), {{kCsr, "the older request"}}))
          : absl::StrReplaceAll(checked.message(), {{kCsr, "RenewCsr"}}),
      is_original ? "RenewGenCsrMethod" : "RenewCsr");
}

// The certificate that is to be renewed, if one is named.
absl::StatusOr<std::optional<Certificate>> RequireOlder(Snapshot& snapshot,
                                                        const PackagePurchase& purchase,
                                                        absl::Time now) {
  if (purchase.old_certificate.value.empty()) return std::optional<Certificate>();
  absl::StatusOr<Certificate> old =
      RequireCertificate(snapshot, purchase.account, purchase.old_certificate);
  if (ErrorOf(old.status())) {
    return Refuse(ApiError::kFailedOperation, old.status().message(), "OldCertificateId");
  }
  RETURN_IF_ERROR(old.status());
  RETURN_IF_ERROR(CheckRenewable(*old, now, ApiError::kFailedOperation));
  return *std::move(old);
}

// The applicant's request or ours, as the certificate was made from; without one a new key is made.
void TakeOldRequest(const CertificateBody& old, Submission& data) {
  if (old.csr_der.empty()) return;
  data.csr_source = "parse";
  data.csr_pem = CsrPem(old.csr_der);
}

// What the older certificate's order said, with what the purchase says instead.
Submission RenewedData(const Certificate& old, const CertificateBody& body,
                       std::optional<Submission> before, const PackagePurchase& purchase) {
  constexpr char kOnline[] = "online";
  Submission data = before ? *std::move(before)
                           : Submission{.csr_source = kOnline, .contact_email = old.contact_email};
  if (data.domain.empty()) data.domain = old.domain;
  const std::vector<std::string> named = DomainsOf(purchase);
  if (!named.empty()) {
    data.domain = named.front();
    data.names = {named.begin() + 1, named.end()};
  }
  if (purchase.csr_method == "upload") {
    data.csr_source = "parse";
    data.csr_pem = purchase.csr_pem;
  } else {
    data.csr_source = kOnline;
    data.csr_pem.clear();
    if (purchase.csr_method == "original") TakeOldRequest(body, data);
  }
  if (!purchase.key_algorithm.empty() || !purchase.key_parameter.empty()) {
    data.key_algorithm = purchase.key_algorithm;
    data.key_parameter = purchase.key_parameter;
  }
  if (data.key_algorithm.empty()) data.key_algorithm = "RSA";
  if (data.key_parameter.empty())
    data.key_parameter = data.key_algorithm == "ECC" ? "prime256v1" : "2048";
  data.key_password = purchase.key_password;
  if (purchase.method) data.method = purchase.method;
  if (!purchase.company_id.empty()) data.company_id = purchase.company_id;
  if (!purchase.manager_id.empty()) data.manager_id = purchase.manager_id;
  return data;
}

}  // namespace

absl::StatusOr<OpenedOrder> PurchaseService::Buy(const PaidOrder& order, bool uses_vouchers,
                                                 const ClientToken& token) {
  const absl::Time now = clock_.Now();
  std::int64_t price = 0;
  const auto check = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckPaidOrder(order));
    RETURN_IF_ERROR(CheckAlias(order.alias));
    RETURN_IF_ERROR(CheckTags(order.tags));
    ASSIGN_OR_RETURN(price, RequirePrice(order));
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const std::string answer,
                   Once(store_, order.account, token, now, check, [&](Transaction& transaction) {
                     return PayAndOpen(transaction, order, price, uses_vouchers, now);
                   }));
  return ParseOrders(answer).front();
}

absl::StatusOr<std::string> PurchaseService::PayAndOpen(Transaction& transaction,
                                                        const PaidOrder& order, std::int64_t price,
                                                        bool uses_vouchers, absl::Time now) {
  RETURN_IF_ERROR(RequireProject(transaction, order.account, order.project_id));
  Certificate row = OpenedRow(order, random_, now);
  ASSIGN_OR_RETURN(const OpenedOrder opened, PayFor(transaction, order, row,
                                                    {.price = price,
                                                     .uses_vouchers = uses_vouchers,
                                                     .actor = order.account.Uin(),
                                                     .time = now}));
  RETURN_IF_ERROR(
      transaction.AppendOperateLog(ByCaller("applyVIP", order.account, opened.id, now)));
  return Written({opened});
}

absl::StatusOr<OpenedOrder> PurchaseService::PayFor(Transaction& transaction,
                                                    const PaidOrder& order, Certificate& row,
                                                    const Terms& terms) {
  ASSIGN_OR_RETURN(const std::string currency, CurrencyOf(transaction, order.account));
  if (currency != InstalledCatalogue().currency()) {
    return Refuse(ApiError::kFailedOperationCannotGetOrder,
                  absl::StrCat("This account's books are in ", currency, ", and the prices in ",
                               InstalledCatalogue().currency(), "."));
  }
  ASSIGN_OR_RETURN(
      std::optional<Payment> payment,
      PlanPayment(transaction, order.account, terms.price, terms.uses_vouchers, terms.time));
  if (!payment) {
    return Refuse(ApiError::kFailedOperationCannotGetOrder,
                  absl::StrCat("The balance of this account does not suffice for the order, which "
                               "costs ",
                               terms.price, " minor units of ", currency,
                               "; an operator adds money by CreditAccount."));
  }
  const OpenedOrder opened = {.id = row.id, .deal_id = NewDealId(random_, terms.time)};
  RETURN_IF_ERROR(transaction.InsertCertificate(row, ""));
  Purchase purchase = PurchaseOf(order, opened, terms.time);
  purchase.price = payment->price;
  purchase.discount = payment->discount;
  purchase.voucher = payment->voucher;
  purchase.gift_card = payment->gift_card;
  purchase.cash = payment->cash;
  RETURN_IF_ERROR(Record(transaction, purchase, std::move(payment->postings), terms.actor));
  return opened;
}

absl::StatusOr<Certificate> PurchaseService::BuyAgain(Transaction& transaction,
                                                      const Certificate& old, absl::Time now) {
  const PaidOrder order = OrderOf(old);
  RETURN_IF_ERROR(CheckPaidOrder(order));
  ASSIGN_OR_RETURN(const std::int64_t price, RequirePrice(order));
  Certificate row = OpenedRow(order, random_, now);
  row.renews = old.id;
  RETURN_IF_ERROR(
      PayFor(transaction, order, row, {.price = price, .actor = std::string(kNobody), .time = now})
          .status());
  return row;
}

absl::StatusOr<std::vector<OpenedOrder>> PurchaseService::BuyWithPackage(
    const PackagePurchase& purchase) {
  const absl::Time now = clock_.Now();
  CheckedPackagePurchase checked;
  const auto check = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(checked, CheckPackagePurchase(purchase, suffixes_));
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(
      const std::string answer,
      Once(store_, purchase.account, purchase.token, now, check, [&](Transaction& transaction) {
        return OpenWithPoints(transaction, purchase, checked, now);
      }));
  return ParseOrders(answer);
}

absl::StatusOr<std::string> PurchaseService::OpenWithPoints(Transaction& transaction,
                                                            const PackagePurchase& purchase,
                                                            const CheckedPackagePurchase& checked,
                                                            absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Certificate> old, RequireOlder(transaction, purchase, now));
  const std::int64_t project =
      purchase.project_id.value_or(old ? old->project_id : kDefaultProject);
  RETURN_IF_ERROR(AsFailed(RequireProject(transaction, purchase.account, project)));
  ASSIGN_OR_RETURN(std::vector<Grant> packages, RequirePackages(transaction, purchase, now));
  const PaidOrder order = {.account = purchase.account,
                           .product = checked.sold->product.number,
                           .domains = checked.domains,
                           .years = static_cast<std::int64_t>(purchase.years),
                           .project_id = project,
                           .tags = purchase.tags};
  const std::int64_t points =
      PointsOf(checked.sold->product, checked.domains, order.years).value_or(kMaxAmount);
  std::vector<OpenedOrder> orders;
  for (std::uint64_t i = 0; i < purchase.certificates; ++i) {
    std::optional<std::vector<Posting>> postings = PlanPoints(packages, points);
    if (!postings) {
      return Refuse(ApiError::kFailedOperationTradeError,
                    absl::StrCat("The packages do not hold enough points: ", purchase.certificates,
                                 " certificates take ", points, " each."),
                    "PackageIds");
    }
    Certificate row = OpenedRow(order, random_, now);
    orders.push_back({.id = row.id, .deal_id = NewDealId(random_, now)});
    RETURN_IF_ERROR(transaction.InsertCertificate(row, ""));
    Purchase bought = PurchaseOf(order, orders.back(), now);
    bought.points = points;
    bought.package = postings->empty() ? packages.front().id : postings->front().grant;
    RETURN_IF_ERROR(Record(transaction, bought, *std::move(postings), purchase.account.Uin()));
    RETURN_IF_ERROR(old ? TakeRenewal(transaction, purchase, *old, row)
                        : TakeDomains(transaction, purchase, row));
    RETURN_IF_ERROR(transaction.AppendOperateLog(
        ByCaller(old ? "renewVIP" : "applyVIP", purchase.account, row.id, now)));
  }
  return Written(orders);
}

// The links between both, and the older one's data, so that the order need only be handed in.
absl::Status PurchaseService::TakeRenewal(Transaction& transaction, const PackagePurchase& purchase,
                                          Certificate old, Certificate& order) {
  order.renews = old.id;
  old.renewed_by = order.id;
  RETURN_IF_ERROR(transaction.UpdateCertificate(old));
  ASSIGN_OR_RETURN(std::optional<Submission> before,
                   transaction.FindSubmission(purchase.account, old.id));
  ASSIGN_OR_RETURN(const CertificateBody body, transaction.FindBody(old.account, old.id));
  return AsRenewal(
      orders_.TakeData(transaction, purchase.account, order,
                       RenewedData(old, body, std::move(before), purchase), SubmissionForm::kOlder),
      purchase);
}

absl::Status PurchaseService::TakeDomains(Transaction& transaction, const PackagePurchase& purchase,
                                          Certificate& order) {
  order.names = DomainsOf(purchase);
  if (order.names.empty()) return absl::OkStatus();
  order.domain = order.names.front();
  return transaction.UpdateCertificate(order);
}

}  // namespace certwright
