#include "server/field_text.h"

#include <charconv>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/shown.h"

namespace certwright {
namespace {

using google::protobuf::FieldDescriptor;

constexpr std::size_t kMaxPathBytes = 128;

bool IsSecret(absl::string_view name) {
  return absl::StrContains(name, "PrivateKey") || absl::StrContains(name, "Password");
}

// The value for a message to the caller: short, printable, and not if it is secret.
std::string Echo(const FieldDescriptor& field, absl::string_view value) {
  if (IsSecret(field.json_name())) return "(not shown)";
  return Shown(value);
}

absl::Status WrongValue(const FieldDescriptor& field, absl::string_view value,
                        absl::string_view allowed, const FieldPath& path) {
  const std::string where = path.Text();
  return Refuse(ApiError::kInvalidParameter,
                absl::StrCat("The value `", Echo(field, value), "` specified in the parameter `",
                             where, "` is not valid: ", allowed, "."),
                where);
}

template <typename Integer>
bool ParseWhole(absl::string_view text, Integer& value) {
  const absl::string_view digits = absl::StartsWith(text, "-") ? text.substr(1) : text;
  if (digits.size() > 1 && digits[0] == '0') return false;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end && !text.empty();
}

absl::Status SetSigned(google::protobuf::Message& message, const FieldDescriptor& field,
                       absl::string_view text, const FieldPath& path) {
  std::int64_t value = 0;
  if (!ParseWhole(text, value)) {
    return WrongValue(field, text, "it must be a whole number from -2^63 to 2^63-1", path);
  }
  const auto* reflection = message.GetReflection();
  field.is_repeated() ? reflection->AddInt64(&message, &field, value)
                      : reflection->SetInt64(&message, &field, value);
  return absl::OkStatus();
}

absl::Status SetUnsigned(google::protobuf::Message& message, const FieldDescriptor& field,
                         absl::string_view text, const FieldPath& path) {
  std::uint64_t value = 0;
  if (!ParseWhole(text, value)) {
    return WrongValue(field, text, "it must be a whole number from 0 to 2^64-1", path);
  }
  const auto* reflection = message.GetReflection();
  field.is_repeated() ? reflection->AddUInt64(&message, &field, value)
                      : reflection->SetUInt64(&message, &field, value);
  return absl::OkStatus();
}

absl::Status SetBool(google::protobuf::Message& message, const FieldDescriptor& field,
                     absl::string_view text, const FieldPath& path) {
  const bool value = absl::EqualsIgnoreCase(text, "true");
  if (!value && !absl::EqualsIgnoreCase(text, "false")) {
    return WrongValue(field, text, "it must be true or false", path);
  }
  const auto* reflection = message.GetReflection();
  field.is_repeated() ? reflection->AddBool(&message, &field, value)
                      : reflection->SetBool(&message, &field, value);
  return absl::OkStatus();
}

const char* TypeName(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return "int64";
    case FieldDescriptor::CPPTYPE_UINT64:
      return "uint64";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "bool";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return "object";
    default:
      return "string";
  }
}

}  // namespace

std::string FieldPath::Text() const {
  std::string own = index >= 0 ? absl::StrCat(index) : std::string(name);
  if (parent == nullptr) return own;
  const std::string before = parent->Text();
  return before.empty() ? own : absl::StrCat(before, ".", own);
}

const FieldDescriptor* FindMember(const google::protobuf::Descriptor& descriptor,
                                  absl::string_view json_name) {
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* field = descriptor.field(i);
    if (field->json_name() == json_name) return field;
  }
  return nullptr;
}

absl::Status SetFromText(google::protobuf::Message& message, const FieldDescriptor& field,
                         absl::string_view text, const FieldPath& path) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return SetSigned(message, field, text, path);
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetUnsigned(message, field, text, path);
    case FieldDescriptor::CPPTYPE_BOOL:
      return SetBool(message, field, text, path);
    case FieldDescriptor::CPPTYPE_STRING: {
      const auto* reflection = message.GetReflection();
      field.is_repeated() ? reflection->AddString(&message, &field, std::string(text))
                          : reflection->SetString(&message, &field, std::string(text));
      return absl::OkStatus();
    }
    default:
      return WrongType(field, "a plain value", path);
  }
}

absl::Status WrongType(const FieldDescriptor& field, absl::string_view given,
                       const FieldPath& path) {
  const std::string where = path.Text();
  const bool wants_list = field.is_repeated() && path.index < 0;
  return Refuse(
      ApiError::kInvalidParameter,
      absl::StrCat("The value type of parameter `", where, "` is not valid: it is ", given,
                   ", input type should be `", wants_list ? "list" : TypeName(field), "`"),
      where);
}

absl::Status UnknownMember(const FieldPath& path) {
  const std::string where = Shown(path.Text(), kMaxPathBytes);
  return Refuse(ApiError::kUnknownParameter,
                absl::StrCat("The parameter `", where, "` is not recognized."), where);
}

}  // namespace certwright
