#include <algorithm>
#include <array>
#include <cassert>
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
  std::uint32_t tag = 0;
  FieldDescriptor::CppType type = {};
  bool is_list = false;
  bool is_packed = false;
  bool is_left_out = false;      // when it has no value
  std::string key = {};          // ,"Name":
  std::string absent = {};       // what stands for no value
  const Shape* shape = nullptr;  // of a message's members
};
struct Shape {
  std::vector<Member> members = {};  // by number
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

// What stands before a member in the bytes of its message. The documented types are all written as
// a number or as bytes with their length.
std::uint32_t TagOf(const FieldDescriptor& field) {
  const bool is_number = field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
                         field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE;
  constexpr std::uint32_t kNumber = 0;
  constexpr std::uint32_t kBytes = 2;
  return static_cast<std::uint32_t>(field.number()) << 3 |
         (is_number && !field.is_packed() ? kNumber : kBytes);
}

Member MemberOf(const FieldDescriptor& field) {
  // Documented names need no escapes.
  return {.tag = TagOf(field),
          .type = field.cpp_type(),
          .is_list = field.is_repeated(),
          .is_packed = field.is_packed(),
          .is_left_out = IsLeftOut(field),
          .key = absl::StrCat(",\"", field.json_name(), "\":"),
          .absent = Absent(field)};
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
      made->members.push_back(MemberOf(field));
      if (field.message_type() != nullptr) {
        made->members.back().shape = Find(*field.message_type());
      }
    }
    std::sort(made->members.begin(), made->members.end(),
              [](const Member& a, const Member& b) { return a.tag < b.tag; });
    return made;
  }

  absl::Mutex mutex_;
  std::unordered_map<const Descriptor*, std::unique_ptr<Shape>> shapes_ ABSL_GUARDED_BY(mutex_);
};

const Shape& ShapeOf(const Message& message) {
  static auto& shapes = *new Shapes();
  return shapes.Of(*message.GetDescriptor());
}

// The bytes that protobuf wrote of a message: its members by number, the elements of a list
// together. REQUIRES: just so written, so nothing is checked.
class WireBytes {
 public:
  explicit WireBytes(absl::string_view bytes)
      : next_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool is_at_end() const { return next_ == end_; }

  std::uint64_t TakeNumber() {
    std::uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*next_++);
      number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return number;
    }
  }

  absl::string_view TakeBytes() {
    const std::size_t size = TakeNumber();
    const absl::string_view bytes(next_, size);
    next_ += size;
    return bytes;
  }

  // 0 at the end.
  std::uint32_t TakeTag() { return is_at_end() ? 0 : static_cast<std::uint32_t>(TakeNumber()); }

 private:
  const char* next_;
  const char* end_;
};

void WriteMembers(WireBytes bytes, const Shape& shape, std::string& out);

void WriteValue(WireBytes& bytes, const Member& member, std::string& out) {
  switch (member.type) {
    case FieldDescriptor::CPPTYPE_INT64:
      return WriteInteger(static_cast<std::int64_t>(bytes.TakeNumber()), out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return WriteInteger(bytes.TakeNumber(), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out += bytes.TakeNumber() != 0 ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      out += '{';
      WriteMembers(WireBytes(bytes.TakeBytes()), *member.shape, out);
      out += '}';
      return;
    default:
      return WriteText(bytes.TakeBytes(), out);
  }
}

// Returns the tag after the list.
std::uint32_t WriteList(WireBytes& bytes, const Member& member, std::string& out) {
  std::uint32_t tag = member.tag;
  out += '[';
  if (member.is_packed) {
    WireBytes elements(bytes.TakeBytes());
    for (bool is_first = true; !elements.is_at_end(); is_first = false) {
      if (!is_first) out += ',';
      WriteValue(elements, member, out);
    }
    tag = bytes.TakeTag();
  } else {
    for (bool is_first = true; tag == member.tag; is_first = false) {
      if (!is_first) out += ',';
      WriteValue(bytes, member, out);
      tag = bytes.TakeTag();
    }
  }
  out += ']';
  return tag;
}

void WriteMembers(WireBytes bytes, const Shape& shape, std::string& out) {
  const std::size_t start = out.size();
  std::uint32_t tag = bytes.TakeTag();
  for (const Member& member : shape.members) {
    const bool is_there = tag == member.tag;
    if (!is_there && member.is_left_out) continue;
    // Every key begins with a comma, which the first does without.
    const bool is_first = out.size() == start;
    out.append(member.key, is_first ? 1 : 0, std::string::npos);
    if (!is_there) {
      out += member.absent;
    } else if (member.is_list) {
      tag = WriteList(bytes, member, out);
    } else {
      WriteValue(bytes, member, out);
      tag = bytes.TakeTag();
    }
  }
  assert(tag == 0);
}

}  // namespace

std::string EncodeResponse(const Message& message, absl::string_view request_id) {
  // Serialized is quick, by code made for the message; its members one by one would be asked for
  // through reflection, which takes five times as long.
  const std::string bytes = message.SerializeAsString();
  std::string out;
  // JSON repeats the names of members, which the message's own bytes do not hold.
  out.reserve(1024 + 4 * bytes.size());
  out = R"({"Response":{)";
  const std::size_t start = out.size();
  WriteMembers(WireBytes(bytes), ShapeOf(message), out);
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
