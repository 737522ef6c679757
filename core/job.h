// Work without a caller, as rows: it survives a crash at any statement and is done exactly once.
#ifndef CERTWRIGHT_CORE_JOB_H_
#define CERTWRIGHT_CORE_JOB_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

enum class JobKind {
  kValidate,  // probe the records of an order or a revocation; past the deadline, give it up
  kIssue,     // sign the prepared to-be-signed bytes and store the certificate
  kExpire,    // issued → expired at the certificate's end
  kReview,    // a stage of a review passes by its policy, or its reviewers are reminded
  kDelete,    // look for bound resources, then delete
  kAlarm,     // tell of certificates that end soon
  kNotice,    // tell that a certificate ends in 30, 15, 7 or no days
  kRenew,     // order the next certificate of a paid order, or buy its renewal
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

// Which validation jobs are not wanted now. Jobs of other kinds always are.
struct JobFilter {
  bool skips_validations = false;
  std::vector<AccountId> skipped_accounts = {};  // whose validations are skipped
};

// The distance to the next attempt, after so many.
absl::Duration RetryAfter(int attempts);

// The job that did its work and has more at `due`, free to be claimed again then. `note` stands as
// its last error, for operators.
Job Again(Job job, absl::Time due, absl::string_view note);

// The job that failed at `now`, free to be claimed again when its next attempt is due.
Job Delayed(Job job, absl::Time now, const absl::Status& failure);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_JOB_H_
