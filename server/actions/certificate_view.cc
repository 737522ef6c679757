#include "server/actions/certificate_view.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/download.h"
#include "core/products.h"
#include "core/submission_rules.h"
#include "server/actions/parameters.h"
#include "server/messages.h"

namespace certwright {
namespace {

struct Names {
  const char* chinese;
  const char* english;
};

// By status number.
constexpr Names kStatusNames[] = {
    {"审核中", "Reviewing"},
    {"已颁发", "Issued"},
    {"审核失败", "Failed"},
    {"已过期", "Expired"},
    {"待验证", "To be validated"},
    {"待提交资料", "Pending submission"},
    {"取消中", "Cancelling"},
    {"已取消", "Cancelled"},
    {"待上传确认函", "Pending confirmation letter"},
    {"吊销中", "Revoking"},
    {"已吊销", "Revoked"},
    {"重颁发中", "Reissuing"},
    {"待上传吊销函", "Pending revocation letter"},
    {"免费证书待提交资料", "Free, pending submission"},
    {"已退款", "Refunded"},
    {"迁移中", "Migrating"},
};

// CompanyType of the API has no value for "nobody said". Free orders are DV and name no company; a
// person is documented for DV alone, so an upload, whose validation nobody knows, is not one.
constexpr int kPerson = 1;
constexpr int kCompany = 2;

// WoTrus, DNSPod's SM2 products, uploads; all others are TrustAsia's.
const char* FromText(const Certificate& certificate) {
  if (certificate.is_upload) return "upload";
  if (IsWoTrus(certificate)) return "wosign";
  return IsDnspodSm2(certificate) ? "sheca" : "trustasia";
}

// The members that all three answers share, under the same names.
template <typename Out>
void ShowShared(const Certificate& certificate, const Call& call, Out& out) {
  out.set_owner_uin(absl::StrCat(certificate.account.value));
  out.set_project_id(absl::StrCat(certificate.project_id));
  out.set_from(FromText(certificate));
  out.set_certificate_type(certificate.kind == CertificateKind::kCa ? "CA" : "SVR");
  if (certificate.package_type) out.set_package_type(absl::StrCat(*certificate.package_type));
  out.set_product_zh_name(ProductName(certificate));
  out.set_domain(certificate.domain);
  out.set_alias(certificate.alias);
  out.set_status(static_cast<std::uint64_t>(certificate.status));
  if (!certificate.status_message.empty()) {
    out.set_status_msg(FailureText(certificate.status_message, call.language));
  }
  out.set_status_name(StatusName(certificate.status, call.language));
  if (certificate.validation_method)
    out.set_verify_type(MethodText(*certificate.validation_method));
  out.set_vulnerability_status("INACTIVE");
  if (certificate.not_before) out.set_cert_begin_time(TimeText(*certificate.not_before));
  if (certificate.not_after) out.set_cert_end_time(TimeText(*certificate.not_after));
  out.set_validity_period(absl::StrCat(certificate.validity_months));
  out.set_insert_time(TimeText(certificate.inserted));
  out.set_certificate_id(certificate.id.value);
  out.set_is_vip(OriginOf(certificate) == Origin::kPaid);
  out.set_is_dv(!certificate.is_upload && LevelOf(certificate) == Level::kDv);
  out.set_is_wildcard(IsWildcard(certificate));
  out.set_is_vulnerability(false);
  out.set_renew_able(IsRenewable(certificate, call.now));
  out.set_deployable(IsDeployable(certificate, call.now));
  for (const Tag& tag : certificate.tags) {
    auto& shown = *out.add_tags();
    shown.set_tag_key(tag.key);
    shown.set_tag_value(tag.value);
  }
  auto& extra = *out.mutable_certificate_extra();
  extra.set_domain_number(absl::StrCat(certificate.is_upload
                                           ? static_cast<int>(certificate.names.size())
                                           : certificate.domain_count));
  if (!certificate.renews.value.empty()) extra.set_origin_certificate_id(certificate.renews.value);
  if (!certificate.renewed_by.value.empty()) extra.set_renew_order(certificate.renewed_by.value);
  if (!certificate.replaced_by.value.empty()) extra.set_replaced_by(certificate.replaced_by.value);
  if (!certificate.replaced_for.value.empty()) {
    extra.set_replaced_for(certificate.replaced_for.value);
  }
  extra.set_sm_cert(0);
  extra.set_company_type(certificate.is_upload || LevelOf(certificate) != Level::kDv ? kCompany
                                                                                     : kPerson);
}

template <typename Out>
void ShowCaMembers(const Certificate& certificate, Out& out) {
  for (const std::string& name : certificate.ca_common_names) out.add_ca_common_names(name);
  for (const std::string& key : certificate.ca_key_descriptions) out.add_ca_encrypt_algorithms(key);
  for (const absl::Time end : certificate.ca_end_times) out.add_ca_end_times(TimeText(end));
}

void ShowRecord(const DomainAuthorization& record, api::DvAuths& shown) {
  shown.set_dv_auth_key(record.key);
  shown.set_dv_auth_value(record.value);
  shown.set_dv_auth_domain(record.zone);
  shown.set_dv_auth_path(record.path);
  shown.set_dv_auth_sub_domain(record.sub_domain);
  shown.set_dv_auth_verify_type(RecordTypeText(record.record_type));
}

// The validation records, until they are of no more use.
void ShowAuthorizations(const Certificate& certificate, api::DvAuthDetail& detail) {
  const bool is_open = certificate.status == CertificateStatus::kReviewing ||
                       certificate.status == CertificateStatus::kDnsRecordAdded;
  if (!is_open || certificate.authorizations.empty()) {
    detail.set_dv_auth_key_sub_domain("");
    return;
  }
  const DomainAuthorization& first = certificate.authorizations.front();
  detail.set_dv_auth_key(first.key);
  detail.set_dv_auth_value(first.value);
  detail.set_dv_auth_domain(first.zone);
  detail.set_dv_auth_path(first.path);
  detail.set_dv_auth_key_sub_domain(first.sub_domain);
  for (const DomainAuthorization& authorization : certificate.authorizations) {
    ShowRecord(authorization, *detail.add_dv_auths());
  }
}

// What an order in review was opened with; nothing once it is over.
void ShowSubmitted(const Certificate& certificate, api::SubmittedData& data) {
  data.set_csr_type("online");
  data.set_certificate_domain(certificate.domain);
  data.add_domain_list(certificate.domain);
  if (!certificate.contact_email.empty()) data.set_contact_email(certificate.contact_email);
  if (!certificate.contact_phone.empty()) data.set_contact_number(certificate.contact_phone);
  if (certificate.validation_method) {
    data.set_verify_type(MethodText(*certificate.validation_method));
  }
}

void ShowDownloads(const Certificate& certificate, api::SupportDownloadType& types) {
  const auto is_there = [&certificate](ServerType type) {
    return IsIssued(certificate) && IsPackable(type, certificate);
  };
  types.set_nginx(is_there(ServerType::kNginx));
  types.set_apache(is_there(ServerType::kApache));
  types.set_tomcat(is_there(ServerType::kTomcat));
  types.set_iis(is_there(ServerType::kIis));
  types.set_jks(is_there(ServerType::kJks));
  types.set_other(is_there(ServerType::kOther));
  types.set_root(is_there(ServerType::kRoot));
}

void ShowProject(const Certificate& certificate, const Call& call, api::ProjectInfo& project) {
  project.set_project_id(absl::StrCat(certificate.project_id));
  project.set_owner_uin(static_cast<std::uint64_t>(certificate.account.value));
  if (certificate.project_id != 0) return;
  project.set_project_name(call.language == Language::kEnglish ? "Default project" : "默认项目");
}

std::optional<absl::Time> ValidationPassed(const Certificate& certificate) {
  std::optional<absl::Time> last;
  for (const DomainAuthorization& authorization : certificate.authorizations) {
    if (!authorization.validated) return std::nullopt;
    last = last ? std::max(*last, *authorization.validated) : *authorization.validated;
  }
  return last;
}

// What the two answers about one certificate share beyond the list: the other names, the order.
template <typename Out>
void ShowOrder(const Certificate& certificate, const Beside& beside, Out& out) {
  if (beside.revocation) {
    for (const DomainAuthorization& record : beside.revocation->records) {
      ShowRecord(record, *out.add_dv_revoke_auth_detail());
    }
  }
  for (const std::string& name : certificate.names) {
    if (name != certificate.domain) out.add_subject_alt_name(name);
  }
  if (!certificate.order_id.empty()) out.set_order_id(certificate.order_id);
  ShowAuthorizations(certificate, *out.mutable_dv_auth_detail());
  if (certificate.not_before || certificate.is_upload) return;
  if (beside.submission) {
    ShowPaid(*beside.submission, *out.mutable_submitted_data());
  } else if (OriginOf(certificate) == Origin::kFree) {
    ShowSubmitted(certificate, *out.mutable_submitted_data());
  }
}

}  // namespace

void ShowPaid(const Submission& submission, api::SubmittedData& data) {
  data.set_csr_type(submission.csr_source);
  if (!submission.csr_pem.empty()) data.set_csr_content(submission.csr_pem);
  data.set_certificate_domain(submission.domain);
  data.add_domain_list(submission.domain);
  for (const std::string& name : submission.names) data.add_domain_list(name);
  if (submission.method) data.set_verify_type(MethodText(*submission.method));
  const auto show = [](const std::string& text, auto set) {
    if (!text.empty()) set(text);
  };
  show(submission.organization_name, [&](auto& text) { data.set_organization_name(text); });
  show(submission.organization_division, [&](auto& text) { data.set_organization_division(text); });
  show(submission.organization_address, [&](auto& text) { data.set_organization_address(text); });
  show(submission.organization_country, [&](auto& text) { data.set_organization_country(text); });
  show(submission.organization_city, [&](auto& text) { data.set_organization_city(text); });
  show(submission.organization_region, [&](auto& text) { data.set_organization_region(text); });
  show(submission.postal_code, [&](auto& text) { data.set_postal_code(text); });
  show(submission.phone_area_code, [&](auto& text) { data.set_phone_area_code(text); });
  show(submission.phone_number, [&](auto& text) { data.set_phone_number(text); });
  show(submission.admin_first_name, [&](auto& text) { data.set_admin_first_name(text); });
  show(submission.admin_last_name, [&](auto& text) { data.set_admin_last_name(text); });
  show(submission.admin_phone, [&](auto& text) { data.set_admin_phone_num(text); });
  show(submission.admin_email, [&](auto& text) { data.set_admin_email(text); });
  show(submission.admin_position, [&](auto& text) { data.set_admin_position(text); });
  show(submission.contact_first_name, [&](auto& text) { data.set_contact_first_name(text); });
  show(submission.contact_last_name, [&](auto& text) { data.set_contact_last_name(text); });
  show(submission.contact_number, [&](auto& text) { data.set_contact_number(text); });
  show(ContactMail(submission), [&](auto& text) { data.set_contact_email(text); });
  show(submission.contact_position, [&](auto& text) { data.set_contact_position(text); });
}

std::string StatusName(CertificateStatus status, Language language) {
  const Names& names = kStatusNames[static_cast<std::size_t>(status)];
  return language == Language::kEnglish ? names.english : names.chinese;
}

std::string ProductName(const Certificate& certificate) {
  if (const Product* const product = ProductOf(certificate)) return ProductTitle(*product);
  return certificate.is_upload ? "" : "TrustAsia C1 DV Free";
}

void ShowInList(const Certificate& certificate, const Call& call, api::Certificates& row) {
  ShowShared(certificate, call, row);
  ShowCaMembers(certificate, row);
  for (const std::string& name : certificate.names) {
    row.add_subject_alt_name(name);
    row.add_cert_sans(name);
  }
  row.set_package_type_name(ProductName(certificate));
  ShowProject(certificate, call, *row.mutable_project_info());
  row.set_is_ignore(certificate.is_ignored);
  row.set_auto_renew_flag(certificate.is_auto_renewed ? 1 : 0);
  row.set_encrypt_algorithm(certificate.key_description);
  row.set_hosting_status(-1);
  row.set_has_renew_order(certificate.renewed_by.value);
  row.set_replace_ori_cert_is_delete(certificate.is_original_deleted);
  row.set_is_expiring(IsExpiring(certificate, call.now));
  if (certificate.validation_deadline) {
    row.set_dv_auth_deadline(TimeText(*certificate.validation_deadline));
  }
  if (const auto passed = ValidationPassed(certificate)) {
    row.set_validation_passed_time(TimeText(*passed));
  }
  row.set_allow_download(certificate.allow_download);
  row.set_key_password_custom_flag(certificate.has_key_password);
  ShowDownloads(certificate, *row.mutable_support_download_type());
  api::PreAuditInfo& years = *row.mutable_pre_audit_info();
  if (OriginOf(certificate) == Origin::kPaid) {
    years.set_total_period(certificate.total_years);
    years.set_now_period(certificate.year);
    years.set_manager_id(absl::StrCat(certificate.manager_id));
  }
  if (certificate.revoked) row.set_cert_revoked_time(TimeText(*certificate.revoked));
}

void Show(const Certificate& certificate, const Beside& beside, const Call& call,
          api::DescribeCertificateResponse& response) {
  ShowShared(certificate, call, response);
  ShowCaMembers(certificate, response);
  ShowOrder(certificate, beside, response);
  response.set_package_type_name(ProductName(certificate));
}

void ShowDetail(const Certificate& certificate, const Beside& beside, const Call& call,
                api::DescribeCertificateDetailResponse& response) {
  ShowShared(certificate, call, response);
  ShowOrder(certificate, beside, response);
  response.set_type_name(ProductName(certificate));
  if (!certificate.fingerprint_sha1.empty()) {
    response.set_cert_fingerprint(certificate.fingerprint_sha1);
    response.set_encrypt_algorithm(certificate.key_description);
  }
  constexpr std::uint64_t kSingle = 1;
  constexpr std::uint64_t kMulti = 2;
  constexpr std::uint64_t kWildcard = 3;
  const bool is_multi =
      (certificate.is_upload ? certificate.names.size() > 1 : certificate.domain_count > 1);
  response.set_domain_type(IsWildcard(certificate) ? kWildcard : is_multi ? kMulti : kSingle);
  response.set_cert_type(certificate.is_upload ? "" : LevelText(LevelOf(certificate)));
  response.set_hosting_status(-1);
}

}  // namespace certwright
