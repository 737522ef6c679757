// The documented actions that are not built yet. A line leaves this list when its handler comes.
#include "server/actions/actions.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

constexpr const char* kUnbuilt[] = {
    "BatchDeleteCSR",
    "CertificateInfoSubmit",
    "CertificateOrderSubmit",
    "CheckCertificateChain",
    "CheckCertificateExist",
    "CreateCSR",
    "CreateCertificate",
    "CreateCertificateBindResourceSyncTask",
    "CreateCertificateByPackage",
    "DeleteCertificates",
    "DeleteManager",
    "DeployCertificateInstance",
    "DeployCertificateRecordRetry",
    "DeployCertificateRecordRollback",
    "DescribeCSR",
    "DescribeCSRSet",
    "DescribeCertificateBindResourceTaskDetail",
    "DescribeCertificateBindResourceTaskResult",
    "DescribeCompanies",
    "DescribeDeleteCertificatesTaskResult",
    "DescribeDeployedResources",
    "DescribeDownloadCertificateUrl",
    "DescribeHostApiGatewayInstanceList",
    "DescribeHostCdnInstanceList",
    "DescribeHostClbInstanceList",
    "DescribeHostCosInstanceList",
    "DescribeHostDdosInstanceList",
    "DescribeHostDeployRecord",
    "DescribeHostDeployRecordDetail",
    "DescribeHostLighthouseInstanceList",
    "DescribeHostLiveInstanceList",
    "DescribeHostTeoInstanceList",
    "DescribeHostTkeInstanceList",
    "DescribeHostUpdateRecord",
    "DescribeHostUpdateRecordDetail",
    "DescribeHostUploadUpdateRecord",
    "DescribeHostUploadUpdateRecordDetail",
    "DescribeHostVodInstanceList",
    "DescribeHostWafInstanceList",
    "DescribeManagerDetail",
    "DescribeManagers",
    "DescribePackages",
    "ModifyCSR",
    "ModifyCertificateProject",
    "ModifyCertificateResubmit",
    "ModifyCertificatesExpiringNotificationSwitch",
    "SubmitAuditManager",
    "SubmitCertificateInformation",
    "UpdateCertificateInstance",
    "UpdateCertificateRecordRetry",
    "UpdateCertificateRecordRollback",
    "UploadConfirmLetter",
    "UploadUpdateCertificateInstance",
    "UploadUpdateCertificateRecordRetry",
    "UploadUpdateCertificateRecordRollback",
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
  BindCertificates(table);
  BindDescriptions(table);
  BindOperateLogs(table);
  BindReissueAndRevocation(table);
  BindUnbuiltActions(table);
}

}  // namespace certwright
