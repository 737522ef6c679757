#include "server/wire_errors.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"

namespace certwright {
namespace {

// The last value of the enumeration; the switches hold every one, or they would not build.
std::vector<ApiError> AllErrors() {
  std::vector<ApiError> errors;
  for (int i = 0; i <= static_cast<int>(ApiError::kUnsupportedRegion); ++i) {
    errors.push_back(static_cast<ApiError>(i));
  }
  return errors;
}

// The table of the documents: the first row that fits decides.
absl::StatusCode Documented(const std::string& code) {
  using absl::EndsWith;
  using absl::StartsWith;
  const std::set<std::string> denied = {"UnauthorizedOperation",
                                        "AuthFailure.UnauthorizedOperation",
                                        "FailedOperation.AuthError",
                                        "FailedOperation.NoProjectPermission",
                                        "IpInBlacklist",
                                        "IpNotInWhitelist"};
  const std::set<std::string> lost = {"FailedOperation.CannotGetOrder",
                                      "FailedOperation.CertificateDeployNotExist",
                                      "FailedOperation.CertificateNotFoundOrAudited",
                                      "FailedOperation.CertificateNotFoundOrCantCancel"};
  const std::map<std::string, absl::StatusCode> single = {
      {"InvalidRequest", absl::StatusCode::kInvalidArgument},
      {"UnknownParameter", absl::StatusCode::kInvalidArgument},
      {"MissingParameter", absl::StatusCode::kInvalidArgument},
      {"FailedOperation.InvalidParam", absl::StatusCode::kInvalidArgument},
      {"RequestSizeLimitExceeded", absl::StatusCode::kInvalidArgument},
      {"ResponseSizeLimitExceeded", absl::StatusCode::kInvalidArgument},
      {"UnsupportedRegion", absl::StatusCode::kInvalidArgument},
      {"LimitExceeded.RateLimitExceeded", absl::StatusCode::kResourceExhausted},
      {"InvalidAction", absl::StatusCode::kUnimplemented},
      {"NoSuchVersion", absl::StatusCode::kUnimplemented},
      {"NoSuchProduct", absl::StatusCode::kUnimplemented},
      {"ActionOffline", absl::StatusCode::kUnimplemented},
      {"UnsupportedOperation", absl::StatusCode::kUnimplemented},
      {"UnsupportedProtocol", absl::StatusCode::kUnimplemented},
      {"ServiceUnavailable", absl::StatusCode::kUnavailable},
      {"FailedOperation.NetworkError", absl::StatusCode::kUnavailable},
      {"FailedOperation.SystemError", absl::StatusCode::kInternal}};
  if (denied.count(code) > 0) return absl::StatusCode::kPermissionDenied;
  if (single.count(code) > 0) return single.at(code);
  if (StartsWith(code, "AuthFailure")) return absl::StatusCode::kUnauthenticated;
  if (StartsWith(code, "InvalidParameter")) return absl::StatusCode::kInvalidArgument;
  if (StartsWith(code, "RequestLimitExceeded")) return absl::StatusCode::kResourceExhausted;
  if (StartsWith(code, "InternalError")) return absl::StatusCode::kInternal;
  if (StartsWith(code, "ResourceNotFound") || lost.count(code) > 0 ||
      (StartsWith(code, "FailedOperation.") && EndsWith(code, "NotFound"))) {
    return absl::StatusCode::kNotFound;
  }
  return absl::StatusCode::kFailedPrecondition;
}

TEST_CASE("Each error has its gRPC status by the documented table", "[wire_errors]") {
  for (const ApiError error : AllErrors()) {
    CAPTURE(WireCode(error));
    CHECK(GrpcStatusOf(error) == Documented(WireCode(error)));
  }
}

TEST_CASE("Each error has a code of its own", "[wire_errors]") {
  std::set<std::string> codes;
  for (const ApiError error : AllErrors()) codes.insert(WireCode(error));

  CHECK(codes.size() == AllErrors().size());
  CHECK(WireCode(ApiError::kFailedOperationCertificateNotFound) ==
        std::string("FailedOperation.CertificateNotFound"));
}

}  // namespace
}  // namespace certwright
