#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/status_macros.h"
#include "storage/certificate_row.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kDeleteTags[] =
    "DELETE FROM certificate_tag WHERE account = $1 AND certificate = $2";
constexpr char kInsertTag[] =
    "INSERT INTO certificate_tag (account, certificate, tag_key, tag_value) "
    "VALUES ($1, $2, $3, $4)";
// By the unique id, which is random: an account's own are few beside all.
constexpr char kDelete[] = "DELETE FROM certificate WHERE id = $2 AND account = $1";
constexpr char kDeleteBody[] =
    "DELETE FROM certificate_body WHERE account = $1 AND certificate = $2";
constexpr char kDeleteKey[] = "DELETE FROM key_material WHERE account = $1 AND certificate = $2";
constexpr char kDeleteJobs[] = "DELETE FROM job WHERE account = $1 AND certificate = $2";

constexpr char kFindQuotaUse[] =
    "SELECT package_type, status, registrable_domain FROM certificate "
    "WHERE id = $2 AND account = $1";

bool FillsQuota(const std::optional<int>& package_type, CertificateStatus status) {
  return package_type == kFreePackageType &&
         std::find(std::begin(kQuotaStatuses), std::end(kQuotaStatuses), status) !=
             std::end(kQuotaStatuses);
}

std::string FindSql() {
  return absl::StrCat("SELECT ", kCertificateColumns,
                      " FROM certificate WHERE id = $2 AND account = $1");
}

std::string InsertSql() {
  std::string sql = absl::StrCat("INSERT INTO certificate (", kCertificateColumns,
                                 ", registrable_domain) VALUES (");
  for (int i = 1; i <= kCertificateColumnCount; ++i) absl::StrAppend(&sql, "$", i, ", ");
  return absl::StrCat(sql, "$", kCertificateColumnCount + 1, ")");
}

// All columns but what never changes: account, sequence, id, inserted.
std::string UpdateSql() {
  std::string sets;
  int number = 0;
  for (absl::string_view column : absl::StrSplit(kCertificateColumns, ',')) {
    column = absl::StripAsciiWhitespace(column);
    ++number;
    if (column == "account" || column == "sequence" || column == "id" || column == "inserted") {
      continue;
    }
    absl::StrAppend(&sets, sets.empty() ? "" : ", ", column, " = $", number);
  }
  return absl::StrCat("UPDATE certificate SET ", sets, " WHERE id = $3 AND account = $1");
}

}  // namespace

absl::StatusOr<std::optional<Certificate>> SqlTransaction::FindCertificate(
    AccountId account, const CertificateId& id) {
  static const std::string sql = FindSql();
  std::optional<Certificate> found;
  RETURN_IF_ERROR(
      connection_.Run(sql, {Value::Integer(account.value), Value::Text(id.value)},
                      [&](const Row& row) { return ReadCertificate(row, found.emplace()); }));
  return found;
}

absl::Status SqlTransaction::InsertCertificate(Certificate& certificate,
                                               absl::string_view registrable_domain) {
  static const std::string sql = InsertSql();
  ASSIGN_OR_RETURN(certificate.sequence, Count(certificate.account, "certificate_sequence", 1));
  const QuotaUse use = {
      .is_counted = FillsQuota(certificate.package_type, certificate.status),
      .registrable_domain = std::string(registrable_domain.data(), registrable_domain.size())};
  Values values = CertificateValues(certificate);
  values.push_back(Value::Text(registrable_domain));
  // Counted once it is there: a caller may go on after a taken id.
  RETURN_IF_ERROR(connection_.Run(sql, values));
  RETURN_IF_ERROR(Count(certificate.account, "certificates", 1).status());
  RETURN_IF_ERROR(CountQuotaUse(certificate.account, use, 1));
  return PutTags(certificate);
}

absl::Status SqlTransaction::UpdateCertificate(const Certificate& certificate) {
  static const std::string sql = UpdateSql();
  ASSIGN_OR_RETURN(std::optional<QuotaUse> use, FindQuotaUse(certificate.account, certificate.id));
  if (!use) return absl::NotFoundError("the certificate to update is not there");
  const bool is_counted = FillsQuota(certificate.package_type, certificate.status);
  if (is_counted != use->is_counted) {
    use->is_counted = true;
    RETURN_IF_ERROR(CountQuotaUse(certificate.account, *use, is_counted ? 1 : -1));
  }
  RETURN_IF_ERROR(connection_.Run(sql, CertificateValues(certificate)));
  const Values key = {Value::Integer(certificate.account.value), Value::Text(certificate.id.value)};
  RETURN_IF_ERROR(connection_.Run(kDeleteTags, key));
  return PutTags(certificate);
}

absl::Status SqlTransaction::PutTags(const Certificate& certificate) {
  for (const Tag& tag : certificate.tags) {
    RETURN_IF_ERROR(connection_.Run(
        kInsertTag, {Value::Integer(certificate.account.value), Value::Text(certificate.id.value),
                     Value::Text(tag.key), Value::Text(tag.value)}));
  }
  return absl::OkStatus();
}

absl::Status SqlTransaction::DeleteCertificate(AccountId account, const CertificateId& id) {
  ASSIGN_OR_RETURN(const std::optional<QuotaUse> use, FindQuotaUse(account, id));
  if (!use) return absl::OkStatus();
  RETURN_IF_ERROR(CountQuotaUse(account, *use, -1));
  const Values key = {Value::Integer(account.value), Value::Text(id.value)};
  for (const char* sql : {kDelete, kDeleteTags, kDeleteBody, kDeleteKey, kDeleteJobs}) {
    RETURN_IF_ERROR(connection_.Run(sql, key));
  }
  RETURN_IF_ERROR(DeletePaper(account, id));
  RETURN_IF_ERROR(DeleteZoneRecords(account, id));
  RETURN_IF_ERROR(DeleteBindTasks(account, id, absl::InfiniteFuture()));
  return Count(account, "certificates", -1).status();
}

std::string FreeUnder(absl::string_view registrable_domain) {
  return absl::StrCat("free/", registrable_domain);
}

absl::StatusOr<std::optional<QuotaUse>> SqlTransaction::FindQuotaUse(AccountId account,
                                                                     const CertificateId& id) {
  std::optional<QuotaUse> found;
  RETURN_IF_ERROR(connection_.Run(
      kFindQuotaUse, {Value::Integer(account.value), Value::Text(id.value)}, [&](const Row& row) {
        std::optional<int> package_type;
        if (!row.IsNull(0)) package_type = static_cast<int>(row.Integer(0));
        const auto status = static_cast<CertificateStatus>(row.Integer(1));
        found = QuotaUse{.is_counted = FillsQuota(package_type, status),
                         .registrable_domain = row.Bytes(2)};
        return absl::OkStatus();
      }));
  return found;
}

absl::Status SqlTransaction::CountQuotaUse(AccountId account, const QuotaUse& use,
                                           std::int64_t by) {
  if (!use.is_counted) return absl::OkStatus();
  RETURN_IF_ERROR(Count(account, "free", by).status());
  return Count(account, FreeUnder(use.registrable_domain), by).status();
}

}  // namespace certwright
