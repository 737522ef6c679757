#include "storage/ledger_check.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kEntries[] =
    "SELECT sequence, kind, currency, certificate, deal_id, actor, reference, time, detail, hash "
    "FROM ledger_entry WHERE account = $1 ORDER BY sequence";
constexpr char kLoose[] =
    "SELECT sequence FROM ledger_posting p WHERE account = $1 AND NOT EXISTS (SELECT 1 FROM "
    "ledger_entry e WHERE e.account = p.account AND e.sequence = p.sequence) LIMIT 1";
constexpr char kWritten[] = "SELECT value FROM counter WHERE account = $1 AND name = $2";
constexpr char kGrants[] =
    "SELECT id, kind, type, amount, expires, refunded, is_spent FROM payment_grant "
    "WHERE account = $1";
constexpr char kPurchases[] =
    "SELECT deal_id, price, discount, voucher, gift_card, cash, points, entry, refund_entry, "
    "certificate FROM purchase WHERE account = $1 ORDER BY entry";
constexpr char kCountKind[] = "SELECT COUNT(*) FROM ledger_entry WHERE account = $1 AND kind = $2";

// What an entry moved, by book.
using Moved = std::map<Book, std::int64_t>;

struct OrderEntry {
  EntryKind kind = EntryKind::kPurchase;
  std::string deal_id = {};
  std::string certificate = {};
  Moved moved = {};
};

class Checker {
 public:
  Checker(Connection& connection, AccountId account, LedgerSummary& summary)
      : connection_(connection), account_(account), summary_(summary) {}

  absl::Status Run() {
    RETURN_IF_ERROR(CheckEntries());
    RETURN_IF_ERROR(CheckNothingLoose());
    RETURN_IF_ERROR(CheckGrants());
    RETURN_IF_ERROR(CheckPurchases());
    RETURN_IF_ERROR(CheckCount(EntryKind::kPurchase, summary_.purchases));
    return CheckCount(EntryKind::kRefund, summary_.refunds);
  }

 private:
  absl::Status Wrong(std::int64_t sequence, absl::string_view what) const {
    return absl::DataLossError(
        absl::StrCat("ledger of ", account_.value, ", entry ", sequence, ": ", what));
  }

  absl::Status CheckEntries() {
    return connection_.Run(
        kEntries, {Value::Integer(account_.value)}, [&](const Row& row) -> absl::Status {
          LedgerEntry entry = ReadLedgerEntry(row, account_);
          if (entry.sequence != ++summary_.entries) {
            return Wrong(entry.sequence, "entries before it are missing");
          }
          RETURN_IF_ERROR(ReadPostings(connection_, entry));
          RETURN_IF_ERROR(CheckEntry(entry));
          summary_.head_hash = LedgerHash(summary_.head_hash, entry);
          if (summary_.head_hash == row.Bytes(9)) return absl::OkStatus();
          return Wrong(entry.sequence, "it was changed: it does not follow from the one before it");
        });
  }

  absl::Status CheckEntry(const LedgerEntry& entry) {
    if (currency_.empty()) currency_ = entry.currency;
    if (currency_ != entry.currency) return Wrong(entry.sequence, "it has another currency");
    const absl::Status balanced = CheckBalanced(entry);
    if (!balanced.ok()) return Wrong(entry.sequence, balanced.message());
    Moved moved;
    for (const Posting& posting : entry.postings) {
      std::int64_t& sum = sums_[{posting.book, posting.grant}];
      sum += posting.amount;
      moved[posting.book] += posting.amount;
      if (sum != posting.balance) return Wrong(entry.sequence, "a balance is not its book's sum");
      if (IsHeld(posting.book) && sum < 0) return Wrong(entry.sequence, "less than nothing left");
    }
    if (!entry.detail.empty()) given_.insert(entry.detail);
    if (entry.kind == EntryKind::kPackageRefund) taken_back_.insert(entry.postings.at(1).grant);
    if (entry.kind == EntryKind::kPurchase || entry.kind == EntryKind::kRefund) {
      moved_[entry.sequence] = {entry.kind, entry.deal_id, entry.certificate.value,
                                std::move(moved)};
    }
    return absl::OkStatus();
  }

  absl::Status CheckNothingLoose() {
    RETURN_IF_ERROR(
        connection_.Run(kWritten, {Value::Integer(account_.value), Value::Text(kLedgerCounter)},
                        [&](const Row& row) {
                          if (row.Integer(0) == summary_.entries) return absl::OkStatus();
                          return Wrong(summary_.entries + 1, "entries from here on are missing");
                        }));
    return connection_.Run(kLoose, {Value::Integer(account_.value)}, [&](const Row& row) {
      return Wrong(row.Integer(0), "it is missing, and its postings are there");
    });
  }

  // Every grant is as its entry gave it, and marked as its balance is.
  absl::Status CheckGrants() {
    std::size_t count = 0;
    RETURN_IF_ERROR(connection_.Run(
        kGrants, {Value::Integer(account_.value)}, [&](const Row& row) -> absl::Status {
          ++count;
          const Grant grant = {.id = row.Integer(0),
                               .kind = static_cast<GrantKind>(row.Integer(1)),
                               .type = row.Bytes(2),
                               .amount = row.Integer(3),
                               .expires = row.OptionalTime(4)};
          const bool is_discount = grant.kind == GrantKind::kDiscount;
          const std::int64_t left = is_discount ? 1 : sums_[{BookOf(grant.kind), grant.id}];
          const bool is_whole = given_.contains(GrantDetail(grant)) &&
                                taken_back_.contains(grant.id) != row.IsNull(5) &&
                                row.Bool(6) == (left == 0);
          if (is_whole) return absl::OkStatus();
          return absl::DataLossError(absl::StrCat("ledger of ", account_.value, ": grant ",
                                                  grant.id, " is not as its entry says"));
        }));
    if (count == given_.size()) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("ledger of ", account_.value, ": grants are missing"));
  }

  // Whether the entry is there once, of this kind and order, and moved just so much.
  absl::Status CheckMoved(std::int64_t sequence, EntryKind kind, const Row& order,
                          const Moved& expected) {
    const auto found = moved_.find(sequence);
    if (found == moved_.end() || found->second.kind != kind ||
        found->second.deal_id != order.Bytes(0) || found->second.certificate != order.Bytes(9)) {
      return Wrong(sequence, absl::StrCat("it is not the ", EntryKindText(kind), " of one order"));
    }
    for (const auto& [book, amount] : expected) {
      if (found->second.moved[book] != amount) {
        return Wrong(sequence, absl::StrCat("it moved other ", BookText(book), " than its order"));
      }
    }
    moved_.erase(found);
    return absl::OkStatus();
  }

  absl::Status CheckPurchases() {
    return connection_.Run(kPurchases, {Value::Integer(account_.value)},
                           [&](const Row& row) -> absl::Status {
                             const std::int64_t voucher = row.Integer(3);
                             const std::int64_t gift_card = row.Integer(4);
                             const std::int64_t cash = row.Integer(5);
                             const std::int64_t points = row.Integer(6);
                             if (row.Integer(1) != row.Integer(2) + voucher + gift_card + cash) {
                               return Wrong(row.Integer(7), "its order's parts are not its price");
                             }
                             ++summary_.purchases;
                             RETURN_IF_ERROR(CheckMoved(row.Integer(7), EntryKind::kPurchase, row,
                                                        {{Book::kVoucher, -voucher},
                                                         {Book::kGiftCard, -gift_card},
                                                         {Book::kCash, -cash},
                                                         {Book::kPoints, -points}}));
                             if (row.IsNull(8)) return absl::OkStatus();
                             ++summary_.refunds;
                             return CheckMoved(row.Integer(8), EntryKind::kRefund, row,
                                               {{Book::kVoucher, 0},
                                                {Book::kGiftCard, gift_card},
                                                {Book::kCash, cash},
                                                {Book::kPoints, points}});
                           });
  }

  // Every one of them belongs to an order.
  absl::Status CheckCount(EntryKind kind, std::int64_t expected) {
    return connection_.Run(
        kCountKind,
        {Value::Integer(account_.value), Value::Integer(static_cast<std::int64_t>(kind))},
        [&](const Row& row) {
          if (row.Integer(0) == expected) return absl::OkStatus();
          return Wrong(moved_.empty() ? 0 : moved_.begin()->first,
                       absl::StrCat("a ", EntryKindText(kind), " without an order"));
        });
  }

  Connection& connection_;
  const AccountId account_;
  LedgerSummary& summary_;
  std::string currency_;
  std::map<std::pair<Book, std::int64_t>, std::int64_t> sums_;
  std::map<std::int64_t, OrderEntry> moved_;
  std::set<std::string> given_;        // details
  std::set<std::int64_t> taken_back_;  // packages
};

}  // namespace

absl::Status CheckLedger(Connection& connection, AccountId account, LedgerSummary& summary) {
  return Checker(connection, account, summary).Run();
}

}  // namespace certwright
