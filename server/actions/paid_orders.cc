// SubmitCertificateInformation, CommitCertificateInformation (the older form),
// CertificateInfoSubmit, CertificateOrderSubmit (the current one), UploadConfirmLetter,
// ModifyCertificateResubmit
#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/paid_order_service.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

absl::StatusOr<std::optional<ValidationMethod>> OptionalMethod(const std::string& text) {
  if (text.empty()) return std::optional<ValidationMethod>();
  ASSIGN_OR_RETURN(const ValidationMethod method, ParseMethod("VerifyType", text));
  return std::optional<ValidationMethod>(method);
}

absl::StatusOr<api::SubmitCertificateInformationResponse> SubmitCertificateInformation(
    Services& services, const Call& call, const api::SubmitCertificateInformationRequest& request) {
  Submission submission = {
      .names = {request.domain_list().begin(), request.domain_list().end()},
      .csr_source = request.csr_type(),
      .csr_pem = request.csr_content(),
      .domain = request.certificate_domain(),
      .key_password = request.key_password(),
      .organization_name = request.organization_name(),
      .organization_division = request.organization_division(),
      .organization_address = request.organization_address(),
      .organization_country = request.organization_country(),
      .organization_city = request.organization_city(),
      .organization_region = request.organization_region(),
      .postal_code = request.postal_code(),
      .phone_area_code = request.phone_area_code(),
      .phone_number = request.phone_number(),
      .admin_first_name = request.admin_first_name(),
      .admin_last_name = request.admin_last_name(),
      .admin_phone = request.admin_phone_num(),
      .admin_email = request.admin_email(),
      .admin_position = request.admin_position(),
      .contact_first_name = request.contact_first_name(),
      .contact_last_name = request.contact_last_name(),
      .contact_number = request.contact_number(),
      .contact_email = request.contact_email(),
      .contact_position = request.contact_position(),
  };
  ASSIGN_OR_RETURN(submission.method, OptionalMethod(request.verify_type()));
  RETURN_IF_ERROR(services.paid_orders.Submit(call.AsCaller(),
                                              CertificateId{request.certificate_id()}, submission,
                                              SubmissionForm::kOlder));
  api::SubmitCertificateInformationResponse response;
  response.set_certificate_id(request.certificate_id());
  return response;
}

absl::StatusOr<api::CertificateInfoSubmitResponse> CertificateInfoSubmit(
    Services& services, const Call& call, const api::CertificateInfoSubmitRequest& request) {
  Submission submission = {
      .names = {request.dns_names().begin(), request.dns_names().end()},
      .csr_source = request.gen_csr_type(),
      .csr_pem = request.csr(),
      .domain = request.cert_common_name(),
      .key_password = request.key_pass(),
      .key_algorithm = request.csr_encrypt_algo(),
      .key_parameter = request.csr_key_parameter(),
      .organization_name = request.org_organization(),
      .organization_division = request.org_division(),
      .organization_address = request.org_address(),
      .organization_country = request.org_country(),
      .organization_city = request.org_city(),
      .organization_region = request.org_region(),
      .phone_area_code = request.org_phone_area(),
      .phone_number = request.org_phone_number(),
      .admin_first_name = request.admin_first_name(),
      .admin_last_name = request.admin_last_name(),
      .admin_phone = request.admin_phone(),
      .admin_email = request.admin_email(),
      .admin_position = request.admin_title(),
      .contact_first_name = request.tech_first_name(),
      .contact_last_name = request.tech_last_name(),
      .contact_number = request.tech_phone(),
      .contact_email = request.contact_email(),
      .contact_position = request.tech_title(),
      .technical_email = request.tech_email(),
      .ca_type = request.ca_type(),
      .company_type = absl::StrCat(request.company_type()),
      .company_id = request.company_id(),
      .manager_id = request.manager_id(),
      .organization_id_type = request.org_id_type(),
      .organization_id_number = request.org_id_number(),
      .admin_id_type = request.admin_id_type(),
      .admin_id_number = request.admin_id_number(),
      .contact_id_type = request.tech_id_type(),
      .contact_id_number = request.tech_id_number(),
  };
  ASSIGN_OR_RETURN(submission.method, OptionalMethod(request.verify_type()));
  ASSIGN_OR_RETURN(
      submission.is_auto_renewed,
      ParseFlag("AutoRenewFlag", static_cast<std::int64_t>(request.auto_renew_flag())));
  RETURN_IF_ERROR(services.paid_orders.Submit(call.AsCaller(), CertificateId{request.cert_id()},
                                              submission, SubmissionForm::kCurrent));
  return api::CertificateInfoSubmitResponse();
}

absl::StatusOr<api::CommitCertificateInformationResponse> CommitCertificateInformation(
    Services& services, const Call& call, const api::CommitCertificateInformationRequest& request) {
  ASSIGN_OR_RETURN(const auto method, OptionalMethod(request.verify_type()));
  ASSIGN_OR_RETURN(
      const CommittedOrder order,
      services.paid_orders.Commit(call.AsCaller(), CertificateId{request.certificate_id()}, method,
                                  false, SubmissionForm::kOlder));
  api::CommitCertificateInformationResponse response;
  response.set_order_id(order.certificate.order_id);
  response.set_status(static_cast<std::uint64_t>(order.certificate.status));
  return response;
}

absl::StatusOr<api::CertificateOrderSubmitResponse> CertificateOrderSubmit(
    Services& services, const Call& call, const api::CertificateOrderSubmitRequest& request) {
  ASSIGN_OR_RETURN(const auto method, OptionalMethod(request.verify_type()));
  ASSIGN_OR_RETURN(const bool deletes,
                   ParseFlag("DeleteDnsAutoRecord",
                             static_cast<std::int64_t>(request.delete_dns_auto_record())));
  ASSIGN_OR_RETURN(const CommittedOrder order,
                   services.paid_orders.Commit(call.AsCaller(), CertificateId{request.cert_id()},
                                               method, deletes, SubmissionForm::kCurrent));
  api::CertificateOrderSubmitResponse response;
  response.set_order_id(order.certificate.order_id);
  response.set_status(static_cast<std::uint64_t>(order.certificate.status));
  response.set_is_audited(order.is_audited);
  return response;
}

absl::StatusOr<api::UploadConfirmLetterResponse> UploadConfirmLetter(
    Services& services, const Call& call, const api::UploadConfirmLetterRequest& request) {
  const std::optional<std::string> letter = FromBase64(request.confirm_letter());
  if (!letter) {
    return Refuse(ApiError::kInvalidParameterValue, "The parameter `ConfirmLetter` is not base64.",
                  "ConfirmLetter");
  }
  RETURN_IF_ERROR(services.paid_orders.UploadLetter(
      call.AsCaller(), CertificateId{request.certificate_id()}, *letter));
  api::UploadConfirmLetterResponse response;
  response.set_certificate_id(request.certificate_id());
  response.set_is_success(true);
  return response;
}

absl::StatusOr<api::ModifyCertificateResubmitResponse> ModifyCertificateResubmit(
    Services& services, const Call& call, const api::ModifyCertificateResubmitRequest& request) {
  RETURN_IF_ERROR(
      services.paid_orders.Reopen(call.AsCaller(), CertificateId{request.certificate_id()}));
  api::ModifyCertificateResubmitResponse response;
  response.set_certificate_id(request.certificate_id());
  return response;
}

}  // namespace

void BindPaidOrders(ActionTable& table) {
  table.Bind("SubmitCertificateInformation", SubmitCertificateInformation);
  table.Bind("CertificateInfoSubmit", CertificateInfoSubmit);
  table.Bind("CommitCertificateInformation", CommitCertificateInformation);
  table.Bind("CertificateOrderSubmit", CertificateOrderSubmit);
  table.Bind("UploadConfirmLetter", UploadConfirmLetter);
  table.Bind("ModifyCertificateResubmit", ModifyCertificateResubmit);
}

}  // namespace certwright
