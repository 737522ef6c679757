// What the codecs share: where a member stands in a request, and text put into a typed member.
#ifndef CERTWRIGHT_SERVER_FIELD_TEXT_H_
#define CERTWRIGHT_SERVER_FIELD_TEXT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace certwright {

// "Tags.0.TagKey", as a chain on the stack: text is made only for errors.
struct FieldPath {
  const FieldPath* parent = nullptr;
  absl::string_view name = {};  // "" for an element
  int index = -1;

  std::string Text() const;
};

// The member of `descriptor` with this documented name; null if there is none.
const google::protobuf::FieldDescriptor* FindMember(const google::protobuf::Descriptor& descriptor,
                                                    absl::string_view json_name);

// Sets a string, integer or bool member, or adds an element to a list of them, from text: decimal
// integers, true and false in any case. Refuses InvalidParameter.
absl::Status SetFromText(google::protobuf::Message& message,
                         const google::protobuf::FieldDescriptor& field, absl::string_view text,
                         const FieldPath& path);

// InvalidParameter: the JSON or form type is not the documented one.
absl::Status WrongType(const google::protobuf::FieldDescriptor& field, absl::string_view given,
                       const FieldPath& path);
// UnknownParameter.
absl::Status UnknownMember(const FieldPath& path);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_FIELD_TEXT_H_
