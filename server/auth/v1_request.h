// A request signed with HmacSHA1 or HmacSHA256: everything stands among its parameters.
#ifndef CERTWRIGHT_SERVER_AUTH_V1_REQUEST_H_
#define CERTWRIGHT_SERVER_AUTH_V1_REQUEST_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/auth/signature.h"
#include "server/call.h"

namespace certwright {

struct V1Request {
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  std::string action = {};
  std::string version = {};
  std::string region = {};
  std::string language = {};
  std::string secret_id = {};
  std::string token = {};
  std::string signature = {};
  std::int64_t timestamp = 0;
  V1Method method = V1Method::kHmacSha1;
  Parameters all = {};      // what is signed, with the names above
  Parameters members = {};  // the action's own: without them
};

// Where v1 parameters stand, or "" if the request cannot hold any.
absl::string_view V1FormOf(const Envelope& envelope);

// Whether it is taken for a v1 request: no Authorization header, and a Signature where v1
// parameters stand. A text in them that reads so is enough; ParseV1 looks closer.
bool LooksLikeV1(const Envelope& envelope);

// Refuses MissingParameter for a common parameter that is absent (and for `SecretId` when there is
// no Signature at all), InvalidParameter for one that cannot be read and for what ParseForm does
// not take, AuthFailure.SignatureFailure for an unknown SignatureMethod, and
// AuthFailure.InvalidAuthorization for TC3 as one.
//
// The signed text joins decoded parameters by `&` and `=`, so a value that holds both may read as a
// parameter more. Where the two readings would be signed alike, neither is taken: InvalidParameter.
absl::StatusOr<V1Request> ParseV1(absl::string_view form);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_V1_REQUEST_H_
