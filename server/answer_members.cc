#include "server/answer_members.h"

#include "absl/strings/str_cat.h"
#include "server/field_text.h"
#include "simdjson.h"
#include "ssl/v20191205/options.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;
namespace dom = simdjson::dom;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr char kRequestId[] = "RequestId";

std::string Join(const std::string& path, absl::string_view name) {
  return path.empty() ? std::string(name) : absl::StrCat(path, ".", name);
}

absl::string_view Text(std::string_view text) { return {text.data(), text.size()}; }

bool IsOfType(const FieldDescriptor& field, const dom::element& value) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return value.is_int64() || value.is_uint64();
    case FieldDescriptor::CPPTYPE_BOOL:
      return value.is_bool();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return value.is_object();
    default:
      return value.is_string();
  }
}

bool MayBeNull(const FieldDescriptor& field) {
  if (field.is_repeated()) return field.options().GetExtension(api::empty_is_null);
  return field.options().GetExtension(api::nullable) ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

class Reader {
 public:
  explicit Reader(Answer& answer) : answer_(answer) {}

  void ReadObject(const dom::object& object, const Descriptor& type, const std::string& path) {
    std::set<std::string> present;
    for (const auto& member : object) {
      const std::string name(member.key);
      if (path.empty() && name == kRequestId) continue;
      present.insert(name);
      const FieldDescriptor* const field = FindMember(type, Text(member.key));
      const std::string at = Join(path, name);
      if (field == nullptr) {
        answer_.faults[at] = "is not documented";
      } else {
        ReadMember(member.value, *field, at);
      }
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (present.contains(field.json_name())) continue;
      if (path.empty() && field.json_name() == kRequestId) continue;
      if (field.options().GetExtension(api::may_be_absent)) continue;
      answer_.faults[Join(path, field.json_name())] = "is missing";
    }
  }

 private:
  void ReadMember(const dom::element& value, const FieldDescriptor& field, const std::string& at) {
    answer_.members.insert(at);
    if (value.is_null()) {
      if (!MayBeNull(field)) answer_.faults[at] = "is null";
      return;
    }
    if (!field.is_repeated()) return ReadSingle(value, field, at);
    dom::array list;
    if (value.get(list) != simdjson::SUCCESS) {
      answer_.faults[at] = "is no list";
      return;
    }
    for (const dom::element element : list) ReadSingle(element, field, at);
  }

  void ReadSingle(const dom::element& value, const FieldDescriptor& field, const std::string& at) {
    if (!IsOfType(field, value)) {
      answer_.faults[at] = "is of another type";
      return;
    }
    answer_.values.emplace(at, simdjson::minify(value));
    dom::object object;
    if (value.get(object) == simdjson::SUCCESS) ReadObject(object, *field.message_type(), at);
  }

  Answer& answer_;
};

void AddDocumented(const Descriptor& type, const std::string& path,
                   std::set<std::string>& documented) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (path.empty() && field.json_name() == kRequestId) continue;
    const std::string at = Join(path, field.json_name());
    documented.insert(at);
    if (field.message_type() != nullptr) AddDocumented(*field.message_type(), at, documented);
  }
}

}  // namespace

absl::StatusOr<Answer> ReadAnswer(absl::string_view body, const Descriptor& response) {
  Answer answer;
  dom::parser parser;
  dom::object document;
  if (parser.parse(std::string_view(body.data(), body.size()))["Response"].get(document) !=
      simdjson::SUCCESS) {
    return absl::InvalidArgumentError("the answer is not a JSON object with a member Response");
  }
  std::string_view text;
  if (document[kRequestId].get(text) != simdjson::SUCCESS || text.empty()) {
    answer.faults[kRequestId] = "is missing";
  }
  dom::object error;
  if (document["Error"].get(error) != simdjson::SUCCESS) {
    Reader(answer).ReadObject(document, response, "");
    return answer;
  }
  if (error["Code"].get(text) != simdjson::SUCCESS || text.empty()) {
    return absl::InvalidArgumentError("the answer has an Error without a Code");
  }
  answer.code = std::string(text);
  if (error["Message"].get(text) == simdjson::SUCCESS) answer.message = std::string(text);
  return answer;
}

std::set<std::string> DocumentedMembers(const Descriptor& response) {
  std::set<std::string> documented;
  AddDocumented(response, "", documented);
  return documented;
}

}  // namespace certwright
