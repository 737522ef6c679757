// The API's files as a serialized google.protobuf.FileDescriptorSet, with their comments.
#ifndef CERTWRIGHT_PROTO_SSL_DESCRIPTOR_SET_H_
#define CERTWRIGHT_PROTO_SSL_DESCRIPTOR_SET_H_

#include "absl/strings/string_view.h"

namespace certwright {

// Imports included. Static storage.
absl::string_view SslDescriptorSet();

}  // namespace certwright

#endif  // CERTWRIGHT_PROTO_SSL_DESCRIPTOR_SET_H_
