#include "server/mistakes.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace certwright {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Value 0 is what a member has that was not set.
std::string AllowedNames(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) names.push_back(type.value(i)->name());
  }
  return absl::StrJoin(names, ", ");
}

// The parser says which member it did not understand, and not what it would.
std::string AllowedFor(absl::string_view message, const Descriptor& type) {
  if (!absl::StartsWith(message, "Unknown enumeration value")) return "";
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      std::string found = AllowedFor(message, *field.message_type());
      if (!found.empty()) return found;
    } else if (field.enum_type() != nullptr &&
               absl::StrContains(message, absl::StrCat("\"", field.name(), "\""))) {
      return absl::StrCat(" Allowed are ", AllowedNames(*field.enum_type()), ".");
    }
  }
  return "";
}

class Collector : public google::protobuf::io::ErrorCollector {
 public:
  explicit Collector(const Descriptor& type) : type_(type) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    mistakes_.Add(absl::StrCat("line ", line + 1, ", column ", column + 1, ": ", message,
                               AllowedFor(message, type_)));
  }
  absl::Status status() const { return mistakes_.status(); }

 private:
  const Descriptor& type_;
  Mistakes mistakes_;
};

}  // namespace

void Mistakes::Add(std::string mistake) { mistakes_.push_back(std::move(mistake)); }

absl::Status Mistakes::status() const {
  if (mistakes_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(mistakes_, "\n"));
}

absl::Status ParseText(absl::string_view text, google::protobuf::Message& message) {
  Collector collector(*message.GetDescriptor());
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.ParseFromString(std::string(text), &message);
  return collector.status();
}

}  // namespace certwright
