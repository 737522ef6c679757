// Work without a caller, as rows: it survives a crash at any statement and is done exactly once.
#ifndef CERTWRIGHT_CORE_JOB_H_
#define CERTWRIGHT_CORE_JOB_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

enum class JobKind {
  kValidate,  // probe the validation records; past the deadline, fail the order
  kIssue,     // sign the prepared to-be-signed bytes and store the certificate
  kExpire,    // issued → expired at the certificate's end
  kDelete,    // look for bound resources, then delete
};

// A job is due at `due` and may be claimed when nobody holds a lease that still runs. There is at
// most one job per (account, kind, certificate).
struct Job {
  JobKind kind = JobKind::kValidate;
  AccountId account = {};
  CertificateId certificate = {};
  absl::Time due = {};
  absl::Time lease_until = absl::InfinitePast();
  int attempts = 0;             // claims so far
  std::string last_error = {};  // of the last attempt, for operators
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_JOB_H_
