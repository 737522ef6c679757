// What a sub-user may do: policies in the documented JSON form, version 2.0.
#ifndef CERTWRIGHT_CORE_POLICY_H_
#define CERTWRIGHT_CORE_POLICY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace certwright {

// What a call touches. The defaults stand for all certificates of the account, in any project.
struct PolicyResource {
  static constexpr std::int64_t kAnyProject = -1;

  std::int64_t project = kAnyProject;
  std::string region = {};
  std::int64_t account = 0;
  std::string certificate = "*";
};

// {"version":"2.0","statement":[{"effect":"allow","action":["ssl:Describe*"],"resource":["*"]}]}
//
// An action is "ssl:Name" or "name/ssl:Name" with `*` for any text, in any case, or the same of
// another service (kServiceNames); "*" is every action. A resource is "*" or six parts,
// qcs:PROJECT:ssl:REGION:uin/N:certificate/ID: empty parts (and "*") fit all; PROJECT may be id/N;
// ID may hold `*`. A part that could fit nothing is refused, and so are another of our services'
// resources: all that there are are ssl's. What is of services that are not here is skipped. What
// is denied in a region is denied to calls that name none. A call is allowed when a statement
// allows it and none denies it. Conditions and principals are refused, since they would not hold.
//
// What is asked for is "ssl:DescribeCertificates": without a service it is not allowed to anybody.
//
// Compiled; thread-safe to read.
class Policy {
 public:
  // Whether the action is allowed on anything at all, as far as the action alone tells.
  bool MayCall(absl::string_view action) const;
  bool Allows(absl::string_view action, const PolicyResource& resource) const;
  // The same if the resource lay in whichever project suits: tells a wrong project from a wrong
  // action.
  bool AllowsElsewhere(absl::string_view action, const PolicyResource& resource) const;

 private:
  friend class PolicyReader;

  struct Pattern {
    std::string project = {};
    std::string region = {};
    std::string account = {};
    std::string resource = {};
  };
  struct Statement {
    bool is_allow = false;
    std::vector<std::string> actions = {};  // lower case; "*", or with a service that is here
    std::vector<Pattern> resources = {};
  };

  static bool Covers(const Statement& statement, absl::string_view action);
  static bool Covers(const Statement& statement, const PolicyResource& resource,
                     bool ignores_project);
  bool Decide(absl::string_view action, const PolicyResource& resource, bool ignores_project) const;

  std::vector<Statement> statements_;
};

inline constexpr std::size_t kMaxPolicyBytes = 6144;
inline constexpr std::size_t kMaxPolicyStatements = 100;

// Refuses InvalidParameterValue, naming the member, for text that is not such a policy.
absl::StatusOr<Policy> ParsePolicy(absl::string_view json);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_POLICY_H_
