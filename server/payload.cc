#include "server/payload.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/unknown_field_set.h"
#include "server/auth/request_parts.h"
#include "server/binary_payload.h"
#include "server/json_codec.h"

namespace certwright {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr char kJson[] = "application/json";
constexpr char kForm[] = "application/x-www-form-urlencoded";
constexpr char kMultipart[] = "multipart/form-data";
constexpr char kOctetStream[] = "application/octet-stream";

constexpr char kNumberSign[] = "#";

// The dotted path of a field that is not read: `#` and a number for one that the schema does not
// have, the name of one whose wire type is another than the schema's. Nothing if there is none.
std::optional<std::string> FindUnknownField(const Message& message, const std::string& prefix) {
  const Reflection& reflection = *message.GetReflection();
  const auto& unknown = reflection.GetUnknownFields(message);
  if (!unknown.empty()) {
    const int number = unknown.field(0).number();
    const FieldDescriptor* const known = message.GetDescriptor()->FindFieldByNumber(number);
    return known != nullptr ? absl::StrCat(prefix, known->json_name())
                            : absl::StrCat(prefix, kNumberSign, number);
  }
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::string name = absl::StrCat(prefix, field->json_name(), ".");
    if (!field->is_repeated()) {
      auto found = FindUnknownField(reflection.GetMessage(message, field), name);
      if (found) return found;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      auto found = FindUnknownField(reflection.GetRepeatedMessage(message, field, i),
                                    absl::StrCat(name, i, "."));
      if (found) return found;
    }
  }
  return std::nullopt;
}

absl::Status DecodeGrpc(const std::string& bytes, Message& message) {
  if (!message.ParseFromString(bytes)) {
    return Refuse(ApiError::kInvalidParameter,
                  absl::StrCat("The request is no valid ", message.GetDescriptor()->full_name(),
                               ": its bytes are damaged or a text in it is not UTF-8."));
  }
  if (const auto unknown = FindUnknownField(message, "")) {
    if (!absl::StrContains(*unknown, kNumberSign)) {
      return Refuse(ApiError::kInvalidParameter,
                    absl::StrCat("The value type of parameter `", *unknown,
                                 "` is not valid: its wire type is not that of the schema."),
                    *unknown);
    }
    return Refuse(ApiError::kUnknownParameter,
                  absl::StrCat("The parameter `", *unknown, "` is not recognized."), *unknown);
  }
  return absl::OkStatus();
}

absl::Status DecodeForm(absl::string_view text, Message& message) {
  ASSIGN_OR_RETURN(const auto parameters, ParseForm(text));
  return DecodeFlattened(parameters, message);
}

absl::Status Decode(const Envelope& envelope, const Principal& principal, Message& message) {
  if (envelope.protocol == Protocol::kGrpc) return DecodeGrpc(envelope.body, message);
  if (principal.is_v1) return DecodeFlattened(principal.parameters, message);
  if (envelope.method == "GET") return DecodeForm(envelope.query, message);
  const std::string type = MediaType(HeaderOr(envelope, "content-type"));
  if (type == kForm) return DecodeForm(envelope.body, message);
  if (type == kMultipart) return DecodeMultipart(envelope, message);
  if (type == kOctetStream) return DecodeOctetStream(envelope, message);
  return DecodeJson(envelope.body, message);
}

}  // namespace

absl::Status CheckContentType(const Envelope& envelope) {
  if (envelope.protocol == Protocol::kGrpc || envelope.method == "GET") return absl::OkStatus();
  const std::string type = MediaType(HeaderOr(envelope, "content-type"));
  if (type == kJson || type == kForm || type == kMultipart || type == kOctetStream) {
    return absl::OkStatus();
  }
  return Refuse(ApiError::kInvalidRequest,
                absl::StrCat("The Content-Type of a POST is `", Shown(type),
                             "`; it should be application/json, "
                             "application/x-www-form-urlencoded, multipart/form-data or "
                             "application/octet-stream."),
                "Content-Type");
}

absl::Status DecodePayload(const Envelope& envelope, const Principal& principal, Message& message) {
  RETURN_IF_ERROR(Decode(envelope, principal, message));
  return CheckRequired(message);
}

}  // namespace certwright
