// DeleteCertificate, DeleteCertificates, DescribeDeleteCertificatesTaskResult
#include "absl/strings/str_cat.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "server/messages.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

constexpr int kMaxTaskIds = 100;

absl::StatusOr<api::DeleteCertificateResponse> DeleteCertificate(
    Services& services, const Call& call, const api::DeleteCertificateRequest& request) {
  const CertificateId id = {request.certificate_id()};
  api::DeleteCertificateResponse response;
  if (request.is_check_resource()) {
    ASSIGN_OR_RETURN(const std::string task,
                     services.certificates.BeginDelete(call.AsCaller(), id));
    response.set_delete_result(false);
    response.set_task_id(task);
    return response;
  }
  RETURN_IF_ERROR(services.certificates.Delete(call.AsCaller(), id));
  response.set_delete_result(true);
  return response;
}

absl::StatusOr<api::DeleteCertificatesResponse> DeleteCertificates(
    Services& services, const Call& call, const api::DeleteCertificatesRequest& request) {
  ASSIGN_OR_RETURN(const BatchDelete batch, services.certificates.DeleteMany(
                                                call.AsCaller(), IdsOf(request.certificate_ids()),
                                                request.is_sync(), call.forbidden));
  api::DeleteCertificatesResponse response;
  for (const CertificateId& id : batch.deleted) response.add_success(id.value);
  for (const BatchDelete::Refused& refused : batch.refused) {
    auto& fail = *response.add_fail();
    fail.set_cert_id(refused.id.value);
    fail.set_msg(absl::StrCat(WireCode(*ErrorOf(refused.why)), ": ",
                              ErrorMessage(refused.why, call.language)));
  }
  for (const BatchDelete::Task& begun : batch.tasks) {
    auto& task = *response.add_cert_task_ids();
    task.set_cert_id(begun.id.value);
    task.set_task_id(begun.task);
  }
  return response;
}

absl::StatusOr<api::DescribeDeleteCertificatesTaskResultResponse>
DescribeDeleteCertificatesTaskResult(
    Services& services, const Call& call,
    const api::DescribeDeleteCertificatesTaskResultRequest& request) {
  if (request.task_ids_size() > kMaxTaskIds) {
    return WrongParameter("TaskIds", absl::StrCat(request.task_ids_size(), " ids"),
                          absl::StrCat("at most ", kMaxTaskIds, " ids"));
  }
  ASSIGN_OR_RETURN(const std::vector<DeleteTask> tasks,
                   services.certificates.FindDeleteTasks(
                       call.account.id, {request.task_ids().begin(), request.task_ids().end()}));
  api::DescribeDeleteCertificatesTaskResultResponse response;
  for (const DeleteTask& task : tasks) {
    auto& shown = *response.add_delete_task_result();
    shown.set_task_id(task.id);
    shown.set_cert_id(task.certificate.value);
    shown.set_status(static_cast<std::uint64_t>(task.status));
    shown.set_error(task.error);
    shown.set_cache_time(task.checked ? TimeText(*task.checked) : "");
    for (const std::string& domain : task.domains) shown.add_domains(domain);
  }
  return response;
}

}  // namespace

void BindDeletions(ActionTable& table) {
  table.Bind("DeleteCertificate", DeleteCertificate);
  table.Bind("DeleteCertificates", DeleteCertificates);
  table.SetAnswersEach("DeleteCertificates");
  table.Bind("DescribeDeleteCertificatesTaskResult", DescribeDeleteCertificatesTaskResult);
}

}  // namespace certwright
