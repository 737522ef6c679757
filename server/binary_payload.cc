#include "server/binary_payload.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "server/auth/request_parts.h"
#include "server/field_text.h"
#include "server/json_codec.h"
#include "server/multipart.h"
#include "simdjson.h"
#include "ssl/v20191205/options.pb.h"

namespace certwright {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kHeaderPrefix[] = "x-ssl-";

bool IsFile(const FieldDescriptor& field) {
  return field.options().GetExtension(ssl::v20191205::is_file);
}

absl::Status RefuseTwice(absl::string_view name) {
  return Refuse(ApiError::kInvalidParameter,
                absl::StrCat("The parameter `", name, "` stands twice; it may stand once."), name);
}

// Text of a member that is neither a list nor an object.
absl::Status SetPlain(const FieldDescriptor& field, absl::string_view text, Message& message,
                      const FieldPath& path) {
  const bool is_plain =
      !field.is_repeated() && field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE;
  if (!is_plain) return WrongType(field, "a plain value", path);
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    return Refuse(ApiError::kInvalidParameter,
                  absl::StrCat("The parameter `", path.Text(), "` is not valid UTF-8."),
                  path.Text());
  }
  return SetFromText(message, field, text, path);
}

absl::Status SetPart(const Part& part, Message& message, std::set<absl::string_view>& seen) {
  const FieldPath root;
  const FieldDescriptor* const field = FindMember(*message.GetDescriptor(), part.name);
  if (field == nullptr) {
    const std::string shown = Shown(part.name);
    return UnknownMember({.parent = &root, .name = shown});
  }
  if (!seen.insert(field->json_name()).second) return RefuseTwice(field->json_name());
  const FieldPath path = {.parent = &root, .name = field->json_name()};
  if (part.is_json) return DecodeJsonMember(part.bytes, *field, message);
  if (part.is_file && IsFile(*field)) {
    return SetFromText(message, *field, Base64(part.bytes), path);
  }
  return SetPlain(*field, part.bytes, message, path);
}

// Header names have no case of their own.
const FieldDescriptor* FindMemberInAnyCase(const google::protobuf::Descriptor& descriptor,
                                           absl::string_view name) {
  for (int i = 0; i < descriptor.field_count(); ++i) {
    if (absl::EqualsIgnoreCase(descriptor.field(i)->json_name(), name)) return descriptor.field(i);
  }
  return nullptr;
}

const FieldDescriptor* FileOf(const google::protobuf::Descriptor& descriptor) {
  for (int i = 0; i < descriptor.field_count(); ++i) {
    if (IsFile(*descriptor.field(i))) return descriptor.field(i);
  }
  return nullptr;
}

}  // namespace

absl::Status DecodeMultipart(const Envelope& envelope, Message& message) {
  ASSIGN_OR_RETURN(const std::vector<Part> parts,
                   ParseMultipart(HeaderOr(envelope, "content-type"), envelope.body));
  std::set<absl::string_view> seen;
  for (const Part& part : parts) RETURN_IF_ERROR(SetPart(part, message, seen));
  return absl::OkStatus();
}

absl::Status DecodeOctetStream(const Envelope& envelope, Message& message) {
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  const FieldDescriptor* const file = FileOf(descriptor);
  if (file == nullptr) {
    return Refuse(ApiError::kInvalidParameter,
                  "The Content-Type application/octet-stream is for actions that take a file: send "
                  "application/json.",
                  "Content-Type");
  }
  const FieldPath root;
  std::set<absl::string_view> seen = {file->json_name()};
  for (const auto& header : envelope.headers) {
    absl::string_view name = header.first;
    if (!absl::ConsumePrefix(&name, kHeaderPrefix)) continue;
    const FieldDescriptor* const field = FindMemberInAnyCase(descriptor, name);
    if (field == nullptr) return UnknownMember({.parent = &root, .name = name});
    if (!seen.insert(field->json_name()).second) return RefuseTwice(field->json_name());
    RETURN_IF_ERROR(SetPlain(*field, absl::StripAsciiWhitespace(header.second), message,
                             {.parent = &root, .name = field->json_name()}));
  }
  if (envelope.body.empty()) return absl::OkStatus();  // the file is missing
  return SetFromText(message, *file, Base64(envelope.body),
                     {.parent = &root, .name = file->json_name()});
}

}  // namespace certwright
