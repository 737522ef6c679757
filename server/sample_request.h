// Requests made from descriptors alone, right and wrong ones: for whoever calls every action, one
// that is added tomorrow too.
#ifndef CERTWRIGHT_SERVER_SAMPLE_REQUEST_H_
#define CERTWRIGHT_SERVER_SAMPLE_REQUEST_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace certwright {

// An object's members: documented name → the value as JSON.
using JsonMembers = std::map<std::string, std::string>;

// In quotation marks, escaped.
std::string JsonString(absl::string_view text);
std::string JsonObject(const JsonMembers& members);

// Values that most actions take, by member name: of an enumeration one of its values, a mail
// address for a mail address. None of them names anything that an account has.
JsonMembers PlausibleSamples();

// A member's value. `samples` has single values by member name (or by full name, where two members
// share one), of a list's elements too, as text or as a number whatever the member is; for a name
// that it does not have: "x", 1, true, or the object's required members.
std::string SampleValue(const google::protobuf::FieldDescriptor& member,
                        const JsonMembers& samples);

// The required members of `request`.
JsonMembers SampleRequest(const google::protobuf::Descriptor& request, const JsonMembers& samples);

// Values that are not of the member's documented type, or out of its type's range. A whole number
// as a string is not among them: published examples send it.
std::vector<std::string> WrongValues(const google::protobuf::FieldDescriptor& member);

// Whether the member names a thing of the account by an id ("CertId", "TaskIds",
// "CertificateIdList") or by its whole name ("Resource").
bool IsIdMember(const google::protobuf::FieldDescriptor& member);

// For a member of ids: one of its type that nothing has.
std::string UnknownId(const google::protobuf::FieldDescriptor& member);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_SAMPLE_REQUEST_H_
