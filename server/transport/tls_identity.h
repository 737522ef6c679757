// The certificate and key that the TLS listeners show: read from two PEM files, and exchanged while
// the service runs.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_TLS_IDENTITY_H_
#define CERTWRIGHT_SERVER_TRANSPORT_TLS_IDENTITY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace certwright {

// The suites of TLS 1.2; those of 1.3 are all good.
inline constexpr char kTlsSuites[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

// One certificate with its key, checked. Never changes.
struct TlsPair {
  std::shared_ptr<ssl_ctx_st> http = {};  // TLS 1.2 and 1.3, ECDHE with AEAD alone; ALPN http/1.1
  std::string chain_pem = {};             // leaf first
  std::string key_pem = {};
  absl::Time not_after = {};
  bool is_key_readable_by_others = false;
  std::uint64_t number = 0;  // the next pair's is higher
};

// Thread-safe.
class TlsIdentity {
 public:
  struct Files {
    std::string certificate = {};  // the leaf first, then what leads to a root
    std::string key = {};          // without a passphrase
  };

  // InvalidArgument says what is wrong with which file, and nothing of its contents.
  static absl::StatusOr<std::unique_ptr<TlsIdentity>> Load(Files files);

  // For connections from now on.
  std::shared_ptr<const TlsPair> current() const;

  // Reads the files again if they are others than last time (device, inode, size, times). True if
  // `current` is another pair now. If they cannot be used it stays, and the error comes once: until
  // the files change again.
  absl::StatusOr<bool> Refresh();

 private:
  // What tells one version of the files from another.
  using Stamp = std::string;

  explicit TlsIdentity(Files files) : files_(std::move(files)) {}
  Stamp StampOfFiles() const;
  absl::Status Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);

  const Files files_;
  absl::Mutex reading_;  // held for as long as the disk takes
  Stamp stamp_ ABSL_GUARDED_BY(reading_);
  std::uint64_t last_number_ ABSL_GUARDED_BY(reading_) = 0;
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(reading_);
  std::shared_ptr<const TlsPair> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_TLS_IDENTITY_H_
