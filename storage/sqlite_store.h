// The embedded default: a Store in one SQLite file.
#ifndef CERTWRIGHT_STORAGE_SQLITE_STORE_H_
#define CERTWRIGHT_STORAGE_SQLITE_STORE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/crypto/sealer.h"
#include "core/store.h"

namespace certwright {

struct SqliteOptions {
  std::string path = {};  // ":memory:" for tests
  int readers = 2;        // connections that read at the same time
  std::size_t max_queued_writes = 1024;
  int max_group = 128;  // transactions committed together at most
  // Called after a commit that queued or moved jobs, on the writer's thread; must not block.
  std::function<void()> on_jobs = {};
};

// Opens (creating and migrating) the file: WAL, synchronous=FULL, foreign keys. Refuses a file
// whose schema is newer than this program. `sealer` must outlive the store.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const SqliteOptions& options,
                                                       const Sealer& sealer);

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_SQLITE_STORE_H_
