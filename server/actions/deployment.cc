// DeployCertificateInstance, UpdateCertificateInstance, UploadUpdateCertificateInstance,
// DescribeDeployedResources
#include "core/deployment_service.h"
#include "core/error.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/paging.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

template <typename Rows>
std::vector<TypeRegions> RegionsOf(const Rows& rows) {
  std::vector<TypeRegions> copies;
  for (const auto& row : rows) {
    copies.push_back(
        {.type = row.resource_type(), .regions = {row.regions().begin(), row.regions().end()}});
  }
  return copies;
}

absl::StatusOr<api::DeployCertificateInstanceResponse> DeployCertificateInstance(
    Services& services, const Call& call, const api::DeployCertificateInstanceRequest& request) {
  RETURN_IF_ERROR(CheckNumber("Status", request.status(), -1, 1));
  RETURN_IF_ERROR(CheckNumber("IsCache", request.is_cache(), 0, 1));
  Deployment deployment = {
      .account = call.account.id,
      .certificate = {request.certificate_id()},
      .instances = {request.instance_id_list().begin(), request.instance_id_list().end()},
      .region = call.region};
  if (!request.resource_type().empty()) deployment.resource_type = request.resource_type();
  return services.deployments.Deploy(deployment);
}

absl::StatusOr<api::UpdateCertificateInstanceResponse> UpdateCertificateInstance(
    Services& services, const Call& call, const api::UpdateCertificateInstanceRequest& request) {
  RETURN_IF_ERROR(
      CheckNumber("ExpiringNotificationSwitch", request.expiring_notification_switch(), 0, 1));
  BindingUpdate update = {
      .account = call.account.id,
      .old_certificate = {request.old_certificate_id()},
      .certificate = {request.certificate_id()},
      .public_pem = request.certificate_public_key(),
      .private_pem = request.certificate_private_key(),
      .is_repeatable = !request.has_repeatable() || request.repeatable(),
      .is_in_project_only = !call.policy.empty(),
      .tags = TagsOf(request.tags()),
      .types = {request.resource_types().begin(), request.resource_types().end()},
      .regions = RegionsOf(request.resource_types_regions())};
  ASSIGN_OR_RETURN(update.project_id, ParseProject(request.project_id()));
  return services.deployments.Update(update);
}

absl::StatusOr<api::UploadUpdateCertificateInstanceResponse> UploadUpdateCertificateInstance(
    Services& services, const Call& call,
    const api::UploadUpdateCertificateInstanceRequest& request) {
  return services.deployments.UpdateSameId(
      {.account = call.account.id,
       .old_certificate = {request.old_certificate_id()},
       .certificate = {request.certificate_id()},
       .public_pem = request.certificate_public_key(),
       .private_pem = request.certificate_private_key(),
       .types = {request.resource_types().begin(), request.resource_types().end()},
       .regions = RegionsOf(request.resource_types_regions())});
}

absl::StatusOr<api::DescribeDeployedResourcesResponse> DescribeDeployedResources(
    Services& services, const Call& call, const api::DescribeDeployedResourcesRequest& request) {
  const std::string& type = request.resource_type();
  if (!IsResourceType(ResourceUse::kDeployed, type)) {
    const absl::Status wrong =
        WrongParameter("ResourceType", type, ResourceTypeNames(ResourceUse::kDeployed));
    return Refuse(ApiError::kInvalidParameter, wrong.message(), FieldOf(wrong));
  }
  std::vector<CertificateId> ids;
  for (const std::string& id : request.certificate_ids()) ids.push_back({id});
  RETURN_IF_ERROR(services.deployments.CheckDeployed(call.account.id, ids));
  api::DescribeDeployedResourcesResponse response;
  for (const CertificateId& id : ids) {
    api::DeployedResources& row = *response.add_deployed_resources();
    row.set_certificate_id(id.value);
    row.set_type(type);
    row.set_count(0);
  }
  return response;
}

}  // namespace

void BindDeployment(ActionTable& table) {
  table.Bind("DeployCertificateInstance", DeployCertificateInstance);
  table.Bind("UpdateCertificateInstance", UpdateCertificateInstance);
  table.Bind("UploadUpdateCertificateInstance", UploadUpdateCertificateInstance);
  table.Bind("DescribeDeployedResources", DescribeDeployedResources);
}

}  // namespace certwright
