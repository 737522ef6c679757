// A folder of a test's own, gone when the test ends.
#ifndef CERTWRIGHT_TESTS_STORAGE_TEMPORARY_FOLDER_H_
#define CERTWRIGHT_TESTS_STORAGE_TEMPORARY_FOLDER_H_

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace certwright {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "certwright-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string database() const { return path_ + "/certwright.db"; }

 private:
  std::string path_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_STORAGE_TEMPORARY_FOLDER_H_
