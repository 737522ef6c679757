// CheckCertificateChain, CheckCertificateExist
#include "core/certificate_checks.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

absl::StatusOr<api::CheckCertificateChainResponse> CheckCertificateChain(
    Services& services, const Call& call, const api::CheckCertificateChainRequest& request) {
  ASSIGN_OR_RETURN(const ChainReport report,
                   CheckChainText(request.certificate_chain(), services.trust, call.now));
  api::CheckCertificateChainResponse response;
  response.set_is_valid(report.is_valid);
  response.set_is_trusted_ca(report.is_trusted);
  for (const std::string& name : report.names) response.add_chains(name);
  return response;
}

absl::StatusOr<api::CheckCertificateExistResponse> CheckCertificateExist(
    Services& services, const Call& call, const api::CheckCertificateExistRequest& request) {
  ASSIGN_OR_RETURN(
      const std::optional<CertificateId> found,
      FindSameCertificate(services.store, call.account.id, request.certificate_public_key()));
  api::CheckCertificateExistResponse response;
  response.set_repeat_cert_id(found ? found->value : "");
  return response;
}

}  // namespace

void BindChecks(ActionTable& table) {
  table.Bind("CheckCertificateChain", CheckCertificateChain);
  table.Bind("CheckCertificateExist", CheckCertificateExist);
}

}  // namespace certwright
