#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "server/json_codec.h"
#include "ssl/v20191205/options.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;
using google::protobuf::Descriptor;
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

// What is known of a message's members once for all its messages: asking descriptors each time
// costs more than writing.
struct Shape;
struct Member {
  const FieldDescriptor* field = nullptr;
  FieldDescriptor::CppType type = {};
  bool is_repeated = false;
  bool is_left_out = false;      // when it has no value
  std::string key = {};          // ,"Name":
  std::string absent = {};       // what stands for no value
  const Shape* shape = nullptr;  // of a message's members
};
struct Shape {
  std::vector<Member> members = {};
};

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

const char* Absent(const FieldDescriptor& field) {
  if (field.is_repeated()) {
    return field.options().GetExtension(api::empty_is_null) ? "null" : "[]";
  }
  return field.options().GetExtension(api::nullable) ? "null" : Nothing(field);
}

// Clients read every documented member, so only those go that are neither promised nor nullable.
bool IsLeftOut(const FieldDescriptor& field) {
  return field.options().GetExtension(api::may_be_absent) &&
         !field.options().GetExtension(api::nullable);
}

// Shapes are made when first asked for and stay. Thread-safe.
class Shapes {
 public:
  const Shape& Of(const Descriptor& descriptor) {
    absl::MutexLock lock(&mutex_);
    return *Find(descriptor);
  }

 private:
  const Shape* Find(const Descriptor& descriptor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::unique_ptr<Shape>& shape = shapes_[&descriptor];
    if (shape != nullptr) return shape.get();
    shape = std::make_unique<Shape>();
    Shape* const made = shape.get();
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor& field = *descriptor.field(i);
      // Documented names need no escapes.
      Member member = {.field = &field,
                       .type = field.cpp_type(),
                       .is_repeated = field.is_repeated(),
                       .is_left_out = IsLeftOut(field),
                       .key = absl::StrCat(",\"", field.json_name(), "\":"),
                       .absent = Absent(field)};
      if (field.message_type() != nullptr) member.shape = Find(*field.message_type());
      made->members.push_back(std::move(member));
    }
    return made;
  }

  absl::Mutex mutex_;
  std::unordered_map<const Descriptor*, std::unique_ptr<Shape>> shapes_ ABSL_GUARDED_BY(mutex_);
};

const Shape& ShapeOf(const Message& message) {
  static auto& shapes = *new Shapes();
  return shapes.Of(*message.GetDescriptor());
}

void WriteMembers(const Message& message, const Shape& shape, std::string& out);

void WriteObject(const Message& message, const Shape& shape, std::string& out) {
  out += '{';
  WriteMembers(message, shape, out);
  out += '}';
}

void WriteSingle(const Message& message, const Reflection& reflection, const Member& member,
                 std::string& out) {
  switch (member.type) {
    case FieldDescriptor::CPPTYPE_INT64:
      return WriteInteger(reflection.GetInt64(message, member.field), out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return WriteInteger(reflection.GetUInt64(message, member.field), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out += reflection.GetBool(message, member.field) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteObject(reflection.GetMessage(message, member.field), *member.shape, out);
    default: {
      std::string scratch;
      return WriteText(reflection.GetStringReference(message, member.field, &scratch), out);
    }
  }
}

void WriteElement(const Message& message, const Reflection& reflection, const Member& member,
                  int index, std::string& out) {
  const FieldDescriptor* field = member.field;
  switch (member.type) {
    case FieldDescriptor::CPPTYPE_INT64:
      return WriteInteger(reflection.GetRepeatedInt64(message, field, index), out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return WriteInteger(reflection.GetRepeatedUInt64(message, field, index), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out += reflection.GetRepeatedBool(message, field, index) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteObject(reflection.GetRepeatedMessage(message, field, index), *member.shape, out);
    default: {
      std::string scratch;
      return WriteText(reflection.GetRepeatedStringReference(message, field, index, &scratch), out);
    }
  }
}

void WriteList(const Message& message, const Reflection& reflection, const Member& member, int size,
               std::string& out) {
  out += '[';
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    WriteElement(message, reflection, member, i, out);
  }
  out += ']';
}

void WriteMembers(const Message& message, const Shape& shape, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  const std::size_t start = out.size();
  for (const Member& member : shape.members) {
    const int size = member.is_repeated ? reflection.FieldSize(message, member.field) : 0;
    const bool is_there =
        member.is_repeated ? size > 0 : reflection.HasField(message, member.field);
    if (!is_there && member.is_left_out) continue;
    // Every key begins with a comma, which the first does without.
    const bool is_first = out.size() == start;
    out.append(member.key, is_first ? 1 : 0, std::string::npos);
    if (!is_there) {
      out += member.absent;
    } else if (member.is_repeated) {
      WriteList(message, reflection, member, size, out);
    } else {
      WriteSingle(message, reflection, member, out);
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
  WriteMembers(message, ShapeOf(message), out);
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
