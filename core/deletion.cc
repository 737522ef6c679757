// CertificateService's deletions: DeleteCertificate, DeleteCertificates and their tasks.
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/billing/refund_service.h"
#include "core/bound_resources.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/reissue.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr absl::Duration kDeleteAfter = absl::Hours(1);
constexpr std::size_t kMaxDeleted = 100;

absl::Status RefuseDelete(ApiError error, const Certificate& certificate, absl::string_view why) {
  return Refuse(error, absl::StrCat("CertificateId `", certificate.id.value, "` ", why, "."),
                "CertificateId");
}

absl::Status CheckRenewalIsDone(Snapshot& snapshot, const Certificate& certificate) {
  if (certificate.renewed_by.value.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Certificate> renewal,
                   snapshot.FindCertificate(certificate.account, certificate.renewed_by));
  const bool is_done = !renewal || renewal->not_after || IsDeletable(renewal->status);
  if (is_done) return absl::OkStatus();
  return RefuseDelete(ApiError::kFailedOperationRenewNotIssued, certificate,
                      absl::StrCat("is being renewed by ", renewal->id.value,
                                   ", which is not issued yet; cancel that first"));
}

absl::Status CheckDelete(Snapshot& snapshot, const Certificate& certificate, absl::Time now) {
  if (certificate.is_upload) return absl::OkStatus();
  const bool is_free = OriginOf(certificate) == Origin::kFree;
  if (is_free && now - certificate.inserted < kDeleteAfter) {
    return RefuseDelete(ApiError::kFailedOperationCannotBeDeletedWithinHour, certificate,
                        "is younger than an hour; a free certificate is deleted after that");
  }
  RETURN_IF_ERROR(CheckRenewalIsDone(snapshot, certificate));
  if (IsIssued(certificate)) {
    return RefuseDelete(ApiError::kFailedOperationCannotBeDeletedIssued, certificate,
                        "is issued; it can be deleted once it is revoked or expired");
  }
  if (IsDeletable(certificate.status)) return absl::OkStatus();
  return RefuseDelete(ApiError::kFailedOperationInvalidCertificateStatusCode, certificate,
                      absl::StrCat("has status ", StatusNumber(certificate),
                                   ", in which something is under way; cancel it first"));
}

// The row, and the end of a task that was to delete it.
absl::Status DeleteRow(Transaction& transaction, const Caller& caller,
                       const Certificate& certificate, absl::Time now) {
  ASSIGN_OR_RETURN(std::optional<DeleteTask> task,
                   transaction.FindRunningDeleteTask(certificate.account, certificate.id));
  if (task) {
    task->status = DeleteTaskStatus::kDeleted;
    RETURN_IF_ERROR(transaction.PutDeleteTask(*task));
  }
  RETURN_IF_ERROR(TellReissues(transaction, certificate));
  RETURN_IF_ERROR(KeepRefund(transaction, certificate));
  RETURN_IF_ERROR(transaction.DeleteCertificate(certificate.account, certificate.id));
  return transaction.AppendOperateLog(ByCaller("delete", caller, certificate.id, now));
}

void End(DeleteTaskStatus status, ApiError error, DeleteTask& task) {
  task.status = status;
  task.error = WireCode(error);
}

// A running task's number if there is one, else that of a new task, `fresh`.
absl::StatusOr<std::string> BeginTask(Transaction& transaction, const Caller& caller,
                                      const CertificateId& id, const std::string& fresh,
                                      absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<DeleteTask> running,
                   transaction.FindRunningDeleteTask(caller, id));
  if (running) return running->id;
  RETURN_IF_ERROR(transaction.PutDeleteTask({.account = caller,
                                             .sub_account = caller.sub_account,
                                             .id = fresh,
                                             .certificate = id,
                                             .created = now}));
  RETURN_IF_ERROR(transaction.PutJob(
      {.kind = JobKind::kDelete, .account = caller, .certificate = id, .due = now}));
  return fresh;
}

absl::Status WhyForbidden(const std::vector<ForbiddenCertificate>& forbidden,
                          const CertificateId& id) {
  for (const ForbiddenCertificate& one : forbidden) {
    if (one.id == id) return one.why;
  }
  return absl::OkStatus();
}

// Below 2^53, and no zero in front.
std::string NewTaskId(Random& random) {
  return absl::StrCat(RandomText(random, "123456789", 1), RandomText(random, kDigits, 14));
}

}  // namespace

absl::Status NoteResources(const absl::StatusOr<std::vector<BoundResource>>& found, absl::Time now,
                           DeleteTask& task) {
  task.checked = now;
  if (absl::IsDeadlineExceeded(found.status())) {
    End(DeleteTaskStatus::kScanTimedOut, ApiError::kFailedOperationDeleteResourceFailed, task);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(found.status());
  for (const BoundResource& resource : *found) task.domains.push_back(resource.domain);
  if (!found->empty()) {
    End(DeleteTaskStatus::kStillBound, ApiError::kFailedOperationDeleteResourceFailed, task);
  }
  return absl::OkStatus();
}

absl::Status CertificateService::Delete(const Caller& caller, const CertificateId& id) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Certificate certificate, RequireCertificate(transaction, caller, id));
    RETURN_IF_ERROR(CheckDelete(transaction, certificate, now));
    return DeleteRow(transaction, caller, certificate, now);
  });
}

absl::StatusOr<std::string> CertificateService::BeginDelete(const Caller& caller,
                                                            const CertificateId& id) {
  const absl::Time now = clock_.Now();
  const std::string fresh = NewTaskId(random_);
  std::string task;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(RequireCertificate(transaction, caller, id).status());
    if (!settings_.has_service_role) {
      return Refuse(ApiError::kFailedOperationRoleNotFoundAuthorization,
                    "IsCheckResource needs the service role, which this account has not granted.",
                    "IsCheckResource");
    }
    ASSIGN_OR_RETURN(task, BeginTask(transaction, caller, id, fresh, now));
    return absl::OkStatus();
  }));
  return task;
}

absl::StatusOr<BatchDelete> CertificateService::DeleteMany(
    const Caller& caller, const std::vector<CertificateId>& ids, bool as_tasks,
    const std::vector<ForbiddenCertificate>& forbidden) {
  RETURN_IF_ERROR(
      CheckCount("CertificateIds", ids.size(), kMaxDeleted,
                 ApiError::kFailedOperationCertificateSyncTaskCertificateIdCountInvalid));
  const absl::Time now = clock_.Now();
  std::vector<BatchDelete::Task> tasks;
  for (const CertificateId& id : EachOnce(ids)) tasks.push_back({id, NewTaskId(random_)});
  BatchDelete batch;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    batch = {};
    for (const auto& [id, fresh] : tasks) {
      const absl::StatusOr<Certificate> certificate =
          RequireCertificate(transaction, caller, id, "CertificateIds");
      absl::Status status = certificate.status();
      status.Update(WhyForbidden(forbidden, id));
      if (status.ok() && !as_tasks) status = CheckDelete(transaction, *certificate, now);
      if (ErrorOf(status)) {
        batch.refused.push_back({id, status});
        continue;
      }
      RETURN_IF_ERROR(status);
      if (as_tasks) {
        ASSIGN_OR_RETURN(std::string task, BeginTask(transaction, caller, id, fresh, now));
        batch.tasks.push_back({id, std::move(task)});
      } else {
        RETURN_IF_ERROR(DeleteRow(transaction, caller, *certificate, now));
        batch.deleted.push_back(id);
      }
    }
    return absl::OkStatus();
  }));
  return batch;
}

absl::StatusOr<std::vector<DeleteTask>> CertificateService::FindDeleteTasks(
    AccountId account, const std::vector<std::string>& ids) {
  std::vector<DeleteTask> tasks;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    for (const std::string& id : ids) {
      ASSIGN_OR_RETURN(std::optional<DeleteTask> task, snapshot.FindDeleteTask(account, id));
      if (!task) {
        return Refuse(
            ApiError::kFailedOperation,
            absl::StrCat("TaskIds `", Shown(id), "` names no deletion task of this account."),
            "TaskIds");
      }
      tasks.push_back(*std::move(task));
    }
    return absl::OkStatus();
  }));
  return tasks;
}

absl::Status CertificateService::RunDelete(const Job& job) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.DeleteJob(job.account, JobKind::kDelete, job.certificate));
    ASSIGN_OR_RETURN(std::optional<DeleteTask> task,
                     transaction.FindRunningDeleteTask(job.account, job.certificate));
    if (!task) return absl::OkStatus();
    const absl::StatusOr<Certificate> certificate =
        RequireCertificate(transaction, job.account, job.certificate);
    absl::Status status = certificate.status();
    if (status.ok()) status = CheckDelete(transaction, *certificate, now);
    if (!settings_.has_service_role) {
      End(DeleteTaskStatus::kRoleMissing, ApiError::kFailedOperationRoleNotFoundAuthorization,
          *task);
    } else if (const std::optional<ApiError> error = ErrorOf(status); error) {
      End(DeleteTaskStatus::kFailed, *error, *task);
    } else {
      RETURN_IF_ERROR(status);
      const auto resources = ResourcesBoundTo(transaction, job.account, job.certificate);
      RETURN_IF_ERROR(NoteResources(resources, now, *task));
    }
    RETURN_IF_ERROR(transaction.PutDeleteTask(*task));
    if (task->status != DeleteTaskStatus::kRunning) return absl::OkStatus();
    return DeleteRow(transaction, {task->account, task->sub_account}, *certificate, now);
  });
}

}  // namespace certwright
