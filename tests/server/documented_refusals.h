// What docs/wire.md answers to a part of a request that is not what was signed: read from the rules
// that stand there, apart from the code that keeps them.
#ifndef CERTWRIGHT_TESTS_SERVER_DOCUMENTED_REFUSALS_H_
#define CERTWRIGHT_TESTS_SERVER_DOCUMENTED_REFUSALS_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "core/error.h"
#include "tests/support/signed_requests.h"

namespace certwright {

// All of them of a request of SignedRequests() in which nothing but this was changed, to this, and
// which says another thing than before.
ApiError RefusalOfTimestamp(absl::string_view text);
ApiError RefusalOfAuthorization(const SignedRequest& request, absl::string_view header);
// Parameters of v1 as they are sent.
ApiError RefusalOfForm(const SignedRequest& request, const std::string& form);
// A request without a v1 parameter of this name, which it had.
ApiError RefusalWithoutParameter(absl::string_view name);

// What parameters say, whatever their spelling and order; nothing if they say nothing.
std::map<std::string, std::string> Said(const std::string& form);

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SERVER_DOCUMENTED_REFUSALS_H_
