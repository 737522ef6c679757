// What a caller is told of a Status that is not OK.
#ifndef CERTWRIGHT_SERVER_REFUSAL_H_
#define CERTWRIGHT_SERVER_REFUSAL_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/call.h"

namespace certwright {

struct Refusal {
  std::string code = {};  // the documented one
  absl::StatusCode grpc_status = absl::StatusCode::kInternal;
  std::string message = {};
  std::string field = {};    // "" if none is at fault
  std::string failure = {};  // a bare error whole, for operators; "" if the caller is at fault
};

// Refusals keep their words (in Chinese: behind a sentence, see messages.h). Of bare errors only
// the kind is told: ServiceUnavailable for a store or queue that is full (ResourceExhausted) or
// away (Unavailable), else InternalError. REQUIRES: `status` is not OK.
Refusal DescribeRefusal(const absl::Status& status, absl::string_view request_id,
                        Language language);

// HTTP: the JSON document. gRPC: status, message, and google.rpc.Status with ErrorInfo (reason:
// the code, `domain`, RequestId) and, if a field is at fault, BadRequest.
Reply RefusalReply(Protocol protocol, const Refusal& refusal, absl::string_view request_id,
                   absl::string_view domain);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_REFUSAL_H_
