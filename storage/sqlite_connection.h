// A Connection to a SQLite file.
#ifndef CERTWRIGHT_STORAGE_SQLITE_CONNECTION_H_
#define CERTWRIGHT_STORAGE_SQLITE_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/connection.h"

namespace certwright {

// WAL with synchronous=FULL: a commit is on the disk when it returns. A new file is readable by its
// owner alone. ":memory:" is a database of this connection's own.
absl::StatusOr<std::unique_ptr<Connection>> OpenSqliteConnection(const std::string& path);

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_SQLITE_CONNECTION_H_
