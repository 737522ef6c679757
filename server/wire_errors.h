// ApiError to the documented code on the wire, and to the gRPC status that carries it.
#ifndef CERTWRIGHT_SERVER_WIRE_ERRORS_H_
#define CERTWRIGHT_SERVER_WIRE_ERRORS_H_

#include "absl/status/status.h"
#include "core/error.h"

namespace certwright {

// "FailedOperation.CertificateNotFound" and the like; a static string.
const char* WireCode(ApiError error);

// The gRPC status that carries it; absl numbers the codes as gRPC does.
absl::StatusCode GrpcStatusOf(ApiError error);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_WIRE_ERRORS_H_
