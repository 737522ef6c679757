#include "core/status_macros.h"
#include "storage/records.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kPut[] =
    "INSERT INTO delete_task (account, id, certificate, status, error, domains, created, checked, "
    "sub_account) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account, id) DO UPDATE "
    "SET "
    "status = excluded.status, error = excluded.error, domains = excluded.domains, "
    "checked = excluded.checked";
constexpr char kFind[] =
    "SELECT account, id, certificate, status, error, domains, created, checked, sub_account "
    "FROM delete_task WHERE account = $1 AND id = $2";
// The number stands in the text so that the partial index fits.
constexpr char kFindRunning[] =
    "SELECT account, id, certificate, status, error, domains, created, checked, sub_account "
    "FROM delete_task WHERE account = $1 AND certificate = $2 AND status = 0";
static_assert(static_cast<int>(DeleteTaskStatus::kRunning) == 0);

}  // namespace

absl::StatusOr<std::optional<DeleteTask>> SqlTransaction::FindDeleteTask(AccountId account,
                                                                         absl::string_view id) {
  return QueryTask(kFind, {Value::Integer(account.value), Value::Text(id)});
}

absl::StatusOr<std::optional<DeleteTask>> SqlTransaction::FindRunningDeleteTask(
    AccountId account, const CertificateId& certificate) {
  return QueryTask(kFindRunning, {Value::Integer(account.value), Value::Text(certificate.value)});
}

absl::StatusOr<std::optional<DeleteTask>> SqlTransaction::QueryTask(absl::string_view sql,
                                                                    const Values& values) {
  std::optional<DeleteTask> found;
  RETURN_IF_ERROR(connection_.Run(sql, values, [&](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(Records domains, ReadRecords(row.Bytes(5)));
    found = DeleteTask{.account = {row.Integer(0)},
                       .sub_account = row.Integer(8),
                       .id = row.Bytes(1),
                       .certificate = {row.Bytes(2)},
                       .status = static_cast<DeleteTaskStatus>(row.Integer(3)),
                       .error = row.Bytes(4),
                       .created = row.Time(6),
                       .checked = row.OptionalTime(7)};
    for (std::vector<std::string>& record : domains) found->domains.push_back(record.front());
    return absl::OkStatus();
  }));
  return found;
}

absl::Status SqlTransaction::PutDeleteTask(const DeleteTask& task) {
  Records domains;
  for (const std::string& domain : task.domains) domains.push_back({domain});
  return connection_.Run(
      kPut,
      {Value::Integer(task.account.value), Value::Text(task.id),
       Value::Text(task.certificate.value), Value::Integer(static_cast<std::int64_t>(task.status)),
       Value::Text(task.error), Value::Text(WriteRecords(domains)), Value::Time(task.created),
       Value::Time(task.checked), Value::Integer(task.sub_account)});
}

}  // namespace certwright
