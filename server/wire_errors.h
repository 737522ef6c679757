// ApiError to the gRPC status that carries it; its documented text is WireCode in core/error.h.
#ifndef CERTWRIGHT_SERVER_WIRE_ERRORS_H_
#define CERTWRIGHT_SERVER_WIRE_ERRORS_H_

#include "absl/status/status.h"
#include "core/error.h"

namespace certwright {

// The gRPC status that carries it; absl numbers the codes as gRPC does.
absl::StatusCode GrpcStatusOf(ApiError error);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_WIRE_ERRORS_H_
