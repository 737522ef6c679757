#include "server/auth/signature.h"

#include <algorithm>
#include <functional>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr char kAlgorithm[] = "TC3-HMAC-SHA256";
constexpr char kTerminator[] = "tc3_request";
constexpr std::size_t kMaxSignedHeaders = 64;

absl::Status Invalid(absl::string_view why) {
  return Refuse(ApiError::kAuthFailureInvalidAuthorization,
                absl::StrCat("The Authorization header is not valid: ", why), "Authorization");
}

// "Credential=…, SignedHeaders=…, Signature=…" in any order.
absl::StatusOr<std::map<std::string, std::string>> ParseParts(absl::string_view text) {
  std::map<std::string, std::string> parts;
  for (const absl::string_view part : absl::StrSplit(text, absl::MaxSplits(',', 3))) {
    const std::pair<std::string, std::string> name_and_value =
        absl::StrSplit(absl::StripAsciiWhitespace(part), absl::MaxSplits('=', 1));
    const std::string& name = name_and_value.first;
    if (name != "Credential" && name != "SignedHeaders" && name != "Signature") {
      return Invalid("only `Credential`, `SignedHeaders` and `Signature` may stand in it.");
    }
    if (!parts.insert(name_and_value).second) {
      return Invalid(absl::StrCat("`", name, "` stands in it twice."));
    }
  }
  for (const char* name : {"Credential", "SignedHeaders", "Signature"}) {
    if (parts[name].empty()) return Invalid(absl::StrCat("`", name, "` is missing."));
  }
  return parts;
}

absl::Status ParseCredential(absl::string_view text, Tc3Authorization& authorization) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() != 4) {
    return Invalid("`Credential` should be <SecretId>/<date>/<service>/tc3_request.");
  }
  if (parts[3] != kTerminator) return Invalid("`Credential` should end in tc3_request.");
  authorization.secret_id = parts[0];
  authorization.date = parts[1];
  authorization.service = parts[2];
  return absl::OkStatus();
}

absl::Status ParseSignedHeaders(absl::string_view text, Tc3Authorization& authorization) {
  std::vector<std::string>& names = authorization.signed_headers;
  names = absl::StrSplit(text, ';');
  if (names.size() > kMaxSignedHeaders) {
    return Invalid(absl::StrCat("`SignedHeaders` names more than ", kMaxSignedHeaders, "."));
  }
  if (text != absl::AsciiStrToLower(text)) {
    return Invalid("`SignedHeaders` should be in lower case.");
  }
  if (std::adjacent_find(names.begin(), names.end(), std::greater_equal<>()) != names.end()) {
    return Invalid("`SignedHeaders` should be sorted, and name each header once.");
  }
  for (const char* mandatory : {"content-type", "host"}) {
    if (!std::binary_search(names.begin(), names.end(), mandatory)) {
      return Invalid(absl::StrCat("`SignedHeaders` should name `", mandatory, "`."));
    }
  }
  return absl::OkStatus();
}

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string SignedHeaderNames(const Tc3Request& request) {
  return absl::StrJoin(request.headers, ";", [](std::string* out, const auto& header) {
    absl::StrAppend(out, header.first);
  });
}

}  // namespace

absl::StatusOr<Tc3Authorization> ParseTc3Authorization(absl::string_view header) {
  header = absl::StripAsciiWhitespace(header);
  if (header == "SKIP") return Invalid("this action cannot be called without a signature.");
  const std::pair<absl::string_view, absl::string_view> words =
      absl::StrSplit(header, absl::MaxSplits(' ', 1));
  if (words.first != kAlgorithm) return Invalid("SignatureMethod should be TC3-HMAC-SHA256.");
  ASSIGN_OR_RETURN(auto parts, ParseParts(words.second));

  Tc3Authorization authorization;
  RETURN_IF_ERROR(ParseCredential(parts["Credential"], authorization));
  RETURN_IF_ERROR(ParseSignedHeaders(parts["SignedHeaders"], authorization));
  authorization.signature = parts["Signature"];
  if (authorization.signature.size() != 64 || !IsLowerHex(authorization.signature)) {
    return Invalid("`Signature` should be 64 lower-case hexadecimal digits.");
  }
  return authorization;
}

std::string CanonicalRequest(const Tc3Request& request) {
  std::string text = absl::StrCat(request.method, "\n", request.path, "\n", request.query, "\n");
  for (const auto& [name, value] : request.headers) absl::StrAppend(&text, name, ":", value, "\n");
  absl::StrAppend(&text, "\n", SignedHeaderNames(request), "\n", request.payload_hash);
  return text;
}

std::string Tc3StringToSign(absl::string_view timestamp, absl::string_view date,
                            absl::string_view service, absl::string_view canonical_request) {
  return absl::StrCat(kAlgorithm, "\n", timestamp, "\n", date, "/", service, "/", kTerminator, "\n",
                      LowerHex(Sha256(canonical_request)));
}

std::string Tc3SigningKey(absl::string_view secret_key, absl::string_view date,
                          absl::string_view service) {
  const std::string of_date = HmacSha256(absl::StrCat("TC3", secret_key), date);
  return HmacSha256(HmacSha256(of_date, service), kTerminator);
}

std::string Tc3Signature(absl::string_view signing_key, absl::string_view string_to_sign) {
  return LowerHex(HmacSha256(signing_key, string_to_sign));
}

std::string Tc3Date(std::int64_t timestamp) {
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(timestamp), absl::UTCTimeZone());
}

std::string Tc3AuthorizationHeader(absl::string_view secret_id, absl::string_view secret_key,
                                   absl::string_view service, std::int64_t timestamp,
                                   const Tc3Request& request) {
  const std::string date = Tc3Date(timestamp);
  const std::string signature = Tc3Signature(
      Tc3SigningKey(secret_key, date, service),
      Tc3StringToSign(absl::StrCat(timestamp), date, service, CanonicalRequest(request)));
  return absl::StrCat(kAlgorithm, " Credential=", secret_id, "/", date, "/", service, "/",
                      kTerminator, ", SignedHeaders=", SignedHeaderNames(request),
                      ", Signature=", signature);
}

std::string V1StringToSign(absl::string_view method, absl::string_view host,
                           std::vector<std::pair<std::string, std::string>> parameters,
                           absl::string_view path) {
  std::sort(parameters.begin(), parameters.end());
  std::string text = absl::StrCat(method, host, path, "?");
  absl::string_view separator = "";
  for (const auto& [name, value] : parameters) {
    if (name == "Signature") continue;
    absl::StrAppend(&text, separator, name, "=", value);
    separator = "&";
  }
  return text;
}

std::string V1Signature(V1Method method, absl::string_view secret_key,
                        absl::string_view string_to_sign) {
  return Base64(method == V1Method::kHmacSha256 ? HmacSha256(secret_key, string_to_sign)
                                                : HmacSha1(secret_key, string_to_sign));
}

}  // namespace certwright
