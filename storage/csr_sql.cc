// CSR records and their keys.
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "storage/certificate_row.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kFind[] =
    "SELECT id, status, domain, organization, department, email, province, city, country, "
    "encrypt_algo, key_parameter, remarks, tags, created FROM csr WHERE account = $1 AND id = $2";
constexpr char kList[] =
    "SELECT id, status, domain, organization, department, email, province, city, country, "
    "encrypt_algo, key_parameter, remarks, tags, created FROM csr WHERE account = $1 "
    "AND ($2 = '' OR domain LIKE $2 ESCAPE '\\') AND ($3 = '' OR encrypt_algo = $3) "
    "ORDER BY id DESC LIMIT $4 OFFSET $5";
constexpr char kCountMatches[] =
    "SELECT COUNT(*) FROM csr WHERE account = $1 "
    "AND ($2 = '' OR domain LIKE $2 ESCAPE '\\') AND ($3 = '' OR encrypt_algo = $3)";
constexpr char kInsert[] =
    "INSERT INTO csr (account, id, status, domain, organization, department, email, province, "
    "city, country, encrypt_algo, key_parameter, remarks, tags, created) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
constexpr char kUpdate[] =
    "UPDATE csr SET status = $3, domain = $4, organization = $5, department = $6, email = $7, "
    "province = $8, city = $9, country = $10, encrypt_algo = $11, key_parameter = $12, "
    "remarks = $13, tags = $14 WHERE account = $1 AND id = $2";
constexpr char kDelete[] = "DELETE FROM csr WHERE account = $1 AND id = $2 RETURNING id";
constexpr char kFindMaterial[] =
    "SELECT csr_der, private_key, key_password FROM csr_material WHERE account = $1 AND csr = $2";
constexpr char kPutMaterial[] =
    "INSERT INTO csr_material (account, csr, csr_der, private_key, key_password) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, csr) DO UPDATE SET "
    "csr_der = excluded.csr_der, private_key = excluded.private_key, "
    "key_password = excluded.key_password";
constexpr char kDeleteMaterial[] = "DELETE FROM csr_material WHERE account = $1 AND csr = $2";

// Of all accounts: whom an id belongs to is then never a matter of who asks.
constexpr AccountId kNobody = {0};
constexpr char kLastId[] = "csr_sequence";
constexpr char kRecords[] = "csrs";

std::string PlaceOf(AccountId account, CsrId id, absl::string_view column) {
  return absl::StrCat("csr_material/", account.value, "/", id.value, "/", column);
}

absl::Status ReadRecord(const Row& row, AccountId account, CsrRecord& record) {
  record.account = account;
  record.id = {row.Integer(0)};
  record.status = static_cast<CsrStatus>(row.Integer(1));
  record.subject = {.domain = row.Bytes(2),
                    .organization = row.Bytes(3),
                    .department = row.Bytes(4),
                    .email = row.Bytes(5),
                    .province = row.Bytes(6),
                    .city = row.Bytes(7),
                    .country = row.Bytes(8)};
  record.encrypt_algo = row.Bytes(9);
  record.key_parameter = row.Bytes(10);
  record.remarks = row.Bytes(11);
  record.created = row.Time(13);
  return ReadTags(row.Bytes(12), record.tags);
}

// As far as kInsert and kUpdate agree.
Values ValuesOf(const CsrRecord& record) {
  const CsrSubject& subject = record.subject;
  return {Value::Integer(record.account.value),
          Value::Integer(record.id.value),
          Value::Integer(static_cast<std::int64_t>(record.status)),
          Value::Text(subject.domain),
          Value::Text(subject.organization),
          Value::Text(subject.department),
          Value::Text(subject.email),
          Value::Text(subject.province),
          Value::Text(subject.city),
          Value::Text(subject.country),
          Value::Text(record.encrypt_algo),
          Value::Text(record.key_parameter),
          Value::Text(record.remarks),
          Value::Text(WriteTags(record.tags))};
}

}  // namespace

absl::StatusOr<std::optional<CsrRecord>> SqlTransaction::FindCsr(AccountId account, CsrId id) {
  std::optional<CsrRecord> found;
  RETURN_IF_ERROR(
      connection_.Run(kFind, {Value::Integer(account.value), Value::Integer(id.value)},
                      [&](const Row& row) { return ReadRecord(row, account, found.emplace()); }));
  return found;
}

absl::StatusOr<CsrMaterial> SqlTransaction::FindCsrMaterial(AccountId account, CsrId id) {
  CsrMaterial material;
  RETURN_IF_ERROR(connection_.Run(
      kFindMaterial, {Value::Integer(account.value), Value::Integer(id.value)},
      [&](const Row& row) -> absl::Status {
        material.csr_der = row.Bytes(0);
        ASSIGN_OR_RETURN(material.private_key_pem,
                         sealer_.Open(PlaceOf(account, id, "private_key"), row.Bytes(1)));
        ASSIGN_OR_RETURN(material.key_password,
                         sealer_.Open(PlaceOf(account, id, "key_password"), row.Bytes(2)));
        return absl::OkStatus();
      }));
  return material;
}

absl::StatusOr<CsrPage> SqlTransaction::ListCsrs(AccountId account, const CsrQuery& query) {
  const std::string pattern = query.domain.empty() ? "" : LikePattern(query.domain);
  Values values = {Value::Integer(account.value), Value::Text(pattern),
                   Value::Text(query.encrypt_algo)};
  CsrPage page;
  if (pattern.empty() && query.encrypt_algo.empty()) {
    ASSIGN_OR_RETURN(page.total, FindCount(account, kRecords));
  } else {
    ASSIGN_OR_RETURN(page.total, QueryInteger(kCountMatches, values));
  }
  if (query.offset >= page.total) return page;
  values.push_back(Value::Integer(query.limit));
  values.push_back(Value::Integer(query.offset));
  RETURN_IF_ERROR(connection_.Run(kList, values, [&](const Row& row) {
    return ReadRecord(row, account, page.records.emplace_back());
  }));
  return page;
}

absl::Status SqlTransaction::InsertCsr(CsrRecord& record, const CsrMaterial& material) {
  ASSIGN_OR_RETURN(record.id.value, Count(kNobody, kLastId, 1));
  Values values = ValuesOf(record);
  values.push_back(Value::Time(record.created));
  RETURN_IF_ERROR(connection_.Run(kInsert, values));
  RETURN_IF_ERROR(Count(record.account, kRecords, 1).status());
  return PutCsrMaterial(record, material);
}

absl::Status SqlTransaction::UpdateCsr(const CsrRecord& record, const CsrMaterial& material) {
  RETURN_IF_ERROR(connection_.Run(kUpdate, ValuesOf(record)));
  return PutCsrMaterial(record, material);
}

absl::Status SqlTransaction::PutCsrMaterial(const CsrRecord& record, const CsrMaterial& material) {
  const AccountId account = record.account;
  const CsrId id = record.id;
  return connection_.Run(
      kPutMaterial,
      {Value::Integer(account.value), Value::Integer(id.value), Value::Blob(material.csr_der),
       Value::Blob(sealer_.Seal(PlaceOf(account, id, "private_key"), material.private_key_pem)),
       Value::Blob(sealer_.Seal(PlaceOf(account, id, "key_password"), material.key_password))});
}

absl::StatusOr<bool> SqlTransaction::DeleteCsr(AccountId account, CsrId id) {
  const Values key = {Value::Integer(account.value), Value::Integer(id.value)};
  bool was_there = false;
  RETURN_IF_ERROR(connection_.Run(kDelete, key, [&](const Row&) {
    was_there = true;
    return absl::OkStatus();
  }));
  if (!was_there) return false;
  RETURN_IF_ERROR(connection_.Run(kDeleteMaterial, key));
  RETURN_IF_ERROR(Count(account, kRecords, -1).status());
  return true;
}

}  // namespace certwright
