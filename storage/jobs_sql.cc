#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kPut[] =
    "INSERT INTO job (account, kind, certificate, due, lease_until, claimable, attempts, "
    "last_error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account, certificate, kind) "
    "DO UPDATE SET due = excluded.due, lease_until = excluded.lease_until, "
    "claimable = excluded.claimable, attempts = excluded.attempts, "
    "last_error = excluded.last_error";
constexpr char kReturn[] =
    "UPDATE job SET due = $1, lease_until = $2, claimable = $3, attempts = $4, last_error = $5 "
    "WHERE account = $6 AND kind = $7 AND certificate = $8 AND lease_until = $9";
constexpr char kDelete[] = "DELETE FROM job WHERE account = $1 AND kind = $2 AND certificate = $3";
// Of validations (kind 0), $2 is 1 to skip them all, $3 lists the accounts to skip. What is due
// later counts whoever owns it, so that the search ends there.
constexpr char kNext[] =
    "SELECT claimable FROM job WHERE claimable > $1 OR kind <> 0 OR "
    "($2 = 0 AND $3 NOT LIKE '%,' || account || ',%') ORDER BY claimable LIMIT 1";
constexpr char kClaimable[] =
    "SELECT account, kind, certificate, due, attempts, last_error FROM job WHERE claimable <= $1 "
    "AND (kind <> 0 OR ($2 = 0 AND $3 NOT LIKE '%,' || account || ',%')) "
    "ORDER BY claimable LIMIT $4";
constexpr char kRelease[] =
    "UPDATE job SET lease_until = $1, claimable = due WHERE lease_until > 0";

// What absl::InfinitePast() becomes.
constexpr std::int64_t kNoLease = 0;

static_assert(static_cast<int>(JobKind::kValidate) == 0, "the statements say 0");

// ",1,2," so that each number stands between commas.
Value AccountList(const std::vector<AccountId>& accounts) {
  std::string list = ",";
  for (const AccountId account : accounts) absl::StrAppend(&list, account.value, ",");
  return Value::Text(list);
}

std::int64_t LeaseNumber(absl::Time until) { return std::max(kNoLease, absl::ToUnixMicros(until)); }

}  // namespace

absl::StatusOr<std::optional<absl::Time>> SqlTransaction::NextJobDue(absl::Time now,
                                                                     const JobFilter& filter) {
  std::optional<absl::Time> next;
  const Values values = {Value::Time(now), Value::Integer(filter.skips_validations ? 1 : 0),
                         AccountList(filter.skipped_accounts)};
  RETURN_IF_ERROR(connection_.Run(kNext, values, [&](const Row& row) {
    next = row.Time(0);
    return absl::OkStatus();
  }));
  return next;
}

absl::Status SqlTransaction::PutJob(const Job& job) {
  has_new_jobs_ = true;
  const std::int64_t due = absl::ToUnixMicros(job.due);
  const std::int64_t lease = LeaseNumber(job.lease_until);
  return connection_.Run(
      kPut, {Value::Integer(job.account.value), Value::Integer(static_cast<std::int64_t>(job.kind)),
             Value::Text(job.certificate.value), Value::Integer(due), Value::Integer(lease),
             Value::Integer(std::max(due, lease)),
             Value::Integer(static_cast<std::int64_t>(job.attempts)), Value::Text(job.last_error)});
}

absl::Status SqlTransaction::ReturnJob(const Job& held, const Job& job) {
  has_new_jobs_ = true;
  const std::int64_t due = absl::ToUnixMicros(job.due);
  const std::int64_t lease = LeaseNumber(job.lease_until);
  return connection_.Run(
      kReturn,
      {Value::Integer(due), Value::Integer(lease), Value::Integer(std::max(due, lease)),
       Value::Integer(static_cast<std::int64_t>(job.attempts)), Value::Text(job.last_error),
       Value::Integer(held.account.value), Value::Integer(static_cast<std::int64_t>(held.kind)),
       Value::Text(held.certificate.value), Value::Integer(LeaseNumber(held.lease_until))});
}

absl::Status SqlTransaction::DeleteJob(AccountId account, JobKind kind, const CertificateId& id) {
  return connection_.Run(
      kDelete, {Value::Integer(account.value), Value::Integer(static_cast<std::int64_t>(kind)),
                Value::Text(id.value)});
}

absl::StatusOr<std::vector<Job>> SqlTransaction::ClaimJobs(absl::Time now, absl::Time lease_until,
                                                           int limit, const JobFilter& filter) {
  std::vector<Job> jobs;
  RETURN_IF_ERROR(connection_.Run(
      kClaimable,
      {Value::Time(now), Value::Integer(filter.skips_validations ? 1 : 0),
       AccountList(filter.skipped_accounts), Value::Integer(static_cast<std::int64_t>(limit))},
      [&](const Row& row) {
        jobs.push_back({.kind = static_cast<JobKind>(row.Integer(1)),
                        .account = {row.Integer(0)},
                        .certificate = {row.Bytes(2)},
                        .due = row.Time(3),
                        .lease_until = lease_until,
                        .attempts = static_cast<int>(row.Integer(4)) + 1,
                        .last_error = row.Bytes(5)});
        return absl::OkStatus();
      }));
  const bool had_new_jobs = has_new_jobs_;
  for (const Job& job : jobs) RETURN_IF_ERROR(PutJob(job));
  has_new_jobs_ = had_new_jobs;  // a claim is no news
  return jobs;
}

absl::Status SqlTransaction::ReleaseLeases() {
  has_new_jobs_ = true;
  return connection_.Run(kRelease, {Value::Integer(kNoLease)});
}

}  // namespace certwright
