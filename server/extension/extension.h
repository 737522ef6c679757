// The handlers of the extension API, version 2026-12-01: what the documented service does in its
// console. A file a group, as in server/actions.
#ifndef CERTWRIGHT_SERVER_EXTENSION_EXTENSION_H_
#define CERTWRIGHT_SERVER_EXTENSION_EXTENSION_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/billing/repetition.h"
#include "server/action.h"
#include "server/actions/paging.h"

namespace certwright {

// All of them. REQUIRES: called once for a table.
void BindExtension(ActionTable& table);

void BindAccounts(ActionTable& table);
void BindAccessKeys(ActionTable& table);
void BindManagers(ActionTable& table);
void BindProjects(ActionTable& table);
void BindReview(ActionTable& table);
void BindZones(ActionTable& table);
void BindBilling(ActionTable& table);
void BindOrderBooks(ActionTable& table);
void BindAlarms(ActionTable& table);
void BindExtensionCertificates(ActionTable& table);

// The account that `uin` names: the caller's own for "", another one only for operators, else
// AuthFailure.UnauthorizedOperation.
absl::StatusOr<AccountId> AccountOf(const Call& call, const std::string& uin);

// Whether the key is an account's own: neither limited by a policy nor temporary.
bool IsOwner(const Call& call);

// AccountOf, for actions that are not for operators alone: the policies of such a call were checked
// for its own account, so another account's is for owners' keys of operators. It exists: else
// ResourceNotFound.
absl::StatusOr<AccountId> ReadableAccountOf(Services& services, const Call& call,
                                            const std::string& uin);

// Whose certificate such a call is about: the caller's own account, but for owners' keys of
// operators, who may name any account's.
absl::StatusOr<AccountId> OwnerOf(Services& services, const Call& call, const CertificateId& id);

// What a call may be repeated by: its ClientToken, and all that it asks. An empty one is refused,
// InvalidParameterValue: who sends it, by a variable that is not set, believes to be safe.
absl::StatusOr<ClientToken> TokenOf(const Call& call, const google::protobuf::Message& request);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_EXTENSION_EXTENSION_H_
