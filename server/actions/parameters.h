// Checks of parameters that only their documented values pass, and documented texts.
#ifndef CERTWRIGHT_SERVER_ACTIONS_PARAMETERS_H_
#define CERTWRIGHT_SERVER_ACTIONS_PARAMETERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/row_rules.h"

namespace certwright {

absl::StatusOr<ValidationMethod> ParseMethod(absl::string_view field, absl::string_view text);
absl::StatusOr<CertificateKind> ParseKind(absl::string_view field, absl::string_view text);

// A project's number. Clients hold numbers exactly only below 2^53.
absl::StatusOr<std::int64_t> ParseProject(std::uint64_t value);

// 0 or 1, as documented flags are.
absl::StatusOr<bool> ParseFlag(absl::string_view field, std::int64_t value);

// "DNS", "DNS_AUTO", "FILE"
const char* MethodText(ValidationMethod method);
// "TXT", "CNAME", "FILE"
const char* RecordTypeText(RecordType type);

// Documented times: "YYYY-MM-DD HH:MM:SS" in GMT+8.
std::string TimeText(absl::Time time);
std::optional<absl::Time> ParseTime(absl::string_view text);

// REQUIRES: a repeated string field. Copies its texts as ids.
template <typename Texts>
std::vector<CertificateId> IdsOf(const Texts& texts) {
  std::vector<CertificateId> ids;
  for (const std::string& text : texts) ids.push_back({text});
  return ids;
}

// REQUIRES: a repeated field of Tags messages. Copies them.
template <typename Tags>
std::vector<Tag> TagsOf(const Tags& tags) {
  std::vector<Tag> copies;
  for (const auto& tag : tags) copies.push_back({.key = tag.tag_key(), .value = tag.tag_value()});
  return copies;
}

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTIONS_PARAMETERS_H_
