// Other people's programs, run on files of the test's own.
#ifndef CERTWRIGHT_TESTS_SUPPORT_TOOLS_H_
#define CERTWRIGHT_TESTS_SUPPORT_TOOLS_H_

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace certwright {

// A folder that lives as long as the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "certwright-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string Path(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

  // The new file's path.
  std::string Write(absl::string_view name, absl::string_view bytes) const {
    std::ofstream(Path(name), std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return Path(name);
  }
  std::string Read(absl::string_view name) const {
    std::ostringstream bytes;
    bytes << std::ifstream(Path(name), std::ios::binary).rdbuf();
    return bytes.str();
  }

 private:
  std::string path_;
};

struct ToolResult {
  int exit_code = -1;
  std::string output = {};  // both streams
};

inline ToolResult RunTool(const std::string& command) {
  FILE* pipe = popen(absl::StrCat("(", command, ") </dev/null 2>&1").c_str(), "r");
  ToolResult result;
  char buffer[4096];
  for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    result.output.append(buffer, got);
  }
  const int status = pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_TOOLS_H_
