#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kFindAccount[] =
    "SELECT account, app_id, name, email, is_suspended, created FROM account WHERE account = $1";
constexpr char kListAccounts[] =
    "SELECT account, app_id, name, email, is_suspended, created FROM account "
    "ORDER BY created, account";
constexpr char kInsertAccount[] =
    "INSERT INTO account (account, app_id, name, email, is_suspended, created) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
constexpr char kFindCredential[] =
    "SELECT secret_id, account, secret_key, is_enabled, created FROM credential "
    "WHERE secret_id = $1";
constexpr char kListCredentials[] =
    "SELECT secret_id, account, secret_key, is_enabled, created FROM credential "
    "WHERE account = $1 ORDER BY created, secret_id";
constexpr char kInsertCredential[] =
    "INSERT INTO credential (secret_id, account, secret_key, is_enabled, created) "
    "VALUES ($1, $2, $3, $4, $5)";
constexpr char kSetCredentialEnabled[] =
    "UPDATE credential SET is_enabled = $2 WHERE secret_id = $1";
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
          .created = row.Time(5)};
}

std::string PlaceOf(AccountId account, absl::string_view secret_id) {
  return absl::StrCat("credential/", account.value, "/", secret_id, "/secret_key");
}

absl::StatusOr<Credential> ReadCredential(const Row& row, const Sealer& sealer) {
  Credential credential = {.id = {row.Bytes(0)},
                           .account = {row.Integer(1)},
                           .is_enabled = row.Bool(3),
                           .created = row.Time(4)};
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
                                    ASSIGN_OR_RETURN(found, ReadCredential(row, sealer_));
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
  return connection_.Run(kInsertAccount,
                         {Value::Integer(account.id.value), Value::Integer(account.app_id),
                          Value::Text(account.name), Value::Text(account.email),
                          Value::Bool(account.is_suspended), Value::Time(account.created)});
}

absl::Status SqlTransaction::InsertCredential(const Credential& credential) {
  const std::string sealed =
      sealer_.Seal(PlaceOf(credential.account, credential.id.value), credential.secret_key);
  return connection_.Run(
      kInsertCredential,
      {Value::Text(credential.id.value), Value::Integer(credential.account.value),
       Value::Blob(sealed), Value::Bool(credential.is_enabled), Value::Time(credential.created)});
}

absl::Status SqlTransaction::SetCredentialEnabled(const SecretId& id, bool is_enabled) {
  return connection_.Run(kSetCredentialEnabled, {Value::Text(id.value), Value::Bool(is_enabled)});
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
