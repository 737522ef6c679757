#include "tests/server/documented_refusals.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/json_codec.h"

namespace certwright {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kWindow = 300;

bool Holds(absl::string_view text, absl::string_view allowed) {
  return text.find_first_not_of(allowed) == absl::string_view::npos;
}

bool IsNumber(absl::string_view text, std::size_t most_digits) {
  return !text.empty() && text.size() <= most_digits && Holds(text, "0123456789");
}

std::int64_t Seconds(absl::string_view text) { return std::atoll(std::string(text).c_str()); }

bool IsFresh(std::int64_t seconds) { return std::abs(seconds - kTestTimestamp) <= kWindow; }

ApiError RefusalOfSecretId(const SignedRequest& request, absl::string_view id) {
  constexpr char kAllowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
  if (!absl::StartsWith(id, "AKID") || id.size() < 12 || id.size() > 128 || !Holds(id, kAllowed)) {
    return ApiError::kAuthFailureInvalidSecretId;
  }
  return id == (request.is_temporary ? kTemporaryId : kTestSecretId)
             ? ApiError::kAuthFailureSignatureFailure
             : ApiError::kAuthFailureSecretIdNotFound;
}

// The three parts by name; fewer if something else stands there.
std::map<std::string, std::string> PartsOf(absl::string_view header) {
  header = absl::StripAsciiWhitespace(header);
  std::map<std::string, std::string> parts;
  if (!absl::ConsumePrefix(&header, "TC3-HMAC-SHA256 ")) return parts;
  for (absl::string_view part : absl::StrSplit(header, ',')) {
    part = absl::StripAsciiWhitespace(part);
    parts.insert(absl::StrSplit(part, absl::MaxSplits('=', 1)));
  }
  return parts;
}

bool IsSignedHeaders(const std::string& text) {
  const std::vector<std::string> names = absl::StrSplit(text, ';');
  const std::set<std::string> sorted(names.begin(), names.end());
  return std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         std::vector<std::string>(sorted.begin(), sorted.end()) == names &&
         sorted.count("host") == 1 && sorted.count("content-type") == 1;
}

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::string Joined(Parameters parameters) {
  std::sort(parameters.begin(), parameters.end());
  return absl::StrJoin(parameters, "&", absl::PairFormatter("="));
}

// The parameters as another reader may take them: what stands in a value behind this `&` is one.
Parameters SplitAt(Parameters parameters, std::size_t index, std::size_t ampersand) {
  std::string& value = parameters[index].second;
  const std::string inner = value.substr(ampersand + 1);
  value.resize(ampersand);
  const std::size_t equals = inner.find('=');
  if (equals == std::string::npos) return {};
  std::string name = inner.substr(0, equals);
  const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '_';
  });
  const bool is_new = std::none_of(parameters.begin(), parameters.end(),
                                   [&name](const auto& one) { return one.first == name; });
  if (!is_name || !is_new) return {};
  parameters.emplace_back(std::move(name), inner.substr(equals + 1));
  return parameters;
}

// Whether other parameters would be signed alike.
bool ReadsTwoWays(const Parameters& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [name, value] = parameters[i];
    if (name.find_first_of("&=") != std::string::npos) return true;
    for (std::size_t at = value.find('&'); at != std::string::npos; at = value.find('&', at + 1)) {
      const Parameters other = SplitAt(parameters, i, at);
      if (!other.empty() && Joined(other) == Joined(parameters)) return true;
    }
  }
  return false;
}

constexpr const char* kMandatory[] = {"Signature", "Action", "Version",
                                      "Timestamp", "Nonce",  "SecretId"};

}  // namespace

ApiError RefusalOfTimestamp(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return ApiError::kMissingParameter;
  if (!IsNumber(text, 12)) return ApiError::kInvalidParameter;
  const std::int64_t seconds = Seconds(text);
  // The scope, which names the day, is looked at before the clock.
  if (seconds / kDay != kTestTimestamp / kDay) return ApiError::kAuthFailureInvalidAuthorization;
  return IsFresh(seconds) ? ApiError::kAuthFailureSignatureFailure
                          : ApiError::kAuthFailureSignatureExpire;
}

ApiError RefusalOfAuthorization(const SignedRequest& request, absl::string_view header) {
  std::map<std::string, std::string> parts = PartsOf(header);
  const std::string& signature = parts["Signature"];
  const std::vector<std::string> credential = absl::StrSplit(parts["Credential"], '/');
  const bool is_valid = parts.size() == 3 && credential.size() == 4 &&
                        credential[1] == "2026-01-01" && credential[2] == request.service &&
                        credential[3] == "tc3_request" && IsSignedHeaders(parts["SignedHeaders"]) &&
                        signature.size() == 64 && Holds(signature, "0123456789abcdef");
  return is_valid ? RefusalOfSecretId(request, credential[0])
                  : ApiError::kAuthFailureInvalidAuthorization;
}

ApiError RefusalOfForm(const SignedRequest& request, const std::string& form) {
  // Without it, it is no request of this kind, and of no other.
  if (!absl::StrContains(form, "Signature=")) return ApiError::kMissingParameter;
  const auto parsed = ParseForm(form);
  if (!parsed.ok()) return ApiError::kInvalidParameter;
  std::map<std::string, std::string> value = {parsed->begin(), parsed->end()};
  for (const char* name : kMandatory) {
    if (value[name].empty()) return ApiError::kMissingParameter;
  }
  if (!IsNumber(value["Timestamp"], 12) || !IsNumber(value["Nonce"], 20) ||
      Holds(value["Nonce"], "0")) {
    return ApiError::kInvalidParameter;
  }
  const std::string& method = value["SignatureMethod"];
  if (method == "TC3-HMAC-SHA256") return ApiError::kAuthFailureInvalidAuthorization;
  if (method != "HmacSHA1" && method != "HmacSHA256" && !method.empty()) {
    return ApiError::kAuthFailureSignatureFailure;
  }
  Parameters all = *parsed;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [](const auto& one) { return one.first == "Signature"; }),
            all.end());
  if (ReadsTwoWays(all)) return ApiError::kInvalidParameter;
  if (!IsFresh(Seconds(value["Timestamp"]))) return ApiError::kAuthFailureSignatureExpire;
  const ApiError of_id = RefusalOfSecretId(request, value["SecretId"]);
  if (of_id != ApiError::kAuthFailureSignatureFailure) return of_id;
  if (value["Token"] != (request.is_temporary ? kTemporaryToken : "")) {
    return ApiError::kAuthFailureTokenFailure;
  }
  return ApiError::kAuthFailureSignatureFailure;
}

ApiError RefusalWithoutParameter(absl::string_view name) {
  if (std::count(std::begin(kMandatory), std::end(kMandatory), name) > 0) {
    return ApiError::kMissingParameter;
  }
  return name == "Token" ? ApiError::kAuthFailureTokenFailure
                         : ApiError::kAuthFailureSignatureFailure;
}

std::map<std::string, std::string> Said(const std::string& form) {
  const auto parameters = ParseForm(form);
  if (!parameters.ok()) return {};
  return {parameters->begin(), parameters->end()};
}

}  // namespace certwright
