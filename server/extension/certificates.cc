// ModifyCertificateDownloadLimit
#include "core/certificate_service.h"
#include "core/status_macros.h"
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

}  // namespace

void BindExtensionCertificates(ActionTable& table) {
  table.Bind("ModifyCertificateDownloadLimit", ModifyCertificateDownloadLimit);
}

}  // namespace certwright
