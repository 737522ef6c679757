#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

// A grant's kind is the number of its book.
#define CERTWRIGHT_GRANT_COLUMNS                                                               \
  "SELECT g.id, g.kind, g.type, g.amount, g.expires, g.reference, g.created, g.refunded, "     \
  "p.balance, e.time FROM payment_grant g "                                                    \
  "LEFT JOIN ledger_posting p ON p.account = g.account AND p.book = g.kind "                   \
  "AND p.payment_grant = g.id AND p.sequence = (SELECT MAX(q.sequence) FROM ledger_posting q " \
  "WHERE q.account = g.account AND q.book = g.kind AND q.payment_grant = g.id) "               \
  "LEFT JOIN ledger_entry e ON e.account = p.account AND e.sequence = p.sequence "

constexpr char kListGrants[] =
    CERTWRIGHT_GRANT_COLUMNS "WHERE g.account = $1 AND g.kind = $2 ORDER BY g.id";
constexpr char kListLeft[] = CERTWRIGHT_GRANT_COLUMNS
    "WHERE g.account = $1 AND g.kind = $2 AND g.is_spent = 0 ORDER BY g.id";
constexpr char kFindDiscount[] = CERTWRIGHT_GRANT_COLUMNS
    "WHERE g.account = $1 AND g.kind = 0 AND (g.expires IS NULL OR g.expires > $2) "
    "ORDER BY g.id DESC LIMIT 1";
constexpr char kFindGrant[] = CERTWRIGHT_GRANT_COLUMNS "WHERE g.account = $1 AND g.id = $2";
constexpr char kInsertGrant[] =
    "INSERT INTO payment_grant (account, id, kind, type, amount, expires, reference, created) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr char kMarkGrantRefunded[] =
    "UPDATE payment_grant SET refunded = $3 WHERE account = $1 AND id = $2 AND refunded IS NULL";

constexpr char kFindPurchase[] =
    CERTWRIGHT_PURCHASE_COLUMNS "WHERE account = $1 AND certificate = $2";
constexpr char kInsertPurchase[] =
    "INSERT INTO purchase (account, deal_id, certificate, product, domains, years, currency, "
    "price, discount, voucher, gift_card, cash, points, package, entry, created) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
constexpr char kMarkRefunded[] =
    "UPDATE purchase SET refund_entry = $3, refunded = $4 "
    "WHERE account = $1 AND deal_id = $2 AND refund_entry IS NULL RETURNING deal_id";

constexpr char kMarkRefundDue[] =
    "UPDATE purchase SET is_refund_due = 1 WHERE account = $1 AND deal_id = $2";

constexpr char kFindRepetition[] =
    "SELECT token, asked, answer, created FROM repetition WHERE account = $1 AND token = $2";
constexpr char kInsertRepetition[] =
    "INSERT INTO repetition (account, token, asked, answer, created) VALUES ($1, $2, $3, $4, $5)";
constexpr char kForgetRepetitions[] = "DELETE FROM repetition WHERE account = $1 AND created <= $2";

// Over all accounts: the number of another's grant is never one's own too.
constexpr char kGrants[] = "payment_grants";

Grant ReadGrant(const Row& row, AccountId account) {
  const absl::Time created = row.Time(6);
  return {.account = account,
          .id = row.Integer(0),
          .kind = static_cast<GrantKind>(row.Integer(1)),
          .type = row.Bytes(2),
          .amount = row.Integer(3),
          .balance = row.IsNull(8) ? 0 : row.Integer(8),
          .expires = row.OptionalTime(4),
          .reference = row.Bytes(5),
          .created = created,
          .changed = row.OptionalTime(9).value_or(created),
          .refunded = row.OptionalTime(7)};
}

// " AND column IN ($n, …)" for each value; "" for none.
template <typename T, typename Text>
std::string Among(absl::string_view column, const std::vector<T>& values, Text text,
                  Values& parameters) {
  if (values.empty()) return "";
  std::string sql = absl::StrCat(" AND ", column, " IN (");
  for (const T& value : values) {
    parameters.push_back(Value::Text(text(value)));
    absl::StrAppend(&sql, sql.back() == '(' ? "$" : ", $", parameters.size());
  }
  return sql + ")";
}

}  // namespace

Purchase ReadPurchase(const Row& row, AccountId account) {
  Purchase purchase = {.account = account,
                       .deal_id = row.Bytes(0),
                       .certificate = {row.Bytes(1)},
                       .product = static_cast<int>(row.Integer(2)),
                       .domains = static_cast<int>(row.Integer(3)),
                       .years = static_cast<int>(row.Integer(4)),
                       .currency = row.Bytes(5),
                       .price = row.Integer(6),
                       .discount = row.Integer(7),
                       .voucher = row.Integer(8),
                       .gift_card = row.Integer(9),
                       .cash = row.Integer(10),
                       .points = row.Integer(11),
                       .package = row.Integer(12),
                       .entry = row.Integer(13),
                       .created = row.Time(14),
                       .refunded = row.OptionalTime(16),
                       .is_refund_due = row.Bool(17)};
  if (!row.IsNull(15)) purchase.refund_entry = row.Integer(15);
  return purchase;
}

absl::StatusOr<std::vector<Grant>> SqlTransaction::ListGrants(AccountId account, GrantKind kind,
                                                              bool only_left) {
  std::vector<Grant> grants;
  RETURN_IF_ERROR(connection_.Run(
      only_left ? kListLeft : kListGrants,
      {Value::Integer(account.value), Value::Integer(static_cast<std::int64_t>(kind))},
      [&](const Row& row) {
        grants.push_back(ReadGrant(row, account));
        return absl::OkStatus();
      }));
  return grants;
}

absl::StatusOr<std::optional<Grant>> SqlTransaction::FindDiscount(AccountId account,
                                                                  absl::Time now) {
  std::optional<Grant> found;
  RETURN_IF_ERROR(connection_.Run(kFindDiscount, {Value::Integer(account.value), Value::Time(now)},
                                  [&](const Row& row) {
                                    found = ReadGrant(row, account);
                                    return absl::OkStatus();
                                  }));
  return found;
}

absl::StatusOr<std::optional<Grant>> SqlTransaction::FindGrant(AccountId account, std::int64_t id) {
  std::optional<Grant> found;
  RETURN_IF_ERROR(connection_.Run(kFindGrant, {Value::Integer(account.value), Value::Integer(id)},
                                  [&](const Row& row) {
                                    found = ReadGrant(row, account);
                                    return absl::OkStatus();
                                  }));
  return found;
}

absl::Status SqlTransaction::InsertGrant(Grant& grant) {
  ASSIGN_OR_RETURN(grant.id, Count(AccountId(), kGrants, 1));
  return connection_.Run(
      kInsertGrant, {Value::Integer(grant.account.value), Value::Integer(grant.id),
                     Value::Integer(static_cast<std::int64_t>(grant.kind)), Value::Text(grant.type),
                     Value::Integer(grant.amount), Value::Time(grant.expires),
                     Value::Text(grant.reference), Value::Time(grant.created)});
}

absl::Status SqlTransaction::MarkGrantRefunded(AccountId account, std::int64_t id, absl::Time now) {
  return connection_.Run(kMarkGrantRefunded,
                         {Value::Integer(account.value), Value::Integer(id), Value::Time(now)});
}

absl::StatusOr<std::optional<Purchase>> SqlTransaction::FindPurchase(AccountId account,
                                                                     const CertificateId& id) {
  std::optional<Purchase> found;
  RETURN_IF_ERROR(connection_.Run(
      kFindPurchase, {Value::Integer(account.value), Value::Text(id.value)}, [&](const Row& row) {
        found = ReadPurchase(row, account);
        return absl::OkStatus();
      }));
  return found;
}

absl::StatusOr<PurchasePage> SqlTransaction::ListPurchases(AccountId account,
                                                           const PurchaseQuery& query) {
  Values values = {Value::Integer(account.value)};
  std::string where = "WHERE account = $1";
  where += Among(
      "certificate", query.certificates, [](const CertificateId& id) { return id.value; }, values);
  where += Among(
      "deal_id", query.deal_ids, [](const std::string& deal_id) { return deal_id; }, values);
  PurchasePage page;
  ASSIGN_OR_RETURN(page.total,
                   QueryInteger(absl::StrCat("SELECT COUNT(*) FROM purchase ", where), values));
  values.push_back(Value::Integer(query.limit));
  values.push_back(Value::Integer(query.offset));
  const std::string sql =
      absl::StrCat(CERTWRIGHT_PURCHASE_COLUMNS, where, " ORDER BY entry DESC LIMIT $",
                   values.size() - 1, " OFFSET $", values.size());
  RETURN_IF_ERROR(connection_.Run(sql, values, [&](const Row& row) {
    page.purchases.push_back(ReadPurchase(row, account));
    return absl::OkStatus();
  }));
  return page;
}

absl::Status SqlTransaction::InsertPurchase(const Purchase& purchase) {
  const auto number = [](std::int64_t value) { return Value::Integer(value); };
  return connection_.Run(
      kInsertPurchase,
      {number(purchase.account.value), Value::Text(purchase.deal_id),
       Value::Text(purchase.certificate.value), number(purchase.product), number(purchase.domains),
       number(purchase.years), Value::Text(purchase.currency), number(purchase.price),
       number(purchase.discount), number(purchase.voucher), number(purchase.gift_card),
       number(purchase.cash), number(purchase.points), number(purchase.package),
       number(purchase.entry), Value::Time(purchase.created)});
}

absl::Status SqlTransaction::MarkPurchaseRefunded(const Purchase& purchase) {
  bool is_marked = false;
  RETURN_IF_ERROR(connection_.Run(
      kMarkRefunded,
      {Value::Integer(purchase.account.value), Value::Text(purchase.deal_id),
       Value::Integer(purchase.refund_entry.value_or(0)), Value::Time(purchase.refunded)},
      [&](const Row&) {
        is_marked = true;
        return absl::OkStatus();
      }));
  if (is_marked) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the order ", purchase.deal_id, " was refunded before"));
}

absl::Status SqlTransaction::MarkRefundDue(const Purchase& purchase) {
  return connection_.Run(kMarkRefundDue,
                         {Value::Integer(purchase.account.value), Value::Text(purchase.deal_id)});
}

absl::StatusOr<std::optional<Repetition>> SqlTransaction::FindRepetition(AccountId account,
                                                                         absl::string_view token) {
  std::optional<Repetition> found;
  RETURN_IF_ERROR(connection_.Run(
      kFindRepetition, {Value::Integer(account.value), Value::Text(token)}, [&](const Row& row) {
        found = {.token = row.Bytes(0),
                 .asked = row.Bytes(1),
                 .answer = row.Bytes(2),
                 .created = row.Time(3)};
        return absl::OkStatus();
      }));
  return found;
}

absl::Status SqlTransaction::InsertRepetition(AccountId account, const Repetition& repetition,
                                              absl::Time oldest) {
  RETURN_IF_ERROR(
      connection_.Run(kForgetRepetitions, {Value::Integer(account.value), Value::Time(oldest)}));
  return connection_.Run(
      kInsertRepetition,
      {Value::Integer(account.value), Value::Text(repetition.token), Value::Blob(repetition.asked),
       Value::Text(repetition.answer), Value::Time(repetition.created)});
}

}  // namespace certwright
