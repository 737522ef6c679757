// What an account pays with: credits, packages, and the order in which a price is paid.
#include <limits>

#include "core/billing/wallet_service.h"
#include "tests/support/funds.h"

namespace certwright {

using E = ApiError;

TEST_CASE("credits add up, each in its own kind", "[billing]") {
  Funds funds;
  CHECK(funds.Credit(CreditKind::kCash, 500) == 1);
  CHECK(funds.Credit(CreditKind::kCash, 50) == 2);
  funds.Credit(CreditKind::kGiftCard, 30);
  funds.Credit(CreditKind::kGiftCard, 4);
  funds.Credit(CreditKind::kVoucher, 7);
  funds.Package(100);
  const Balance left = funds.Left();
  CHECK(left.cash == 550);
  CHECK(left.gift_card == 34);
  CHECK(left.voucher == 7);
  CHECK(left.points == 100);
  CHECK(funds.Left(kOther).cash == 0);
}

TEST_CASE("what has ended is not there any more", "[billing]") {
  Funds funds;
  const absl::Time soon = funds.engine.clock.Now() + absl::Hours(1);
  funds.Credit(CreditKind::kGiftCard, 30, kAccount, soon);
  funds.Credit(CreditKind::kVoucher, 7, kAccount, soon);
  funds.Credit(CreditKind::kDiscount, 10, kAccount, soon);
  funds.Package(100, kAccount, soon);
  CHECK(funds.Left().discount_percent == 10);
  funds.engine.clock.Advance(absl::Hours(1));
  const Balance left = funds.Left();
  CHECK(left.gift_card + left.voucher + left.points + left.discount_percent == 0);
}

TEST_CASE("a credit out of range is refused, and leaves no entry", "[billing]") {
  struct Row {
    CreditKind kind;
    std::int64_t amount;
  };
  const Row row = GENERATE(Row{CreditKind::kCash, 0}, Row{CreditKind::kCash, -1},
                           Row{CreditKind::kCash, kMaxAmount + 1},
                           Row{CreditKind::kGiftCard, std::numeric_limits<std::int64_t>::max()},
                           Row{CreditKind::kVoucher, std::numeric_limits<std::int64_t>::min()},
                           Row{CreditKind::kDiscount, 101}, Row{CreditKind::kDiscount, -1});
  Funds funds;
  const absl::Status status =
      funds.engine.wallets
          .AddCredit({.account = kAccount, .kind = row.kind, .amount = row.amount, .actor = "op"})
          .status();
  CHECK(Error(status) == E::kInvalidParameterValue);
  CHECK(FieldOf(status) == "Amount");
  CHECK(funds.Entries() == 0);
}

TEST_CASE("no book holds more than it can", "[billing]") {
  Funds funds;
  const CreditKind kind = GENERATE(CreditKind::kCash, CreditKind::kVoucher);
  funds.Credit(kind, kMaxAmount);
  const absl::Status status =
      funds.engine.wallets.AddCredit({.account = kAccount, .kind = kind, .amount = 1}).status();
  CHECK(Error(status) == E::kInvalidParameterValue);
  CHECK(funds.Entries() == 1);
}

TEST_CASE("cash has no end, and nothing ends in the past", "[billing]") {
  Funds funds;
  const absl::Time now = funds.engine.clock.Now();
  CHECK(Error(funds.engine.wallets
                  .AddCredit({.account = kAccount, .amount = 1, .expires = now + absl::Hours(1)})
                  .status()) == E::kInvalidParameterValue);
  CHECK(
      Error(
          funds.engine.wallets
              .AddCredit(
                  {.account = kAccount, .kind = CreditKind::kVoucher, .amount = 1, .expires = now})
              .status()) == E::kInvalidParameterValue);
  CHECK(Error(funds.engine.wallets.AddCredit({.account = {1}, .amount = 1}).status()) ==
        E::kResourceNotFound);
}

TEST_CASE("a repeated call has one effect and one answer", "[billing]") {
  Funds funds;
  const Credit credit = {.account = kAccount, .amount = 5, .token = {.token = "t", .asked = "a"}};
  const std::int64_t first = *funds.engine.wallets.AddCredit(credit);
  CHECK(*funds.engine.wallets.AddCredit(credit) == first);
  CHECK(funds.Left().cash == 5);
  Credit other = credit;
  other.token.asked = "b";
  CHECK(Error(funds.engine.wallets.AddCredit(other).status()) == E::kInvalidParameterValue);
  other.token.caller = "another";
  CHECK(*funds.engine.wallets.AddCredit(other) == first + 1);
  other.token.token = "a b";
  CHECK(Error(funds.engine.wallets.AddCredit(other).status()) == E::kInvalidParameterValue);
  funds.engine.clock.Advance(kTokenLife);
  CHECK(*funds.engine.wallets.AddCredit(credit) == first + 2);
}

TEST_CASE("a repeated call is answered after what it asked for has ended", "[billing]") {
  Funds funds;
  const absl::Time soon = funds.engine.clock.Now() + absl::Hours(1);
  const Credit voucher = {.account = kAccount,
                          .kind = CreditKind::kVoucher,
                          .amount = 5,
                          .expires = soon,
                          .token = {.token = "v", .asked = "a"}};
  const PackageGrant package = {.account = kAccount,
                                .type = "ssl_100",
                                .expires = soon,
                                .token = {.token = "p", .asked = "b"}};
  const std::int64_t entry = *funds.engine.wallets.AddCredit(voucher);
  const std::string id = *funds.engine.wallets.GrantPackage(package);
  funds.engine.clock.Advance(absl::Hours(2));
  CHECK(*funds.engine.wallets.AddCredit(voucher) == entry);
  CHECK(*funds.engine.wallets.GrantPackage(package) == id);
  Credit late = voucher;
  late.token.token = "w";
  CHECK(FieldOf(funds.engine.wallets.AddCredit(late).status()) == "ExpireTime");
}

TEST_CASE("a price is paid by discount, voucher, gift card and cash, in this order", "[billing]") {
  Funds funds;
  const std::int64_t price = funds.PriceOf(kSecureSiteOv);
  funds.Credit(CreditKind::kDiscount, 33);
  funds.Credit(CreditKind::kVoucher, 100);
  funds.Credit(CreditKind::kGiftCard, 200);
  funds.Credit(CreditKind::kGiftCard, 300);
  funds.Credit(CreditKind::kCash, price);
  const Purchase paid = funds.PurchaseOf(funds.Buy(kSecureSiteOv).id);
  CHECK(paid.price == price);
  CHECK(paid.discount == price * 33 / 100);
  CHECK(paid.voucher == 100);
  CHECK(paid.gift_card == 500);
  CHECK(paid.cash == price - paid.discount - 600);
  const Balance left = funds.Left();
  CHECK(left.cash == price - paid.cash);
  CHECK(left.gift_card + left.voucher == 0);
}

TEST_CASE("vouchers stay where the call does not want them", "[billing]") {
  Funds funds;
  const std::int64_t price = funds.PriceOf(kSecureSiteOv);
  funds.Credit(CreditKind::kVoucher, 100);
  funds.Credit(CreditKind::kCash, price);
  const auto opened = funds.TryBuy(kSecureSiteOv, kAccount, false);
  REQUIRE(opened.ok());
  CHECK(funds.PurchaseOf(opened->id).cash == price);
  CHECK(funds.Left().voucher == 100);
}

TEST_CASE("of several gift cards the one that ends first is used first", "[billing]") {
  Funds funds;
  const absl::Time now = funds.engine.clock.Now();
  const std::int64_t price = funds.PriceOf(kSecureSiteOv);
  funds.Credit(CreditKind::kGiftCard, price);
  funds.Credit(CreditKind::kGiftCard, price, kAccount, now + absl::Hours(48));
  funds.Credit(CreditKind::kGiftCard, 1, kAccount, now + absl::Hours(24));
  funds.Buy(kSecureSiteOv);
  funds.engine.clock.Advance(absl::Hours(48));
  CHECK(funds.Left().gift_card == price);
}

TEST_CASE("the newest discount counts, and one of zero ends it", "[billing]") {
  Funds funds;
  funds.Credit(CreditKind::kDiscount, 20);
  funds.Credit(CreditKind::kDiscount, 5);
  CHECK(funds.Left().discount_percent == 5);
  funds.Credit(CreditKind::kDiscount, 0);
  CHECK(funds.Left().discount_percent == 0);
}

TEST_CASE("who cannot pay gets nothing, and the books stay", "[billing]") {
  Funds funds;
  funds.Credit(CreditKind::kCash, funds.PriceOf(kSecureSiteOv) - 1);
  funds.Credit(CreditKind::kGiftCard, funds.PriceOf(kSecureSiteOv), kOther);
  CHECK(Error(funds.TryBuy(kSecureSiteOv).status()) == E::kFailedOperationCannotGetOrder);
  CHECK(funds.Entries() == 1);
  CHECK(funds.engine.LogTypes().empty());
}

TEST_CASE("packages of points are listed by state, type and end", "[billing]") {
  Funds funds;
  const absl::Time now = funds.engine.clock.Now();
  const std::string late = funds.Package(100, kAccount, now + absl::Hours(48));
  const std::string early = funds.Package(200, kAccount, now + absl::Hours(24));
  const std::string back = funds.Package(300);
  REQUIRE(funds.engine.wallets.RefundPackage(kAccount, back, "op").ok());
  const auto ids = [&](const PackageQuery& query) {
    const PackageList list = *funds.engine.wallets.ListPackages(kAccount, query);
    Names found;
    for (const Grant& one : list.packages) found.push_back(PackageIdOf(one.id));
    return found;
  };
  CHECK(ids({}) == Names{back, early, late});
  CHECK(ids({.state = "usable", .is_by_latest_end = false}) == Names{early, late});
  CHECK(ids({.state = "usable", .is_by_latest_end = true}) == Names{late, early});
  CHECK(ids({.state = "refund"}) == Names{back});
  CHECK(ids({.type = "ssl_500"}).empty());
  CHECK(ids({.id = early}) == Names{early});
  CHECK(funds.engine.wallets.ListPackages(kAccount, {})->usable_points == 300);
  funds.engine.clock.Advance(absl::Hours(24));
  CHECK(ids({.state = "expired"}) == Names{early});
  CHECK(funds.engine.wallets.ListPackages(kOther, {})->packages.empty());
}

TEST_CASE("a package goes back unused and within five calendar days", "[billing]") {
  Funds funds;
  const auto refund = [&](const std::string& id, AccountId account = kAccount) {
    return Error(funds.engine.wallets.RefundPackage(account, id, "op"));
  };
  const std::string fresh = funds.Package(100);
  const std::string old = funds.Package(100);
  CHECK(refund(fresh, kOther) == E::kInvalidParameterPackageIdsInvalid);
  CHECK(refund("package-0") == E::kInvalidParameterPackageIdsInvalid);
  CHECK(refund(fresh) == std::nullopt);
  CHECK(refund(fresh) == E::kFailedOperation);
  CHECK(funds.Left().points == 100);
  funds.engine.clock.Advance(absl::Hours(24 * 6));
  CHECK(refund(old) == E::kFailedOperation);
}

}  // namespace certwright
