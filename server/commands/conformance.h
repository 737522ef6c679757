// What `conformance` finds out about the documented actions of a running service, and its page.
#ifndef CERTWRIGHT_SERVER_COMMANDS_CONFORMANCE_H_
#define CERTWRIGHT_SERVER_COMMANDS_CONFORMANCE_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/clock.h"
#include "core/random.h"
#include "google/protobuf/descriptor.h"
#include "server/answer_members.h"
#include "server/commands/client.h"
#include "server/transport/http_client.h"

namespace certwright {

// What all calls of one action showed.
struct ActionRecord {
  bool is_answered = false;  // at least once
  bool is_unbuilt = false;   // it said so
  std::set<std::string> codes = {};
  std::set<std::string> members = {};              // paths, as in Answer
  std::map<std::string, std::string> faults = {};  // path → how an answer differs from it
};

// Every documented action, by name.
using Conformance = std::map<std::string, ActionRecord>;

// Makes calls over one connection and notes what the documented actions answer. Once nothing
// answers, or the key is not taken, every further call is an empty answer.
class Prober {
 public:
  Prober(const ClientOptions& options, const Clock& clock);

  Answer Call(const google::protobuf::MethodDescriptor& rpc, const std::string& body);

  // Signs with another key from now on.
  void Become(const std::string& secret_id, const std::string& secret_key);

  const ClientOptions& options() const { return options_; }
  const Conformance& seen() const { return seen_; }
  // Unavailable if nothing answered; FailedPrecondition if it does not let us find out.
  const absl::Status& status() const { return status_; }

 private:
  absl::StatusOr<HttpAnswer> Post(const std::string& action, const std::string& body);
  void Note(const google::protobuf::MethodDescriptor& rpc, const Answer& answer);

  ClientOptions options_;
  const Clock& clock_;
  std::unique_ptr<HttpClient> client_ = {};
  Conformance seen_ = {};
  absl::Status status_ = {};
  bool is_key_taken_ = false;  // once one call came past the signature
};

// Calls that should be answered: orders, uploads, requests, profiles, paid orders, deployments from
// begin to end, what is still without an answer, and then every action on certificates in
// other states than it is for.
void CallAsMeant(Prober& prober, const Clock& clock, Random& random);

// Calls that should be refused, of every documented action: nothing, members too many, wrong types,
// values out of range, unknown ids.
void CallWrongly(Prober& prober);

// docs/conformance.md; `limits` is taken over as it is.
std::string ConformancePage(const Conformance& seen, absl::string_view limits);

// What `page` says and no longer holds, a sentence each. InvalidArgument if it is no such page.
absl::StatusOr<std::vector<std::string>> FindDrops(const Conformance& seen, absl::string_view page);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_COMMANDS_CONFORMANCE_H_
