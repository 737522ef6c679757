#include <zip.h>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/bundle.h"

namespace certwright {
namespace {

absl::Status Failed(absl::string_view what) {
  return absl::InternalError(absl::StrCat("cannot make a ZIP: ", what));
}

absl::Status Add(zip_t* archive, const ZipEntry& entry, absl::Time modified) {
  zip_source_t* bytes = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
  if (bytes == nullptr) return Failed("no source");
  const zip_int64_t index = zip_file_add(archive, entry.path.c_str(), bytes, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(bytes);
    return Failed(zip_strerror(archive));
  }
  constexpr zip_uint32_t kRegularFile = 0100000;
  const zip_uint32_t mode = kRegularFile | (entry.is_secret ? 0600 : 0644);
  const auto number = static_cast<zip_uint64_t>(index);
  if (zip_file_set_mtime(archive, number, absl::ToTimeT(modified), 0) != 0 ||
      zip_file_set_external_attributes(archive, number, 0, ZIP_OPSYS_UNIX, mode << 16) != 0) {
    return Failed(zip_strerror(archive));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadWhole(zip_source_t* source) {
  zip_stat_t facts;
  if (zip_source_stat(source, &facts) != 0 || zip_source_open(source) != 0) {
    return Failed("no result");
  }
  std::string bytes(facts.size, '\0');
  const zip_int64_t got = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (got != static_cast<zip_int64_t>(bytes.size())) return Failed("short result");
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> MakeZip(const std::vector<ZipEntry>& entries, absl::Time modified) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (target == nullptr) return Failed("no memory");
  const auto release = absl::MakeCleanup([target] { zip_source_free(target); });
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error);
  if (archive == nullptr) {
    zip_source_free(target);
    return Failed(zip_error_strerror(&error));
  }
  for (const ZipEntry& entry : entries) {
    if (absl::Status added = Add(archive, entry, modified); !added.ok()) {
      zip_discard(archive);
      return added;
    }
  }
  if (zip_close(archive) != 0) {
    absl::Status failed = Failed(zip_strerror(archive));
    zip_discard(archive);
    return failed;
  }
  return ReadWhole(target);
}

}  // namespace certwright
