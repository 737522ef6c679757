#include "server/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMasterKeyBytes = 32;

absl::Status SystemError(absl::string_view what, absl::string_view path) {
  return absl::UnavailableError(absl::StrCat(
      what, " ", path, ": ", std::strerror(errno),
      "; the data folder must be this user's own and writable, or choose another with --data"));
}

absl::StatusOr<std::string> ParseMasterKey(absl::string_view text, absl::string_view origin) {
  const absl::string_view hex = absl::StripAsciiWhitespace(text);
  bool is_hex = hex.size() == 2 * kMasterKeyBytes;
  for (const char c : hex) is_hex = is_hex && absl::ascii_isxdigit(static_cast<unsigned char>(c));
  if (!is_hex) {
    return absl::InvalidArgumentError(
        absl::StrCat(origin,
                     " must hold 64 hexadecimal digits and nothing else; put the right key back "
                     "from its copy, or for a new data folder leave it out and one is made"));
  }
  return absl::HexStringToBytes(hex);
}

}  // namespace

absl::StatusOr<DataDir> DataDir::Open(absl::string_view path) {
  if (path.empty())
    return absl::InvalidArgumentError("--data names no folder; leave it out for certwright-data");
  const std::string folder(path);
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (error) {
      return absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", error.message(),
                                                 "; choose a folder that this user may make, with "
                                                 "--data"));
    }
    if (chmod(folder.c_str(), 0700) != 0) return SystemError("cannot protect", path);
  }
  if (!std::filesystem::is_directory(folder, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is not a folder; choose another with --data"));
  }
  return DataDir(folder);
}

DataDir::DataDir(DataDir&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDir::~DataDir() {
  if (lock_ >= 0) close(lock_);
}

absl::Status DataDir::Lock() {
  const std::string path = PathOf("lock");
  lock_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return SystemError("cannot open", path);
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("another certwright serves from ", path_,
                                                      "; stop it first or choose another --data"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> DataDir::MasterKey(Random& random) const {
  if (const char* hex = std::getenv("CERTWRIGHT_MASTER_KEY"); hex != nullptr) {
    return ParseMasterKey(hex, "CERTWRIGHT_MASTER_KEY");
  }
  const std::string path = PathOf("master.key");
  if (std::ifstream file(path); file) {
    std::stringstream text;
    text << file.rdbuf();
    return ParseMasterKey(text.str(), path);
  }
  if (std::filesystem::exists(DatabasePath())) {
    return absl::FailedPreconditionError(
        absl::StrCat(path,
                     " is missing, and the database beside it was encrypted with it; put it "
                     "back or set CERTWRIGHT_MASTER_KEY"));
  }
  const std::string key = RandomBytes(random, kMasterKeyBytes);
  RETURN_IF_ERROR(WriteFile("master.key", absl::StrCat(absl::BytesToHexString(key), "\n")));
  return key;
}

absl::Status DataDir::WriteFile(absl::string_view name, absl::string_view text) const {
  const std::string path = PathOf(name);
  const std::string fresh = absl::StrCat(path, ".new");
  unlink(fresh.c_str());
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return SystemError("cannot write", fresh);
  const bool is_written =
      write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      fsync(file) == 0;
  close(file);
  if (!is_written || std::rename(fresh.c_str(), path.c_str()) != 0) {
    return SystemError("cannot write", path);
  }
  return absl::OkStatus();
}

std::string DataDir::PathOf(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

}  // namespace certwright
