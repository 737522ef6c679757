// What an authenticated key may do: the account's state, operators' actions, and the policies of
// sub-users and temporary keys.
#ifndef CERTWRIGHT_SERVER_AUTH_AUTHORIZER_H_
#define CERTWRIGHT_SERVER_AUTH_AUTHORIZER_H_

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/policy.h"
#include "core/store.h"
#include "google/protobuf/message.h"
#include "server/action.h"
#include "server/auth/verifier.h"

namespace certwright {

// Policies are compiled once and kept. Thread-safe. `store` must outlive it.
class Authorizer {
 public:
  explicit Authorizer(Store& store) : store_(store) {}

  // Before the parameters are read. Refuses AuthFailure.UnauthorizedOperation: a suspended account,
  // an operator's action, an action that the key's policies allow on nothing, a key whose stored
  // policy would be refused by now.
  absl::Status Admit(const Principal& principal, const Action& action);

  // With the parameters, for keys with a policy. What the request names and the account has must be
  // allowed: else FailedOperation.NoProjectPermission when only its project is wrong (and the code
  // is documented for the action), or FailedOperation.AuthError, in other APIs than SSL
  // AuthFailure.UnauthorizedOperation. What is made without naming a project is made in the default
  // one, which must be allowed. An action on nothing in particular needs to be allowed on
  // everything, an operator's on every account's, else AuthFailure.UnauthorizedOperation. A list
  // that is longer than any may be is not looked at: InvalidParameterValue. So is, with its own
  // code, a Resource that is no name. Of an action that answers for each certificate, those that
  // are not allowed are put into `forbidden` instead.
  absl::Status Check(const Principal& principal, const Action& action,
                     const google::protobuf::Message& request,
                     std::vector<ForbiddenCertificate>& forbidden);

 private:
  using Policies = std::vector<std::shared_ptr<const Policy>>;

  static absl::Status CheckOne(const Policies& policies, absl::string_view name,
                               const Action& action, const PolicyResource& resource);
  absl::StatusOr<std::shared_ptr<const Policy>> Compile(const std::string& text);
  absl::StatusOr<Policies> PoliciesOf(const Principal& principal);

  Store& store_;
  absl::Mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Policy>> compiled_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_AUTHORIZER_H_
