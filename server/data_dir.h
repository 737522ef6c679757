// The folder that holds everything the service keeps: database, master key, endpoint file.
#ifndef CERTWRIGHT_SERVER_DATA_DIR_H_
#define CERTWRIGHT_SERVER_DATA_DIR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/random.h"

namespace certwright {

// Everything inside is readable by its owner alone. Holds the folder's lock, if taken, until
// destroyed.
class DataDir {
 public:
  // Opens `path`, making it (0700) if it is not there.
  static absl::StatusOr<DataDir> Open(absl::string_view path);

  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;
  ~DataDir();

  // Makes this process the only one that serves from here. FailedPrecondition if another does.
  absl::Status Lock();

  // 32 bytes: from the variable CERTWRIGHT_MASTER_KEY (64 hex digits), else from the file
  // master.key, which is made on first use. Refuses to make one beside an existing database.
  absl::StatusOr<std::string> MasterKey(Random& random) const;

  // Writes a file of mode 0600 whole or not at all.
  absl::Status WriteFile(absl::string_view name, absl::string_view text) const;

  std::string PathOf(absl::string_view name) const;
  std::string DatabasePath() const { return PathOf("certwright.db"); }

 private:
  explicit DataDir(std::string path) : path_(std::move(path)) {}

  std::string path_;
  int lock_ = -1;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_DATA_DIR_H_
