#include "storage/migrate.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "schema_files.h"

namespace certwright {
namespace {

constexpr std::int64_t kNewest = std::size(kSchemaFiles);

absl::StatusOr<std::int64_t> CurrentVersion(Connection& connection) {
  std::int64_t version = 0;
  RETURN_IF_ERROR(connection.Run("SELECT COALESCE(MAX(version), 0) FROM schema_version", {},
                                 [&](const Row& row) {
                                   version = row.Integer(0);
                                   return absl::OkStatus();
                                 }));
  return version;
}

absl::Status MigrateLocked(Connection& connection) {
  RETURN_IF_ERROR(
      connection.Run("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)"));
  ASSIGN_OR_RETURN(const std::int64_t version, CurrentVersion(connection));
  if (version > kNewest) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database has schema ", version, " and this program knows ", kNewest,
                     "; use the program that wrote it, or a newer one"));
  }
  for (std::int64_t next = version; next < kNewest; ++next) {
    RETURN_IF_ERROR(connection.RunScript(kSchemaFiles[next]));
    RETURN_IF_ERROR(connection.Run("INSERT INTO schema_version (version) VALUES ($1)",
                                   {Value::Integer(next + 1)}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Migrate(Connection& connection) {
  // Whoever starts at the same time waits here and then finds all done.
  RETURN_IF_ERROR(connection.Run("BEGIN IMMEDIATE"));
  absl::Status status = MigrateLocked(connection);
  if (status.ok()) status = connection.Run("COMMIT");
  if (connection.IsInTransaction()) (void)connection.Run("ROLLBACK");
  return status;
}

}  // namespace certwright
