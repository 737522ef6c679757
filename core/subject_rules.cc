#include "core/subject_rules.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/products.h"
#include "core/profile.h"
#include "core/status_macros.h"
#include "core/submission.h"
#include "core/submission_rules.h"

namespace certwright {
namespace {

// Of an organisation that names no country: the documented service is one for companies of there.
constexpr char kHomeCountry[] = "CN";
constexpr char kBusinessCategory[] = "Private Organization";
constexpr char kNoRegisterNumber[] = "not registered";
constexpr int kMaxReissues = 100;

struct Organization {
  std::string name = {};
  std::string country = {};
  std::string province = {};
  std::string city = {};
  std::string register_number = {};
};

bool IsCountry(absl::string_view text) {
  return text.size() == 2 && absl::ascii_isupper(static_cast<unsigned char>(text[0])) &&
         absl::ascii_isupper(static_cast<unsigned char>(text[1]));
}

Organization OrganizationOf(const Submission& submission) {
  return {.name = submission.organization_name,
          .country = absl::AsciiStrToUpper(submission.organization_country),
          .province = submission.organization_region,
          .city = submission.organization_city,
          .register_number = submission.organization_id_number};
}

// A reissue has no submission of its own.
absl::StatusOr<Submission> FindSubmissionOf(Snapshot& snapshot, const Certificate& order) {
  CertificateId id = order.id;
  CertificateId from = order.replaced_by;
  for (int i = 0; i < kMaxReissues; ++i) {
    ASSIGN_OR_RETURN(std::optional<Submission> found, snapshot.FindSubmission(order.account, id));
    if (found) return *std::move(found);
    if (from.value.empty()) break;
    id = from;
    ASSIGN_OR_RETURN(const std::optional<Certificate> original,
                     snapshot.FindCertificate(order.account, id));
    from = original ? original->replaced_by : CertificateId();
  }
  return Submission();
}

absl::StatusOr<std::optional<Organization>> FindCompany(Snapshot& snapshot,
                                                        const Certificate& order,
                                                        const Submission& submission) {
  std::string id = submission.company_id;
  if (order.manager_id != 0) {
    ASSIGN_OR_RETURN(const std::optional<Manager> manager,
                     snapshot.FindManager(order.account, order.manager_id));
    if (manager) id = absl::StrCat(manager->company);
  }
  ASSIGN_OR_RETURN(const std::vector<Company> companies, snapshot.ListCompanies(order.account));
  for (const Company& company : companies) {
    if (absl::StrCat(company.id) != id) continue;
    return Organization{.name = company.name,
                        .country = company.country,
                        .province = company.province,
                        .city = company.city,
                        .register_number = company.id_number};
  }
  return std::nullopt;
}

absl::StatusOr<Organization> Choose(Snapshot& snapshot, const Certificate& order, absl::Time now) {
  ASSIGN_OR_RETURN(const Submission submission, FindSubmissionOf(snapshot, order));
  ASSIGN_OR_RETURN(const std::optional<Organization> company,
                   FindCompany(snapshot, order, submission));
  ASSIGN_OR_RETURN(const bool is_approved, HasApprovedManager(snapshot, order, now));
  const bool is_submitted = !submission.organization_name.empty();
  if (company && (is_approved || !is_submitted)) return *company;
  if (is_submitted) return OrganizationOf(submission);
  return absl::FailedPreconditionError("the order names no organisation");
}

}  // namespace

absl::StatusOr<Subject> SubjectOf(Snapshot& snapshot, const Certificate& order, absl::Time now) {
  Subject subject = {.common_name = order.names.empty() ? order.domain : order.names.front()};
  const Level level = LevelOf(order);
  if (level == Level::kDv) return subject;
  ASSIGN_OR_RETURN(const Organization organization, Choose(snapshot, order, now));
  subject.country = IsCountry(organization.country) ? organization.country : kHomeCountry;
  subject.province = organization.province;
  subject.locality = organization.city;
  subject.organization = organization.name;
  if (level != Level::kEv) return subject;
  subject.jurisdiction_country = subject.country;
  subject.business_category = kBusinessCategory;
  subject.serial_number =
      organization.register_number.empty() ? kNoRegisterNumber : organization.register_number;
  return subject;
}

}  // namespace certwright
