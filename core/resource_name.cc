#include "core/resource_name.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/error.h"
#include "core/region.h"
#include "core/service_names.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kParts = 6;
constexpr std::size_t kMaxIdBytes = 64;
constexpr std::size_t kMaxAccountDigits = 18;  // no overflow

absl::Status RefuseName(absl::string_view text, absl::string_view why) {
  return Refuse(ApiError::kInvalidParameterValueResourceDescriptionError,
                absl::StrCat("Resource `", Shown(text, kMaxResourceNameBytes),
                             "` names no certificate: ", why, "."),
                "Resource");
}

bool IsId(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxIdBytes &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); });
}

bool IsAccountNumber(absl::string_view text) {
  return text.size() <= kMaxAccountDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

// Whether the part is right; leaves `account` as it is where nobody is named.
bool ReadAccount(absl::string_view part, std::optional<AccountId>& account) {
  if (part.empty()) return true;
  if (!absl::ConsumePrefix(&part, "uin/") || !IsAccountNumber(part)) return false;
  std::int64_t number = 0;
  if (absl::SimpleAtoi(part, &number)) account = AccountId{number};
  return true;
}

}  // namespace

absl::StatusOr<ResourceName> ParseResourceName(absl::string_view text) {
  if (text.size() > kMaxResourceNameBytes) {
    return RefuseName(
        text, absl::StrCat("it has ", text.size(), " bytes of at most ", kMaxResourceNameBytes));
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() != kParts || parts[0] != "qcs") {
    return RefuseName(text,
                      "allowed is qcs::ssl:REGION:uin/ACCOUNT:certificate/ID, in which REGION and "
                      "ACCOUNT may be empty");
  }
  if (!parts[1].empty()) return RefuseName(text, "its second part, the project, should be empty");
  if (parts[2] != kSslService)
    return RefuseName(text, "its third part, the service, should be ssl");
  if (!parts[3].empty() && !IsRegion(parts[3])) {
    return RefuseName(text, "its fourth part should be empty or a region like ap-guangzhou");
  }
  ResourceName name;
  if (!ReadAccount(parts[4], name.account)) {
    return RefuseName(text, "its fifth part should be empty, uin/ or uin/ACCOUNT");
  }
  absl::string_view id = parts[5];
  if (!absl::ConsumePrefix(&id, "certificate/") || !IsId(id)) {
    return RefuseName(text,
                      "its sixth part should be certificate/ID, with the ID of a certificate");
  }
  name.certificate = {std::string(id)};
  return name;
}

}  // namespace certwright
