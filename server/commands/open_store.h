// The store in a data folder, with the sealer that its secrets need.
#ifndef CERTWRIGHT_SERVER_COMMANDS_OPEN_STORE_H_
#define CERTWRIGHT_SERVER_COMMANDS_OPEN_STORE_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "core/crypto/sealer.h"
#include "core/random.h"
#include "core/store.h"
#include "server/data_dir.h"

namespace certwright {

// Members are let go in reverse: the store before its sealer.
struct OpenedStore {
  std::unique_ptr<Sealer> sealer = {};
  std::unique_ptr<Store> store = {};
};

absl::StatusOr<OpenedStore> OpenStore(const DataDir& data, Random& random, int readers,
                                      std::function<void()> on_jobs);

// For commands that change accounts: the folder must hold a database already.
absl::StatusOr<OpenedStore> OpenExistingStore(absl::string_view path, Random& random);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_COMMANDS_OPEN_STORE_H_
