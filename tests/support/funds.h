// An engine whose accounts have something to pay with.
#ifndef CERTWRIGHT_TESTS_SUPPORT_FUNDS_H_
#define CERTWRIGHT_TESTS_SUPPORT_FUNDS_H_

#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "core/catalogue.h"
#include "core/error.h"
#include "tests/support/paid.h"

namespace certwright {

class Funds : public Paid {
 public:
  using Paid::Paid;

  std::int64_t Credit(CreditKind kind, std::int64_t amount, AccountId account = kAccount,
                      std::optional<absl::Time> expires = std::nullopt) {
    const auto entry = engine.wallets.AddCredit(
        {.account = account, .kind = kind, .amount = amount, .expires = expires, .actor = "op"});
    INFO(entry.status());
    REQUIRE(entry.ok());
    return *entry;
  }
  std::string Package(std::int64_t points, AccountId account = kAccount,
                      std::optional<absl::Time> expires = std::nullopt) {
    const auto id = engine.wallets.GrantPackage({.account = account,
                                                 .type = "ssl_100",
                                                 .points = points,
                                                 .expires = expires,
                                                 .actor = "op"});
    INFO(id.status());
    REQUIRE(id.ok());
    return *id;
  }
  absl::StatusOr<OpenedOrder> TryBuy(int product, AccountId account = kAccount,
                                     bool uses_vouchers = true) {
    return engine.purchases.Buy({.account = account, .product = product}, uses_vouchers, {});
  }
  OpenedOrder Buy(int product, AccountId account = kAccount) {
    const auto opened = TryBuy(product, account);
    INFO(opened.status());
    REQUIRE(opened.ok());
    return *opened;
  }
  Balance Left(AccountId account = kAccount) { return *engine.wallets.BalanceOf(account); }
  Purchase PurchaseOf(const CertificateId& id, AccountId account = kAccount) {
    Purchase found;
    REQUIRE(engine.store
                ->Read([&](Snapshot& snapshot) -> absl::Status {
                  found = snapshot.FindPurchase(account, id)->value_or(Purchase());
                  return absl::OkStatus();
                })
                .ok());
    return found;
  }
  std::int64_t Entries(AccountId account = kAccount) {
    std::int64_t total = 0;
    REQUIRE(engine.store
                ->Read([&](Snapshot& snapshot) -> absl::Status {
                  total = snapshot.ListLedger(account, {})->total;
                  return absl::OkStatus();
                })
                .ok());
    return total;
  }
  std::int64_t PriceOf(int product) { return *certwright::PriceOf(*FindProduct(product), 1, 1); }
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_FUNDS_H_
