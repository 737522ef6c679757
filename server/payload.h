// The action's parameters, out of whatever form they travelled in.
#ifndef CERTWRIGHT_SERVER_PAYLOAD_H_
#define CERTWRIGHT_SERVER_PAYLOAD_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "server/auth/verifier.h"
#include "server/call.h"

namespace certwright {

// Refuses POST bodies of a type that is not documented: InvalidRequest.
absl::Status CheckContentType(const Envelope& envelope);

// Reads the parameters into `message`, which is empty, and checks that what is required is there.
// Refuses as json_codec.h and binary_payload.h say; for gRPC: InvalidParameter for bytes that are
// no such message, UnknownParameter for fields it does not have. REQUIRES: `principal` is the
// envelope's, and CheckContentType passed.
absl::Status DecodePayload(const Envelope& envelope, const Principal& principal,
                           google::protobuf::Message& message);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_PAYLOAD_H_
