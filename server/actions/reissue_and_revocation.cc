// ReplaceCertificate, RevokeCertificate, UploadRevokeLetter
#include <optional>

#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/order_service.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

absl::StatusOr<api::ReplaceCertificateResponse> ReplaceCertificate(
    Services& services, const Call& call, const api::ReplaceCertificateRequest& request) {
  ReissueRequest reissue = {
      .account = call.AsCaller(),
      .original = CertificateId{request.certificate_id()},
      .csr_type = request.csr_type(),
      .csr_pem = request.csr_content(),
      .key_algorithm = request.cert_csr_encrypt_algo(),
      .key_parameter = request.cert_csr_key_parameter(),
      .key_password = request.csrkey_password(),
      .reason = request.reason(),
  };
  ASSIGN_OR_RETURN(reissue.method, ParseMethod("ValidType", request.valid_type()));
  ASSIGN_OR_RETURN(const CertificateId id, services.orders.Replace(reissue));
  api::ReplaceCertificateResponse response;
  response.set_certificate_id(id.value);
  return response;
}

// The file that proves the revocation, on each host; or the records, where no file can.
absl::StatusOr<api::RevokeCertificateResponse> RevokeCertificate(
    Services& services, const Call& call, const api::RevokeCertificateRequest& request) {
  ASSIGN_OR_RETURN(const Revocation revocation,
                   services.orders.Revoke(call.AsCaller(), CertificateId{request.certificate_id()},
                                          request.reason()));
  api::RevokeCertificateResponse response;
  for (const DomainAuthorization& one :
       revocation.files.empty() ? revocation.records : revocation.files) {
    api::RevokeDomainValidateAuths& shown = *response.add_revoke_domain_validate_auths();
    shown.set_domain_validate_auth_path(one.path);
    shown.set_domain_validate_auth_key(one.key);
    shown.set_domain_validate_auth_value(one.value);
    shown.set_domain_validate_auth_domain(one.name);
  }
  return response;
}

absl::StatusOr<api::UploadRevokeLetterResponse> UploadRevokeLetter(
    Services& services, const Call& call, const api::UploadRevokeLetterRequest& request) {
  const std::optional<std::string> letter = FromBase64(request.revoke_letter());
  if (!letter) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  "RevokeLetter is not base64 (RFC 4648 section 4, padded, without line breaks).",
                  "RevokeLetter");
  }
  const CertificateId id{request.certificate_id()};
  RETURN_IF_ERROR(services.orders.UploadRevokeLetter(call.AsCaller(), id, *letter));
  api::UploadRevokeLetterResponse response;
  response.set_certificate_id(id.value);
  response.set_is_success(true);
  return response;
}

}  // namespace

void BindReissueAndRevocation(ActionTable& table) {
  table.Bind("ReplaceCertificate", ReplaceCertificate);
  table.Bind("RevokeCertificate", RevokeCertificate);
  table.Bind("UploadRevokeLetter", UploadRevokeLetter);
}

}  // namespace certwright
