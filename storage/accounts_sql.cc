#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kFindAccount[] =
    "SELECT account, app_id, name, email, is_suspended, created, is_operator FROM account "
    "WHERE account = $1";
constexpr char kListAccounts[] =
    "SELECT account, app_id, name, email, is_suspended, created, is_operator FROM account "
    "ORDER BY created, account";
constexpr char kInsertAccount[] =
    "INSERT INTO account (account, app_id, name, email, is_suspended, created, is_operator) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";
constexpr char kUpdateAccount[] =
    "UPDATE account SET name = $2, email = $3, is_suspended = $4, is_operator = $5 "
    "WHERE account = $1";
// The next one by name: where the wanted one is not, its neighbour is read and opened in its place,
// so that looking for a key that exists costs what looking for another costs.
constexpr char kFindCredential[] =
    "SELECT secret_id, account, secret_key, is_enabled, created, sub_account, policy, boundary, "
    "token_hash, expires, must_sign_action, maker FROM credential WHERE secret_id >= $1 ORDER BY "
    "secret_id LIMIT 1";
constexpr char kListCredentials[] =
    "SELECT secret_id, account, secret_key, is_enabled, created, sub_account, policy, boundary, "
    "token_hash, expires, must_sign_action, maker FROM credential WHERE account = $1 ORDER BY "
    "created, "
    "secret_id";
constexpr char kInsertCredential[] =
    "INSERT INTO credential (secret_id, account, secret_key, is_enabled, created, sub_account, "
    "policy, boundary, token_hash, expires, must_sign_action, maker) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
constexpr char kUpdateCredential[] =
    "UPDATE credential SET is_enabled = $2, policy = $3, boundary = $4, must_sign_action = $5 "
    "WHERE secret_id = $1";
constexpr char kDeleteCredential[] = "DELETE FROM credential WHERE secret_id = $1";
constexpr char kListProjects[] =
    "SELECT project_id, name, created FROM project WHERE account = $1 ORDER BY project_id";
constexpr char kInsertProject[] =
    "INSERT INTO project (account, project_id, name, created) VALUES ($1, $2, $3, $4)";
constexpr char kRenameProject[] =
    "UPDATE project SET name = $3 WHERE account = $1 AND project_id = $2";
// The first of an account; the default project is 0.
constexpr std::int64_t kProjectsBefore = 1000;
constexpr char kCount[] =
    "INSERT INTO counter (account, name, value) VALUES ($1, $2, $3) "
    "ON CONFLICT (account, name) DO UPDATE SET value = counter.value + excluded.value "
    "RETURNING value";
constexpr char kFindCount[] = "SELECT value FROM counter WHERE account = $1 AND name = $2";

Account ReadAccount(const Row& row) {
  return {.id = {row.Integer(0)},
          .app_id = row.Integer(1),
          .name = row.Bytes(2),
          .email = row.Bytes(3),
          .is_suspended = row.Bool(4),
          .is_operator = row.Bool(6),
          .created = row.Time(5)};
}

std::string PlaceOf(AccountId account, absl::string_view secret_id) {
  return absl::StrCat("credential/", account.value, "/", secret_id, "/secret_key");
}

absl::StatusOr<Credential> ReadCredential(const Row& row, const Sealer& sealer) {
  Credential credential = {.id = {row.Bytes(0)},
                           .account = {row.Integer(1)},
                           .is_enabled = row.Bool(3),
                           .created = row.Time(4),
                           .sub_account = row.Integer(5),
                           .policy = row.Bytes(6),
                           .boundary = row.Bytes(7),
                           .token_hash = row.Bytes(8),
                           .expires = row.OptionalTime(9),
                           .maker = {row.Bytes(11)},
                           .must_sign_action = row.Bool(10)};
  ASSIGN_OR_RETURN(credential.secret_key,
                   sealer.Open(PlaceOf(credential.account, credential.id.value), row.Bytes(2)));
  return credential;
}

}  // namespace

absl::StatusOr<std::optional<Account>> SqlTransaction::FindAccount(AccountId id) {
  std::optional<Account> found;
  RETURN_IF_ERROR(connection_.Run(kFindAccount, {Value::Integer(id.value)}, [&](const Row& row) {
    found = ReadAccount(row);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<Account>> SqlTransaction::ListAccounts() {
  std::vector<Account> accounts;
  RETURN_IF_ERROR(connection_.Run(kListAccounts, {}, [&](const Row& row) {
    accounts.push_back(ReadAccount(row));
    return absl::OkStatus();
  }));
  return accounts;
}

absl::StatusOr<std::optional<Credential>> SqlTransaction::FindCredential(const SecretId& id) {
  std::optional<Credential> found;
  RETURN_IF_ERROR(connection_.Run(kFindCredential, {Value::Text(id.value)},
                                  [&](const Row& row) -> absl::Status {
                                    absl::StatusOr<Credential> one = ReadCredential(row, sealer_);
                                    if (row.Bytes(0) != id.value) return absl::OkStatus();
                                    ASSIGN_OR_RETURN(found, std::move(one));
                                    return absl::OkStatus();
                                  }));
  return found;
}

absl::StatusOr<std::vector<Credential>> SqlTransaction::ListCredentials(AccountId account) {
  std::vector<Credential> credentials;
  RETURN_IF_ERROR(connection_.Run(kListCredentials, {Value::Integer(account.value)},
                                  [&](const Row& row) -> absl::Status {
                                    ASSIGN_OR_RETURN(Credential one, ReadCredential(row, sealer_));
                                    credentials.push_back(std::move(one));
                                    return absl::OkStatus();
                                  }));
  return credentials;
}

absl::Status SqlTransaction::InsertAccount(const Account& account) {
  return connection_.Run(
      kInsertAccount,
      {Value::Integer(account.id.value), Value::Integer(account.app_id), Value::Text(account.name),
       Value::Text(account.email), Value::Bool(account.is_suspended), Value::Time(account.created),
       Value::Bool(account.is_operator)});
}

absl::Status SqlTransaction::InsertCredential(const Credential& credential) {
  const std::string sealed =
      sealer_.Seal(PlaceOf(credential.account, credential.id.value), credential.secret_key);
  return connection_.Run(
      kInsertCredential,
      {Value::Text(credential.id.value), Value::Integer(credential.account.value),
       Value::Blob(sealed), Value::Bool(credential.is_enabled), Value::Time(credential.created),
       Value::Integer(credential.sub_account), Value::Text(credential.policy),
       Value::Text(credential.boundary), Value::Text(credential.token_hash),
       Value::Time(credential.expires), Value::Bool(credential.must_sign_action),
       Value::Text(credential.maker.value)});
}

absl::Status SqlTransaction::UpdateAccount(const Account& account) {
  return connection_.Run(
      kUpdateAccount,
      {Value::Integer(account.id.value), Value::Text(account.name), Value::Text(account.email),
       Value::Bool(account.is_suspended), Value::Bool(account.is_operator)});
}

absl::Status SqlTransaction::UpdateCredential(const Credential& credential) {
  return connection_.Run(kUpdateCredential,
                         {Value::Text(credential.id.value), Value::Bool(credential.is_enabled),
                          Value::Text(credential.policy), Value::Text(credential.boundary),
                          Value::Bool(credential.must_sign_action)});
}

absl::Status SqlTransaction::DeleteCredential(const SecretId& id) {
  return connection_.Run(kDeleteCredential, {Value::Text(id.value)});
}

absl::StatusOr<std::vector<Project>> SqlTransaction::ListProjects(AccountId account) {
  std::vector<Project> projects;
  RETURN_IF_ERROR(
      connection_.Run(kListProjects, {Value::Integer(account.value)}, [&](const Row& row) {
        projects.push_back({.id = row.Integer(0), .name = row.Bytes(1), .created = row.Time(2)});
        return absl::OkStatus();
      }));
  return projects;
}

absl::Status SqlTransaction::InsertProject(AccountId account, Project& project) {
  ASSIGN_OR_RETURN(const std::int64_t number, Count(account, "projects", 1));
  project.id = kProjectsBefore + number;
  return connection_.Run(kInsertProject, {Value::Integer(account.value), Value::Integer(project.id),
                                          Value::Text(project.name), Value::Time(project.created)});
}

absl::Status SqlTransaction::RenameProject(AccountId account, const Project& project) {
  return connection_.Run(kRenameProject, {Value::Integer(account.value), Value::Integer(project.id),
                                          Value::Text(project.name)});
}

absl::StatusOr<std::int64_t> SqlTransaction::Count(AccountId account, absl::string_view name,
                                                   std::int64_t by) {
  return QueryInteger(kCount,
                      {Value::Integer(account.value), Value::Text(name), Value::Integer(by)});
}

absl::StatusOr<std::int64_t> SqlTransaction::FindCount(AccountId account, absl::string_view name) {
  return QueryInteger(kFindCount, {Value::Integer(account.value), Value::Text(name)});
}

absl::StatusOr<std::int64_t> SqlTransaction::QueryInteger(absl::string_view sql,
                                                          const Values& values) {
  std::int64_t number = 0;
  RETURN_IF_ERROR(connection_.Run(sql, values, [&](const Row& row) {
    number = row.Integer(0);
    return absl::OkStatus();
  }));
  return number;
}

}  // namespace certwright
