// What an answer over HTTP holds, beside what its descriptor documents.
#ifndef CERTWRIGHT_SERVER_ANSWER_MEMBERS_H_
#define CERTWRIGHT_SERVER_ANSWER_MEMBERS_H_

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace certwright {

// Members are named by dotted paths without the places in lists: "Certificates.Tags.TagKey".
struct Answer {
  std::string code = {};  // of a refusal; "" for a success
  std::string message = {};
  std::set<std::string> members = {};              // that are there, null ones too
  std::map<std::string, std::string> values = {};  // of each, the first one that stands: JSON
  std::map<std::string, std::string> faults = {};  // path → how it differs
};

// InvalidArgument if `body` is no answer of API 3.0.
absl::StatusOr<Answer> ReadAnswer(absl::string_view body,
                                  const google::protobuf::Descriptor& response);

// Every member that is documented for `response`, RequestId apart.
std::set<std::string> DocumentedMembers(const google::protobuf::Descriptor& response);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ANSWER_MEMBERS_H_
