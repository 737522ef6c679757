// OrderService::Apply: the rules of ApplyCertificate.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/crypto/csr.h"
#include "core/domain_name.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/order_service.h"
#include "core/project.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "core/validation_records.h"
#include "core/zone_service.h"

namespace certwright {
namespace {

constexpr int kFreeMonths = 3;

absl::StatusOr<KeyAlgorithm> ParseKeyAlgorithm(const FreeApplication& application) {
  const std::string& name = application.key_algorithm;
  const std::string& parameter = application.key_parameter;
  if (name.empty() || name == "RSA") {
    if (parameter.empty() || parameter == "2048") return KeyAlgorithm::kRsa2048;
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "CsrKeyParameter", parameter,
                        "2048 with CsrEncryptAlgo RSA");
  }
  if (name != "ECC")
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "CsrEncryptAlgo", name, "RSA, ECC");
  if (parameter == "prime256v1") return KeyAlgorithm::kEccP256;
  return RefuseMember(ApiError::kFailedOperationInvalidParam, "CsrKeyParameter", parameter,
                      "prime256v1, required with CsrEncryptAlgo ECC");
}

absl::Status CheckProduct(const FreeApplication& application) {
  if (!application.package_type.empty() && application.package_type != "83") {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "PackageType",
                        application.package_type, "83 (the free product)");
  }
  if (!application.validity_period.empty() && application.validity_period != "3") {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "ValidityPeriod",
                        application.validity_period, "3 (months)");
  }
  if (application.has_dns_names) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  "DnsNames is reserved; the free product takes DomainName alone.", "DnsNames");
  }
  return absl::OkStatus();
}

absl::Status CheckContact(const FreeApplication& application) {
  if (!application.contact_email.empty() && !IsEmail(application.contact_email)) {
    return RefuseUnshown(ApiError::kInvalidParameterValueCertificateEmailParseInvalid,
                         "ContactEmail", application.contact_email, "a mail address");
  }
  constexpr std::size_t kMaxPhone = 32;
  if (application.contact_phone.size() > kMaxPhone) {
    return RefuseUnshown(ApiError::kFailedOperationInvalidParam, "ContactPhone",
                         application.contact_phone, "at most 32 characters");
  }
  RETURN_IF_ERROR(CheckAlias(application.alias));
  return CheckKeyPassword(application.key_password, "CsrKeyPassword");
}

absl::Status CheckPackage(const FreeApplication& application) {
  if (!application.package_id.empty()) {
    return Refuse(ApiError::kFailedOperationPackageNotFound,
                  absl::StrCat("PackageId `", Shown(application.package_id),
                               "` is no package of this account."),
                  "PackageId");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Csr>> ParseOwnCsr(const FreeApplication& application,
                                               const std::string& domain) {
  if (application.csr_pem.empty()) return std::optional<Csr>();
  absl::StatusOr<Csr> csr = ParseCsrPem(application.csr_pem);
  if (!csr.ok()) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat("The CSR is not usable: ", csr.status().message(), "."), "Csr");
  }
  if (csr->common_name != domain) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat("The CSR's common name `", Shown(csr->common_name),
                               "` is not the domain `", domain, "`."),
                  "Csr");
  }
  if (csr->key_algorithm != KeyAlgorithm::kRsa2048 &&
      csr->key_algorithm != KeyAlgorithm::kEccP256) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  "The CSR's key is not allowed; allowed: RSA 2048, ECC prime256v1.", "Csr");
  }
  return std::optional<Csr>(*std::move(csr));
}

bool IsBlocked(const std::string& domain, const Settings& settings) {
  return std::any_of(
      settings.blocked_words.begin(), settings.blocked_words.end(), [&](const std::string& word) {
        return !word.empty() && absl::StrContains(domain, absl::AsciiStrToLower(word));
      });
}

absl::Status CheckQuota(Snapshot& snapshot, const Certificate& certificate,
                        absl::string_view registrable, const Settings& settings, absl::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t used, snapshot.CountFree(certificate.account));
  if (used >= settings.free_quota) {
    return Refuse(ApiError::kFailedOperationExceedsFreeLimit,
                  absl::StrCat("The account holds ", used, " free certificates; at most ",
                               settings.free_quota, " are allowed at a time."),
                  "DomainName");
  }
  ASSIGN_OR_RETURN(const std::int64_t under,
                   snapshot.CountFreeUnder(certificate.account, registrable, now));
  if (under < settings.free_quota_per_domain) return absl::OkStatus();
  return Refuse(ApiError::kFailedOperationMainDomainCertificateCountLimit,
                absl::StrCat("The account holds ", under, " free certificates under ", registrable,
                             "; at most ", settings.free_quota_per_domain, " are allowed."),
                "DomainName");
}

}  // namespace

absl::StatusOr<CertificateId> OrderService::Apply(const FreeApplication& application) {
  ASSIGN_OR_RETURN(const std::string domain,
                   ParseFreeDomain(application.domain, "DomainName", suffixes_));
  RETURN_IF_ERROR(CheckProduct(application));
  ASSIGN_OR_RETURN(KeyAlgorithm algorithm, ParseKeyAlgorithm(application));
  RETURN_IF_ERROR(CheckContact(application));
  RETURN_IF_ERROR(CheckPackage(application));
  ASSIGN_OR_RETURN(const std::optional<Csr> csr, ParseOwnCsr(application, domain));
  if (csr) algorithm = csr->key_algorithm;

  const absl::Time now = clock_.Now();
  const bool is_blocked = IsBlocked(domain, settings_);
  Certificate order = {.account = application.account, .id = NewCertificateId(random_)};
  order.status_message = std::string(kPendingValidation);
  order.package_type = kFreePackageType;
  order.order_id = NewOrderId(random_);
  order.domain = domain;
  order.names = BoundNames(domain, suffixes_);
  order.alias = application.alias;
  order.project_id = application.project_id;
  order.contact_email = application.contact_email;
  order.contact_phone = application.contact_phone;
  order.validity_months = kFreeMonths;
  order.key_algorithm = algorithm;
  order.has_key_password = !application.key_password.empty();
  order.validation_method = application.method;
  order.delete_dns_auto_record = application.delete_dns_auto_record;
  order.authorizations =
      MakeAuthorizations(order, application.method, suffixes_, settings_, now, random_);
  order.validation_deadline = now + settings_.validation_deadline;
  order.renews = CertificateId{application.old_certificate_id};
  order.inserted = now;
  const bool is_automatic = application.method == ValidationMethod::kDnsAuto && !is_blocked;
  if (is_automatic) order.status = CertificateStatus::kDnsRecordAdded;
  if (is_blocked) {
    order.status = *Next(order, Event::kReviewFailed);
    order.status_message = std::string(kHoldsBlockedWord);
  }

  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    const std::string registrable = suffixes_.RegistrableDomain(domain);
    RETURN_IF_ERROR(RequireProject(transaction, order.account, order.project_id));
    if (!order.renews.value.empty()) {
      ASSIGN_OR_RETURN(Certificate old, RequireCertificate(transaction, order.account, order.renews,
                                                           "OldCertificateId"));
      RETURN_IF_ERROR(
          CheckRenewable(old, now, ApiError::kFailedOperationInvalidCertificateStatusCode));
      if (!is_blocked) {
        old.renewed_by = order.id;
        RETURN_IF_ERROR(transaction.UpdateCertificate(old));
      }
    }
    RETURN_IF_ERROR(CheckQuota(transaction, order, registrable, settings_, now));
    RETURN_IF_ERROR(transaction.InsertCertificate(order, registrable));
    if (is_automatic) {
      RETURN_IF_ERROR(WriteZoneRecords(transaction, order, order.authorizations, "DvAuthMethod"));
    }
    if (csr) {
      RETURN_IF_ERROR(transaction.PutBody(order.account, order.id, {.csr_der = csr->der}));
    }
    if (order.has_key_password) {
      RETURN_IF_ERROR(transaction.PutKeyMaterial(order.account, order.id,
                                                 {.key_password = application.key_password}));
    }
    RETURN_IF_ERROR(
        transaction.AppendOperateLog(ByCaller("apply", application.account, order.id, now)));
    if (is_blocked) {
      return transaction.AppendOperateLog(
          BySystem("failed", order.account, order.id, now, order.status_message));
    }
    return transaction.PutJob({.kind = JobKind::kValidate,
                               .account = order.account,
                               .certificate = order.id,
                               .due = is_automatic ? now : now + settings_.first_recheck});
  }));
  return order.id;
}

}  // namespace certwright
