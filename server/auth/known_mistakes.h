// What clients sign by mistake. A request whose signature does not fit is tried with each, for a
// word of advice; none of it is ever let in.
#ifndef CERTWRIGHT_SERVER_AUTH_KNOWN_MISTAKES_H_
#define CERTWRIGHT_SERVER_AUTH_KNOWN_MISTAKES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/auth/signature.h"
#include "server/auth/v1_request.h"
#include "server/call.h"

namespace certwright {

struct Mistake {
  std::string part = {};  // "host", "body", "key", …
  std::string text = {};
};

// The fewest mistakes that explain the signature of `authorization`; none if no set of them does.
// `timestamp` is the text of X-TC-Timestamp.
std::vector<Mistake> ExplainTc3(const Envelope& envelope, const Tc3Authorization& authorization,
                                absl::string_view timestamp, absl::string_view secret_key);
std::vector<Mistake> ExplainV1(const Envelope& envelope, const V1Request& request,
                               absl::string_view secret_key);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_KNOWN_MISTAKES_H_
