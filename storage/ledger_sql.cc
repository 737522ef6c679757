#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kLast[] =
    "SELECT sequence, currency, hash FROM ledger_entry WHERE account = $1 "
    "ORDER BY sequence DESC LIMIT 1";
constexpr char kInsertEntry[] =
    "INSERT INTO ledger_entry (account, sequence, kind, currency, certificate, deal_id, actor, "
    "reference, time, hash, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
constexpr char kInsertPosting[] =
    "INSERT INTO ledger_posting (account, sequence, position, book, payment_grant, amount, balance)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)";
constexpr char kMarkSpent[] =
    "UPDATE payment_grant SET is_spent = $3 WHERE account = $1 AND id = $2 AND is_spent <> $3";
constexpr char kCurrency[] =
    "SELECT currency FROM ledger_entry WHERE account = $1 ORDER BY sequence DESC LIMIT 1";
constexpr char kBalance[] =
    "SELECT balance FROM ledger_posting WHERE account = $1 AND book = $2 AND payment_grant = $3 "
    "ORDER BY sequence DESC, position DESC LIMIT 1";
constexpr char kEntry[] =
    "SELECT sequence, kind, currency, certificate, deal_id, actor, reference, time, detail "
    "FROM ledger_entry WHERE account = $1 AND sequence = $2";
constexpr char kList[] =
    "SELECT sequence, kind, currency, certificate, deal_id, actor, reference, time, detail "
    "FROM ledger_entry WHERE account = $1 AND time >= $2 AND time <= $3 "
    "ORDER BY sequence DESC LIMIT $4 OFFSET $5";
constexpr char kCountWithin[] =
    "SELECT COUNT(*) FROM ledger_entry WHERE account = $1 AND time >= $2 AND time <= $3";
constexpr char kPostings[] =
    "SELECT book, payment_grant, amount, balance FROM ledger_posting "
    "WHERE account = $1 AND sequence = $2 ORDER BY position";

absl::Status Broken(const LedgerEntry& entry, absl::string_view what) {
  return absl::InternalError(absl::StrCat("ledger of ", entry.account.value, ", entry ",
                                          entry.sequence, " (", EntryKindText(entry.kind),
                                          "): ", what));
}

}  // namespace

LedgerEntry ReadLedgerEntry(const Row& row, AccountId account) {
  return {.account = account,
          .sequence = row.Integer(0),
          .kind = static_cast<EntryKind>(row.Integer(1)),
          .currency = row.Bytes(2),
          .certificate = {row.Bytes(3)},
          .deal_id = row.Bytes(4),
          .actor = row.Bytes(5),
          .reference = row.Bytes(6),
          .detail = row.Bytes(8),
          .time = row.Time(7)};
}

absl::Status ReadPostings(Connection& connection, LedgerEntry& entry) {
  return connection.Run(kPostings,
                        {Value::Integer(entry.account.value), Value::Integer(entry.sequence)},
                        [&](const Row& row) {
                          entry.postings.push_back({.book = static_cast<Book>(row.Integer(0)),
                                                    .grant = row.Integer(1),
                                                    .amount = row.Integer(2),
                                                    .balance = row.Integer(3)});
                          return absl::OkStatus();
                        });
}

std::string LedgerHash(absl::string_view previous, const LedgerEntry& entry) {
  std::string text(previous);
  const auto add = [&text](absl::string_view member) {
    absl::StrAppend(&text, member.size(), ":", member);
  };
  add(absl::StrCat(entry.account.value, " ", entry.sequence, " ", static_cast<int>(entry.kind), " ",
                   absl::ToUnixMicros(entry.time)));
  for (const std::string* const member : {&entry.currency, &entry.certificate.value, &entry.deal_id,
                                          &entry.actor, &entry.reference, &entry.detail}) {
    add(*member);
  }
  for (const Posting& posting : entry.postings) {
    add(absl::StrCat(static_cast<int>(posting.book), " ", posting.grant, " ", posting.amount, " ",
                     posting.balance));
  }
  return Sha256(text);
}

absl::StatusOr<std::int64_t> SqlTransaction::FindBalance(AccountId account, Book book,
                                                         std::int64_t grant) {
  return QueryInteger(
      kBalance, {Value::Integer(account.value), Value::Integer(static_cast<std::int64_t>(book)),
                 Value::Integer(grant)});
}

absl::StatusOr<std::optional<LedgerEntry>> SqlTransaction::FindLedgerEntry(AccountId account,
                                                                           std::int64_t sequence) {
  std::optional<LedgerEntry> found;
  RETURN_IF_ERROR(connection_.Run(kEntry, {Value::Integer(account.value), Value::Integer(sequence)},
                                  [&](const Row& row) {
                                    found = ReadLedgerEntry(row, account);
                                    return absl::OkStatus();
                                  }));
  if (!found) return found;
  RETURN_IF_ERROR(ReadPostings(connection_, *found));
  return found;
}

absl::StatusOr<std::string> SqlTransaction::FindCurrency(AccountId account) {
  std::string currency;
  RETURN_IF_ERROR(connection_.Run(kCurrency, {Value::Integer(account.value)}, [&](const Row& row) {
    currency = row.Bytes(0);
    return absl::OkStatus();
  }));
  return currency;
}

absl::StatusOr<LedgerPage> SqlTransaction::ListLedger(AccountId account, const LedgerQuery& query) {
  const Values span = {Value::Integer(account.value), Value::Time(query.from),
                       Value::Time(query.until)};
  LedgerPage page;
  ASSIGN_OR_RETURN(page.total, QueryInteger(kCountWithin, span));
  Values values = span;
  values.push_back(Value::Integer(query.limit));
  values.push_back(Value::Integer(query.offset));
  RETURN_IF_ERROR(connection_.Run(kList, values, [&](const Row& row) {
    page.entries.push_back(ReadLedgerEntry(row, account));
    return absl::OkStatus();
  }));
  for (LedgerEntry& entry : page.entries) {
    RETURN_IF_ERROR(ReadPostings(connection_, entry));
  }
  return page;
}

absl::Status SqlTransaction::AppendLedger(LedgerEntry& entry) {
  std::string previous;
  entry.sequence = 1;
  RETURN_IF_ERROR(
      connection_.Run(kLast, {Value::Integer(entry.account.value)}, [&](const Row& row) {
        entry.sequence = row.Integer(0) + 1;
        previous = row.Bytes(2);
        const std::string currency = row.Bytes(1);
        if (currency == entry.currency) return absl::OkStatus();
        return Broken(entry, absl::StrCat("the account's books are in ", currency, ", not in ",
                                          entry.currency));
      }));
  RETURN_IF_ERROR(CheckBalanced(entry));
  RETURN_IF_ERROR(Count(entry.account, kLedgerCounter, 1).status());
  std::int64_t position = 0;
  for (Posting& posting : entry.postings) {
    ASSIGN_OR_RETURN(const std::int64_t before,
                     FindBalance(entry.account, posting.book, posting.grant));
    posting.balance = before + posting.amount;
    if (IsHeld(posting.book) && posting.balance < 0) return Broken(entry, "less than nothing left");
    RETURN_IF_ERROR(connection_.Run(
        kInsertPosting,
        {Value::Integer(entry.account.value), Value::Integer(entry.sequence),
         Value::Integer(position++), Value::Integer(static_cast<std::int64_t>(posting.book)),
         Value::Integer(posting.grant), Value::Integer(posting.amount),
         Value::Integer(posting.balance)}));
    if (posting.grant == 0) continue;
    RETURN_IF_ERROR(connection_.Run(
        kMarkSpent, {Value::Integer(entry.account.value), Value::Integer(posting.grant),
                     Value::Bool(posting.balance == 0)}));
  }
  return connection_.Run(
      kInsertEntry,
      {Value::Integer(entry.account.value), Value::Integer(entry.sequence),
       Value::Integer(static_cast<std::int64_t>(entry.kind)), Value::Text(entry.currency),
       Value::Text(entry.certificate.value), Value::Text(entry.deal_id), Value::Text(entry.actor),
       Value::Text(entry.reference), Value::Time(entry.time),
       Value::Blob(LedgerHash(previous, entry)), Value::Text(entry.detail)});
}

}  // namespace certwright
