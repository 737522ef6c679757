// The documented actions that are not built yet. A line leaves this list when its handler comes.
#include "server/actions/actions.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

constexpr const char* kUnbuilt[] = {
    "ReplaceCertificate",
    "RevokeCertificate",
    "UploadRevokeLetter",
};

}  // namespace

void BindUnbuiltActions(ActionTable& table) {
  for (const char* name : kUnbuilt) {
    table.BindUnbuilt(*ssl::v20191205::SslService::descriptor(), name);
  }
}

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
  BindUnbuiltActions(table);
}

}  // namespace certwright
