#include "core/bind_task_service.h"

#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr absl::Duration kForgottenAfter = absl::Hours(24);

bool IsUsedAgain(const std::optional<BindTask>& task, bool uses_cache, absl::Time now) {
  if (!task) return false;
  if (!task->finished) return true;
  return uses_cache && now - *task->finished <= kBindTaskFresh;
}

absl::StatusOr<BindTask> FindOrMake(Transaction& transaction, AccountId account,
                                    const CertificateId& id, bool uses_cache, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<BindTask> newest,
                   transaction.FindNewestBindTask(account, id));
  if (IsUsedAgain(newest, uses_cache, now)) return *newest;
  RETURN_IF_ERROR(transaction.DeleteBindTasks(account, id, now - kForgottenAfter));
  BindTask task = {.account = account, .certificate = id, .created = now, .finished = now};
  RETURN_IF_ERROR(transaction.InsertBindTask(task));
  return task;
}

absl::Status RefuseTask(absl::string_view field, absl::string_view message) {
  return Refuse(ApiError::kFailedOperationCertificateSyncTaskIdInvalid, message, field);
}

// Nothing for a text that InsertBindTask never gave.
std::optional<std::int64_t> ParseId(const std::string& text) {
  std::int64_t id = 0;
  if (!absl::SimpleAtoi(text, &id) || absl::StrCat(id) != text) return std::nullopt;
  return id;
}

}  // namespace

absl::StatusOr<std::vector<BindTask>> BindTaskService::Create(AccountId account,
                                                              const std::vector<CertificateId>& ids,
                                                              bool uses_cache) {
  if (ids.size() > kMaxBindTasks) {
    return Refuse(ApiError::kFailedOperationCertificateSyncTaskCertificateIdCountInvalid,
                  absl::StrCat("CertificateIds has ", ids.size(), " ids; at most ", kMaxBindTasks,
                               " are allowed."),
                  "CertificateIds");
  }
  const absl::Time now = clock_.Now();
  const std::vector<CertificateId> once = EachOnce(ids);
  std::vector<BindTask> tasks;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    tasks.clear();
    for (const CertificateId& id : once) {
      RETURN_IF_ERROR(RequireCertificate(transaction, account, id).status());
      ASSIGN_OR_RETURN(BindTask task, FindOrMake(transaction, account, id, uses_cache, now));
      tasks.push_back(std::move(task));
    }
    return absl::OkStatus();
  }));
  return tasks;
}

absl::StatusOr<std::vector<BindTask>> BindTaskService::Find(AccountId account,
                                                            const std::vector<std::string>& ids,
                                                            absl::string_view field) {
  if (ids.size() > kMaxBindTasks) {
    return RefuseTask(field, absl::StrCat(field, " has ", ids.size(), " ids; at most ",
                                          kMaxBindTasks, " are allowed."));
  }
  std::vector<BindTask> tasks;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    for (const std::string& text : ids) {
      const std::optional<std::int64_t> id = ParseId(text);
      std::optional<BindTask> task;
      if (id) {
        ASSIGN_OR_RETURN(task, snapshot.FindBindTask(account, *id));
      }
      if (!task) {
        return RefuseTask(
            field, absl::StrCat(field, " `", Shown(text), "` names no task of this account."));
      }
      tasks.push_back(*std::move(task));
    }
    return absl::OkStatus();
  }));
  return tasks;
}

}  // namespace certwright
