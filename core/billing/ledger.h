// The books of an account: double entry, in minor units of one currency and in benefit points.
//
// An entry is written once and never changed; its postings sum to zero in money and in points. What
// a book holds is the sum of its postings, which each posting also states. The entries of an
// account are a hash chain: storage/ledger_sql.cc.
#ifndef CERTWRIGHT_CORE_BILLING_LEDGER_H_
#define CERTWRIGHT_CORE_BILLING_LEDGER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

// Stored by number: never reuse one.
enum class Book : int {
  // What the account holds; never below zero.
  kCash = 1,
  kGiftCard = 2,  // by grant, as the two below
  kVoucher = 3,
  kPoints = 4,
  // Where that came from, and went.
  kPaidIn = 5,
  kGiven = 6,
  kSales = 7,
  kPointsGiven = 8,
  kPointsSpent = 9,
};

// Whether it is one of those that never fall below zero.
bool IsHeld(Book book);
bool IsOfPoints(Book book);
// "cash", "gift_card", … as statements and exports name it.
const char* BookText(Book book);

// Stored by number.
enum class EntryKind : int {
  kCredit = 1,
  kPackage = 2,  // benefit points were given
  kPurchase = 3,
  kRefund = 4,
  kPackageRefund = 5,
};
const char* EntryKindText(EntryKind kind);

struct Posting {
  Book book = Book::kCash;
  std::int64_t grant = 0;  // the gift card, voucher or package; 0 where there is none
  std::int64_t amount = 0;
  std::int64_t balance = 0;  // of (book, grant) after it; the store sets it
};

struct LedgerEntry {
  AccountId account = {};
  std::int64_t sequence = 0;  // in the account, from 1 without gaps; the store sets it
  EntryKind kind = EntryKind::kCredit;
  std::string currency = {};  // of all entries of the account
  CertificateId certificate = {};
  std::string deal_id = {};
  std::string actor = {};  // Uin, or "--"
  std::string reference = {};
  std::string detail = {};  // GrantDetail of what it gives, so that the chain holds that too
  absl::Time time = {};
  std::vector<Posting> postings = {};
};

// A bare error unless postings are balanced: it would be our own fault.
absl::Status CheckBalanced(const LedgerEntry& entry);

// The most that one credit may be, and that credits may bring a kind to. Sums stay far from
// overflow.
inline constexpr std::int64_t kMaxAmount = 1'000'000'000'000'000;

struct LedgerQuery {
  absl::Time from = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
  std::int64_t offset = 0;
  std::int64_t limit = 20;
};
struct LedgerPage {
  std::int64_t total = 0;
  std::vector<LedgerEntry> entries = {};  // newest first
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BILLING_LEDGER_H_
