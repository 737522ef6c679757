// The schema, brought to this program's version.
#ifndef CERTWRIGHT_STORAGE_MIGRATE_H_
#define CERTWRIGHT_STORAGE_MIGRATE_H_

#include "absl/status/status.h"
#include "storage/connection.h"

namespace certwright {

// Runs each numbered file of storage/schema that the database has not seen, all in one transaction.
// FailedPrecondition if the database is newer than this program.
absl::Status Migrate(Connection& connection);

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_MIGRATE_H_
