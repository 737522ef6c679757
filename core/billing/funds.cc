#include "core/billing/funds.h"

#include <algorithm>

#include "core/catalogue.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::int64_t kWhole = 100;  // percent

// Those that have something left, in the order in which they are used.
absl::StatusOr<std::vector<Grant>> UsableGrants(Snapshot& snapshot, AccountId account,
                                                GrantKind kind, absl::Time now) {
  ASSIGN_OR_RETURN(std::vector<Grant> grants, snapshot.ListGrants(account, kind, true));
  grants.erase(std::remove_if(grants.begin(), grants.end(),
                              [now](const Grant& grant) {
                                return grant.balance == 0 || IsExpired(grant, now);
                              }),
               grants.end());
  std::stable_sort(grants.begin(), grants.end(), [](const Grant& a, const Grant& b) {
    return a.expires.value_or(absl::InfiniteFuture()) < b.expires.value_or(absl::InfiniteFuture());
  });
  return grants;
}

absl::StatusOr<std::int64_t> DiscountOf(Snapshot& snapshot, AccountId account, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Grant> newest, snapshot.FindDiscount(account, now));
  return newest ? newest->amount : 0;
}

// At most `wanted` from the grants, by postings; returns what it came to.
std::int64_t Draw(std::vector<Grant>& grants, std::int64_t wanted, std::vector<Posting>& postings) {
  std::int64_t drawn = 0;
  for (Grant& grant : grants) {
    const std::int64_t part = std::min(grant.balance, wanted - drawn);
    if (part <= 0) continue;
    grant.balance -= part;
    drawn += part;
    postings.push_back({.book = BookOf(grant.kind), .grant = grant.id, .amount = -part});
  }
  return drawn;
}

absl::StatusOr<std::int64_t> DrawFrom(Snapshot& snapshot, AccountId account, GrantKind kind,
                                      std::int64_t wanted, absl::Time now,
                                      std::vector<Posting>& postings) {
  if (wanted == 0) return 0;
  ASSIGN_OR_RETURN(std::vector<Grant> grants, UsableGrants(snapshot, account, kind, now));
  return Draw(grants, wanted, postings);
}

}  // namespace

absl::StatusOr<std::optional<Payment>> PlanPayment(Snapshot& snapshot, AccountId account,
                                                   std::int64_t price, bool uses_vouchers,
                                                   absl::Time now) {
  Payment payment = {.price = price};
  ASSIGN_OR_RETURN(const std::int64_t percent, DiscountOf(snapshot, account, now));
  payment.discount = price / kWhole * percent + price % kWhole * percent / kWhole;
  const std::int64_t due = price - payment.discount;
  if (uses_vouchers) {
    ASSIGN_OR_RETURN(payment.voucher,
                     DrawFrom(snapshot, account, GrantKind::kVoucher, due, now, payment.postings));
  }
  ASSIGN_OR_RETURN(payment.gift_card, DrawFrom(snapshot, account, GrantKind::kGiftCard,
                                               due - payment.voucher, now, payment.postings));
  payment.cash = due - payment.voucher - payment.gift_card;
  if (payment.cash > 0) {
    ASSIGN_OR_RETURN(const std::int64_t cash, snapshot.FindBalance(account, Book::kCash, 0));
    if (cash < payment.cash) return std::optional<Payment>();
    payment.postings.push_back({.book = Book::kCash, .amount = -payment.cash});
  }
  if (due > 0) payment.postings.push_back({.book = Book::kSales, .amount = due});
  return payment;
}

std::optional<std::vector<Posting>> PlanPoints(std::vector<Grant>& packages, std::int64_t points) {
  std::vector<Posting> postings;
  if (Draw(packages, points, postings) < points) return std::nullopt;
  if (points > 0) postings.push_back({.book = Book::kPointsSpent, .amount = points});
  return postings;
}

absl::StatusOr<std::string> CurrencyOf(Snapshot& snapshot, AccountId account) {
  ASSIGN_OR_RETURN(std::string currency, snapshot.FindCurrency(account));
  return currency.empty() ? InstalledCatalogue().currency() : currency;
}

absl::StatusOr<Balance> BalanceOf(Snapshot& snapshot, AccountId account, absl::Time now) {
  Balance balance;
  ASSIGN_OR_RETURN(balance.currency, CurrencyOf(snapshot, account));
  ASSIGN_OR_RETURN(balance.cash, snapshot.FindBalance(account, Book::kCash, 0));
  ASSIGN_OR_RETURN(balance.discount_percent, DiscountOf(snapshot, account, now));
  for (const auto& [kind, sum] : {std::pair(GrantKind::kGiftCard, &balance.gift_card),
                                  std::pair(GrantKind::kVoucher, &balance.voucher),
                                  std::pair(GrantKind::kPackage, &balance.points)}) {
    ASSIGN_OR_RETURN(const std::vector<Grant> grants, UsableGrants(snapshot, account, kind, now));
    for (const Grant& grant : grants) *sum += grant.balance;
  }
  return balance;
}

}  // namespace certwright
