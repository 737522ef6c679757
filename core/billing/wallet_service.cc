#include "core/billing/wallet_service.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/account_rules.h"
#include "core/catalogue.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::int64_t kMaxPercent = 100;
constexpr std::int64_t kMaxPoints = 1'000'000'000;
constexpr std::size_t kMaxReference = 200;
constexpr absl::Duration kPackageLife = absl::Hours(24 * 365);
constexpr int kPackageRefundDays = 5;

absl::Status CheckWithin(absl::string_view field, std::int64_t value, std::int64_t least,
                         std::int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return WrongParameter(field, absl::StrCat(value), absl::StrCat(least, " to ", most));
}

absl::Status CheckReference(absl::string_view reference) {
  if (Characters(reference) <= kMaxReference && !HasControlCharacter(reference)) {
    return absl::OkStatus();
  }
  return WrongParameter("Reference", reference,
                        absl::StrCat("at most ", kMaxReference, " characters, none of control"));
}

absl::Status CheckEnd(const std::optional<absl::Time>& expires, absl::Time now) {
  if (!expires || *expires > now) return absl::OkStatus();
  return Refuse(ApiError::kInvalidParameterValue, "ExpireTime lies in the past.", "ExpireTime");
}

// What the account holds of a kind, expired or not, stays below kMaxAmount.
absl::Status CheckRoom(Snapshot& snapshot, const Credit& credit, std::optional<GrantKind> kind) {
  std::int64_t held = 0;
  if (!kind) {
    ASSIGN_OR_RETURN(held, snapshot.FindBalance(credit.account, Book::kCash, 0));
  } else {
    ASSIGN_OR_RETURN(const std::vector<Grant> grants,
                     snapshot.ListGrants(credit.account, *kind, true));
    for (const Grant& grant : grants) held += grant.balance;
  }
  if (held <= kMaxAmount - credit.amount) return absl::OkStatus();
  return Refuse(ApiError::kInvalidParameterValue,
                absl::StrCat("Amount `", credit.amount, "` is too much: the account holds ", held,
                             " of it, and may hold ", kMaxAmount, "."),
                "Amount");
}

// A grant's money comes from outside; a discount has none.
std::vector<Posting> PostingsOf(Book book, std::int64_t grant, std::int64_t amount) {
  if (amount == 0) return {};
  const Book from = book == Book::kCash     ? Book::kPaidIn
                    : book == Book::kPoints ? Book::kPointsGiven
                                            : Book::kGiven;
  return {{.book = from, .amount = -amount}, {.book = book, .grant = grant, .amount = amount}};
}

std::optional<GrantKind> GrantKindOf(CreditKind kind) {
  switch (kind) {
    case CreditKind::kGiftCard:
      return GrantKind::kGiftCard;
    case CreditKind::kVoucher:
      return GrantKind::kVoucher;
    case CreditKind::kDiscount:
      return GrantKind::kDiscount;
    case CreditKind::kCash:
      break;
  }
  return std::nullopt;
}

absl::Status CheckCredit(const Credit& credit, absl::Time now) {
  RETURN_IF_ERROR(CheckReference(credit.reference));
  RETURN_IF_ERROR(CheckEnd(credit.expires, now));
  if (credit.kind == CreditKind::kDiscount) {
    return CheckWithin("Amount", credit.amount, 0, kMaxPercent);
  }
  if (credit.kind == CreditKind::kCash && credit.expires) {
    return Refuse(ApiError::kInvalidParameterValue, "Cash has no end; send no ExpireTime with it.",
                  "ExpireTime");
  }
  return CheckWithin("Amount", credit.amount, 1, kMaxAmount);
}

absl::StatusOr<std::int64_t> Post(Transaction& transaction, const Credit& credit, absl::Time now) {
  RETURN_IF_ERROR(RequireAccount(transaction, credit.account).status());
  ASSIGN_OR_RETURN(const std::string currency, CurrencyOf(transaction, credit.account));
  LedgerEntry entry = {.account = credit.account,
                       .kind = EntryKind::kCredit,
                       .currency = currency,
                       .actor = credit.actor,
                       .reference = credit.reference,
                       .time = now};
  const std::optional<GrantKind> kind = GrantKindOf(credit.kind);
  if (kind != GrantKind::kDiscount) RETURN_IF_ERROR(CheckRoom(transaction, credit, kind));
  Grant grant = {.account = credit.account,
                 .kind = kind.value_or(GrantKind::kDiscount),
                 .amount = credit.amount,
                 .expires = credit.expires,
                 .reference = credit.reference,
                 .created = now};
  if (kind) {
    RETURN_IF_ERROR(transaction.InsertGrant(grant));
    entry.detail = GrantDetail(grant);
  }
  if (kind != GrantKind::kDiscount) {
    entry.postings = PostingsOf(kind ? BookOf(*kind) : Book::kCash, grant.id, credit.amount);
  }
  RETURN_IF_ERROR(transaction.AppendLedger(entry));
  return entry.sequence;
}

absl::Status CheckPackage(const PackageGrant& wanted, absl::Time now) {
  RETURN_IF_ERROR(CheckReference(wanted.reference));
  RETURN_IF_ERROR(CheckEnd(wanted.expires, now));
  ASSIGN_OR_RETURN(const std::int64_t usual, RequirePackagePoints(wanted.type));
  return CheckWithin("Points", wanted.points.value_or(usual), 1, kMaxPoints);
}

absl::StatusOr<std::string> Post(Transaction& transaction, const PackageGrant& wanted,
                                 absl::Time now) {
  RETURN_IF_ERROR(RequireAccount(transaction, wanted.account).status());
  ASSIGN_OR_RETURN(const std::int64_t usual, RequirePackagePoints(wanted.type));
  Grant grant = {.account = wanted.account,
                 .kind = GrantKind::kPackage,
                 .type = wanted.type,
                 .amount = wanted.points.value_or(usual),
                 .expires = wanted.expires.value_or(now + kPackageLife),
                 .reference = wanted.reference,
                 .created = now};
  RETURN_IF_ERROR(transaction.InsertGrant(grant));
  ASSIGN_OR_RETURN(const std::string currency, CurrencyOf(transaction, wanted.account));
  LedgerEntry entry = {.account = wanted.account,
                       .kind = EntryKind::kPackage,
                       .currency = currency,
                       .actor = wanted.actor,
                       .reference = wanted.reference,
                       .detail = GrantDetail(grant),
                       .time = now,
                       .postings = PostingsOf(Book::kPoints, grant.id, grant.amount)};
  RETURN_IF_ERROR(transaction.AppendLedger(entry));
  return PackageIdOf(grant.id);
}

// Days of the calendar in GMT+8 from one to the other.
std::int64_t DaysBetween(absl::Time from, absl::Time until) {
  const absl::TimeZone zone = absl::FixedTimeZone(8 * 60 * 60);
  return absl::ToCivilDay(until, zone) - absl::ToCivilDay(from, zone);
}

absl::Status CheckPackageRefund(const Grant& package, absl::Time now) {
  const auto refuse = [&](absl::string_view why) {
    return Refuse(
        ApiError::kFailedOperation,
        absl::StrCat("The package `", PackageIdOf(package.id), "` is not refunded: ", why, "."),
        "PackageId");
  };
  if (package.refunded) return refuse("it was refunded before");
  if (package.balance != package.amount) return refuse("points of it were used");
  if (DaysBetween(package.created, now) <= kPackageRefundDays) return absl::OkStatus();
  return refuse(absl::StrCat("it is older than ", kPackageRefundDays, " calendar days"));
}

bool Fits(const Grant& package, const PackageQuery& query, absl::Time now) {
  return (query.state.empty() || query.state == PackageState(package, now)) &&
         (query.type.empty() || query.type == package.type) &&
         (query.id.empty() || query.id == PackageIdOf(package.id));
}

void Sort(std::optional<bool> is_by_latest_end, std::vector<Grant>& packages) {
  std::reverse(packages.begin(), packages.end());
  if (!is_by_latest_end) return;
  const auto end = [](const Grant& one) { return one.expires.value_or(absl::InfiniteFuture()); };
  std::stable_sort(packages.begin(), packages.end(), [&](const Grant& a, const Grant& b) {
    return *is_by_latest_end ? end(a) > end(b) : end(a) < end(b);
  });
}

}  // namespace

absl::StatusOr<std::int64_t> WalletService::AddCredit(const Credit& credit) {
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(
      const std::string answer,
      Once(
          store_, credit.account, credit.token, now, [&] { return CheckCredit(credit, now); },
          [&](Transaction& transaction) -> absl::StatusOr<std::string> {
            ASSIGN_OR_RETURN(const std::int64_t posted, Post(transaction, credit, now));
            return absl::StrCat(posted);
          }));
  std::int64_t sequence = 0;
  if (absl::SimpleAtoi(answer, &sequence)) return sequence;
  return absl::InternalError("a repeated credit without its entry");
}

absl::StatusOr<std::string> WalletService::GrantPackage(const PackageGrant& wanted) {
  const absl::Time now = clock_.Now();
  return Once(
      store_, wanted.account, wanted.token, now, [&] { return CheckPackage(wanted, now); },
      [&](Transaction& transaction) { return Post(transaction, wanted, now); });
}

absl::Status WalletService::RefundPackage(AccountId account, const std::string& package,
                                          absl::string_view actor) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Grant> found,
                     transaction.FindGrant(account, ParsePackageId(package).value_or(0)));
    if (!found || found->kind != GrantKind::kPackage) {
      return Refuse(
          ApiError::kInvalidParameterPackageIdsInvalid,
          absl::StrCat("PackageId `", Shown(package), "` names no package of this account."),
          "PackageId");
    }
    RETURN_IF_ERROR(CheckPackageRefund(*found, now));
    ASSIGN_OR_RETURN(const std::string currency, CurrencyOf(transaction, account));
    LedgerEntry entry = {.account = account,
                         .kind = EntryKind::kPackageRefund,
                         .currency = currency,
                         .actor = std::string(actor),
                         .reference = package,
                         .time = now,
                         .postings = PostingsOf(Book::kPoints, found->id, -found->balance)};
    RETURN_IF_ERROR(transaction.AppendLedger(entry));
    return transaction.MarkGrantRefunded(account, found->id, now);
  });
}

absl::StatusOr<Balance> WalletService::BalanceOf(AccountId account) {
  Balance balance;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(balance, certwright::BalanceOf(snapshot, account, clock_.Now()));
    return absl::OkStatus();
  }));
  return balance;
}

absl::StatusOr<PackageList> WalletService::ListPackages(AccountId account,
                                                        const PackageQuery& query) {
  const absl::Time now = clock_.Now();
  PackageList list;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Grant> all,
                     snapshot.ListGrants(account, GrantKind::kPackage, false));
    for (const Grant& package : all) {
      if (!IsExpired(package, now)) list.usable_points += package.balance;
      if (Fits(package, query, now)) list.packages.push_back(package);
    }
    return absl::OkStatus();
  }));
  Sort(query.is_by_latest_end, list.packages);
  return list;
}

}  // namespace certwright
