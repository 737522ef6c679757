// The model's actions that buy, and pay back.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/core/billing_model/model.h"

namespace certwright {
namespace {

using E = ApiError;

constexpr std::uint64_t kPid = 1004157;  // WoTrus DV
constexpr int kProducts[] = {kSecureSiteOv, kTrustAsiaDv, kWoTrusDv};

// "id:deal,id:deal"
absl::StatusOr<std::string> TextOf(const absl::StatusOr<std::vector<OpenedOrder>>& orders) {
  if (!orders.ok()) return orders.status();
  return absl::StrJoin(*orders, ",", [](std::string* out, const OpenedOrder& order) {
    absl::StrAppend(out, order.id.value, ":", order.deal_id);
  });
}

std::vector<std::string> IdsOf(const std::string& orders) {
  std::vector<std::string> ids;
  for (const absl::string_view order : absl::StrSplit(orders, ',')) {
    ids.emplace_back(order.substr(0, order.find(':')));
  }
  return ids;
}

}  // namespace

ModelOrder& BillingModel::AddBought(AccountId account, const std::string& id, int product,
                                    int years, const ModelPayment& paid) {
  BooksOf(account).Pay(paid);
  return orders_.Add({.account = account,
                      .id = {id},
                      .product = product,
                      .years = years,
                      .is_ov = product == kSecureSiteOv,
                      .is_bought = true,
                      .paid = paid});
}

void BillingModel::Buy(AccountId account) {
  const int product = kProducts[Pick(3)];
  const int years = product == kSecureSiteOv ? 1 + Pick(3) : 1;
  const bool uses_vouchers = Chance(70);
  const std::int64_t price = *certwright::PriceOf(*FindProduct(product), 1, years);
  const std::optional<ModelPayment> plan = BooksOf(account).Plan(price, uses_vouchers, Now());
  const PaidOrder order = {.account = account, .product = product, .years = years};
  const auto opened =
      Send(account,
           [this, order, uses_vouchers](const ClientToken& token) -> absl::StatusOr<std::string> {
             const auto one = funds_.engine.purchases.Buy(order, uses_vouchers, token);
             if (!one.ok()) return one.status();
             return TextOf(std::vector<OpenedOrder>{*one});
           });
  Note("buy", opened.status(),
       plan ? std::nullopt : std::make_optional(E::kFailedOperationCannotGetOrder));
  if (!plan) return CheckEntries(account);
  CheckOrder(AddBought(account, IdsOf(*opened).front(), product, years, *plan));
}

// Some of one's own; seldom another's, or one twice.
std::vector<std::string> BillingModel::PickPackages(AccountId account) {
  std::vector<std::string> ids;
  for (int i = 1 + Pick(2); i > 0; --i) {
    const AccountId owner = Chance(5) ? PickAccount() : account;
    const std::vector<ModelGrant>& packages = BooksOf(owner).packages;
    if (packages.empty()) continue;
    const std::size_t newest = std::min<std::size_t>(12, packages.size());
    ids.push_back((packages.rbegin() + Pick(static_cast<int>(newest)))->id);
  }
  return ids;
}

void BillingModel::BuyByPoints(AccountId account) {
  BuyByPoints("buy by points", account, nullptr);
}

// Mostly one that is about to end, as long as there is one.
void BillingModel::RenewByPoints(AccountId account) {
  const std::optional<Target> any = PickOrder({S::kIssued});
  if (!any) return;
  ModelOrder* older = any->order;
  const std::vector<ModelOrder*>& issued = orders_.In(S::kIssued);
  const auto fitting = std::find_if(issued.begin(), issued.end(), [&](const ModelOrder* one) {
    return one->account == account && one->IsRenewable(Now());
  });
  if (Chance(80) && fitting != issued.end()) older = *fitting;
  BuyByPoints("renew by points", account, older);
}

void BillingModel::BuyByPoints(const std::string& action, AccountId account, ModelOrder* older) {
  PackagePurchase wanted = {.account = account,
                            .pid = kPid,
                            .packages = PickPackages(account),
                            .domain_count = "1",
                            .years = 1};
  if (wanted.packages.empty()) return;
  if (older != nullptr) {
    wanted.old_certificate = older->id;
  } else if (Chance(50)) {
    wanted.certificates = 2;
  }
  std::vector<ModelPayment> plans;
  const bool is_renewable =
      older == nullptr || (older->account == account && older->IsRenewable(Now()));
  const std::optional<E> refusal =
      is_renewable ? PlanPackages(account, wanted, plans) : std::make_optional(E::kFailedOperation);
  const auto opened = Send(account, [this, wanted](const ClientToken& token) {
    PackagePurchase sent = wanted;
    sent.token = token;
    return TextOf(funds_.engine.purchases.BuyWithPackage(sent));
  });
  Note(action, opened.status(), refusal);
  if (refusal) return CheckEntries(account);
  const std::vector<std::string> ids = IdsOf(*opened);
  REQUIRE(ids.size() == plans.size());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    ModelOrder& order =
        AddBought(account, ids[i], FindPackageProduct(kPid)->product.number, 1, plans[i]);
    order.older = older;
    if (older != nullptr) older->renewed_by = &order;
  }
  CheckOrder(orders_.all().back());
}

// How each certificate is paid, or why not.
std::optional<ApiError> BillingModel::PlanPackages(AccountId account, const PackagePurchase& wanted,
                                                   std::vector<ModelPayment>& plans) {
  ModelBooks books = BooksOf(account);
  if (const std::optional<E> refusal = books.RefusalOf(wanted.packages, Now())) return refusal;
  std::vector<std::size_t> named;
  for (const std::string& id : wanted.packages) named.push_back(*books.FindPackage(id));
  const std::int64_t points = *PointsOf(FindPackageProduct(kPid)->product, 1, 1);
  for (std::uint64_t i = 0; i < wanted.certificates; ++i) {
    const std::optional<ModelPayment> plan = books.PlanPoints(named, points);
    if (!plan) return E::kFailedOperationTradeError;
    books.Pay(*plan);
    plans.push_back(*plan);
  }
  return std::nullopt;
}

void BillingModel::OpenUnpaid(AccountId account) {
  const int product = kProducts[Pick(3)];
  const auto opened = funds_.engine.paid_orders.Open({.account = account, .product = product});
  REQUIRE(opened.ok());
  CheckOrder(orders_.Add({.account = account,
                          .id = opened->id,
                          .product = product,
                          .is_ov = product == kSecureSiteOv}));
}

void BillingModel::Refund() {
  const std::optional<Target> target = PickOrder({S::kFailed, S::kCancelled});
  if (!target) return;
  ModelOrder& order = *target->order;
  const bool is_due = target->is_own && order.IsRefundable();
  const auto quote = funds_.engine.refunds.Quote(target->caller, order.id);
  REQUIRE((quote.ok() && quote->bar == RefundBar::kNone) == is_due);
  const auto back = funds_.engine.refunds.Refund(target->caller, order.id, true, "op");
  const E why = target->is_own ? E::kFailedOperationInvalidCertificateStatusCode
                               : E::kFailedOperationCertificateNotFound;
  Note("refund", back.status(), is_due ? std::nullopt : std::make_optional(why));
  if (is_due) {
    for (const RefundQuote& one : {*quote, *back}) {
      REQUIRE(one.cash == order.paid.cash);
      REQUIRE(one.gift_card == SumOf(order.paid.gift_cards));
      REQUIRE(one.points == SumOf(order.paid.points));
    }
    BooksOf(order.account).PayBack(order.paid);
    orders_.Move(order, S::kRefunded);
  }
  CheckOrder(order);
}

}  // namespace certwright
