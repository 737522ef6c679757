#include "core/submission_rules.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/csr.h"
#include "core/domain_name.h"
#include "core/error.h"
#include "core/products.h"
#include "core/profile.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

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

const Product& ProductOrNone(const Certificate& order) {
  static constexpr Product kNone;
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
  if (count <= static_cast<std::size_t>(order.domain_count)) return absl::OkStatus();
  return BadDomains(form, list_field,
                    absl::StrCat("The order is for ", order.domain_count, " domains, and ", count,
                                 " were given."));
}

absl::StatusOr<KeyAlgorithm> ParseKey(const Submission& submission) {
  const std::string& name = submission.key_algorithm;
  const std::string& parameter = submission.key_parameter;
  if (name.empty() || name == "RSA") {
    if (parameter.empty() || parameter == "2048") return KeyAlgorithm::kRsa2048;
    if (parameter == "4096") return KeyAlgorithm::kRsa4096;
  }
  if (name == "ECC" && parameter == "prime256v1") return KeyAlgorithm::kEccP256;
  return Refuse(ApiError::kInvalidParameterRenewAlgorithmInvalid,
                absl::StrCat("CsrEncryptAlgo `", absl::CHexEscape(name.substr(0, 64)),
                             "` with CsrKeyParameter `", absl::CHexEscape(parameter.substr(0, 64)),
                             "` is not allowed; allowed: RSA with 2048 or 4096, ECC with "
                             "prime256v1."),
                "CsrEncryptAlgo");
}

absl::StatusOr<Csr> ParseOwnCsr(const Submission& submission, absl::string_view field) {
  absl::StatusOr<Csr> csr = ParseCsrPem(submission.csr_pem);
  if (!csr.ok()) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(field, " is not usable: ", csr.status().message(), "."), field);
  }
  if (csr->common_name != submission.domain) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(field, " has the common name `",
                               absl::CHexEscape(csr->common_name.substr(0, 64)),
                               "`, which is not the main domain `", submission.domain, "`."),
                  field);
  }
  if (csr->key_algorithm == KeyAlgorithm::kOther) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(field, " holds a key of a kind that is not issued for."), field);
  }
  return csr;
}

absl::Status CheckKey(SubmissionForm form, const Submission& submission) {
  const absl::string_view source_field = Name(form, "CsrType", "GenCsrType");
  RETURN_IF_ERROR(CheckKeyPassword(submission.key_password, Name(form, "KeyPassword", "KeyPass")));
  if (submission.csr_source == kOnline) return ParseKey(submission).status();
  if (submission.csr_source != kParse) {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, source_field, submission.csr_source,
                        "online, parse");
  }
  return ParseOwnCsr(submission, Name(form, "CsrContent", "Csr")).status();
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
  RETURN_IF_ERROR(CheckKey(form, submission));
  return CheckApplicant(order, form, submission);
}

std::vector<std::string> NamesOf(const Certificate& order, const Submission& submission,
                                 const PublicSuffixList& suffixes) {
  std::vector<std::string> names = {submission.domain};
  const auto add = [&names](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const std::string& name : submission.names) add(name);
  const absl::string_view brand = ProductOrNone(order).brand;
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

absl::Status CheckMethod(const Certificate& order, ValidationMethod method) {
  const bool has_wildcard =
      std::any_of(order.names.begin(), order.names.end(),
                  [](const std::string& name) { return absl::StartsWith(name, kStar); });
  if (method == ValidationMethod::kFile && has_wildcard) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  "VerifyType `FILE` proves no wildcard; allowed: DNS.", "VerifyType");
  }
  return absl::OkStatus();
}

absl::Status ApplySubmission(Certificate& order, const Submission& submission) {
  order.has_key_password = !submission.key_password.empty();
  if (submission.csr_source == kOnline) {
    ASSIGN_OR_RETURN(order.key_algorithm, ParseKey(submission));
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

absl::Status CheckCompany(Snapshot& snapshot, AccountId account, const Submission& submission) {
  const std::string& text = submission.company_id;
  if (text.empty() || text == "0") return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Company> companies, snapshot.ListCompanies(account));
  const bool is_own = std::any_of(companies.begin(), companies.end(), [&](const Company& company) {
    return absl::StrCat(company.id) == text;
  });
  if (is_own) return absl::OkStatus();
  return RefuseMember(ApiError::kFailedOperationInvalidParam, "CompanyId", text,
                      "0 (none), or a company of this account");
}

absl::StatusOr<std::int64_t> ManagerOf(Snapshot& snapshot, AccountId account,
                                       const Submission& submission) {
  const std::string& text = submission.manager_id;
  std::int64_t id = 0;
  if (text.empty() || text == "0") return id;
  std::optional<Manager> manager;
  if (absl::SimpleAtoi(text, &id)) {
    ASSIGN_OR_RETURN(manager, snapshot.FindManager(account, id));
  }
  if (manager) return id;
  return RefuseMember(ApiError::kFailedOperationInvalidParam, "ManagerId", text,
                      "0 (none), or a manager of this account");
}

absl::Status CheckOrganization(Snapshot& snapshot, const Certificate& order, SubmissionForm form,
                               const Submission& submission, absl::Time now) {
  if (LevelOf(order) == Level::kDv) return absl::OkStatus();
  Certificate named = order;
  ASSIGN_OR_RETURN(named.manager_id, ManagerOf(snapshot, order.account, submission));
  if (named.manager_id != 0 && !submission.company_id.empty() && submission.company_id != "0") {
    ASSIGN_OR_RETURN(const std::optional<Manager> manager,
                     snapshot.FindManager(order.account, named.manager_id));
    if (manager && absl::StrCat(manager->company) != submission.company_id) {
      return RefuseMember(ApiError::kFailedOperationInvalidParam, "ManagerId",
                          submission.manager_id, "0 (none), or a manager of the company");
    }
  }
  if (!submission.organization_name.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool is_approved, HasApprovedManager(snapshot, named, now));
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
