#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/error.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "server/field_text.h"
#include "server/json_codec.h"
#include "simdjson.h"
#include "ssl/v20191205/options.pb.h"

namespace certwright {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kMaxParameters = 10'000;
constexpr int kMaxListIndex = 100'000;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> DecodeUrl(absl::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

absl::StatusOr<std::string> DecodePart(absl::string_view text, absl::string_view key) {
  std::optional<std::string> decoded = DecodeUrl(text);
  if (!decoded) {
    return Refuse(ApiError::kInvalidParameter,
                  absl::StrCat("The parameter `", Shown(key),
                               "` holds a % that two hexadecimal digits do not follow."));
  }
  if (!simdjson::validate_utf8(decoded->data(), decoded->size())) {
    return Refuse(ApiError::kInvalidParameter,
                  absl::StrCat("The parameter `", Shown(key), "` is not valid UTF-8."));
  }
  return *std::move(decoded);
}

// Parameters by their names' parts, so that "A.0.B" and "A.1.B" meet under "A".
struct Node {
  std::optional<std::string> value = {};
  std::map<std::string, Node, std::less<>> members = {};
};

absl::Status Fill(const Node& node, Message& message, const FieldPath& path);

absl::Status FillSingle(const Node& node, Message& message, const FieldDescriptor& field,
                        const FieldPath& path) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    if (!node.members.empty()) return WrongType(field, "an object", path);
    return SetFromText(message, field, node.value.value_or(""), path);
  }
  if (node.value) return WrongType(field, "a plain value", path);
  const auto* reflection = message.GetReflection();
  return Fill(node,
              field.is_repeated() ? *reflection->AddMessage(&message, &field)
                                  : *reflection->MutableMessage(&message, &field),
              path);
}

// Elements in the order of their indices, which may have gaps.
absl::Status FillList(const Node& node, Message& message, const FieldDescriptor& field,
                      const FieldPath& path) {
  if (node.value) return WrongType(field, "a plain value", path);
  std::map<int, const Node*> ordered;
  for (const auto& [name, element] : node.members) {
    int index = -1;
    if (!absl::SimpleAtoi(name, &index) || index < 0 || index > kMaxListIndex ||
        absl::StrCat(index) != name) {
      return UnknownMember({.parent = &path, .name = name});
    }
    ordered[index] = &element;
  }
  for (const auto& [index, element] : ordered) {
    const FieldPath at = {.parent = &path, .index = index};
    RETURN_IF_ERROR(FillSingle(*element, message, field, at));
  }
  return absl::OkStatus();
}

absl::Status Fill(const Node& node, Message& message, const FieldPath& path) {
  for (const auto& [name, member] : node.members) {
    const FieldPath at = {.parent = &path, .name = name};
    const FieldDescriptor* const field = FindMember(*message.GetDescriptor(), name);
    if (field == nullptr) return UnknownMember(at);
    RETURN_IF_ERROR(field->is_repeated() ? FillList(member, message, *field, at)
                                         : FillSingle(member, message, *field, at));
  }
  return absl::OkStatus();
}

absl::Status CheckRequiredUnder(const Message& message, const FieldPath& path) {
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const FieldPath at = {.parent = &path, .name = field.json_name()};
    const int size = field.is_repeated() ? reflection.FieldSize(message, &field)
                                         : reflection.HasField(message, &field);
    if (size == 0 && field.options().GetExtension(ssl::v20191205::required)) {
      const std::string where = at.Text();
      return Refuse(ApiError::kMissingParameter,
                    absl::StrCat("The request is missing a required parameter `", where, "`."),
                    where);
    }
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    for (int element = 0; element < size; ++element) {
      const FieldPath inside = {.parent = &at, .index = element};
      RETURN_IF_ERROR(
          field.is_repeated()
              ? CheckRequiredUnder(reflection.GetRepeatedMessage(message, &field, element), inside)
              : CheckRequiredUnder(reflection.GetMessage(message, &field), at));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseForm(absl::string_view text) {
  std::vector<std::pair<std::string, std::string>> parameters;
  std::set<std::string> names;
  if (text.empty()) return parameters;
  for (const absl::string_view part : absl::StrSplit(text, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    const absl::string_view key = part.substr(0, equals);
    if (equals == absl::string_view::npos) {
      return Refuse(ApiError::kInvalidParameter,
                    absl::StrCat("The parameter `", Shown(key), "` has no `=` and no value."));
    }
    ASSIGN_OR_RETURN(std::string name, DecodePart(key, key));
    ASSIGN_OR_RETURN(std::string value, DecodePart(part.substr(equals + 1), key));
    if (!names.insert(name).second) {
      return Refuse(
          ApiError::kInvalidParameter,
          absl::StrCat("The parameter `", Shown(name), "` stands twice; it may stand once."), name);
    }
    if (names.size() > kMaxParameters) {
      return Refuse(ApiError::kInvalidParameter,
                    absl::StrCat("More than ", kMaxParameters, " parameters were sent."));
    }
    parameters.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

absl::Status DecodeFlattened(const std::vector<std::pair<std::string, std::string>>& parameters,
                             Message& message) {
  constexpr std::size_t kMaxDepth = 16;
  Node root;
  for (const auto& [name, value] : parameters) {
    const std::vector<std::string> parts = absl::StrSplit(name, '.');
    if (parts.size() > kMaxDepth) return UnknownMember({.name = name});
    Node* node = &root;
    for (const std::string& part : parts) node = &node->members[part];
    node->value = value;
  }
  return Fill(root, message, FieldPath());
}

absl::Status CheckRequired(const Message& message) {
  return CheckRequiredUnder(message, FieldPath());
}

}  // namespace certwright
