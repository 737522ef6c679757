#include "core/row_rules.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/error.h"
#include "core/products.h"
#include "core/shown.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxAliasCharacters = 200;
constexpr std::size_t kMinPassword = 6;
constexpr std::size_t kMaxPassword = 64;
constexpr std::size_t kIdLength = 8;
constexpr std::size_t kOrderIdLength = 12;
constexpr std::size_t kMaxReasonCharacters = 500;

absl::Status BadTag(std::size_t index, absl::string_view member, absl::string_view value,
                    absl::string_view why) {
  const std::string field = absl::StrCat("Tags.", index, ".", member);
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat(field, " `", Shown(value), "` ", why, "."), field);
}

}  // namespace

absl::Status RefuseMember(ApiError error, absl::string_view field, absl::string_view value,
                          absl::string_view allowed) {
  return Refuse(
      error, absl::StrCat(field, " `", Shown(value), "` is not allowed; allowed: ", allowed, "."),
      field);
}

absl::Status RefuseUnshown(ApiError error, absl::string_view field, absl::string_view value,
                           absl::string_view allowed) {
  return Refuse(error,
                absl::StrCat("The parameter `", field, "` (", value.size(),
                             " bytes, not shown) is not valid; allowed: ", allowed, "."),
                field);
}

absl::Status WrongParameter(absl::string_view field, absl::string_view value,
                            absl::string_view allowed) {
  return Refuse(ApiError::kInvalidParameterValue,
                absl::StrCat("The value `", Shown(value), "` specified in the parameter `", field,
                             "` is not valid; allowed: ", allowed, "."),
                field);
}

bool HasControlCharacter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

std::size_t Characters(absl::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

absl::Status CheckAlias(absl::string_view alias) {
  const std::size_t length = Characters(alias);
  if (length > kMaxAliasCharacters) {
    return Refuse(ApiError::kInvalidParameter,
                  absl::StrCat("Alias `", Shown(alias), "` has ", length, " characters; at most ",
                               kMaxAliasCharacters, " are allowed."),
                  "Alias");
  }
  if (!HasControlCharacter(alias)) return absl::OkStatus();
  return Refuse(ApiError::kInvalidParameter,
                absl::StrCat("Alias `", Shown(alias), "` holds a control character."), "Alias");
}

absl::Status CheckTags(const std::vector<Tag>& tags) {
  if (tags.size() > kMaxTags) {
    return Refuse(
        ApiError::kFailedOperationInvalidParam,
        absl::StrCat("Tags holds ", tags.size(), " tags; at most ", kMaxTags, " are allowed."),
        "Tags");
  }
  std::set<std::string> keys;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::size_t key_length = Characters(tags[i].key);
    if (key_length == 0 || key_length > kMaxTagKey) {
      return BadTag(i, "TagKey", tags[i].key,
                    absl::StrCat("has ", key_length, " characters; allowed are 1 to ", kMaxTagKey));
    }
    if (Characters(tags[i].value) > kMaxTagValue) {
      return BadTag(i, "TagValue", tags[i].value,
                    absl::StrCat("has ", Characters(tags[i].value), " characters; at most ",
                                 kMaxTagValue, " are allowed"));
    }
    if (HasControlCharacter(tags[i].key)) {
      return BadTag(i, "TagKey", tags[i].key, "holds a control character");
    }
    if (HasControlCharacter(tags[i].value)) {
      return BadTag(i, "TagValue", tags[i].value, "holds a control character");
    }
    if (!keys.insert(tags[i].key).second) {
      return BadTag(i, "TagKey", tags[i].key, "stands there twice; keys are unique");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckKeyPassword(absl::string_view password, absl::string_view field) {
  bool is_printable = true;
  for (const char c : password) {
    is_printable = is_printable && absl::ascii_isprint(static_cast<unsigned char>(c));
  }
  const bool fits = password.size() >= kMinPassword && password.size() <= kMaxPassword;
  if (password.empty() || (fits && is_printable)) return absl::OkStatus();
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat(field, " (", password.size(),
                             " bytes, not shown) is not allowed: ", kMinPassword, " to ",
                             kMaxPassword, " printable ASCII characters are."),
                field);
}

absl::Status CheckOrderReason(absl::string_view reason) {
  const std::size_t length = Characters(reason);
  if (length <= kMaxReasonCharacters) return absl::OkStatus();
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat("Reason has ", length, " characters; at most ", kMaxReasonCharacters,
                             " are allowed."),
                "Reason");
}

bool IsDomainValidated(const Certificate& certificate) {
  return !certificate.is_upload && LevelOf(certificate) == Level::kDv;
}

bool NeedsRevokeLetter(const Certificate& certificate) {
  return OriginOf(certificate) == Origin::kPaid && !IsDomainValidated(certificate) &&
         !IsRevokedOnReview(certificate);
}

bool IsRevokedOnReview(const Certificate& certificate) {
  return IsWoTrus(certificate) || (IsDnspodSm2(certificate) && IsDomainValidated(certificate));
}

bool TakesNoCompletion(const Certificate& certificate) {
  return IsOfBrand(certificate, "DNSPod") || IsWoTrus(certificate);
}

namespace {

std::string Day(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d", time, absl::FixedTimeZone(8 * 60 * 60));
}

std::string WhyNotRenewable(const Certificate& old, absl::Time now) {
  if (old.is_upload) return "it was uploaded; who issued it renews it";
  if (!IsIssued(old) || !old.not_after || *old.not_after <= now) {
    return absl::StrCat("it must be issued and not expired, and has status ", StatusNumber(old));
  }
  if (!old.renewed_by.value.empty()) {
    return absl::StrCat("it has a renewal already, ", old.renewed_by.value);
  }
  if (HasPaidTimeLeft(old)) {
    return absl::StrCat("its order is paid for until ", Day(*old.paid_until),
                        ", and the next certificate of that comes by itself");
  }
  if (IsRenewable(old, now)) return "";
  return absl::StrCat("it has more than 30 days left; it can be from ",
                      Day(*old.not_after - kExpiringWindow), " on");
}

}  // namespace

absl::Status CheckRenewable(const Certificate& old, absl::Time now, ApiError error) {
  const std::string why = WhyNotRenewable(old, now);
  if (why.empty()) return absl::OkStatus();
  return Refuse(error,
                absl::StrCat("OldCertificateId `", old.id.value, "` cannot be renewed: ", why, "."),
                "OldCertificateId");
}

bool IsRevocableToTheEnd(const Certificate& certificate) {
  return IsWoTrus(certificate) || IsDnspodSm2(certificate);
}

absl::Status CheckCount(absl::string_view field, std::size_t count, std::size_t most,
                        ApiError error) {
  if (count <= most) return absl::OkStatus();
  return Refuse(
      error, absl::StrCat(field, " holds ", count, " ids; at most ", most, " are allowed."), field);
}

std::vector<CertificateId> EachOnce(const std::vector<CertificateId>& ids) {
  std::set<CertificateId> seen;
  std::vector<CertificateId> once;
  for (const CertificateId& id : ids) {
    if (seen.insert(id).second) once.push_back(id);
  }
  return once;
}

std::string NewOrderId(Random& random) { return RandomText(random, kDigits, kOrderIdLength); }

CertificateId NewCertificateId(Random& random) {
  return {RandomText(random, kAlphanumeric, kIdLength)};
}

}  // namespace certwright
