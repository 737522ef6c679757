#include "core/profile_rules.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/domain_name.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxTextBytes = 255;
constexpr std::size_t kMaxPhoneBytes = 32;
constexpr std::size_t kSearchParts = 4;

// A value of a person's.
absl::Status RefuseUnseen(absl::string_view field, absl::string_view value,
                          absl::string_view allowed) {
  return RefuseUnshown(ApiError::kInvalidParameterValue, field, value, allowed);
}

absl::Status CheckOptionalText(absl::string_view field, absl::string_view text) {
  const bool is_printable = std::none_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (text.size() <= kMaxTextBytes && is_printable) return absl::OkStatus();
  return RefuseUnseen(field, text, absl::StrCat("at most ", kMaxTextBytes, " printable bytes"));
}

absl::Status CheckText(absl::string_view field, absl::string_view text) {
  if (!absl::StripAsciiWhitespace(text).empty()) return CheckOptionalText(field, text);
  return RefuseUnseen(field, text, absl::StrCat("1 to ", kMaxTextBytes, " printable bytes"));
}

absl::Status CheckPhone(absl::string_view field, absl::string_view text) {
  const auto is_digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  const bool has_digit = std::any_of(text.begin(), text.end(), is_digit);
  const bool is_plain = std::all_of(text.begin(), text.end(), [&](char c) {
    return is_digit(c) || absl::StrContains("+-() ", absl::string_view(&c, 1));
  });
  if (has_digit && is_plain && text.size() <= kMaxPhoneBytes) return absl::OkStatus();
  return RefuseUnseen(field, text,
                      absl::StrCat("a telephone number: digits, spaces and +-(), at most ",
                                   kMaxPhoneBytes, " characters"));
}

absl::Status CheckMail(absl::string_view field, absl::string_view text) {
  if (IsEmail(text)) return absl::OkStatus();
  return RefuseUnseen(field, text, "an address like `name@example.com`");
}

absl::Status CheckDocument(const Company& company) {
  if (company.id_type != "TYDMZ" && company.id_type != "OTHERS") {
    return RefuseUnseen("IdType", company.id_type, "TYDMZ, OTHERS");
  }
  RETURN_IF_ERROR(CheckOptionalText("IdNumber", company.id_number));
  if (company.id_type == "OTHERS" || !company.id_number.empty()) return absl::OkStatus();
  return RefuseUnseen("IdNumber", company.id_number, "the number of the document TYDMZ");
}

absl::Status CheckContact(const Person& contact) {
  RETURN_IF_ERROR(CheckOptionalText("ContactFirstName", contact.first_name));
  RETURN_IF_ERROR(CheckOptionalText("ContactLastName", contact.last_name));
  RETURN_IF_ERROR(CheckOptionalText("ContactPosition", contact.position));
  if (!contact.mail.empty()) RETURN_IF_ERROR(CheckMail("ContactMail", contact.mail));
  if (!contact.phone.empty()) RETURN_IF_ERROR(CheckPhone("ContactPhone", contact.phone));
  return absl::OkStatus();
}

bool HoldsPart(absl::string_view text, absl::string_view part) {
  return absl::StrContains(absl::AsciiStrToLower(text), absl::AsciiStrToLower(part));
}

bool HoldsName(const Person& person, absl::string_view part) {
  return HoldsPart(absl::StrCat(person.last_name, person.first_name), part) ||
         HoldsPart(absl::StrCat(person.first_name, " ", person.last_name), part) ||
         HoldsPart(absl::StrCat(person.last_name, " ", person.first_name), part);
}

bool MatchesSearch(absl::string_view search, const Manager& manager) {
  const Person& person = manager.person;
  if (!absl::StrContains(search, "|")) {
    return HoldsName(person, search) || HoldsPart(person.mail, search) ||
           HoldsPart(manager.department, search);
  }
  const absl::string_view members[kSearchParts] = {person.last_name, person.first_name, person.mail,
                                                   manager.department};
  const std::vector<absl::string_view> parts = absl::StrSplit(search, '|');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].empty() && parts[i] != members[i]) return false;
  }
  return true;
}

}  // namespace

absl::Status CheckCompany(const Company& company) {
  RETURN_IF_ERROR(CheckText("CompanyName", company.name));
  const bool is_country = company.country.size() == 2 &&
                          std::all_of(company.country.begin(), company.country.end(), [](char c) {
                            return absl::ascii_isupper(static_cast<unsigned char>(c));
                          });
  if (!is_country) return RefuseUnseen("CompanyCountry", company.country, "two letters, like `CN`");
  RETURN_IF_ERROR(CheckText("CompanyProvince", company.province));
  RETURN_IF_ERROR(CheckText("CompanyCity", company.city));
  RETURN_IF_ERROR(CheckText("CompanyAddress", company.address));
  RETURN_IF_ERROR(CheckPhone("CompanyPhone", company.phone));
  return CheckDocument(company);
}

absl::Status CheckManager(const Manager& manager) {
  RETURN_IF_ERROR(CheckText("ManagerFirstName", manager.person.first_name));
  RETURN_IF_ERROR(CheckText("ManagerLastName", manager.person.last_name));
  RETURN_IF_ERROR(CheckMail("ManagerMail", manager.person.mail));
  RETURN_IF_ERROR(CheckPhone("ManagerPhone", manager.person.phone));
  RETURN_IF_ERROR(CheckOptionalText("ManagerPosition", manager.person.position));
  RETURN_IF_ERROR(CheckOptionalText("ManagerDepartment", manager.department));
  return CheckContact(manager.contact);
}

absl::Status CheckReason(absl::string_view reason) { return CheckOptionalText("Reason", reason); }

absl::StatusOr<std::string> ParseManagerDomain(absl::string_view text,
                                               const PublicSuffixList& suffixes) {
  const std::string name = absl::AsciiStrToLower(text);
  if (IsHostName(name) && !suffixes.RegistrableDomain(name).empty()) return name;
  return WrongParameter("Domain", text, "a host name below a public suffix, without a wildcard");
}

absl::Status CheckFilter(const ManagerFilter& filter) {
  const auto parts = std::count(filter.search.begin(), filter.search.end(), '|') + 1;
  if (filter.search.size() <= kMaxTextBytes && parts <= static_cast<int>(kSearchParts)) {
    return absl::OkStatus();
  }
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat("SearchKey (", filter.search.size(), " bytes, ", parts,
                             " parts, not shown) is not allowed: at most ", kMaxTextBytes,
                             " bytes, and four parts `last|first|mail|department`, are."),
                "SearchKey");
}

bool Matches(const ManagerFilter& filter, const Manager& manager, absl::Time now) {
  if (filter.status && *filter.status != StatusOf(manager, now)) return false;
  return HoldsName(manager.person, filter.name) && HoldsPart(manager.person.mail, filter.mail) &&
         MatchesSearch(filter.search, manager);
}

}  // namespace certwright
