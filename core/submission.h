// What an applicant hands in for a paid order (SubmittedData of the API, and what the current form
// of it adds).
#ifndef CERTWRIGHT_CORE_SUBMISSION_H_
#define CERTWRIGHT_CORE_SUBMISSION_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/certificate.h"

namespace certwright {

// "" is not said. Personal: the store encrypts it whole.
struct Submission {
  std::vector<std::string> names = {};  // beside the main domain
  std::optional<ValidationMethod> method = {};
  bool is_auto_renewed = false;
  std::string csr_source = {};
  std::string csr_pem = {};
  std::string domain = {};
  std::string key_password = {};
  std::string key_algorithm = {};
  std::string key_parameter = {};
  std::string organization_name = {};
  std::string organization_division = {};
  std::string organization_address = {};
  std::string organization_country = {};
  std::string organization_city = {};
  std::string organization_region = {};
  std::string postal_code = {};
  std::string phone_area_code = {};
  std::string phone_number = {};
  std::string admin_first_name = {};
  std::string admin_last_name = {};
  std::string admin_phone = {};
  std::string admin_email = {};
  std::string admin_position = {};
  std::string contact_first_name = {};
  std::string contact_last_name = {};
  std::string contact_number = {};
  std::string contact_email = {};
  std::string contact_position = {};
  std::string technical_email = {};  // the form has one beside the contact's
  std::string ca_type = {};          // whose root is wanted
  std::string company_type = {};
  std::string company_id = {};
  std::string manager_id = {};
  std::string organization_id_type = {};
  std::string organization_id_number = {};
  std::string admin_id_type = {};
  std::string admin_id_number = {};
  std::string contact_id_type = {};
  std::string contact_id_number = {};
};

// The members that are text, under the names that the store writes. The order is fixed.
inline constexpr std::pair<const char*, std::string Submission::*> kSubmissionTexts[] = {
    {"csr_source", &Submission::csr_source},
    {"csr_pem", &Submission::csr_pem},
    {"domain", &Submission::domain},
    {"key_password", &Submission::key_password},
    {"key_algorithm", &Submission::key_algorithm},
    {"key_parameter", &Submission::key_parameter},
    {"organization_name", &Submission::organization_name},
    {"organization_division", &Submission::organization_division},
    {"organization_address", &Submission::organization_address},
    {"organization_country", &Submission::organization_country},
    {"organization_city", &Submission::organization_city},
    {"organization_region", &Submission::organization_region},
    {"postal_code", &Submission::postal_code},
    {"phone_area_code", &Submission::phone_area_code},
    {"phone_number", &Submission::phone_number},
    {"admin_first_name", &Submission::admin_first_name},
    {"admin_last_name", &Submission::admin_last_name},
    {"admin_phone", &Submission::admin_phone},
    {"admin_email", &Submission::admin_email},
    {"admin_position", &Submission::admin_position},
    {"contact_first_name", &Submission::contact_first_name},
    {"contact_last_name", &Submission::contact_last_name},
    {"contact_number", &Submission::contact_number},
    {"contact_email", &Submission::contact_email},
    {"contact_position", &Submission::contact_position},
    {"technical_email", &Submission::technical_email},
    {"ca_type", &Submission::ca_type},
    {"company_type", &Submission::company_type},
    {"company_id", &Submission::company_id},
    {"manager_id", &Submission::manager_id},
    {"organization_id_type", &Submission::organization_id_type},
    {"organization_id_number", &Submission::organization_id_number},
    {"admin_id_type", &Submission::admin_id_type},
    {"admin_id_number", &Submission::admin_id_number},
    {"contact_id_type", &Submission::contact_id_type},
    {"contact_id_number", &Submission::contact_id_number},
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_SUBMISSION_H_
