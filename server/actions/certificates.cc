// UploadCertificate, ModifyCertificateAlias
#include <optional>
#include <string>

#include "core/certificate_service.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

absl::StatusOr<api::UploadCertificateResponse> UploadCertificate(
    Services& services, const Call& call, const api::UploadCertificateRequest& request) {
  Upload upload = {
      .account = call.AsCaller(),
      .public_pem = request.certificate_public_key(),
      .private_pem = request.certificate_private_key(),
      .key_password = request.key_password(),
      .alias = request.alias(),
      .tags = TagsOf(request.tags()),
      .is_repeatable = !request.has_repeatable() || request.repeatable(),
      .is_in_project_only = !call.policy.empty(),
  };
  ASSIGN_OR_RETURN(upload.project_id, ParseProject(request.project_id()));
  if (!request.certificate_type().empty()) {
    ASSIGN_OR_RETURN(upload.kind, ParseKind("CertificateType", request.certificate_type()));
  }
  ASSIGN_OR_RETURN(const UploadOutcome outcome, services.certificates.Upload(upload));
  api::UploadCertificateResponse response;
  response.set_certificate_id(outcome.id.value);
  response.set_repeat_cert_id(outcome.repeated.value);
  return response;
}

absl::StatusOr<api::ModifyCertificateAliasResponse> ModifyCertificateAlias(
    Services& services, const Call& call, const api::ModifyCertificateAliasRequest& request) {
  const CertificateId id = {request.certificate_id()};
  std::optional<std::string> alias;
  if (request.has_alias()) alias = request.alias();
  RETURN_IF_ERROR(services.certificates.Rename(call.AsCaller(), id, alias));
  api::ModifyCertificateAliasResponse response;
  response.set_certificate_id(request.certificate_id());
  return response;
}

}  // namespace

void BindCertificates(ActionTable& table) {
  table.Bind("UploadCertificate", UploadCertificate);
  table.Bind("ModifyCertificateAlias", ModifyCertificateAlias);
}

}  // namespace certwright
