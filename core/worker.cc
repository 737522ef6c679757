#include "core/worker.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/status_macros.h"

namespace certwright {
namespace {

// Longer than any probe of an order takes.
constexpr absl::Duration kLease = absl::Seconds(90);

}  // namespace

Worker::Limits Worker::Limits::For(int threads) {
  const int validations = std::max(1, threads - 1);
  return {.validations = validations, .validations_per_account = std::max(1, validations - 1)};
}

Worker::Worker(Store& store, OrderService& orders, CertificateService& certificates,
               const Clock& clock, Limits limits, Report report)
    : store_(store), clock_(clock), limits_(limits), report_(std::move(report)) {
  On(JobKind::kValidate, [&orders](const Job& job) { return orders.RunValidation(job); });
  On(JobKind::kIssue, [&orders](const Job& job) { return orders.RunIssue(job); });
  On(JobKind::kExpire, [&orders](const Job& job) { return orders.RunExpiry(job); });
  On(JobKind::kDelete, [&certificates](const Job& job) { return certificates.RunDelete(job); });
}

absl::StatusOr<int> Worker::Step(int limit) {
  const absl::Time now = clock_.Now();
  // Looking costs no commit; claiming does.
  ASSIGN_OR_RETURN(const std::optional<absl::Time> due, NextDue());
  if (!due || *due > now) return 0;
  ASSIGN_OR_RETURN(const std::vector<Job> jobs, Claim(now, limit));
  absl::Status status;
  for (const Job& job : jobs) {
    status.Update(Do(job));
    End(job);
  }
  RETURN_IF_ERROR(status);
  return static_cast<int>(jobs.size());
}

absl::StatusOr<std::optional<absl::Time>> Worker::NextDue() {
  const JobFilter filter = Filter();
  std::optional<absl::Time> due;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(due, snapshot.NextJobDue(clock_.Now(), filter));
    return absl::OkStatus();
  }));
  return due;
}

absl::StatusOr<std::vector<Job>> Worker::Claim(absl::Time now, int limit) {
  absl::MutexLock lock(&claiming_);
  const JobFilter filter = Filter();
  std::vector<Job> jobs;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(jobs, transaction.ClaimJobs(now, now + kLease, limit, filter));
    return absl::OkStatus();
  }));
  for (const Job& job : jobs) Begin(job);
  return jobs;
}

JobFilter Worker::Filter() {
  absl::MutexLock lock(&mutex_);
  JobFilter filter = {.skips_validations = validations_ >= limits_.validations};
  for (const auto& [account, count] : validations_by_) {
    if (count >= limits_.validations_per_account) filter.skipped_accounts.push_back(account);
  }
  return filter;
}

void Worker::Begin(const Job& job) {
  if (job.kind != JobKind::kValidate) return;
  absl::MutexLock lock(&mutex_);
  ++validations_;
  ++validations_by_[job.account];
}

void Worker::End(const Job& job) {
  if (job.kind != JobKind::kValidate) return;
  absl::MutexLock lock(&mutex_);
  --validations_;
  const auto found = validations_by_.find(job.account);
  if (--found->second == 0) validations_by_.erase(found);
}

absl::Status Worker::Do(const Job& job) {
  const absl::Status done = Run(job);
  if (done.ok()) return done;
  if (report_) report_(job, done);
  return PutBack(job, done);
}

absl::Status Worker::Run(const Job& job) {
  const auto run = runs_.find(job.kind);
  return run == runs_.end() ? absl::InternalError("a job of no known kind") : run->second(job);
}

// Only if the job still stands: it may have led to the next one before it failed.
absl::Status Worker::PutBack(const Job& job, const absl::Status& failure) {
  const Job again = Delayed(job, clock_.Now(), failure);
  return store_.Write([&](Transaction& transaction) { return transaction.ReturnJob(job, again); });
}

}  // namespace certwright
