#include "server/auth/v1_request.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "server/auth/request_parts.h"
#include "server/json_codec.h"

namespace certwright {
namespace {

using Parameters = V1Request::Parameters;

// Takes the wanted common parameter out of `parameters`; "" if it is absent.
std::string Take(absl::string_view name, Parameters& parameters) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [name](const auto& entry) { return entry.first == name; });
  if (found == parameters.end()) return "";
  std::string value = std::move(found->second);
  parameters.erase(found);
  return value;
}

bool IsThere(absl::string_view name, const Parameters& parameters) {
  return std::any_of(parameters.begin(), parameters.end(),
                     [name](const auto& entry) { return entry.first == name; });
}

absl::StatusOr<V1Method> ParseMethod(absl::string_view text) {
  if (text.empty() || text == "HmacSHA1") return V1Method::kHmacSha1;
  if (text == "HmacSHA256") return V1Method::kHmacSha256;
  if (text == "TC3-HMAC-SHA256") {
    return Refuse(ApiError::kAuthFailureInvalidAuthorization,
                  "A TC3-HMAC-SHA256 signature belongs into the Authorization header.");
  }
  return Refuse(ApiError::kAuthFailureSignatureFailure,
                "The parameter `SignatureMethod` should be HmacSHA1 or HmacSHA256.",
                "SignatureMethod");
}

absl::Status CheckNonce(absl::string_view text) {
  const bool is_zero = text.find_first_not_of('0') == absl::string_view::npos;
  const bool is_number =
      !is_zero && text.size() <= 20 && std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c));
      });
  if (is_number) return absl::OkStatus();
  return Refuse(ApiError::kInvalidParameter,
                absl::StrCat("The parameter `Nonce` is `", Shown(text),
                             "`; it should be a positive integer of at most 20 digits."),
                "Nonce");
}

absl::Status RefuseUnreadable(absl::string_view name) {
  return Refuse(ApiError::kInvalidParameter,
                absl::StrCat("The parameter `", Shown(name),
                             "` holds what reads as another parameter, and this kind of signature "
                             "cannot tell the two apart: sign with TC3-HMAC-SHA256."));
}

bool IsNamePart(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_';
}

// The name in "…&Name=…" behind the `&` at `at`; "" if none stands there.
absl::string_view NameBehind(absl::string_view value, std::size_t at) {
  std::size_t end = at + 1;
  while (end < value.size() && IsNamePart(value[end])) ++end;
  if (end == value.size() || value[end] != '=') return "";
  return value.substr(at + 1, end - at - 1);
}

// `signed_ones` are sorted. A name inside of a value reads as a parameter if it sorts where it
// stands.
absl::Status CheckOneReading(const Parameters& signed_ones) {
  for (std::size_t i = 0; i < signed_ones.size(); ++i) {
    const auto& [name, value] = signed_ones[i];
    if (name.find_first_of("&=") != std::string::npos) return RefuseUnreadable(name);
    for (std::size_t at = value.find('&'); at != std::string::npos; at = value.find('&', at + 1)) {
      const absl::string_view inner = NameBehind(value, at);
      const bool sorts =
          inner > name && (i + 1 == signed_ones.size() || inner < signed_ones[i + 1].first);
      if (!inner.empty() && sorts) return RefuseUnreadable(name);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPresent(const V1Request& request, absl::string_view timestamp,
                          absl::string_view nonce) {
  if (request.action.empty()) return RefuseMissing("Action");
  if (request.version.empty()) return RefuseMissing("Version");
  if (timestamp.empty()) return RefuseMissing("Timestamp");
  if (nonce.empty()) return RefuseMissing("Nonce");
  if (request.secret_id.empty()) return RefuseMissing("SecretId");
  return absl::OkStatus();
}

}  // namespace

absl::string_view V1FormOf(const Envelope& envelope) {
  if (envelope.protocol != Protocol::kHttp) return "";
  if (envelope.method == "GET") return envelope.query;
  const bool is_form =
      MediaType(HeaderOr(envelope, "content-type")) == "application/x-www-form-urlencoded";
  return is_form ? absl::string_view(envelope.body) : "";
}

bool LooksLikeV1(const Envelope& envelope) {
  return !FindHeader(envelope, "authorization") &&
         absl::StrContains(V1FormOf(envelope), "Signature=");
}

absl::StatusOr<V1Request> ParseV1(absl::string_view form) {
  V1Request request;
  ASSIGN_OR_RETURN(request.members, ParseForm(form));
  Parameters& parameters = request.members;
  request.signature = Take("Signature", parameters);
  if (request.signature.empty()) {
    return RefuseMissing(IsThere("SecretId", parameters) ? "Signature" : "SecretId");
  }
  request.all = parameters;
  std::sort(request.all.begin(), request.all.end());
  request.action = Take("Action", parameters);
  request.version = Take("Version", parameters);
  request.secret_id = Take("SecretId", parameters);
  request.token = Take("Token", parameters);
  request.region = Take("Region", parameters);
  request.language = Take("Language", parameters);
  Take("RequestClient", parameters);
  const std::string timestamp = Take("Timestamp", parameters);
  const std::string nonce = Take("Nonce", parameters);
  const std::string method = Take("SignatureMethod", parameters);

  RETURN_IF_ERROR(CheckPresent(request, timestamp, nonce));
  ASSIGN_OR_RETURN(request.timestamp, ParseTimestamp(timestamp));
  RETURN_IF_ERROR(CheckNonce(nonce));
  ASSIGN_OR_RETURN(request.method, ParseMethod(method));
  RETURN_IF_ERROR(CheckOneReading(request.all));
  return request;
}

}  // namespace certwright
