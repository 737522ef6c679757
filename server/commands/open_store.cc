#include "server/commands/open_store.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "server/next_step.h"
#include "storage/sqlite_store.h"

namespace certwright {

absl::StatusOr<OpenedStore> OpenStore(const DataDir& data, Random& random, int readers,
                                      std::function<void()> on_jobs) {
  ASSIGN_OR_RETURN(const std::string master_key, data.MasterKey(random));
  OpenedStore opened;
  opened.sealer = std::make_unique<Sealer>(master_key, random);
  absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(
      {.path = data.DatabasePath(), .readers = readers, .on_jobs = std::move(on_jobs)},
      *opened.sealer);
  if (!store.ok()) {
    return WithNextStep(store.status(), absl::StatusCode::kUnavailable,
                        "the data folder must be this user's own and writable, or choose another "
                        "with --data");
  }
  opened.store = *std::move(store);
  return opened;
}

absl::StatusOr<OpenedStore> OpenExistingStore(absl::string_view path, Random& random) {
  const std::string database = absl::StrCat(path, "/certwright.db");
  if (!std::filesystem::exists(database)) {
    return absl::NotFoundError(
        absl::StrCat("there is no ", database, "; make it with: certwright init --data ", path));
  }
  ASSIGN_OR_RETURN(const DataDir data, DataDir::Open(path));
  return OpenStore(data, random, 1, {});
}

}  // namespace certwright
