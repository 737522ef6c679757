#include "core/csr_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/domain_name.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxRemarkCharacters = 1024;
constexpr std::size_t kMaxEchoBytes = 64;

// Where a member of the subject stands, and the upper bound of its attribute (RFC 5280, A.1).
struct SubjectMember {
  const char* field;
  std::optional<std::string> CsrMembers::*given;
  std::string CsrSubject::*place;
  std::size_t max_characters;
};

constexpr SubjectMember kSubject[] = {
    {"Domain", &CsrMembers::domain, &CsrSubject::domain, 64},
    {"Organization", &CsrMembers::organization, &CsrSubject::organization, 64},
    {"Department", &CsrMembers::department, &CsrSubject::department, 64},
    {"Email", &CsrMembers::email, &CsrSubject::email, 254},
    {"Province", &CsrMembers::province, &CsrSubject::province, 128},
    {"City", &CsrMembers::city, &CsrSubject::city, 128},
    {"Country", &CsrMembers::country, &CsrSubject::country, 2},
};

struct Key {
  const char* encrypt_algo;
  const char* key_parameter;
  KeyAlgorithm algorithm;
};

constexpr Key kKeys[] = {
    {"RSA", "2048", KeyAlgorithm::kRsa2048},
    {"RSA", "4096", KeyAlgorithm::kRsa4096},
    {"ECC", "prime256v1", KeyAlgorithm::kEccP256},
};

absl::Status Bad(absl::string_view field, absl::string_view value, absl::string_view why) {
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat(field, " `", Shown(value, kMaxEchoBytes), "` ", why, "."), field);
}

absl::Status CheckText(absl::string_view field, absl::string_view text,
                       std::size_t max_characters) {
  if (absl::StripAsciiWhitespace(text).empty()) {
    return Bad(field, text, "is blank; a request names all of its subject");
  }
  if (HasControlCharacter(text)) return Bad(field, text, "holds a control character");
  const std::size_t length = Characters(text);
  if (length <= max_characters) return absl::OkStatus();
  return Bad(field, text,
             absl::StrCat("has ", length, " characters; at most ", max_characters, " are allowed"));
}

absl::Status CheckSubject(const CsrMembers& members) {
  for (const SubjectMember& member : kSubject) {
    const std::optional<std::string>& given = members.*member.given;
    if (given) RETURN_IF_ERROR(CheckText(member.field, *given, member.max_characters));
  }
  if (members.domain) {
    const std::string fault = FaultOfSubjectName(*members.domain);
    if (!fault.empty()) return Bad("Domain", *members.domain, fault);
  }
  if (members.email && !IsEmail(*members.email)) {
    return RefuseUnshown(ApiError::kFailedOperationInvalidParam, "Email", *members.email,
                         "a mail address");
  }
  const auto is_letter = [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); };
  if (members.country &&
      (members.country->size() != 2 ||
       !std::all_of(members.country->begin(), members.country->end(), is_letter))) {
    return Bad("Country", *members.country, "is not allowed; two letters are, like CN (ISO 3166)");
  }
  return absl::OkStatus();
}

absl::Status CheckKey(const std::optional<std::string>& encrypt_algo,
                      const std::optional<std::string>& key_parameter) {
  const auto is_known = [](const char* Key::*member, const std::optional<std::string>& given) {
    return !given || std::any_of(std::begin(kKeys), std::end(kKeys),
                                 [&](const Key& key) { return *given == key.*member; });
  };
  if (!is_known(&Key::encrypt_algo, encrypt_algo)) {
    return Bad("EncryptAlgo", *encrypt_algo, "is not allowed; allowed: RSA, ECC");
  }
  if (!is_known(&Key::key_parameter, key_parameter)) {
    return Bad("KeyParameter", *key_parameter, "is not allowed; allowed: 2048, 4096, prime256v1");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCsrMembers(const CsrMembers& members) {
  RETURN_IF_ERROR(CheckSubject(members));
  RETURN_IF_ERROR(CheckKey(members.encrypt_algo, members.key_parameter));
  if (members.encrypt_algo && members.key_parameter) {
    RETURN_IF_ERROR(ParseCsrKey({.encrypt_algo = *members.encrypt_algo,
                                 .key_parameter = *members.key_parameter})
                        .status());
  }
  if (members.remark && Characters(*members.remark) > kMaxRemarkCharacters) {
    return Bad("Remark", *members.remark,
               absl::StrCat("has ", Characters(*members.remark), " characters; at most ",
                            kMaxRemarkCharacters, " are allowed"));
  }
  return CheckKeyPassword(members.key_password.value_or(""), "KeyPassword");
}

void Apply(const CsrMembers& members, CsrRecord& record, CsrMaterial& material) {
  for (const SubjectMember& member : kSubject) {
    const std::optional<std::string>& given = members.*member.given;
    if (given) record.subject.*member.place = *given;
  }
  if (members.encrypt_algo) record.encrypt_algo = *members.encrypt_algo;
  if (members.key_parameter) record.key_parameter = *members.key_parameter;
  if (members.remark) record.remarks = *members.remark;
  if (members.key_password) material.key_password = *members.key_password;
}

absl::StatusOr<KeyAlgorithm> ParseCsrKey(const CsrRecord& record) {
  for (const Key& key : kKeys) {
    if (record.encrypt_algo == key.encrypt_algo && record.key_parameter == key.key_parameter) {
      return key.algorithm;
    }
  }
  return Bad("KeyParameter", record.key_parameter,
             absl::StrCat("does not go with EncryptAlgo ", record.encrypt_algo,
                          "; allowed: 2048 and 4096 with RSA, prime256v1 with ECC"));
}

}  // namespace certwright
