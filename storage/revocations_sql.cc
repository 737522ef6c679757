// Revocations, and the links between a certificate and its reissues.
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "storage/certificate_row.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kFind[] =
    "SELECT reason, requested, deadline, records, files FROM revocation "
    "WHERE account = $1 AND certificate = $2";
constexpr char kPut[] =
    "INSERT INTO revocation (account, certificate, reason, requested, deadline, records, files) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account, certificate) DO UPDATE "
    "SET reason = excluded.reason, requested = excluded.requested, deadline = excluded.deadline, "
    "records = excluded.records, files = excluded.files";
// The last condition stands there so that the partial index fits, as do the numbers.
constexpr char kReissuesOf[] =
    " FROM certificate WHERE account = $1 AND replaced_by = $2 AND replaced_by <> '' "
    "ORDER BY sequence";
constexpr char kOpenReissue[] =
    "SELECT id FROM certificate WHERE account = $1 AND registrable_domain = $2 AND "
    "status IN (0, 4, 11) AND replaced_by <> '' LIMIT 1";
static_assert(static_cast<int>(CertificateStatus::kReviewing) == 0 &&
              static_cast<int>(CertificateStatus::kDnsRecordAdded) == 4 &&
              static_cast<int>(CertificateStatus::kReissuing) == 11);

Values KeyOf(AccountId account, const CertificateId& id) {
  return {Value::Integer(account.value), Value::Text(id.value)};
}

}  // namespace

absl::StatusOr<std::optional<Revocation>> SqlTransaction::FindRevocation(AccountId account,
                                                                         const CertificateId& id) {
  std::optional<Revocation> found;
  RETURN_IF_ERROR(connection_.Run(kFind, KeyOf(account, id), [&](const Row& row) -> absl::Status {
    found = Revocation{.certificate = id,
                       .account = account,
                       .reason = row.Bytes(0),
                       .requested = row.Time(1),
                       .deadline = row.OptionalTime(2)};
    RETURN_IF_ERROR(ReadAuthorizations(row.Bytes(3), found->records));
    return ReadAuthorizations(row.Bytes(4), found->files);
  }));
  return found;
}

absl::StatusOr<std::vector<Certificate>> SqlTransaction::ListReissues(
    AccountId account, const CertificateId& original) {
  static const std::string sql = absl::StrCat("SELECT ", kCertificateColumns, kReissuesOf);
  std::vector<Certificate> reissues;
  RETURN_IF_ERROR(connection_.Run(sql, KeyOf(account, original), [&](const Row& row) {
    return ReadCertificate(row, reissues.emplace_back());
  }));
  return reissues;
}

absl::StatusOr<std::optional<CertificateId>> SqlTransaction::FindOpenReissueUnder(
    AccountId account, absl::string_view registrable_domain) {
  std::optional<CertificateId> found;
  RETURN_IF_ERROR(connection_.Run(kOpenReissue,
                                  {Value::Integer(account.value), Value::Text(registrable_domain)},
                                  [&](const Row& row) {
                                    found = CertificateId{row.Bytes(0)};
                                    return absl::OkStatus();
                                  }));
  return found;
}

absl::Status SqlTransaction::PutRevocation(const Revocation& revocation) {
  return connection_.Run(
      kPut, {Value::Integer(revocation.account.value), Value::Text(revocation.certificate.value),
             Value::Text(revocation.reason), Value::Time(revocation.requested),
             Value::Time(revocation.deadline), Value::Text(WriteAuthorizations(revocation.records)),
             Value::Text(WriteAuthorizations(revocation.files))});
}

}  // namespace certwright
