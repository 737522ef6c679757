// Which error codes the documentation lists for an action.
#ifndef CERTWRIGHT_SERVER_DOCUMENTED_CODES_H_
#define CERTWRIGHT_SERVER_DOCUMENTED_CODES_H_

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace certwright {

// API 3.0 lists it for every action of every service.
bool IsCommonCode(absl::string_view code);

// Common, or one of those that the rpc's option `codes` lists.
bool IsDocumentedCode(const google::protobuf::MethodDescriptor& rpc, absl::string_view code);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_DOCUMENTED_CODES_H_
