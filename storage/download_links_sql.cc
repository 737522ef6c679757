#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kInsert[] =
    "INSERT INTO download_link (token_hash, account, certificate, server_type, expires) "
    "VALUES ($1, $2, $3, $4, $5)";
constexpr char kFind[] =
    "SELECT account, certificate, server_type, expires FROM download_link WHERE token_hash = $1";
constexpr char kDelete[] = "DELETE FROM download_link WHERE expires <= $1";

}  // namespace

absl::StatusOr<std::optional<DownloadLink>> SqlTransaction::FindDownloadLink(
    absl::string_view token_hash) {
  std::optional<DownloadLink> found;
  RETURN_IF_ERROR(
      connection_.Run(kFind, {Value::Blob(token_hash)}, [&](const Row& row) -> absl::Status {
        const std::optional<ServerType> type = ServerTypeOf(row.Bytes(2));
        if (!type) return absl::DataLossError("a download link is of no known server type");
        found = DownloadLink{.token_hash = std::string(token_hash),
                             .account = {row.Integer(0)},
                             .certificate = {row.Bytes(1)},
                             .type = *type,
                             .expires = row.Time(3)};
        return absl::OkStatus();
      }));
  return found;
}

absl::Status SqlTransaction::InsertDownloadLink(const DownloadLink& link) {
  return connection_.Run(
      kInsert, {Value::Blob(link.token_hash), Value::Integer(link.account.value),
                Value::Text(link.certificate.value), Value::Text(ServerTypeText(link.type)),
                Value::Time(link.expires)});
}

absl::Status SqlTransaction::DeleteDownloadLinks(absl::Time now) {
  return connection_.Run(kDelete, {Value::Time(now)});
}

}  // namespace certwright
