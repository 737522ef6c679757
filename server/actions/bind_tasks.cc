// CreateCertificateBindResourceSyncTask, DescribeCertificateBindResourceTaskResult,
// DescribeCertificateBindResourceTaskDetail
#include "absl/strings/str_cat.h"
#include "core/bind_task_service.h"
#include "core/deployment_rules.h"
#include "core/region.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/paging.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

constexpr std::int64_t kMaxDetailLimit = 100;

// As documented: 0 runs, 1 is finished, 2 failed.
std::uint64_t StatusOf(const BindTask& task) { return task.finished ? 1 : 0; }

std::string CacheTime(const BindTask& task) {
  return task.finished ? TimeText(*task.finished) : "";
}

absl::StatusOr<api::CreateCertificateBindResourceSyncTaskResponse>
CreateCertificateBindResourceSyncTask(
    Services& services, const Call& call,
    const api::CreateCertificateBindResourceSyncTaskRequest& request) {
  ASSIGN_OR_RETURN(const bool uses_cache,
                   ParseFlag("IsCache", static_cast<std::int64_t>(request.is_cache())));
  std::vector<CertificateId> ids;
  for (const std::string& id : request.certificate_ids()) ids.push_back({id});
  ASSIGN_OR_RETURN(const std::vector<BindTask> tasks,
                   services.bind_tasks.Create(call.account.id, ids, uses_cache));
  api::CreateCertificateBindResourceSyncTaskResponse response;
  for (const BindTask& task : tasks) {
    api::CertTaskId& row = *response.add_cert_task_ids();
    row.set_cert_id(task.certificate.value);
    row.set_task_id(absl::StrCat(task.id));
  }
  return response;
}

// Nothing can be bound yet: each type was looked for, and none was found.
void ShowCounts(const BindTask& task, api::SyncTaskBindResourceResult& out) {
  if (!task.finished) return;
  for (const std::string& type : ResourceTypes(ResourceUse::kUpdate)) {
    api::BindResourceResult& result = *out.add_bind_resource_result();
    result.set_resource_type(type);
    api::BindResourceRegionResult& all = *result.add_bind_resource_region_result();
    all.set_region("");
    all.set_total_count(0);
  }
}

absl::StatusOr<api::DescribeCertificateBindResourceTaskResultResponse>
DescribeCertificateBindResourceTaskResult(
    Services& services, const Call& call,
    const api::DescribeCertificateBindResourceTaskResultRequest& request) {
  ASSIGN_OR_RETURN(
      const std::vector<BindTask> tasks,
      services.bind_tasks.Find(call.account.id,
                               {request.task_ids().begin(), request.task_ids().end()}, "TaskIds"));
  api::DescribeCertificateBindResourceTaskResultResponse response;
  for (const BindTask& task : tasks) {
    api::SyncTaskBindResourceResult& row = *response.add_sync_task_bind_resource_result();
    row.set_task_id(absl::StrCat(task.id));
    row.set_status(StatusOf(task));
    row.set_cache_time(CacheTime(task));
    ShowCounts(task, row);
  }
  return response;
}

absl::Status CheckDetail(const api::DescribeCertificateBindResourceTaskDetailRequest& request) {
  RETURN_IF_ERROR(CheckPage(request, kMaxDetailLimit));
  for (int i = 0; i < request.resource_types_size(); ++i) {
    if (IsResourceType(ResourceUse::kSearchDetail, request.resource_types(i))) continue;
    return WrongParameter(absl::StrCat("ResourceTypes.", i), request.resource_types(i),
                          ResourceTypeNames(ResourceUse::kSearchDetail));
  }
  for (int i = 0; i < request.regions_size(); ++i) {
    if (IsRegion(request.regions(i))) continue;
    return WrongParameter(absl::StrCat("Regions.", i), request.regions(i),
                          "names like ap-guangzhou");
  }
  return absl::OkStatus();
}

absl::StatusOr<api::DescribeCertificateBindResourceTaskDetailResponse>
DescribeCertificateBindResourceTaskDetail(
    Services& services, const Call& call,
    const api::DescribeCertificateBindResourceTaskDetailRequest& request) {
  RETURN_IF_ERROR(CheckDetail(request));
  ASSIGN_OR_RETURN(const std::vector<BindTask> tasks,
                   services.bind_tasks.Find(call.account.id, {request.task_id()}, "TaskId"));
  api::DescribeCertificateBindResourceTaskDetailResponse response;
  response.set_status(StatusOf(tasks.front()));
  response.set_cache_time(CacheTime(tasks.front()));
  return response;
}

}  // namespace

void BindBindTasks(ActionTable& table) {
  table.Bind("CreateCertificateBindResourceSyncTask", CreateCertificateBindResourceSyncTask);
  table.Bind("DescribeCertificateBindResourceTaskResult",
             DescribeCertificateBindResourceTaskResult);
  table.Bind("DescribeCertificateBindResourceTaskDetail",
             DescribeCertificateBindResourceTaskDetail);
}

}  // namespace certwright
