// ModifyCertificateDownloadLimit, ModifyCertificateAutoRenew, DescribeLetterTemplate
#include "core/certificate_service.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/certificates.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

absl::StatusOr<ext::ModifyCertificateDownloadLimitResponse> ModifyCertificateDownloadLimit(
    Services& services, const Call& call,
    const ext::ModifyCertificateDownloadLimitRequest& request) {
  RETURN_IF_ERROR(services.certificates.AllowDownload(
      call.AsCaller(), CertificateId{request.certificate_id()}, request.allow_download()));
  ext::ModifyCertificateDownloadLimitResponse response;
  response.set_certificate_id(request.certificate_id());
  return response;
}

absl::StatusOr<ext::ModifyCertificateAutoRenewResponse> ModifyCertificateAutoRenew(
    Services& services, const Call& call, const ext::ModifyCertificateAutoRenewRequest& request) {
  RETURN_IF_ERROR(services.certificates.SetAutoRenewed(
      call.AsCaller(), CertificateId{request.certificate_id()}, request.auto_renew()));
  ext::ModifyCertificateAutoRenewResponse response;
  response.set_certificate_id(request.certificate_id());
  return response;
}

absl::StatusOr<ext::DescribeLetterTemplateResponse> DescribeLetterTemplate(
    Services& services, const Call& call, const ext::DescribeLetterTemplateRequest& request) {
  const std::string kind = request.has_kind() ? request.kind() : "confirmation";
  if (kind != "confirmation" && kind != "revocation") {
    return WrongParameter("Kind", kind, "confirmation, revocation");
  }
  ext::DescribeLetterTemplateResponse response;
  ASSIGN_OR_RETURN(*response.mutable_content(),
                   services.certificates.TakeLetterTemplate(
                       call.AsCaller(), CertificateId{request.certificate_id()}, kind));
  response.set_certificate_id(request.certificate_id());
  response.set_kind(kind);
  return response;
}

}  // namespace

void BindExtensionCertificates(ActionTable& table) {
  table.Bind("ModifyCertificateDownloadLimit", ModifyCertificateDownloadLimit);
  table.Bind("ModifyCertificateAutoRenew", ModifyCertificateAutoRenew);
  table.Bind("DescribeLetterTemplate", DescribeLetterTemplate);
}

}  // namespace certwright
