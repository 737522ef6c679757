// What real clients sign instead of what they send, and no more than that.
#ifndef CERTWRIGHT_SERVER_AUTH_TOLERANCE_H_
#define CERTWRIGHT_SERVER_AUTH_TOLERANCE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "server/auth/signature.h"
#include "server/auth/v1_request.h"
#include "server/call.h"

namespace certwright {

// Hosts that the client may have signed: as sent, without port, and the configured ones.
std::vector<std::string> SignableHosts(const Envelope& envelope,
                                       const std::vector<std::string>& public_names);

// Whether an SDK that is pointed at `host` may name `service` in its scope: several take the first
// label of their endpoint, with its port if there is no dot.
bool IsEndpointLabel(absl::string_view service, absl::string_view host);

// Whether the scope may name `named` in a call of `service`: that, or where it `is_lenient` the
// endpoint's first label, unless another service is called so.
bool MayNameService(absl::string_view named, absl::string_view service, bool is_lenient,
                    absl::string_view host);

// Gives `matches` each reading of the request that a client may have signed, likeliest first, until
// one matches. False if none does, or if a signed header is not in the request.
bool AnyReading(const Envelope& envelope, const Tc3Authorization& authorization,
                const std::vector<std::string>& hosts, const std::string& payload_hash,
                absl::FunctionRef<bool(const Tc3Request&)> matches);

// The same of a v1 request: `matches` gets each text that may have been signed.
bool AnyV1Reading(const Envelope& envelope, const V1Request& request,
                  const std::vector<std::string>& hosts,
                  absl::FunctionRef<bool(absl::string_view string_to_sign)> matches);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_TOLERANCE_H_
