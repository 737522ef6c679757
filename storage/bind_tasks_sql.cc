#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kFind[] =
    "SELECT account, id, certificate_id, created, finished FROM bind_resource_task "
    "WHERE account = $1 AND id = $2";
constexpr char kFindNewest[] =
    "SELECT account, id, certificate_id, created, finished FROM bind_resource_task "
    "WHERE account = $1 AND certificate_id = $2 ORDER BY id DESC LIMIT 1";
constexpr char kInsert[] =
    "INSERT INTO bind_resource_task (account, id, certificate_id, created, finished) "
    "VALUES ($1, $2, $3, $4, $5)";
constexpr char kDelete[] =
    "DELETE FROM bind_resource_task WHERE account = $1 AND certificate_id = $2 AND created < $3";

BindTask ReadTask(const Row& row) {
  return {.account = {row.Integer(0)},
          .id = row.Integer(1),
          .certificate = {row.Bytes(2)},
          .created = row.Time(3),
          .finished = row.OptionalTime(4)};
}

absl::StatusOr<std::optional<BindTask>> FindOne(Connection& connection, absl::string_view sql,
                                                const Values& key) {
  std::optional<BindTask> found;
  RETURN_IF_ERROR(connection.Run(sql, key, [&](const Row& row) {
    found = ReadTask(row);
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace

absl::StatusOr<std::optional<BindTask>> SqlTransaction::FindBindTask(AccountId account,
                                                                     std::int64_t id) {
  return FindOne(connection_, kFind, {Value::Integer(account.value), Value::Integer(id)});
}

absl::StatusOr<std::optional<BindTask>> SqlTransaction::FindNewestBindTask(
    AccountId account, const CertificateId& id) {
  return FindOne(connection_, kFindNewest, {Value::Integer(account.value), Value::Text(id.value)});
}

absl::Status SqlTransaction::InsertBindTask(BindTask& task) {
  ASSIGN_OR_RETURN(task.id, Count(task.account, "bind_task", 1));
  return connection_.Run(kInsert, {Value::Integer(task.account.value), Value::Integer(task.id),
                                   Value::Text(task.certificate.value), Value::Time(task.created),
                                   Value::Time(task.finished)});
}

absl::Status SqlTransaction::DeleteBindTasks(AccountId account, const CertificateId& id,
                                             absl::Time until) {
  return connection_.Run(
      kDelete, {Value::Integer(account.value), Value::Text(id.value), Value::Time(until)});
}

}  // namespace certwright
