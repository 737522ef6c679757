// ApplyCertificate and what happens to a free order until it is issued or cancelled.
#include "core/order_service.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "server/messages.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

// Opens a free order. Validation and issue follow in the background: core/worker.cc.
absl::StatusOr<api::ApplyCertificateResponse> ApplyCertificate(
    Services& services, const Call& call, const api::ApplyCertificateRequest& request) {
  FreeApplication application = {
      .account = call.AsCaller(),
      .domain = request.domain_name(),
      .package_type = request.package_type(),
      .contact_email = request.contact_email(),
      .contact_phone = request.contact_phone(),
      .validity_period = request.validity_period(),
      .key_algorithm = request.csr_encrypt_algo(),
      .key_parameter = request.csr_key_parameter(),
      .key_password = request.csr_key_password(),
      .alias = request.alias(),
      .old_certificate_id = request.old_certificate_id(),
      .package_id = request.package_id(),
      .delete_dns_auto_record = request.delete_dns_auto_record(),
      .has_dns_names = request.dns_names_size() > 0,
  };
  ASSIGN_OR_RETURN(application.project_id, ParseProject(request.project_id()));
  ASSIGN_OR_RETURN(application.method, ParseMethod("DvAuthMethod", request.dv_auth_method()));
  ASSIGN_OR_RETURN(const CertificateId id, services.orders.Apply(application));
  api::ApplyCertificateResponse response;
  response.set_certificate_id(id.value);
  return response;
}

absl::StatusOr<api::CompleteCertificateResponse> CompleteCertificate(
    Services& services, const Call& call, const api::CompleteCertificateRequest& request) {
  ASSIGN_OR_RETURN(
      const CertificateId id,
      services.orders.Complete(call.account.id, CertificateId{request.certificate_id()}));
  api::CompleteCertificateResponse response;
  response.set_certificate_id(id.value);
  return response;
}

// The documented LocalCheck number of what a probe found.
std::int64_t LocalCheck(Probe::Result result) {
  switch (result) {
    case Probe::Result::kPassed:
      return 1;
    case Probe::Result::kTxtAbsent:
    case Probe::Result::kCaaForbids:
      return -1;
    case Probe::Result::kTxtDiffers:
      return -2;
    case Probe::Result::kDnsLookupFailed:
      return -3;
    case Probe::Result::kHttpFileAbsent:
      return -4;
    case Probe::Result::kHttpFileDiffers:
      return -5;
    case Probe::Result::kCnameAbsent:
      return -6;
    case Probe::Result::kCnameDiffers:
      return -7;
    case Probe::Result::kFileLookupFailed:
      return -8;
  }
  return -1;
}

void Show(const VerificationResult& result, Language language, api::DomainValidationResult& out) {
  constexpr std::int64_t kNotPassed = -1;
  constexpr std::int64_t kConfirmedByCa = 2;
  const bool is_passed = !result.is_frequent && result.probe.result == Probe::Result::kPassed;
  out.set_domain(result.authorization.name);
  out.set_verify_type(MethodText(result.authorization.method));
  out.set_local_check(result.is_frequent ? kNotPassed : LocalCheck(result.probe.result));
  out.set_ca_check(is_passed ? kConfirmedByCa : kNotPassed);
  out.set_local_check_fail_reason(ProbeText(result.probe, result.is_frequent, language));
  if (!result.probe.seen.empty()) out.add_check_value(result.probe.seen);
  out.set_frequently(result.is_frequent);
  out.set_issued(result.is_issued);
}

absl::StatusOr<api::CheckCertificateDomainVerificationResponse> CheckCertificateDomainVerification(
    Services& services, const Call& call,
    const api::CheckCertificateDomainVerificationRequest& request) {
  ASSIGN_OR_RETURN(
      const std::vector<VerificationResult> results,
      services.orders.CheckVerification(call.account.id, CertificateId{request.certificate_id()}));
  api::CheckCertificateDomainVerificationResponse response;
  for (const VerificationResult& result : results) {
    Show(result, call.language, *response.add_verification_results());
  }
  return response;
}

absl::StatusOr<api::CancelCertificateOrderResponse> CancelCertificateOrder(
    Services& services, const Call& call, const api::CancelCertificateOrderRequest& request) {
  RETURN_IF_ERROR(
      services.orders.CancelOrder(call.AsCaller(), CertificateId{request.certificate_id()}));
  api::CancelCertificateOrderResponse response;
  response.set_certificate_id(request.certificate_id());
  return response;
}

absl::StatusOr<api::CancelAuditCertificateResponse> CancelAuditCertificate(
    Services& services, const Call& call, const api::CancelAuditCertificateRequest& request) {
  RETURN_IF_ERROR(
      services.orders.CancelAudit(call.AsCaller(), CertificateId{request.certificate_id()}));
  api::CancelAuditCertificateResponse response;
  response.set_result(true);
  return response;
}

}  // namespace

void BindOrders(ActionTable& table) {
  table.Bind("ApplyCertificate", ApplyCertificate);
  table.Bind("CompleteCertificate", CompleteCertificate);
  table.Bind("CheckCertificateDomainVerification", CheckCertificateDomainVerification);
  table.Bind("CancelCertificateOrder", CancelCertificateOrder);
  table.Bind("CancelAuditCertificate", CancelAuditCertificate);
}

}  // namespace certwright
