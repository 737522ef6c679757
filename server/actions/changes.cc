// ModifyCertificateProject, ModifyCertificatesExpiringNotificationSwitch
#include "absl/strings/str_cat.h"
#include "core/certificate_service.h"
#include "core/row_rules.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

absl::StatusOr<api::ModifyCertificateProjectResponse> ModifyCertificateProject(
    Services& services, const Call& call, const api::ModifyCertificateProjectRequest& request) {
  ASSIGN_OR_RETURN(const std::int64_t project, ParseProject(request.project_id()));
  ASSIGN_OR_RETURN(const MoveOutcome outcome,
                   services.certificates.MoveToProject(
                       call.AsCaller(), IdsOf(request.certificate_id_list()), project));
  api::ModifyCertificateProjectResponse response;
  for (const CertificateId& id : outcome.moved) response.add_success_certificates(id.value);
  for (const CertificateId& id : outcome.unknown) response.add_fail_certificates(id.value);
  return response;
}

absl::StatusOr<api::ModifyCertificatesExpiringNotificationSwitchResponse>
ModifyCertificatesExpiringNotificationSwitch(
    Services& services, const Call& call,
    const api::ModifyCertificatesExpiringNotificationSwitchRequest& request) {
  if (request.switch_status() > 1) {
    return WrongParameter("SwitchStatus", absl::StrCat(request.switch_status()), "0, 1");
  }
  const std::vector<CertificateId> ids = IdsOf(request.certificate_ids());
  RETURN_IF_ERROR(
      services.certificates.SetIgnored(call.AsCaller(), ids, request.switch_status() == 1));
  api::ModifyCertificatesExpiringNotificationSwitchResponse response;
  for (const CertificateId& id : EachOnce(ids)) response.add_certificate_ids(id.value);
  return response;
}

}  // namespace

void BindChanges(ActionTable& table) {
  table.Bind("ModifyCertificateProject", ModifyCertificateProject);
  table.Bind("ModifyCertificatesExpiringNotificationSwitch",
             ModifyCertificatesExpiringNotificationSwitch);
}

}  // namespace certwright
