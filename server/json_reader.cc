#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/status_macros.h"
#include "server/field_text.h"
#include "server/json_codec.h"
#include "simdjson.h"

namespace certwright {
namespace {

namespace ondemand = simdjson::ondemand;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Malformed(const FieldPath& path, simdjson::error_code error) {
  const std::string where = path.Text();
  return Refuse(ApiError::kInvalidParameter,
                absl::StrCat("The request body is not valid JSON",
                             where.empty() ? "" : absl::StrCat(" at `", where, "`"), ": ",
                             simdjson::error_message(error)),
                where);
}

#define RETURN_IF_MALFORMED(call, path)                                          \
  do {                                                                           \
    if (const simdjson::error_code failed = (call); failed != simdjson::SUCCESS) \
      return Malformed(path, failed);                                            \
  } while (false)

const char* Kind(ondemand::json_type type) {
  switch (type) {
    case ondemand::json_type::array:
      return "a list";
    case ondemand::json_type::object:
      return "an object";
    case ondemand::json_type::number:
      return "a number";
    case ondemand::json_type::string:
      return "a string";
    case ondemand::json_type::boolean:
      return "a bool";
    case ondemand::json_type::null:
      return "null";
  }
  return "something else";
}

absl::string_view Text(std::string_view text) { return {text.data(), text.size()}; }

absl::Status ReadObject(ondemand::object object, Message& message, const FieldPath& path);

// A string, number or bool into a member of one of these types.
absl::Status ReadPlain(ondemand::value value, ondemand::json_type type, Message& message,
                       const FieldDescriptor& field, const FieldPath& path) {
  const FieldDescriptor::CppType wanted = field.cpp_type();
  if (type == ondemand::json_type::string && wanted != FieldDescriptor::CPPTYPE_MESSAGE) {
    std::string_view text;
    RETURN_IF_MALFORMED(value.get_string().get(text), path);
    return SetFromText(message, field, Text(text), path);
  }
  if (type == ondemand::json_type::number &&
      (wanted == FieldDescriptor::CPPTYPE_INT64 || wanted == FieldDescriptor::CPPTYPE_UINT64)) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && token.back() <= ' ') token.remove_suffix(1);
    return SetFromText(message, field, Text(token), path);
  }
  if (type == ondemand::json_type::boolean && wanted == FieldDescriptor::CPPTYPE_BOOL) {
    bool flag = false;
    RETURN_IF_MALFORMED(value.get_bool().get(flag), path);
    return SetFromText(message, field, flag ? "true" : "false", path);
  }
  return WrongType(field, Kind(type), path);
}

absl::Status ReadSingle(ondemand::value value, Message& message, const FieldDescriptor& field,
                        const FieldPath& path) {
  ondemand::json_type type;
  RETURN_IF_MALFORMED(value.type().get(type), path);
  const bool wants_object = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (!wants_object || type != ondemand::json_type::object) {
    return ReadPlain(value, type, message, field, path);
  }
  ondemand::object object;
  RETURN_IF_MALFORMED(value.get_object().get(object), path);
  const auto* reflection = message.GetReflection();
  Message* const member = field.is_repeated() ? reflection->AddMessage(&message, &field)
                                              : reflection->MutableMessage(&message, &field);
  return ReadObject(object, *member, path);
}

absl::Status ReadList(ondemand::value value, Message& message, const FieldDescriptor& field,
                      const FieldPath& path) {
  ondemand::json_type type;
  RETURN_IF_MALFORMED(value.type().get(type), path);
  if (type != ondemand::json_type::array) return WrongType(field, Kind(type), path);
  ondemand::array array;
  RETURN_IF_MALFORMED(value.get_array().get(array), path);
  int index = 0;
  for (auto element : array) {
    const FieldPath at = {.parent = &path, .index = index++};
    ondemand::value item;
    RETURN_IF_MALFORMED(element.get(item), at);
    RETURN_IF_ERROR(ReadSingle(item, message, field, at));
  }
  return absl::OkStatus();
}

absl::Status ReadMember(ondemand::value value, Message& message, const FieldDescriptor& field,
                        const FieldPath& path) {
  ondemand::json_type type;
  RETURN_IF_MALFORMED(value.type().get(type), path);
  if (type == ondemand::json_type::null) {
    bool is_null = false;
    RETURN_IF_MALFORMED(value.is_null().get(is_null), path);
    return is_null ? absl::OkStatus() : Malformed(path, simdjson::N_ATOM_ERROR);
  }
  return field.is_repeated() ? ReadList(value, message, field, path)
                             : ReadSingle(value, message, field, path);
}

absl::Status ReadObject(ondemand::object object, Message& message, const FieldPath& path) {
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  std::vector<bool> is_seen(static_cast<std::size_t>(descriptor.field_count()), false);
  for (auto member : object) {
    std::string_view key;
    RETURN_IF_MALFORMED(member.unescaped_key().get(key), path);
    const FieldPath at = {.parent = &path, .name = Text(key)};
    const FieldDescriptor* const field = FindMember(descriptor, Text(key));
    if (field == nullptr) return UnknownMember(at);
    // The key's text does not outlive the values that follow; the descriptor's does.
    const FieldPath known = {.parent = &path, .name = field->json_name()};
    auto seen = is_seen[static_cast<std::size_t>(field->index())];
    if (seen) {
      return Refuse(ApiError::kInvalidParameter,
                    absl::StrCat("The parameter `", known.Text(),
                                 "` stands twice in the request; it may stand once."),
                    known.Text());
    }
    seen = true;
    ondemand::value value;
    RETURN_IF_MALFORMED(member.value().get(value), known);
    RETURN_IF_ERROR(ReadMember(value, message, *field, known));
  }
  return absl::OkStatus();
}

absl::Status CheckAtEnd(ondemand::document& document, const FieldPath& path) {
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::SUCCESS) return absl::OkStatus();
  return Malformed(path, simdjson::TAPE_ERROR);
}

}  // namespace

absl::Status DecodeJson(absl::string_view json, Message& message) {
  const FieldPath root;
  if (json.empty()) return absl::OkStatus();
  thread_local ondemand::parser parser;
  const simdjson::padded_string padded(json.data(), json.size());
  ondemand::document document;
  RETURN_IF_MALFORMED(parser.iterate(padded).get(document), root);
  ondemand::json_type type;
  RETURN_IF_MALFORMED(document.type().get(type), root);
  if (type != ondemand::json_type::object) {
    return Refuse(ApiError::kInvalidParameter,
                  absl::StrCat("The request body is ", Kind(type), "; it must be a JSON object."));
  }
  ondemand::object object;
  RETURN_IF_MALFORMED(document.get_object().get(object), root);
  RETURN_IF_ERROR(ReadObject(object, message, root));
  return CheckAtEnd(document, root);
}

absl::Status DecodeJsonMember(absl::string_view json, const FieldDescriptor& field,
                              Message& message) {
  const FieldPath root;
  const FieldPath path = {.parent = &root, .name = field.json_name()};
  thread_local ondemand::parser parser;
  const simdjson::padded_string padded(json.data(), json.size());
  ondemand::document document;
  RETURN_IF_MALFORMED(parser.iterate(padded).get(document), path);
  ondemand::json_type type;
  RETURN_IF_MALFORMED(document.type().get(type), path);
  if (type != ondemand::json_type::object && type != ondemand::json_type::array) {
    return WrongType(field, Kind(type), path);
  }
  ondemand::value value;
  RETURN_IF_MALFORMED(document.get_value().get(value), path);
  RETURN_IF_ERROR(ReadMember(value, message, field, path));
  return CheckAtEnd(document, path);
}

}  // namespace certwright
