// Parameters in the two content types that carry files as they are.
#ifndef CERTWRIGHT_SERVER_BINARY_PAYLOAD_H_
#define CERTWRIGHT_SERVER_BINARY_PAYLOAD_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "server/call.h"

namespace certwright {

// multipart/form-data: a part for each parameter. Plain ones as text, lists and objects as JSON
// that says so in its Content-Type, files (option `is_file` in proto) as parts with a file name or
// in base64. Refuses InvalidRequest for a body that is no multipart/form-data, InvalidParameter for
// a name that stands twice, a text that is not UTF-8 and wrong types, UnknownParameter.
absl::Status DecodeMultipart(const Envelope& envelope, google::protobuf::Message& message);

// application/octet-stream: the body is the request's one file, and plain parameters are headers
// `X-SSL-<name>`, in any case. Refuses InvalidParameter for a request without a file among its
// members, a header that stands twice and wrong types, UnknownParameter.
absl::Status DecodeOctetStream(const Envelope& envelope, google::protobuf::Message& message);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_BINARY_PAYLOAD_H_
