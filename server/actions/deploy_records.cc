// The records of DeployCertificateInstance, UpdateCertificateInstance and
// UploadUpdateCertificateInstance: their lists, their items, retry and rollback.
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/deployment_service.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/paging.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

constexpr std::int64_t kMaxDetailLimit = 200;

template <typename Request>
std::optional<std::int64_t> RecordOf(const Request& request) {
  return request.has_deploy_record_id() ? std::make_optional(request.deploy_record_id())
                                        : std::nullopt;
}

template <typename Response, RecordKind kKind, typename Request>
absl::StatusOr<Response> Retry(Services& services, const Call&, const Request& request) {
  const auto item = request.has_deploy_record_detail_id()
                        ? std::make_optional(request.deploy_record_detail_id())
                        : std::nullopt;
  return services.deployments.Retry(kKind, RecordOf(request), item);
}

template <typename Response, RecordKind kKind, typename Request>
absl::StatusOr<Response> RollBack(Services& services, const Call&, const Request& request) {
  return services.deployments.RollBack(kKind, RecordOf(request));
}

template <typename Response, RecordKind kKind, typename Request>
absl::StatusOr<Response> Items(Services& services, const Call&, const Request& request) {
  RETURN_IF_ERROR(CheckPage(request, kMaxDetailLimit));
  return services.deployments.CheckRecord(kKind, request.deploy_record_id());
}

absl::StatusOr<api::DescribeHostUploadUpdateRecordDetailResponse>
DescribeHostUploadUpdateRecordDetail(
    Services& services, const Call&,
    const api::DescribeHostUploadUpdateRecordDetailRequest& request) {
  RETURN_IF_ERROR(CheckClampedPage(request));
  return services.deployments.CheckRecord(RecordKind::kSameIdUpdate,
                                          absl::StrCat(request.deploy_record_id()));
}

absl::StatusOr<api::DescribeHostDeployRecordResponse> DescribeHostDeployRecord(
    Services& services, const Call& call, const api::DescribeHostDeployRecordRequest& request) {
  RETURN_IF_ERROR(CheckClampedPage(request));
  if (!request.resource_type().empty()) {
    RETURN_IF_ERROR(
        CheckResourceType(ResourceUse::kDeployRecord, request.resource_type(), "ResourceType"));
  }
  RETURN_IF_ERROR(services.deployments.CheckOwned(call.account.id, {request.certificate_id()},
                                                  "CertificateId"));
  api::DescribeHostDeployRecordResponse response;
  response.set_total_count(0);
  return response;
}

absl::StatusOr<api::DescribeHostUpdateRecordResponse> DescribeHostUpdateRecord(
    Services& services, const Call& call, const api::DescribeHostUpdateRecordRequest& request) {
  RETURN_IF_ERROR(CheckClampedPage(request));
  RETURN_IF_ERROR(services.deployments.CheckOwned(call.account.id, {request.certificate_id()},
                                                  "CertificateId"));
  RETURN_IF_ERROR(services.deployments.CheckOwned(call.account.id, {request.old_certificate_id()},
                                                  "OldCertificateId"));
  api::DescribeHostUpdateRecordResponse response;
  response.set_total_count(0);
  return response;
}

absl::StatusOr<api::DescribeHostUploadUpdateRecordResponse> DescribeHostUploadUpdateRecord(
    Services& services, const Call& call,
    const api::DescribeHostUploadUpdateRecordRequest& request) {
  RETURN_IF_ERROR(CheckClampedPage(request));
  RETURN_IF_ERROR(services.deployments.CheckOwned(call.account.id, {request.old_certificate_id()},
                                                  "OldCertificateId"));
  api::DescribeHostUploadUpdateRecordResponse response;
  response.set_total_count(0);
  return response;
}

}  // namespace

void BindDeployRecords(ActionTable& table) {
  using enum RecordKind;
  table.Bind("DeployCertificateRecordRetry",
             Retry<api::DeployCertificateRecordRetryResponse, kDeploy,
                   api::DeployCertificateRecordRetryRequest>);
  table.Bind("UpdateCertificateRecordRetry",
             Retry<api::UpdateCertificateRecordRetryResponse, kUpdate,
                   api::UpdateCertificateRecordRetryRequest>);
  table.Bind("UploadUpdateCertificateRecordRetry",
             Retry<api::UploadUpdateCertificateRecordRetryResponse, kSameIdUpdate,
                   api::UploadUpdateCertificateRecordRetryRequest>);
  table.Bind("DeployCertificateRecordRollback",
             RollBack<api::DeployCertificateRecordRollbackResponse, kDeploy,
                      api::DeployCertificateRecordRollbackRequest>);
  table.Bind("UpdateCertificateRecordRollback",
             RollBack<api::UpdateCertificateRecordRollbackResponse, kUpdate,
                      api::UpdateCertificateRecordRollbackRequest>);
  table.Bind("UploadUpdateCertificateRecordRollback",
             RollBack<api::UploadUpdateCertificateRecordRollbackResponse, kSameIdUpdate,
                      api::UploadUpdateCertificateRecordRollbackRequest>);
  table.Bind("DescribeHostDeployRecord", DescribeHostDeployRecord);
  table.Bind("DescribeHostUpdateRecord", DescribeHostUpdateRecord);
  table.Bind("DescribeHostUploadUpdateRecord", DescribeHostUploadUpdateRecord);
  table.Bind("DescribeHostDeployRecordDetail",
             Items<api::DescribeHostDeployRecordDetailResponse, kDeploy,
                   api::DescribeHostDeployRecordDetailRequest>);
  table.Bind("DescribeHostUpdateRecordDetail",
             Items<api::DescribeHostUpdateRecordDetailResponse, kUpdate,
                   api::DescribeHostUpdateRecordDetailRequest>);
  table.Bind("DescribeHostUploadUpdateRecordDetail", DescribeHostUploadUpdateRecordDetail);
}

}  // namespace certwright
