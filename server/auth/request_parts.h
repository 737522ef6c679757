// What a signature check reads of an Envelope, before anything is trusted.
#ifndef CERTWRIGHT_SERVER_AUTH_REQUEST_PARTS_H_
#define CERTWRIGHT_SERVER_AUTH_REQUEST_PARTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/call.h"

namespace certwright {

// The header's value without blanks around it; nothing if it is absent.
std::optional<absl::string_view> FindHeader(const Envelope& envelope, absl::string_view name);
// The same, with "" for an absent header.
absl::string_view HeaderOr(const Envelope& envelope, absl::string_view name);

// Refuses headers that a signature may cover and that stand twice.
absl::Status CheckRepeatedHeaders(const Envelope& envelope,
                                  const std::vector<std::string>& signed_headers);

// Whether X-TC-Content-SHA256 says these words: then they are signed in the body's place.
inline constexpr char kUnsignedPayload[] = "UNSIGNED-PAYLOAD";
bool IsPayloadUnsigned(const Envelope& envelope);
// What TC3 signs of the payload, in lower hex: of those words where it is unsigned, else of the
// body, which a GET does not have.
std::string PayloadHash(const Envelope& envelope);

// "application/json" of "Application/JSON; charset=utf-8".
std::string MediaType(absl::string_view content_type);

// "localhost" of "localhost:8080"; the same text if there is no port.
absl::string_view WithoutPort(absl::string_view host);

// Refuses InvalidParameter unless it is a plain decimal number of Unix seconds.
absl::StatusOr<std::int64_t> ParseTimestamp(absl::string_view text);

// Whether it has the form of an API key's name.
bool IsSecretId(absl::string_view text);

// "ApplyCertificate" and "2019-12-05" of "/certwright.ssl.v20191205.SslService/ApplyCertificate".
struct GrpcMethod {
  std::string action = {};
  std::string version = {};
};
GrpcMethod ParseGrpcMethod(absl::string_view path);

// Over gRPC the method names action and version: refuses InvalidParameterValue where metadata name
// others.
absl::Status CheckGrpcMetadata(const Envelope& envelope, const GrpcMethod& method);

// MissingParameter in the documented words.
absl::Status RefuseMissing(absl::string_view name);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_REQUEST_PARTS_H_
