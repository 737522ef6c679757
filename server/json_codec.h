// API 3.0 text ↔ messages: JSON bodies, flattened form and query parameters.
#ifndef CERTWRIGHT_SERVER_JSON_CODEC_H_
#define CERTWRIGHT_SERVER_JSON_CODEC_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace certwright {

// Reads a JSON object into `message` (which is empty), by json_name, exact case. "" counts as {}.
// Refuses, naming the dotted path: malformed or too deep JSON, invalid UTF-8, duplicate keys,
// wrong types, numbers out of range (InvalidParameter), unknown keys (UnknownParameter).
absl::Status DecodeJson(absl::string_view json, google::protobuf::Message& message);

// Reads a JSON list or object into the member `field` of `message`, as DecodeJson would read it
// there. Refuses InvalidParameter for any other JSON.
absl::Status DecodeJsonMember(absl::string_view json,
                              const google::protobuf::FieldDescriptor& field,
                              google::protobuf::Message& message);

// The same from flattened parameters ("A.0.B", zero-based, gaps allowed), already URL-decoded.
absl::Status DecodeFlattened(const std::vector<std::pair<std::string, std::string>>& parameters,
                             google::protobuf::Message& message);

// Splits and decodes application/x-www-form-urlencoded text; "+" and "%20" are blanks. Refuses
// (InvalidParameter) a key without "=", bad escapes, invalid UTF-8, duplicate names.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseForm(absl::string_view text);

// Refuses with MissingParameter a required member (option `required` in proto) that is absent, at
// any depth. For requests of either transport.
absl::Status CheckRequired(const google::protobuf::Message& message);

// {"Response":{<members>,"RequestId":"…"}}. Every declared member is there: absent ones are null
// where they may be (option `nullable`), else "", 0, false, []; except those that may be left out.
std::string EncodeResponse(const google::protobuf::Message& message, absl::string_view request_id);

// {"Response":{"Error":{"Code":…,"Message":…},"RequestId":"…"}}
std::string EncodeError(absl::string_view code, absl::string_view message,
                        absl::string_view request_id);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_JSON_CODEC_H_
