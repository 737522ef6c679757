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

// Where a service listens.
struct Listener {
  std::string name = {};     // "gRPC over TLS"
  std::string address = {};  // HOST:PORT
};

// The fewest mistakes that explain the signature of `authorization`; none if no set of them does.
// `timestamp` is the text of X-TC-Timestamp; one of the `listeners`, if they are known, may have
// been signed in place of another.
std::vector<Mistake> ExplainTc3(const Envelope& envelope, const Tc3Authorization& authorization,
                                absl::string_view timestamp, absl::string_view secret_key,
                                const std::vector<Listener>& listeners);
std::vector<Mistake> ExplainV1(const Envelope& envelope, const V1Request& request,
                               absl::string_view secret_key,
                               const std::vector<Listener>& listeners);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_KNOWN_MISTAKES_H_
