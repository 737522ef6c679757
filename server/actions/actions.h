// The handlers of the documented actions, a file a group. They translate messages to engine calls
// and back; no rule of the business lives here.
#ifndef CERTWRIGHT_SERVER_ACTIONS_ACTIONS_H_
#define CERTWRIGHT_SERVER_ACTIONS_ACTIONS_H_

#include "server/action.h"

namespace certwright {

// All of them. REQUIRES: called once for a table.
void BindActions(ActionTable& table);
// Those of the Tag API, which has a table of its own.
void BindTags(ActionTable& table);

void BindOrders(ActionTable& table);
void BindPaidOrders(ActionTable& table);
void BindCertificates(ActionTable& table);
void BindCsrs(ActionTable& table);
void BindChanges(ActionTable& table);
void BindChecks(ActionTable& table);
void BindDeletions(ActionTable& table);
void BindDescriptions(ActionTable& table);
void BindDownloads(ActionTable& table);
void BindOperateLogs(ActionTable& table);
void BindBuying(ActionTable& table);
void BindBindTasks(ActionTable& table);
void BindDeployment(ActionTable& table);
void BindDeployRecords(ActionTable& table);
void BindHostLists(ActionTable& table);
void BindProfiles(ActionTable& table);
void BindReissueAndRevocation(ActionTable& table);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTIONS_ACTIONS_H_
