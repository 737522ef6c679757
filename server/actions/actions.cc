#include "server/actions/actions.h"

namespace certwright {

void BindActions(ActionTable& table) {
  BindOrders(table);
  BindPaidOrders(table);
  BindCertificates(table);
  BindCsrs(table);
  BindChanges(table);
  BindChecks(table);
  BindDeletions(table);
  BindDescriptions(table);
  BindDownloads(table);
  BindOperateLogs(table);
  BindBuying(table);
  BindBindTasks(table);
  BindDeployment(table);
  BindDeployRecords(table);
  BindHostLists(table);
  BindProfiles(table);
  BindReissueAndRevocation(table);
}

}  // namespace certwright
