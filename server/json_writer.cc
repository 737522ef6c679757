#include <array>
#include <charconv>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "server/json_codec.h"
#include "ssl/v20191205/options.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Which bytes cannot stand as they are.
constexpr std::array<bool, 256> EscapedBytes() {
  std::array<bool, 256> is_escaped = {};
  for (std::size_t byte = 0; byte < 0x20; ++byte) is_escaped[byte] = true;
  is_escaped['"'] = true;
  is_escaped['\\'] = true;
  return is_escaped;
}
constexpr std::array<bool, 256> kIsEscaped = EscapedBytes();

void WriteText(absl::string_view text, std::string& out) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!kIsEscaped[byte]) continue;
    out.append(text.data() + plain, i - plain);
    plain = i + 1;
    switch (byte) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        constexpr char kHex[] = "0123456789abcdef";
        out += "\\u00";
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
  }
  out.append(text.data() + plain, text.size() - plain);
  out += '"';
}

template <typename Integer>
void WriteInteger(Integer value, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end.ptr);
}

void WriteMembers(const Message& message, std::string& out);

void WriteObject(const Message& message, std::string& out) {
  out += '{';
  WriteMembers(message, out);
  out += '}';
}

void WriteSingle(const Message& message, const FieldDescriptor& field, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return WriteInteger(reflection.GetInt64(message, &field), out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return WriteInteger(reflection.GetUInt64(message, &field), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out += reflection.GetBool(message, &field) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteObject(reflection.GetMessage(message, &field), out);
    default: {
      std::string scratch;
      return WriteText(reflection.GetStringReference(message, &field, &scratch), out);
    }
  }
}

void WriteElement(const Message& message, const FieldDescriptor& field, int index,
                  std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return WriteInteger(reflection.GetRepeatedInt64(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return WriteInteger(reflection.GetRepeatedUInt64(message, &field, index), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out += reflection.GetRepeatedBool(message, &field, index) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteObject(reflection.GetRepeatedMessage(message, &field, index), out);
    default: {
      std::string scratch;
      return WriteText(reflection.GetRepeatedStringReference(message, &field, index, &scratch),
                       out);
    }
  }
}

void WriteList(const Message& message, const FieldDescriptor& field, int size, std::string& out) {
  out += '[';
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    WriteElement(message, field, i, out);
  }
  out += ']';
}

// What stands for a member that has no value and may not be null.
const char* Nothing(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "0";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "false";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return "null";
    default:
      return "\"\"";
  }
}

void WriteAbsent(const FieldDescriptor& field, std::string& out) {
  if (field.is_repeated()) {
    out += field.options().GetExtension(api::empty_is_null) ? "null" : "[]";
  } else {
    out += field.options().GetExtension(api::nullable) ? "null" : Nothing(field);
  }
}

// Clients read every documented member, so only those go that are neither promised nor nullable.
bool IsLeftOut(const FieldDescriptor& field) {
  return field.options().GetExtension(api::may_be_absent) &&
         !field.options().GetExtension(api::nullable);
}

void WriteMembers(const Message& message, std::string& out) {
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  bool is_first = true;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const int size = field.is_repeated() ? reflection.FieldSize(message, &field) : 0;
    const bool is_there = field.is_repeated() ? size > 0 : reflection.HasField(message, &field);
    if (!is_there && IsLeftOut(field)) continue;
    // Documented names need no escapes.
    out += is_first ? "\"" : ",\"";
    is_first = false;
    out += field.json_name();
    out += "\":";
    if (!is_there) {
      WriteAbsent(field, out);
    } else if (field.is_repeated()) {
      WriteList(message, field, size, out);
    } else {
      WriteSingle(message, field, out);
    }
  }
}

}  // namespace

std::string EncodeResponse(const Message& message, absl::string_view request_id) {
  std::string out;
  // JSON repeats the names of members, which the message's own bytes do not hold.
  out.reserve(1024 + 4 * message.ByteSizeLong());
  out = R"({"Response":{)";
  const std::size_t start = out.size();
  WriteMembers(message, out);
  if (out.size() > start) out += ',';
  out += R"("RequestId":)";
  WriteText(request_id, out);
  out += "}}";
  return out;
}

std::string EncodeError(absl::string_view code, absl::string_view message,
                        absl::string_view request_id) {
  std::string out = R"({"Response":{"Error":{"Code":)";
  WriteText(code, out);
  out += R"(,"Message":)";
  WriteText(message, out);
  out += R"(},"RequestId":)";
  WriteText(request_id, out);
  out += "}}";
  return out;
}

}  // namespace certwright
