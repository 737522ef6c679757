// What is wrong with a file that a person wrote, all of it at once.
#ifndef CERTWRIGHT_SERVER_MISTAKES_H_
#define CERTWRIGHT_SERVER_MISTAKES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace certwright {

class Mistakes {
 public:
  void Add(std::string mistake);
  // InvalidArgument, a line each.
  absl::Status status() const;

 private:
  std::vector<std::string> mistakes_;
};

// Reads protobuf text format into `message`. InvalidArgument lists each mistake with its line and,
// where a name was expected that a list of them allows, the allowed ones.
absl::Status ParseText(absl::string_view text, google::protobuf::Message& message);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_MISTAKES_H_
