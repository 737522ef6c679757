#include "core/billing/ledger.h"

#include "absl/strings/str_cat.h"

namespace certwright {

bool IsHeld(Book book) { return static_cast<int>(book) <= static_cast<int>(Book::kPoints); }

bool IsOfPoints(Book book) {
  return book == Book::kPoints || book == Book::kPointsGiven || book == Book::kPointsSpent;
}

const char* BookText(Book book) {
  switch (book) {
    case Book::kCash:
      return "cash";
    case Book::kGiftCard:
      return "gift_card";
    case Book::kVoucher:
      return "voucher";
    case Book::kPoints:
      return "points";
    case Book::kPaidIn:
      return "paid_in";
    case Book::kGiven:
      return "given";
    case Book::kSales:
      return "sales";
    case Book::kPointsGiven:
      return "points_given";
    case Book::kPointsSpent:
      return "points_spent";
  }
  return "";
}

const char* EntryKindText(EntryKind kind) {
  switch (kind) {
    case EntryKind::kCredit:
      return "credit";
    case EntryKind::kPackage:
      return "package";
    case EntryKind::kPurchase:
      return "purchase";
    case EntryKind::kRefund:
      return "refund";
    case EntryKind::kPackageRefund:
      return "package_refund";
  }
  return "";
}

absl::Status CheckBalanced(const LedgerEntry& entry) {
  std::int64_t money = 0;
  std::int64_t points = 0;
  for (const Posting& posting : entry.postings) {
    if (posting.amount > kMaxAmount || posting.amount < -kMaxAmount) {
      return absl::InternalError(absl::StrCat("a posting of ", posting.amount));
    }
    (IsOfPoints(posting.book) ? points : money) += posting.amount;
  }
  if (money == 0 && points == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("an entry of ", EntryKindText(entry.kind),
                                          " is not balanced: ", money, " of money, ", points,
                                          " points"));
}

}  // namespace certwright
