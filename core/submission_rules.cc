#include "core/submission_rules.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/csr.h"
#include "core/domain_name.h"
#include "core/error.h"
#include "core/products.h"
#include "core/profile.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "core/zone_service.h"

namespace certwright {
namespace {

constexpr char kOnline[] = "online";
constexpr char kParse[] = "parse";
constexpr char kPerson[] = "1";
constexpr char kCompany[] = "2";
constexpr std::size_t kMaxTextBytes = 256;
constexpr absl::string_view kStar = "*.";

// What a member is called in either form.
absl::string_view Name(SubmissionForm form, absl::string_view older, absl::string_view current) {
  return form == SubmissionForm::kOlder ? older : current;
}

// The current form has a code of its own for names.
absl::Status BadDomains(SubmissionForm form, absl::string_view field, absl::string_view message) {
  return Refuse(form == SubmissionForm::kOlder
                    ? ApiError::kFailedOperationInvalidParam
                    : ApiError::kFailedOperationCertificateInfoSubmitDomainInvalid,
                message, field);
}

// "0" is none.
bool IsNamed(const std::string& id) { return !id.empty() && id != "0"; }

const Product& ProductOrNone(const Certificate& order) {
  static const Product kNone;
  const Product* const found = ProductOf(order);
  return found == nullptr ? kNone : *found;
}

absl::Status CheckNames(const Certificate& order, SubmissionForm form,
                        const PublicSuffixList& suffixes, Submission& submission) {
  const Product& product = ProductOrNone(order);
  const bool is_wildcard = product.domains == DomainKind::kWildcard;
  const bool allows_wildcard = is_wildcard || product.domains == DomainKind::kMultiWildcard;
  const absl::string_view main_field = Name(form, "CertificateDomain", "CertCommonName");
  const absl::string_view list_field = Name(form, "DomainList", "DnsNames");
  const auto parse = [&](std::string& text, absl::string_view field) -> absl::Status {
    absl::StatusOr<std::string> name = ParsePaidDomain(text, field, suffixes, allows_wildcard);
    if (!name.ok()) return BadDomains(form, field, name.status().message());
    text = *std::move(name);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(parse(submission.domain, main_field));
  if (is_wildcard && !absl::StartsWith(submission.domain, kStar)) {
    return BadDomains(form, main_field,
                      absl::StrCat(main_field, " should be a wildcard (*.example.com) for ",
                                   ProductTitle(product), "."));
  }
  for (std::string& name : submission.names) RETURN_IF_ERROR(parse(name, list_field));
  std::vector<std::string>& names = submission.names;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  names.erase(std::remove(names.begin(), names.end(), submission.domain), names.end());
  const std::size_t count = names.size() + 1;
  const bool is_multi =
      product.domains == DomainKind::kMulti || product.domains == DomainKind::kMultiWildcard;
  if (is_multi && names.empty()) {
    return BadDomains(form, list_field,
                      absl::StrCat(list_field, " names no other domain; ", ProductTitle(product),
                                   " needs one at least."));
  }
  if (count <= static_cast<std::size_t>(order.domain_count)) return absl::OkStatus();
  return BadDomains(form, list_field,
                    absl::StrCat("The order is for ", order.domain_count, " domains, and ", count,
                                 " were given."));
}

std::optional<KeyAlgorithm> KeyNamed(const std::string& name, const std::string& parameter) {
  if (name.empty() || name == "RSA") {
    if (parameter == "2048") return KeyAlgorithm::kRsa2048;
    if (parameter == "4096") return KeyAlgorithm::kRsa4096;
  }
  if (name == "ECC" && parameter == "prime256v1") return KeyAlgorithm::kEccP256;
  if (name == "ECC" && parameter == "secp384r1") return KeyAlgorithm::kEccP384;
  return std::nullopt;
}

// The older form names no key, and means RSA 2048.
absl::StatusOr<KeyAlgorithm> ParseKey(const Certificate& order, SubmissionForm form,
                                      const Submission& submission) {
  const std::string& name = submission.key_algorithm;
  const std::string& parameter = submission.key_parameter;
  if (form == SubmissionForm::kOlder && parameter.empty()) return KeyAlgorithm::kRsa2048;
  const std::optional<KeyAlgorithm> key = KeyNamed(name, parameter);
  const Product& product = ProductOrNone(order);
  if (key && TakesKey(product, *key)) return *key;
  return Refuse(ApiError::kInvalidParameterRenewAlgorithmInvalid,
                absl::StrCat("CsrEncryptAlgo `", Shown(name), "` with CsrKeyParameter `",
                             Shown(parameter), "` is not allowed; allowed for ",
                             ProductTitle(product), ": ", KeysOf(product), "."),
                "CsrKeyParameter");
}

absl::StatusOr<Csr> ParseOwnCsr(const Submission& submission, absl::string_view field) {
  absl::StatusOr<Csr> csr = ParseCsrPem(submission.csr_pem);
  if (!csr.ok()) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(field, " is not usable: ", csr.status().message(),
                               "; allowed: a PKCS#10 request in PEM."),
                  field);
  }
  if (csr->common_name != submission.domain) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(field, " has the common name `", Shown(csr->common_name),
                               "`, which is not the main domain `", submission.domain, "`."),
                  field);
  }
  return csr;
}

// The key of the applicant's own request.
absl::Status CheckOwnKey(const Certificate& order, SubmissionForm form, const Csr& csr,
                         absl::string_view field) {
  const Product& product = ProductOrNone(order);
  if (TakesKey(product, csr.key_algorithm)) return absl::OkStatus();
  return Refuse(form == SubmissionForm::kOlder ? ApiError::kFailedOperationInvalidParam
                                               : ApiError::kInvalidParameterRenewAlgorithmInvalid,
                absl::StrCat(field, " holds a key that is not issued for; allowed for ",
                             ProductTitle(product), ": ", KeysOf(product), "."),
                field);
}

absl::Status CheckKey(const Certificate& order, SubmissionForm form, const Submission& submission) {
  const absl::string_view source_field = Name(form, "CsrType", "GenCsrType");
  RETURN_IF_ERROR(CheckKeyPassword(submission.key_password, Name(form, "KeyPassword", "KeyPass")));
  if (submission.csr_source == kOnline) return ParseKey(order, form, submission).status();
  if (submission.csr_source != kParse) {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, source_field, submission.csr_source,
                        "online, parse");
  }
  const absl::string_view csr_field = Name(form, "CsrContent", "Csr");
  ASSIGN_OR_RETURN(const Csr csr, ParseOwnCsr(submission, csr_field));
  return CheckOwnKey(order, form, csr, csr_field);
}

absl::Status CheckMail(absl::string_view field, const std::string& mail) {
  if (mail.empty() || IsEmail(mail)) return absl::OkStatus();
  return RefuseUnshown(ApiError::kFailedOperationInvalidParam, field, mail, "a mail address");
}

// Which documents of persons and organisations are meant; only the current form has them.
absl::Status CheckDocuments(const Submission& submission) {
  const std::string& organization = submission.organization_id_type;
  if (!organization.empty() && organization != "TYDMZ" && organization != "OTHERS") {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "OrgIdType", organization,
                        "TYDMZ, OTHERS");
  }
  for (const auto& [field, type] : {std::pair("AdminIdType", &submission.admin_id_type),
                                    std::pair("TechIdType", &submission.contact_id_type)}) {
    if (type->empty() || *type == "SFZ" || *type == "HZ") continue;
    return RefuseMember(ApiError::kFailedOperationInvalidParam, field, *type, "SFZ, HZ");
  }
  return absl::OkStatus();
}

// CFCA wants the documents of everybody who is named; a company or a manager brings theirs.
absl::Status CheckCfca(const Certificate& order, SubmissionForm form,
                       const Submission& submission) {
  if (!IsOfBrand(order, "CFCA") || IsNamed(submission.manager_id)) {
    return absl::OkStatus();
  }
  if (form == SubmissionForm::kOlder) {
    return Refuse(
        ApiError::kFailedOperationInvalidParam,
        "CFCA needs documents (OrgIdType and the like), which CertificateInfoSubmit takes.",
        "CertificateId");
  }
  const bool has_company = IsNamed(submission.company_id);
  const std::pair<const char*, const std::string*> members[] = {
      {"OrgIdType", has_company ? nullptr : &submission.organization_id_type},
      {"OrgIdNumber", has_company ? nullptr : &submission.organization_id_number},
      {"AdminIdType", &submission.admin_id_type},
      {"AdminIdNumber", &submission.admin_id_number},
      {"TechIdType", &submission.contact_id_type},
      {"TechIdNumber", &submission.contact_id_number}};
  for (const auto& [field, text] : members) {
    if (text == nullptr || !text->empty()) continue;
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(field, " is empty; CFCA certificates need it."), field);
  }
  return absl::OkStatus();
}

// The DNSPod series alone lets the applicant choose a root, and here both have the same issuer.
absl::Status CheckRoot(const Certificate& order, const Submission& submission) {
  const std::string& type = submission.ca_type;
  const bool is_dnspod = IsOfBrand(order, "DNSPod");
  if (type.empty() || (is_dnspod && (type == "sectigo" || type == "digicert"))) {
    return absl::OkStatus();
  }
  return RefuseMember(ApiError::kFailedOperationCertificateOrderSubmitRootCAInvalid, "CaType", type,
                      is_dnspod ? "sectigo, digicert" : "none for this brand");
}

absl::Status CheckApplicant(const Certificate& order, SubmissionForm form,
                            const Submission& submission) {
  for (const auto& [name, member] : kSubmissionTexts) {
    const std::string& text = submission.*member;
    if (member == &Submission::csr_pem || text.size() <= kMaxTextBytes) continue;
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat("A member of the submission (", name, ") has ", text.size(),
                               " bytes; allowed: at most ", kMaxTextBytes, "."),
                  name);
  }
  RETURN_IF_ERROR(CheckMail("AdminEmail", submission.admin_email));
  RETURN_IF_ERROR(CheckMail("ContactEmail", submission.contact_email));
  RETURN_IF_ERROR(CheckMail("TechEmail", submission.technical_email));
  RETURN_IF_ERROR(CheckCfca(order, form, submission));
  RETURN_IF_ERROR(CheckRoot(order, submission));
  if (form == SubmissionForm::kOlder) return absl::OkStatus();
  RETURN_IF_ERROR(CheckDocuments(submission));
  if (submission.company_type != kPerson && submission.company_type != kCompany) {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "CompanyType",
                        submission.company_type, "1 (person, DV only), 2 (company)");
  }
  if (submission.company_type != kPerson) return absl::OkStatus();
  if (LevelOf(order) != Level::kDv) {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "CompanyType",
                        submission.company_type, "2 (company) for OV and EV");
  }
  if (!submission.contact_email.empty()) return absl::OkStatus();
  return Refuse(ApiError::kFailedOperationCertificateInfoSubmitContactEmailEmpty,
                "ContactEmail is empty; a person (CompanyType 1) needs one.", "ContactEmail");
}

}  // namespace

absl::Status CheckSubmission(const Certificate& order, SubmissionForm form,
                             const PublicSuffixList& suffixes, Submission& submission) {
  if (ProductOrNone(order).is_sm2) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  "SM2 certificates are not issued here: no SM library is built in.");
  }
  RETURN_IF_ERROR(CheckNames(order, form, suffixes, submission));
  RETURN_IF_ERROR(CheckKey(order, form, submission));
  return CheckApplicant(order, form, submission);
}

std::vector<std::string> NamesOf(const Certificate& order, const Submission& submission,
                                 const PublicSuffixList& suffixes) {
  std::vector<std::string> names = {submission.domain};
  const auto add = [&names](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const std::string& name : submission.names) add(name);
  const std::string& brand = ProductOrNone(order).brand;
  const bool bundles_www = brand == "TrustAsia" || brand == "GeoTrust" || brand == "GlobalSign";
  for (const std::string& name : std::vector<std::string>(names)) {
    if (absl::StartsWith(name, kStar)) {
      add(name.substr(kStar.size()));
    } else if (bundles_www) {
      for (const std::string& bound : BoundNames(name, suffixes)) add(bound);
    }
  }
  return names;
}

absl::Status CheckMethod(Snapshot& snapshot, const Certificate& order, ValidationMethod method) {
  const bool has_wildcard =
      std::any_of(order.names.begin(), order.names.end(),
                  [](const std::string& name) { return absl::StartsWith(name, kStar); });
  if (method == ValidationMethod::kFile && has_wildcard) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  "VerifyType `FILE` proves no wildcard; allowed: DNS.", "VerifyType");
  }
  return method == ValidationMethod::kDnsAuto ? RequireHosted(snapshot, order, "VerifyType")
                                              : absl::OkStatus();
}

absl::Status CheckCsrIsFree(Snapshot& snapshot, AccountId account, const CertificateId& order,
                            absl::string_view csr_der, absl::string_view field) {
  ASSIGN_OR_RETURN(const std::optional<CertificateId> user,
                   snapshot.FindOrderOfCsr(account, csr_der));
  if (!user || *user == order) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Certificate> other,
                   snapshot.FindCertificate(account, *user));
  // An order that came to nothing frees its request, and a certificate passes it to its renewal.
  const bool is_over = !other || other->renewed_by == order ||
                       other->status == CertificateStatus::kFailed ||
                       other->status == CertificateStatus::kCancelled ||
                       other->status == CertificateStatus::kRefunded;
  if (is_over) return absl::OkStatus();
  return Refuse(
      ApiError::kFailedOperationInvalidParam,
      absl::StrCat(field, " is the request of ", user->value, "; one request serves one order."),
      field);
}

absl::Status ApplySubmission(Certificate& order, const Submission& submission) {
  order.has_key_password = !submission.key_password.empty();
  if (submission.csr_source == kOnline) {
    // Either form may be handed in by the other; the older takes both.
    ASSIGN_OR_RETURN(order.key_algorithm, ParseKey(order, SubmissionForm::kOlder, submission));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Csr csr, ParseOwnCsr(submission, "Csr"));
  order.key_algorithm = csr.key_algorithm;
  return absl::OkStatus();
}

absl::StatusOr<CertificateBody> BodyOf(const Submission& submission) {
  CertificateBody body;
  if (submission.csr_source == kOnline) return body;
  ASSIGN_OR_RETURN(Csr csr, ParseOwnCsr(submission, "Csr"));
  body.csr_der = std::move(csr.der);
  return body;
}

absl::Status TakeCompany(Snapshot& snapshot, AccountId account, Submission& submission) {
  const std::string& text = submission.company_id;
  if (!IsNamed(text)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Company> companies, snapshot.ListCompanies(account));
  const auto own = std::find_if(companies.begin(), companies.end(), [&](const Company& company) {
    return absl::StrCat(company.id) == text;
  });
  if (own == companies.end()) {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "CompanyId", text,
                        "0 (none), or a company of this account");
  }
  submission.organization_name = own->name;
  submission.organization_country = own->country;
  submission.organization_region = own->province;
  submission.organization_city = own->city;
  submission.organization_address = own->address;
  submission.phone_number = own->phone;
  submission.organization_id_type = own->id_type;
  submission.organization_id_number = own->id_number;
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> ManagerOf(Snapshot& snapshot, AccountId account,
                                       const Submission& submission) {
  const std::string& text = submission.manager_id;
  std::int64_t id = 0;
  if (!IsNamed(text)) return id;
  std::optional<Manager> manager;
  if (absl::SimpleAtoi(text, &id)) {
    ASSIGN_OR_RETURN(manager, snapshot.FindManager(account, id));
  }
  if (manager) return id;
  return RefuseMember(ApiError::kFailedOperationInvalidParam, "ManagerId", text,
                      "0 (none), or a manager of this account");
}

std::string ContactMail(const Submission& submission) {
  return submission.contact_email.empty() ? submission.technical_email : submission.contact_email;
}

absl::Status CheckContactMail(const Certificate& order, const Submission& submission) {
  const bool is_person = LevelOf(order) == Level::kDv && submission.company_type != kCompany;
  if (!is_person || IsEmail(ContactMail(submission))) return absl::OkStatus();
  return Refuse(
      ApiError::kFailedOperationCertificatePreVerifyEmailInvalid,
      "The order of a person needs a mail address (ContactEmail), and none was submitted.",
      "CertId");
}

absl::Status CheckOrganization(Snapshot& snapshot, const Certificate& order, SubmissionForm form,
                               const Submission& submission, absl::Time now) {
  if (LevelOf(order) == Level::kDv) return absl::OkStatus();
  if (order.manager_id != 0 && IsNamed(submission.company_id)) {
    ASSIGN_OR_RETURN(const std::optional<Manager> manager,
                     snapshot.FindManager(order.account, order.manager_id));
    if (manager && absl::StrCat(manager->company) != submission.company_id) {
      return RefuseMember(ApiError::kFailedOperationInvalidParam, "ManagerId",
                          submission.manager_id, "0 (none), or a manager of the company");
    }
  }
  if (!submission.organization_name.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool is_approved, HasApprovedManager(snapshot, order, now));
  if (is_approved) return absl::OkStatus();
  const absl::string_view field = Name(form, "OrganizationName", "OrgOrganization");
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat(field, " is empty; an ", LevelText(LevelOf(order)),
                             " certificate names an organisation, or a manager who is approved "
                             "for its level."),
                field);
}

absl::StatusOr<bool> HasApprovedManager(Snapshot& snapshot, const Certificate& order,
                                        absl::Time now) {
  if (order.manager_id == 0) return false;
  ASSIGN_OR_RETURN(const std::optional<Manager> manager,
                   snapshot.FindManager(order.account, order.manager_id));
  const Level level = LevelOf(order);
  return manager && IsApproved(*manager, now) &&
         ((level == Level::kOv && manager->is_for_ov) ||
          (level == Level::kEv && manager->is_for_ev));
}

}  // namespace certwright
