// DownloadCertificate, DescribeDownloadCertificateUrl
#include "absl/strings/str_cat.h"
#include "core/certificate_service.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

absl::StatusOr<api::DownloadCertificateResponse> DownloadCertificate(
    Services& services, const Call& call, const api::DownloadCertificateRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string zip,
      services.certificates.Download(call.AsCaller(), CertificateId{request.certificate_id()}));
  api::DownloadCertificateResponse response;
  response.set_content(Base64(zip));
  response.set_content_type("application/zip");
  return response;
}

absl::StatusOr<ServerType> ReadServerType(const std::string& text) {
  if (text.empty()) return ServerType::kNginx;
  const std::optional<ServerType> type = ServerTypeOf(text);
  if (type) return *type;
  return Refuse(ApiError::kFailedOperationCertificateDownloadServiceTypeNotSupport,
                absl::StrCat("ServiceType `", Shown(text),
                             "` is not supported; allowed: nginx, tomcat, apache, iis, jks, other, "
                             "root."),
                "ServiceType");
}

absl::StatusOr<api::DescribeDownloadCertificateUrlResponse> DescribeDownloadCertificateUrl(
    Services& services, const Call& call,
    const api::DescribeDownloadCertificateUrlRequest& request) {
  ASSIGN_OR_RETURN(const ServerType type, ReadServerType(request.service_type()));
  ASSIGN_OR_RETURN(const MadeLink link,
                   services.certificates.MakeDownloadLink(
                       call.AsCaller(), CertificateId{request.certificate_id()}, type));
  api::DescribeDownloadCertificateUrlResponse response;
  response.set_download_certificate_url(absl::StrCat(call.http_origin, kDownloadPath, link.token));
  response.set_download_filename(link.filename);
  return response;
}

}  // namespace

void BindDownloads(ActionTable& table) {
  table.Bind("DownloadCertificate", DownloadCertificate);
  table.Bind("DescribeDownloadCertificateUrl", DescribeDownloadCertificateUrl);
}

}  // namespace certwright
