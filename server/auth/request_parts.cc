#include "server/auth/request_parts.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

std::optional<absl::string_view> FindHeader(const Envelope& envelope, absl::string_view name) {
  for (const auto& header : envelope.headers) {
    if (header.first == name) return absl::StripAsciiWhitespace(header.second);
  }
  return std::nullopt;
}

absl::string_view HeaderOr(const Envelope& envelope, absl::string_view name) {
  return FindHeader(envelope, name).value_or(absl::string_view());
}

absl::Status CheckRepeatedHeaders(const Envelope& envelope,
                                  const std::vector<std::string>& signed_headers) {
  const auto authorizations =
      std::count_if(envelope.headers.begin(), envelope.headers.end(),
                    [](const auto& header) { return header.first == "authorization"; });
  if (authorizations > 1) {
    return Refuse(ApiError::kAuthFailureInvalidAuthorization,
                  "The Authorization header stands in the request more than once.",
                  "Authorization");
  }
  std::vector<absl::string_view> covered;
  for (const auto& [name, value] : envelope.headers) {
    if (name == "host" || name == "content-type" || absl::StartsWith(name, "x-tc-") ||
        std::find(signed_headers.begin(), signed_headers.end(), name) != signed_headers.end()) {
      covered.push_back(name);
    }
  }
  std::sort(covered.begin(), covered.end());
  const auto repeated = std::adjacent_find(covered.begin(), covered.end());
  if (repeated != covered.end()) {
    return Refuse(
        ApiError::kInvalidParameter,
        absl::StrCat("The header `", *repeated, "` stands in the request more than once."),
        *repeated);
  }
  return absl::OkStatus();
}

bool IsPayloadUnsigned(const Envelope& envelope) {
  return HeaderOr(envelope, "x-tc-content-sha256") == kUnsignedPayload;
}

std::string PayloadHash(const Envelope& envelope) {
  if (IsPayloadUnsigned(envelope)) return LowerHex(Sha256(kUnsignedPayload));
  const bool has_payload = envelope.method != "GET";
  return LowerHex(Sha256(has_payload ? absl::string_view(envelope.body) : absl::string_view()));
}

std::string MediaType(absl::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(content_type));
}

absl::string_view WithoutPort(absl::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon == absl::string_view::npos || !IsDigits(host.substr(colon + 1))) return host;
  return host.substr(0, colon);
}

absl::StatusOr<std::int64_t> ParseTimestamp(absl::string_view text) {
  std::int64_t seconds = 0;
  // Twelve digits reach the year 33658, and no sum with them overflows.
  if (!IsDigits(text) || text.size() > 12 || !absl::SimpleAtoi(text, &seconds)) {
    return Refuse(ApiError::kInvalidParameter,
                  absl::StrCat("The parameter `Timestamp` is `", Shown(text),
                               "`; it should be the time in Unix seconds."),
                  "Timestamp");
  }
  return seconds;
}

bool IsSecretId(absl::string_view text) {
  return absl::StartsWith(text, "AKID") && text.size() >= 12 && text.size() <= 128 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
         });
}

GrpcMethod ParseGrpcMethod(absl::string_view path) {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  if (parts.size() != 3 || !parts[0].empty()) return {};
  GrpcMethod method = {.action = std::string(parts[2])};
  const std::vector<absl::string_view> names = absl::StrSplit(parts[1], '.');
  if (names.size() < 2) return method;
  absl::string_view version = names[names.size() - 2];
  if (!absl::ConsumePrefix(&version, "v") || version.size() != 8 || !IsDigits(version)) {
    return method;
  }
  method.version =
      absl::StrCat(version.substr(0, 4), "-", version.substr(4, 2), "-", version.substr(6, 2));
  return method;
}

absl::Status CheckGrpcMetadata(const Envelope& envelope, const GrpcMethod& method) {
  const auto check = [&envelope](absl::string_view header, absl::string_view name,
                                 absl::string_view called) {
    const absl::string_view sent = HeaderOr(envelope, header);
    if (sent.empty() || sent == called) return absl::OkStatus();
    return Refuse(ApiError::kInvalidParameterValue,
                  absl::StrCat("The metadata `", header, "` should be `", called,
                               "`, which is what was called."),
                  name);
  };
  RETURN_IF_ERROR(check("x-tc-action", "Action", method.action));
  return check("x-tc-version", "Version", method.version);
}

absl::Status RefuseMissing(absl::string_view name) {
  return Refuse(ApiError::kMissingParameter,
                absl::StrCat("The request is missing a required parameter `", name, "`."), name);
}

}  // namespace certwright
