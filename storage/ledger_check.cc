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
    "SELECT id, kind, type, amount, expires, refunded, is_spent, reference, created "
    "FROM payment_grant "
    "WHERE account = $1";
constexpr char kPurchases[] = CERTWRIGHT_PURCHASE_COLUMNS "WHERE account = $1 ORDER BY entry";
constexpr char kWithBooks[] =
    "SELECT account FROM ledger_entry UNION SELECT account FROM payment_grant "
    "UNION SELECT account FROM purchase";
constexpr char kCountKind[] = "SELECT COUNT(*) FROM ledger_entry WHERE account = $1 AND kind = $2";

// What an entry moved, by book.
using Moved = std::map<Book, std::int64_t>;

struct OrderEntry {
  EntryKind kind = EntryKind::kPurchase;
  std::string deal_id = {};
  std::string certificate = {};
  std::string detail = {};
  absl::Time time = {};
  Moved moved = {};
};

// Of what gave a grant.
struct Given {
  std::string reference = {};
  absl::Time time = {};
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
    if (!entry.detail.empty() && entry.kind != EntryKind::kPurchase) {
      given_[entry.detail] = {entry.reference, entry.time};
    }
    if (entry.kind == EntryKind::kPackageRefund) taken_back_.insert(entry.postings.at(1).grant);
    if (entry.kind == EntryKind::kPurchase || entry.kind == EntryKind::kRefund) {
      moved_[entry.sequence] = {entry.kind,   entry.deal_id, entry.certificate.value,
                                entry.detail, entry.time,    std::move(moved)};
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
          const auto entry = given_.find(GrantDetail(grant));
          const bool is_whole = entry != given_.end() && entry->second.reference == row.Bytes(7) &&
                                entry->second.time == row.Time(8) &&
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
  absl::Status CheckMoved(std::int64_t sequence, EntryKind kind, const Purchase& order,
                          const Moved& expected) {
    const auto found = moved_.find(sequence);
    const bool is_refund = kind == EntryKind::kRefund;
    if (found == moved_.end() || found->second.kind != kind ||
        found->second.deal_id != order.deal_id ||
        found->second.certificate != order.certificate.value) {
      return Wrong(sequence, absl::StrCat("it is not the ", EntryKindText(kind), " of one order"));
    }
    const OrderEntry& entry = found->second;
    const bool is_as_said = entry.time == (is_refund ? order.refunded : order.created) &&
                            // Entries of the first days have no detail.
                            (entry.detail.empty() || entry.detail == PurchaseDetail(order));
    if (!is_as_said) return Wrong(sequence, "its order is not as it says");
    for (const auto& [book, amount] : expected) {
      if (found->second.moved[book] != amount) {
        return Wrong(sequence, absl::StrCat("it moved other ", BookText(book), " than its order"));
      }
    }
    moved_.erase(found);
    return absl::OkStatus();
  }

  absl::Status CheckOrder(const Purchase& order) {
    if (order.price != order.discount + order.voucher + order.gift_card + order.cash) {
      return Wrong(order.entry, "its order's parts are not its price");
    }
    if (order.currency != currency_) return Wrong(order.entry, "its order has another currency");
    ++summary_.purchases;
    RETURN_IF_ERROR(CheckMoved(order.entry, EntryKind::kPurchase, order,
                               {{Book::kVoucher, -order.voucher},
                                {Book::kGiftCard, -order.gift_card},
                                {Book::kCash, -order.cash},
                                {Book::kPoints, -order.points}}));
    if (!order.refund_entry) return absl::OkStatus();
    ++summary_.refunds;
    return CheckMoved(*order.refund_entry, EntryKind::kRefund, order,
                      {{Book::kVoucher, 0},
                       {Book::kGiftCard, order.gift_card},
                       {Book::kCash, order.cash},
                       {Book::kPoints, order.points}});
  }

  absl::Status CheckPurchases() {
    return connection_.Run(kPurchases, {Value::Integer(account_.value)},
                           [&](const Row& row) { return CheckOrder(ReadPurchase(row, account_)); });
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
  std::map<std::string, Given> given_;  // by the grant's detail
  std::set<std::int64_t> taken_back_;   // packages
};

}  // namespace

absl::StatusOr<std::vector<AccountId>> AccountsWithBooks(Connection& connection) {
  std::vector<AccountId> accounts;
  RETURN_IF_ERROR(connection.Run(kWithBooks, {}, [&](const Row& row) {
    accounts.push_back({row.Integer(0)});
    return absl::OkStatus();
  }));
  return accounts;
}

absl::Status CheckLedger(Connection& connection, AccountId account, LedgerSummary& summary) {
  return Checker(connection, account, summary).Run();
}

}  // namespace certwright
