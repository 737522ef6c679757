#include "core/worker.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/status_macros.h"

namespace certwright {
namespace {

// Longer than any probe of an order takes.
constexpr absl::Duration kLease = absl::Seconds(90);
constexpr absl::Duration kFirstRetry = absl::Seconds(5);
constexpr absl::Duration kLastRetry = absl::Minutes(10);
constexpr int kDoublings = 7;

absl::Duration RetryAfter(int attempts) {
  return std::min(kFirstRetry * (1 << std::clamp(attempts - 1, 0, kDoublings)), kLastRetry);
}

}  // namespace

Worker::Worker(Store& store, OrderService& orders, CertificateService& certificates,
               const Clock& clock, Report report)
    : store_(store),
      orders_(orders),
      certificates_(certificates),
      clock_(clock),
      report_(std::move(report)) {}

absl::StatusOr<int> Worker::Step(int limit) {
  const absl::Time now = clock_.Now();
  // Looking costs no commit; claiming does.
  bool is_due = false;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<absl::Time> due, snapshot.NextJobDue());
    is_due = due && *due <= now;
    return absl::OkStatus();
  }));
  if (!is_due) return 0;
  std::vector<Job> jobs;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(jobs, transaction.ClaimJobs(now, now + kLease, limit));
    return absl::OkStatus();
  }));
  for (const Job& job : jobs) {
    const absl::Status done = Run(job);
    if (done.ok()) continue;
    if (report_) report_(job, done);
    RETURN_IF_ERROR(PutBack(job, done));
  }
  return static_cast<int>(jobs.size());
}

absl::Status Worker::Run(const Job& job) {
  switch (job.kind) {
    case JobKind::kValidate:
      return orders_.RunValidation(job);
    case JobKind::kIssue:
      return orders_.RunIssue(job);
    case JobKind::kExpire:
      return orders_.RunExpiry(job);
    case JobKind::kDelete:
      return certificates_.RunDelete(job);
  }
  return absl::InternalError("a job of no known kind");
}

absl::Status Worker::PutBack(Job job, const absl::Status& failure) {
  constexpr std::size_t kMaxErrorBytes = 500;
  job.due = clock_.Now() + RetryAfter(job.attempts);
  job.lease_until = absl::InfinitePast();
  job.last_error = failure.ToString().substr(0, kMaxErrorBytes);
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Certificate> certificate,
                     transaction.FindCertificate(job.account, job.certificate));
    return certificate ? transaction.PutJob(job) : absl::OkStatus();
  });
}

}  // namespace certwright
