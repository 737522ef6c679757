// How a price is paid: the documented order of what an account may pay with.
//
// A discount comes off first: the percentage of the newest one that has not ended, rounded down to
// the minor unit. Then vouchers, if the call lets them; then gift cards; then cash. Of several
// vouchers or gift cards the one that ends first is used first, of two that end alike the older
// one; each may be used in part.
#ifndef CERTWRIGHT_CORE_BILLING_FUNDS_H_
#define CERTWRIGHT_CORE_BILLING_FUNDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/billing/ledger.h"
#include "core/store.h"

namespace certwright {

// price = discount + voucher + gift_card + cash. The postings are balanced.
struct Payment {
  std::int64_t price = 0;
  std::int64_t discount = 0;
  std::int64_t voucher = 0;
  std::int64_t gift_card = 0;
  std::int64_t cash = 0;
  std::vector<Posting> postings = {};
};

// Nothing if the account cannot pay it.
absl::StatusOr<std::optional<Payment>> PlanPayment(Snapshot& snapshot, AccountId account,
                                                   std::int64_t price, bool uses_vouchers,
                                                   absl::Time now);

// Takes `points` from the packages, which the account has, in their order. Nothing if they do not
// hold so many.
std::optional<std::vector<Posting>> PlanPoints(std::vector<Grant>& packages, std::int64_t points);

// Of the account's books; of the catalogue before their first entry.
absl::StatusOr<std::string> CurrencyOf(Snapshot& snapshot, AccountId account);

// What the account may pay with now.
struct Balance {
  std::string currency = {};
  std::int64_t cash = 0;
  std::int64_t gift_card = 0;
  std::int64_t voucher = 0;
  std::int64_t points = 0;
  std::int64_t discount_percent = 0;
};
absl::StatusOr<Balance> BalanceOf(Snapshot& snapshot, AccountId account, absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BILLING_FUNDS_H_
