// ApiError to the documented code on the wire, and to the gRPC status that carries it.
#ifndef CERTWRIGHT_SERVER_WIRE_ERRORS_H_
#define CERTWRIGHT_SERVER_WIRE_ERRORS_H_

#include "core/error.h"

namespace certwright {

// "FailedOperation.CertificateNotFound" and the like; a static string.
const char* WireCode(ApiError error);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_WIRE_ERRORS_H_
