// Refunds, and orders paid with points.
#include "core/billing/refund_service.h"
#include "tests/support/funds.h"

namespace certwright {

using E = ApiError;

namespace {

constexpr std::uint64_t kOvSinglePid = 1013890;

PackagePurchase ByPoints(Names packages, std::uint64_t certificates = 1) {
  return {.account = kAccount,
          .pid = kOvSinglePid,
          .packages = std::move(packages),
          .domain_count = "1",
          .years = 1,
          .certificates = certificates};
}

std::int64_t PointsEach() { return *PointsOf(FindPackageProduct(kOvSinglePid)->product, 1, 1); }

}  // namespace

TEST_CASE("a cancelled order is paid back as it was paid, without voucher and discount",
          "[billing][refund]") {
  Funds funds;
  const std::int64_t price = funds.PriceOf(kSecureSiteOv);
  funds.Credit(CreditKind::kDiscount, 10);
  funds.Credit(CreditKind::kVoucher, 101);
  funds.Credit(CreditKind::kGiftCard, 203);
  funds.Credit(CreditKind::kCash, price);
  const CertificateId id = funds.Buy(kSecureSiteOv).id;
  const Purchase paid = funds.PurchaseOf(id);
  REQUIRE(funds.engine.orders.CancelOrder(kAccount, id).ok());
  const RefundQuote quote = *funds.engine.refunds.Quote(kAccount, id);
  CHECK(quote.bar == RefundBar::kNone);
  CHECK(quote.cash == paid.cash);
  CHECK(quote.gift_card == 203);
  REQUIRE(funds.engine.refunds.Refund(kAccount, id, true, "op").ok());
  CHECK(funds.Find(id).status == S::kRefunded);
  const Balance left = funds.Left();
  CHECK(left.cash == price);
  CHECK(left.gift_card == 203);
  CHECK(left.voucher == 0);
  CHECK(funds.engine.LogTypes().back() == "refund");
  CHECK(funds.PurchaseOf(id).refunded.has_value());
}

TEST_CASE("an order that failed, or whose review was withdrawn, is paid back too",
          "[billing][refund]") {
  Funds funds;
  const std::int64_t price = funds.PriceOf(kTrustAsiaDv);
  funds.Credit(CreditKind::kCash, price);
  const CertificateId id = funds.Buy(kTrustAsiaDv).id;
  REQUIRE(funds.Submit(id, Paid::Data("paid.example.com")).ok());
  REQUIRE(funds.Commit(id).ok());
  const bool is_withdrawn = GENERATE(false, true);
  if (is_withdrawn) {
    REQUIRE(funds.engine.orders.CancelAudit(kAccount, id).ok());
  } else {
    funds.engine.clock.Advance(funds.engine.settings.validation_deadline);
    funds.engine.RunDueJobs();
  }
  REQUIRE(funds.Find(id).status == (is_withdrawn ? S::kCancelled : S::kFailed));
  REQUIRE(funds.engine.refunds.Refund(kAccount, id, true, "op").ok());
  CHECK(funds.Left().cash == price);
  CHECK(funds.Find(id).status == S::kRefunded);
  CHECK(funds.engine.Jobs().empty());
}

TEST_CASE("a refund happens once, and is final", "[billing][refund]") {
  Funds funds;
  funds.Credit(CreditKind::kCash, funds.PriceOf(kSecureSiteOv));
  const CertificateId id = funds.Buy(kSecureSiteOv).id;
  REQUIRE(funds.engine.orders.CancelOrder(kAccount, id).ok());
  REQUIRE(funds.engine.refunds.Refund(kAccount, id, true, "op").ok());
  const std::int64_t entries = funds.Entries();
  CHECK(Error(funds.engine.refunds.Refund(kAccount, id, true, "op").status()) ==
        E::kFailedOperationInvalidCertificateStatusCode);
  CHECK(funds.engine.refunds.Quote(kAccount, id)->reason == "it was refunded before");
  CHECK(Error(funds.engine.paid_orders.Reopen(kAccount, id)) ==
        E::kFailedOperationCertificateStatusNotAllowResubmit);
  CHECK(funds.Entries() == entries);
}

TEST_CASE("what is not refundable says why, and nothing happens", "[billing][refund]") {
  Funds funds;
  funds.Credit(CreditKind::kCash, 10 * funds.PriceOf(kSecureSiteOv));
  const CertificateId waiting = funds.Buy(kSecureSiteOv).id;
  const CertificateId free = funds.engine.Apply("free.example.com");
  REQUIRE(funds.engine.orders.CancelOrder(kAccount, free).ok());
  const CertificateId unpaid = funds.Open(kSecureSiteOv);
  REQUIRE(funds.engine.orders.CancelOrder(kAccount, unpaid).ok());
  const std::int64_t entries = funds.Entries();
  for (const CertificateId& id : {waiting, free, unpaid}) {
    const RefundQuote quote = *funds.engine.refunds.Quote(kAccount, id);
    CHECK(quote.bar != RefundBar::kNone);
    CHECK_FALSE(quote.reason.empty());
    CHECK(quote.cash == 0);
    CHECK(Error(funds.engine.refunds.Refund(kAccount, id, true, "op").status()) ==
          E::kFailedOperationInvalidCertificateStatusCode);
  }
  CHECK(Error(funds.engine.refunds.Quote(kOther, waiting).status()) ==
        E::kFailedOperationCertificateNotFound);
  CHECK(Error(funds.engine.refunds.Refund(kOther, waiting, true, "op").status()) ==
        E::kFailedOperationCertificateNotFound);
  CHECK(FieldOf(funds.engine.refunds.Refund(kAccount, waiting, false, "op").status()) ==
        "AgreePolicy");
  CHECK(funds.Entries() == entries);
}

TEST_CASE("an order is refunded, once, also when its row was deleted", "[billing][refund]") {
  Funds funds;
  const std::int64_t price = funds.PriceOf(kSecureSiteOv);
  funds.Credit(CreditKind::kCash, 2 * price);
  const CertificateId id = funds.Buy(kSecureSiteOv).id;
  const CertificateId refunded = funds.Buy(kSecureSiteOv).id;
  for (const CertificateId& one : {id, refunded}) {
    REQUIRE(funds.engine.orders.CancelOrder(kAccount, one).ok());
  }
  REQUIRE(funds.engine.refunds.Refund(kAccount, refunded, true, "op").ok());
  for (const CertificateId& one : {id, refunded}) {
    REQUIRE(funds.engine.certificates.Delete(kAccount, one).ok());
  }
  CHECK(Error(funds.engine.refunds.Quote(kAccount, id, false).status()) ==
        E::kFailedOperationCertificateNotFound);
  CHECK(Error(funds.engine.refunds.Refund(kOther, id, true, "op").status()) ==
        E::kFailedOperationCertificateNotFound);
  CHECK(Error(funds.engine.refunds.Refund(kAccount, refunded, true, "op").status()) ==
        E::kFailedOperationCertificateNotFound);
  CHECK(funds.engine.refunds.Quote(kAccount, id)->cash == price);
  CHECK(funds.engine.refunds.Refund(kAccount, id, true, "op")->cash == price);
  CHECK(funds.engine.refunds.Quote(kAccount, id)->bar == RefundBar::kRefunded);
  CHECK(Error(funds.engine.refunds.Refund(kAccount, id, true, "op").status()) ==
        E::kFailedOperationInvalidCertificateStatusCode);
  CHECK(funds.Left().cash == 2 * price);
}

TEST_CASE("an issued certificate is never refunded, also when it has ended", "[billing][refund]") {
  Funds funds;
  funds.Credit(CreditKind::kCash, 10 * funds.PriceOf(kTrustAsiaDv));
  const CertificateId id = funds.Buy(kTrustAsiaDv).id;
  REQUIRE(funds.Submit(id, Paid::Data("paid.example.com")).ok());
  REQUIRE(funds.Commit(id).ok());
  funds.engine.validator.Pass();
  REQUIRE(funds.engine.orders.Complete(kAccount, id).ok());
  funds.engine.RunDueJobs();
  REQUIRE(funds.Find(id).status == S::kIssued);
  CHECK(funds.engine.refunds.Quote(kAccount, id)->reason == "it was issued");
  funds.engine.clock.Advance(absl::Hours(24 * 400));
  funds.engine.RunDueJobs();
  REQUIRE(funds.Find(id).status == S::kExpired);
  CHECK(funds.engine.refunds.Quote(kAccount, id)->bar == RefundBar::kIssued);
}

TEST_CASE("points are drawn from the packages in their order", "[billing]") {
  Funds funds;
  const std::int64_t each = PointsEach();
  const std::string first = funds.Package(each - 1);
  const std::string second = funds.Package(2 * each + 1);
  const auto orders = funds.engine.purchases.BuyWithPackage(ByPoints({second, first}, 3));
  INFO(orders.status());
  REQUIRE(orders.ok());
  REQUIRE(orders->size() == 3);
  CHECK(funds.Left().points == 0);
  CHECK(PackageIdOf(funds.PurchaseOf((*orders)[2].id).package) == second);
  CHECK(funds.PurchaseOf((*orders)[1].id).points == each);
  CHECK(funds.Find((*orders)[0].id).status == S::kPendingSubmission);
}

TEST_CASE("points go back to the packages that they came from, also when those have ended",
          "[billing][refund]") {
  Funds funds;
  const std::int64_t each = PointsEach();
  const absl::Time soon = funds.engine.clock.Now() + absl::Hours(24);
  const std::string ending = funds.Package(each - 1, kAccount, soon);
  const std::string other = funds.Package(each);
  const CertificateId id =
      funds.engine.purchases.BuyWithPackage(ByPoints({ending, other}))->front().id;
  REQUIRE(funds.engine.orders.CancelOrder(kAccount, id).ok());
  funds.engine.clock.Advance(absl::Hours(48));
  const RefundQuote back = *funds.engine.refunds.Refund(kAccount, id, true, "op");
  CHECK(back.points == each);
  CHECK(PackageIdOf(back.package) == ending);
  const PackageList list = *funds.engine.wallets.ListPackages(kAccount, {});
  REQUIRE(list.packages.size() == 2);
  CHECK(list.packages[0].balance == each);
  CHECK(list.packages[1].balance == each - 1);
  CHECK(list.usable_points == each);
}

TEST_CASE("a package that is not one's own, or ended, pays nothing", "[billing]") {
  Funds funds;
  const std::int64_t each = PointsEach();
  const std::string mine = funds.Package(each);
  const std::string theirs = funds.Package(each, kOther);
  const std::string back = funds.Package(each);
  REQUIRE(funds.engine.wallets.RefundPackage(kAccount, back, "op").ok());
  const std::string ended =
      funds.Package(each, kAccount, funds.engine.clock.Now() + absl::Hours(1));
  funds.engine.clock.Advance(absl::Hours(2));
  const std::int64_t entries = funds.Entries();
  const auto error = [&](Names packages, std::uint64_t certificates = 1) {
    return Error(funds.engine.purchases.BuyWithPackage(ByPoints(std::move(packages), certificates))
                     .status());
  };
  for (const std::string& bad :
       {theirs, back, ended, std::string("package-99"), std::string("x")}) {
    CHECK(error({mine, bad}) == E::kInvalidParameterPackageIdsInvalid);
  }
  CHECK(error({mine, mine}) == E::kInvalidParameterPackageIdsInvalid);
  CHECK(error({mine}, 2) == E::kFailedOperationTradeError);
  CHECK(funds.Entries() == entries);
  CHECK(funds.Left().points == each);
}

TEST_CASE("a repeated purchase is one order", "[billing]") {
  Funds funds;
  funds.Credit(CreditKind::kCash, 10 * funds.PriceOf(kSecureSiteOv));
  const PaidOrder order = {.account = kAccount, .product = kSecureSiteOv};
  const ClientToken token = {.token = "once", .asked = "a"};
  const OpenedOrder first = *funds.engine.purchases.Buy(order, true, token);
  const OpenedOrder again = *funds.engine.purchases.Buy(order, true, token);
  CHECK(first.id == again.id);
  CHECK(first.deal_id == again.deal_id);
  CHECK(funds.Left().cash == 9 * funds.PriceOf(kSecureSiteOv));
  const std::string package = funds.Package(10 * PointsEach());
  PackagePurchase by_points = ByPoints({package}, 2);
  by_points.token = {.token = "twice", .asked = "b"};
  const auto both = *funds.engine.purchases.BuyWithPackage(by_points);
  const auto same = *funds.engine.purchases.BuyWithPackage(by_points);
  CHECK(both[1].id == same[1].id);
  CHECK(funds.Left().points == 8 * PointsEach());
}

}  // namespace certwright
