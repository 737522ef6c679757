// TC3-HMAC-SHA256 and the two v1 signatures, as pure functions of their parts.
#ifndef CERTWRIGHT_SERVER_AUTH_SIGNATURE_H_
#define CERTWRIGHT_SERVER_AUTH_SIGNATURE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace certwright {

// A parsed Authorization header.
struct Tc3Authorization {
  std::string secret_id = {};
  std::string date = {};                         // "2026-01-01"
  std::string service = {};                      // "ssl"
  std::vector<std::string> signed_headers = {};  // lower case, sorted
  std::string signature = {};                    // 64 lower-case hex digits
};

// Refuses AuthFailure.InvalidAuthorization, saying what is wrong with it: the algorithm (SKIP too),
// the parts, a scope without tc3_request, signed headers that are not in lower case, not sorted or
// without content-type or host.
absl::StatusOr<Tc3Authorization> ParseTc3Authorization(absl::string_view header);

struct Tc3Request {
  std::string method = {};
  std::string path = "/";
  std::string query = {};  // raw; only of GET
  // The signed ones: lower-case names with the values to sign, sorted by name.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string payload_hash = {};  // lower-case hex
};

std::string CanonicalRequest(const Tc3Request& request);
std::string Tc3StringToSign(absl::string_view timestamp, absl::string_view date,
                            absl::string_view service, absl::string_view canonical_request);

// "2026-01-01": the UTC day of Unix seconds, as the scope names it.
std::string Tc3Date(std::int64_t timestamp);

// The signing key: raw 32 bytes.
std::string Tc3SigningKey(absl::string_view secret_key, absl::string_view date,
                          absl::string_view service);

// Lower-case hex.
std::string Tc3Signature(absl::string_view signing_key, absl::string_view string_to_sign);

// The whole header value for a client that signs. `timestamp` is Unix seconds.
std::string Tc3AuthorizationHeader(absl::string_view secret_id, absl::string_view secret_key,
                                   absl::string_view service, std::int64_t timestamp,
                                   const Tc3Request& request);

// "<METHOD><host><path>?k=v&…" over decoded parameters, sorted by name, without Signature. Real
// clients sign "/" as the path.
std::string V1StringToSign(absl::string_view method, absl::string_view host,
                           std::vector<std::pair<std::string, std::string>> parameters,
                           absl::string_view path = "/");

enum class V1Method { kHmacSha1, kHmacSha256 };

// Base64.
std::string V1Signature(V1Method method, absl::string_view secret_key,
                        absl::string_view string_to_sign);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_SIGNATURE_H_
