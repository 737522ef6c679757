// The documented actions that are not built yet. A line leaves this list when its handler comes.
#include "server/actions/actions.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

constexpr const char* kUnbuilt[] = {
    "BatchDeleteCSR",
    "CheckCertificateChain",
    "CheckCertificateExist",
    "CreateCSR",
    "DeleteCertificates",
    "DeleteManager",
    "DescribeCSR",
    "DescribeCSRSet",
    "DescribeCompanies",
    "DescribeDeleteCertificatesTaskResult",
    "DescribeDownloadCertificateUrl",
    "DescribeManagerDetail",
    "DescribeManagers",
    "ModifyCSR",
    "ModifyCertificateProject",
    "ModifyCertificatesExpiringNotificationSwitch",
    "ReplaceCertificate",
    "RevokeCertificate",
    "SubmitAuditManager",
    "UploadRevokeLetter",
    "VerifyManager",
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
  BindDescriptions(table);
  BindOperateLogs(table);
  BindBuying(table);
  BindBindTasks(table);
  BindDeployment(table);
  BindDeployRecords(table);
  BindHostLists(table);
  BindUnbuiltActions(table);
}

}  // namespace certwright
