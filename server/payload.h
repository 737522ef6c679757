// The action's parameters, out of whatever form they travelled in.
#ifndef CERTWRIGHT_SERVER_PAYLOAD_H_
#define CERTWRIGHT_SERVER_PAYLOAD_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "server/auth/verifier.h"
#include "server/call.h"

namespace certwright {

// Refuses POST bodies that are neither JSON nor a form: UnsupportedOperation for multipart and
// octet-stream, which are documented for binary members that no built action has; InvalidRequest
// for any other type.
absl::Status CheckContentType(const Envelope& envelope);

// Reads the parameters into `message`, which is empty, and checks that what is required is there.
// Refuses as json_codec.h says; for gRPC: InvalidParameter for bytes that are no such message,
// UnknownParameter for fields it does not have.
// REQUIRES: `principal` is the envelope's, and CheckContentType passed.
absl::Status DecodePayload(const Envelope& envelope, const Principal& principal,
                           google::protobuf::Message& message);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_PAYLOAD_H_
