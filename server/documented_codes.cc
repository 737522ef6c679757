#include "server/documented_codes.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "ssl/v20191205/options.pb.h"

namespace certwright {
namespace {

constexpr absl::string_view kCommonCodes[] = {
    "ActionOffline",
    "DryRunOperation",
    "FailedOperation",
    "InternalError",
    "InvalidAction",
    "InvalidParameter",
    "InvalidParameterValue",
    "InvalidRequest",
    "IpInBlacklist",
    "IpNotInWhitelist",
    "LimitExceeded",
    "MissingParameter",
    "NoSuchProduct",
    "NoSuchVersion",
    "RequestSizeLimitExceeded",
    "ResourceInUse",
    "ResourceInsufficient",
    "ResourceNotFound",
    "ResourceUnavailable",
    "ResponseSizeLimitExceeded",
    "ServiceUnavailable",
    "UnauthorizedOperation",
    "UnknownParameter",
    "UnsupportedOperation",
    "UnsupportedProtocol",
    "UnsupportedRegion",
};

}  // namespace

bool IsCommonCode(absl::string_view code) {
  // Whole families: what comes before an action is known.
  if (code == "AuthFailure" || absl::StartsWith(code, "AuthFailure.")) return true;
  if (absl::StartsWith(code, "RequestLimitExceeded")) return true;
  return std::find(std::begin(kCommonCodes), std::end(kCommonCodes), code) !=
         std::end(kCommonCodes);
}

bool IsDocumentedCode(const google::protobuf::MethodDescriptor& rpc, absl::string_view code) {
  if (IsCommonCode(code)) return true;
  const auto& options = rpc.options();
  for (int i = 0; i < options.ExtensionSize(ssl::v20191205::codes); ++i) {
    if (options.GetExtension(ssl::v20191205::codes, i) == code) return true;
  }
  return false;
}

}  // namespace certwright
